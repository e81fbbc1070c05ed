//! Pins of NonOS AT: `AT+SYSIO…`, `AT+SYSGPIO…`, `AT+SYSADC`.

use super::{Call, Code, Entry, Outcome, Reply, code, nonos};
use crate::module::{Module, gpio_function};

pub(super) const TABLE: &[Entry] = &[
    Entry::new("SYSADC", nonos).query(|module, _| {
        let value = module.settings.analog;
        module.print_line(&format!("+SYSADC:{value}"));
        Ok(Outcome::Ok)
    }),
    Entry::new("SYSIOSETCFG", nonos).set(configure),
    Entry::new("SYSIOGETCFG", nonos).set(configuration),
    Entry::new("SYSGPIODIR", nonos).set(direct),
    Entry::new("SYSGPIOWRITE", nonos).set(write),
    Entry::new("SYSGPIOREAD", nonos).set(read),
];

/// Highest function number of a pin.
const FUNCTIONS: i64 = 4;

fn pin(call: &Call) -> Result<usize, Code> {
    let pin = usize::try_from(call.number(0, 0..=15)?).unwrap_or_default();
    gpio_function(pin)
        .map(|_| pin)
        .ok_or_else(|| code::invalid(0))
}

/// The pin, if it is a GPIO.
fn gpio(module: &mut Module, call: &Call) -> Result<usize, Code> {
    let pin = pin(call)?;
    let function = module.pins.get(pin).map(|state| state.function);
    if function != gpio_function(pin) {
        return Err(module.refuse_with("NOT GPIO MODE!"));
    }
    Ok(pin)
}

fn configure(module: &mut Module, call: &Call) -> Reply {
    call.count(3..=3)?;
    let pin = pin(call)?;
    let function = call.small(1, 0..=FUNCTIONS)?;
    let pull_up = call.flag(2)?;
    if let Some(state) = module.pins.get_mut(pin) {
        state.function = function;
        state.pull_up = pull_up;
    }
    Ok(Outcome::Ok)
}

fn configuration(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    let pin = pin(call)?;
    let state = module.pins.get(pin).unwrap_or_default();
    let pull_up = u8::from(state.pull_up);
    module.print_line(&format!("+SYSIOGETCFG:{pin},{},{pull_up}", state.function));
    Ok(Outcome::Ok)
}

fn direct(module: &mut Module, call: &Call) -> Reply {
    call.count(2..=2)?;
    let output = call.flag(1)?;
    let pin = gpio(module, call)?;
    if let Some(state) = module.pins.get_mut(pin) {
        state.output = output;
    }
    Ok(Outcome::Ok)
}

fn write(module: &mut Module, call: &Call) -> Reply {
    call.count(2..=2)?;
    let high = call.flag(1)?;
    let pin = gpio(module, call)?;
    match module.pins.get_mut(pin) {
        Some(state) if state.output => state.driven = high,
        _ => return Err(module.refuse_with("NOT OUTPUT!")),
    }
    Ok(Outcome::Ok)
}

fn read(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    let pin = gpio(module, call)?;
    let state = module.pins.get(pin).unwrap_or_default();
    let direction = u8::from(state.output);
    let level = u8::from(if state.output {
        state.driven
    } else {
        state.input
    });
    module.print_line(&format!("+SYSGPIOREAD:{pin},{direction},{level}"));
    Ok(Outcome::Ok)
}
