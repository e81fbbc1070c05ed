//! Basic commands: chapter "Basic AT Commands" of both manuals.

use super::{Call, Entry, Outcome, Reply, any, code, esp_at, nonos};
use crate::module::Module;
use crate::settings::{EspAtRelease, Firmware};

pub(super) const TABLE: &[Entry] = &[
    Entry::new("AT", any).execute(|_, _| Ok(Outcome::Ok)),
    Entry::new("ATE", any).set(echo),
    Entry::new("RST", any).execute(restart),
    Entry::new("GMR", any).execute(version),
    Entry::new("RESTORE", any).execute(restore),
    Entry::new("SYSRAM", any).query(memory),
    Entry::new("SYSMSG", esp_at)
        .query(messages)
        .set(set_messages),
    Entry::new("SYSMSG_CUR", nonos)
        .query(messages)
        .set(set_messages),
    Entry::new("SYSMSG_DEF", nonos)
        .query(messages)
        .set(set_messages),
    Entry::new("CIUPDATE", any).execute(update),
    Entry::new("SYSROLLBACK", esp_at).execute(restart),
    Entry::new("SYSTIMESTAMP", esp_at)
        .query(|module, _| {
            let time = module.timestamp();
            module.print_line(&format!("+SYSTIMESTAMP:{time}"));
            Ok(Outcome::Ok)
        })
        .set(|module, call| {
            call.count(1..=1)?;
            let time = call.number(0, 0..=i64::from(u32::MAX))?;
            module.set_timestamp(u64::try_from(time).unwrap_or_default());
            Ok(Outcome::Ok)
        }),
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
        Firmware::EspAt => match module.settings.release {
            EspAtRelease::V2_1 => {
                "AT version:2.1.0.0(ded5b14 - Jul 24 2020 12:01:05)\r\nSDK version:v3.3-2-gb6e861a\r\n\
                 compile time(36bb200):Jul 28 2020 08:30:34\r\nBin version:2.1.0(WROOM-02)\r\n"
            }
            EspAtRelease::V2_2 => {
                "AT version:2.2.1.0(df3c37f - Oct 15 2021 10:13:53)\r\nSDK version:v3.4-22-g967752e2\r\n\
                 compile time(6118fc22):Oct 25 2021 14:07:05\r\nBin version:2.2.1(WROOM-02)\r\n"
            }
            EspAtRelease::V2_3 => {
                "AT version:2.3.0.0(0000000 - Sep 28 2022 10:00:00)\r\nSDK version:v3.4-60-g00000000\r\n\
                 compile time(00000000):Sep 28 2022 10:00:00\r\nBin version:2.3.0(WROOM-02)\r\n"
            }
            EspAtRelease::V3_3 => {
                "AT version:3.3.0.0(0000000 - May 10 2024 10:00:00)\r\nSDK version:v5.0-dirty\r\n\
                 compile time(00000000):May 10 2024 10:00:00\r\nBin version:v3.3.0.0(WROOM-32)\r\n"
            }
        },
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

fn memory(module: &mut Module, _: &Call) -> Reply {
    let free = module.settings.free_memory;
    // ESP-AT adds the least that was ever free.
    let least = if module.is_esp_at() {
        format!(",{}", free / 2)
    } else {
        String::new()
    };
    module.print_line(&format!("+SYSRAM:{free}{least}"));
    Ok(Outcome::Ok)
}

fn messages(module: &mut Module, call: &Call) -> Reply {
    let value = super::config(module, call).messages;
    let name = &call.name;
    module.print_line(&if module.is_esp_at() {
        format!("+{name}:{value}")
    } else {
        format!("+{name}:0x{value:x}")
    });
    Ok(Outcome::Ok)
}

fn set_messages(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    let most = if module.is_esp_at() { 7 } else { 3 };
    let value = call.small(0, 0..=most)?;
    super::set_config(module, call, |config| config.messages = value);
    Ok(Outcome::Ok)
}

fn update(module: &mut Module, _: &Call) -> Reply {
    if !module.station.has_ip() {
        return Err(code::FAILED);
    }
    module.update_firmware();
    Ok(Outcome::Pending)
}
