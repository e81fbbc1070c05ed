//! The UART's own settings: `AT+UART…`, `AT+IPR`.

use super::{Call, Entry, Outcome, Reply, any, nonos};
use crate::module::Module;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("UART_CUR", any).query(uart).set(set_uart),
    Entry::new("UART_DEF", any).query(uart).set(set_uart),
    Entry::new("UART", nonos).query(uart).set(set_uart),
    Entry::new("IPR", nonos).set(set_baud_at_once),
];

/// Clock of the UART, which the firmware divides by a whole number.
const CLOCK: u32 = 80_000_000;

fn uart(module: &mut Module, call: &Call) -> Reply {
    let stored = call.name == "UART_DEF";
    let [data, stop, parity, flow] = super::config(module, call).frame;
    let baud = match (stored, module.is_esp_at()) {
        (true, _) => module.flash.baud,
        (false, true) => module.baud,
        (false, false) => CLOCK / (CLOCK / module.baud.max(1)).max(1),
    };
    let name = &call.name;
    module.print_line(&format!("+{name}:{baud},{data},{stop},{parity},{flow}"));
    Ok(Outcome::Ok)
}

fn set_uart(module: &mut Module, call: &Call) -> Reply {
    call.count(5..=5)?;
    let bauds = if module.is_esp_at() {
        80..=5_000_000
    } else {
        110..=4_608_000
    };
    let baud = u32::try_from(call.number(0, bauds)?).unwrap_or_default();
    let mut frame = [0; 4];
    for (index, range) in [5..=8, 1..=3, 0..=2, 0..=3].into_iter().enumerate() {
        frame[index] = call.small(index + 1, range)?;
    }
    module.config.frame = frame;
    if call.name != "UART_CUR" {
        module.flash.baud = baud;
        module.flash.config.frame = frame;
    }
    module.print(b"\r\nOK\r\n");
    module.set_baud_after_output(baud);
    Ok(Outcome::Pending)
}

/// Unlike `AT+UART`, this answers at the new baud already.
fn set_baud_at_once(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    let baud = u32::try_from(call.number(0, 110..=5_000_000)?).unwrap_or_default();
    module.flash.baud = baud;
    module.baud = baud;
    Ok(Outcome::Ok)
}
