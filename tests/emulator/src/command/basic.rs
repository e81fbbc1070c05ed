//! Basic commands: chapter "Basic AT Commands" of both manuals.

use super::{Call, Entry, Outcome, Reply, any, code, esp_at};
use crate::module::Module;
use crate::settings::Firmware;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("AT", any).execute(|_, _| Ok(Outcome::Ok)),
    Entry::new("ATE", any).set(echo),
    Entry::new("RST", any).execute(restart),
    Entry::new("GMR", any).execute(version),
    Entry::new("RESTORE", any).execute(restore),
    Entry::new("UART_CUR", any).query(uart).set(set_uart),
    Entry::new("UART_DEF", any).query(uart).set(set_uart),
    Entry::new("UART", any).query(uart).set(set_uart),
    Entry::new("SYSLOG", esp_at)
        .query(|module, _| {
            let value = u8::from(module.syslog);
            module.print_line(&format!("+SYSLOG:{value}"));
            Ok(Outcome::Ok)
        })
        .set(|module, call| {
            call.count(1..=1)?;
            module.syslog = call.number(0, 0..=1)? == 1;
            Ok(Outcome::Ok)
        }),
    Entry::new("SYSSTORE", esp_at)
        .query(|module, _| {
            let value = u8::from(module.store);
            module.print_line(&format!("+SYSSTORE:{value}"));
            Ok(Outcome::Ok)
        })
        .set(|module, call| {
            call.count(1..=1)?;
            module.store = call.number(0, 0..=1)? == 1;
            Ok(Outcome::Ok)
        }),
];

fn echo(module: &mut Module, call: &Call) -> Reply {
    module.echo = match call.text.as_slice() {
        b"0" => false,
        b"1" => true,
        _ => return Err(code::UNKNOWN),
    };
    Ok(Outcome::Ok)
}

fn restart(module: &mut Module, _: &Call) -> Reply {
    module.print(b"\r\nOK\r\n");
    if !module.is_esp_at() && module.station.is_associated() {
        module.print_line("WIFI DISCONNECT");
    }
    module.restart_after_output();
    Ok(Outcome::Pending)
}

fn version(module: &mut Module, _: &Call) -> Reply {
    // NonOS AT ends its last line without CR LF.
    let text = match module.firmware() {
        Firmware::Vendor => {
            "AT version:1.7.2.0(Jan 19 2020 09:39:04)\r\nSDK version:3.0.2(824dc80)\r\n\
             compile time:Apr 14 2021 14:09:02\r\nBin version(Wroom 02):1.7.2"
        }
        Firmware::StockNonOs => {
            "AT version:1.7.4.0(May 11 2020 19:13:04)\r\nSDK version:3.0.4(9532ceb)\r\n\
             compile time:May 27 2020 10:12:17\r\nBin version(Wroom 02):1.7.4"
        }
        Firmware::EspAt => {
            "AT version:2.2.1.0(df3c37f - Oct 15 2021 10:13:53)\r\nSDK version:v3.4-22-g967752e2\r\n\
             compile time(6118fc22):Oct 25 2021 14:07:05\r\nBin version:2.2.1(WROOM-02)\r\n"
        }
    };
    module.print(text.as_bytes());
    Ok(Outcome::Ok)
}

fn restore(module: &mut Module, _: &Call) -> Reply {
    module.erase_flash();
    module.print(b"\r\nOK\r\n");
    module.restart_after_output();
    Ok(Outcome::Pending)
}

fn uart(module: &mut Module, call: &Call) -> Reply {
    let [data, stop, parity, flow] = module.flash.frame;
    let baud = if call.name == "UART_DEF" {
        module.flash.baud
    } else {
        module.baud
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
        frame[index] = u8::try_from(call.number(index + 1, range)?).unwrap_or_default();
    }
    if call.name != "UART_CUR" {
        module.flash.baud = baud;
        module.flash.frame = frame;
    }
    module.print(b"\r\nOK\r\n");
    module.set_baud_after_output(baud);
    Ok(Outcome::Pending)
}
