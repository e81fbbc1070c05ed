//! Sleep and radio: part of chapter "Basic AT Commands".

use super::{Call, Entry, Outcome, Reply, any, code, esp_at, nonos};
use crate::module::Module;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("GSLP", any).set(deep_sleep),
    Entry::new("SLEEP", any)
        .query(|module, _| {
            let mode = module.sleep_mode;
            module.print_line(&format!("+SLEEP:{mode}"));
            Ok(Outcome::Ok)
        })
        .set(set_sleep),
    Entry::new("WAKEUPGPIO", nonos).set(set_wake_up_pin),
    Entry::new("SLEEPWKCFG", esp_at).set(set_wake_up),
    Entry::new("RFPOWER", any).query(rf_power).set(set_rf_power),
    Entry::new("RFVDD", nonos)
        .query(|module, _| {
            let value = module.supply;
            module.print_line(&format!("+RFVDD:{value}"));
            Ok(Outcome::Ok)
        })
        .set(set_supply)
        .execute(|module, _| {
            module.supply = module.settings.supply;
            Ok(Outcome::Ok)
        }),
    Entry::new("RFAUTOTRACE", nonos)
        .query(|module, _| {
            let value = u8::from(module.flash.frequency_trace);
            module.print_line(&format!("+RFAUTOTRACE:{value}"));
            Ok(Outcome::Ok)
        })
        .set(|module, call| {
            call.count(1..=1)?;
            module.flash.frequency_trace = call.flag(0)?;
            Ok(Outcome::Ok)
        }),
];

fn deep_sleep(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    let millis = call.number(0, 0..=i64::from(u32::MAX))?;
    module.print_line(&millis.to_string());
    module.print(b"\r\nOK\r\n");
    module.sleep_after_output(u32::try_from(millis).unwrap_or_default());
    Ok(Outcome::Pending)
}

fn set_sleep(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    let most = if module.is_esp_at() { 3 } else { 2 };
    let mode = call.small(0, 0..=most)?;
    if module.station.mode != 1 {
        return Err(code::FAILED);
    }
    module.sleep_mode = mode;
    Ok(Outcome::Ok)
}

fn set_wake_up_pin(_: &mut Module, call: &Call) -> Reply {
    let count = call.count(3..=5)?;
    call.flag(0)?;
    let trigger = call.number(1, 0..=15)?;
    call.flag(2)?;
    if count > 3 {
        let awake = call.number(3, 0..=15)?;
        call.flag(4)?;
        if awake == trigger {
            return Err(code::invalid(3));
        }
    }
    Ok(Outcome::Ok)
}

fn set_wake_up(_: &mut Module, call: &Call) -> Reply {
    let count = call.count(2..=3)?;
    match call.number(0, 0..=2)? {
        0 => drop(call.number(1, 1..=i64::from(i32::MAX))?),
        1 => return Err(code::invalid(0)),
        _ => {
            call.number(1, 0..=16)?;
            if count == 3 {
                call.flag(2)?;
            }
        }
    }
    Ok(Outcome::Ok)
}

fn rf_power(module: &mut Module, _: &Call) -> Reply {
    if !module.is_esp_at() {
        return Err(code::FORM);
    }
    let value = module.rf_power;
    module.print_line(&format!("+RFPOWER:{value}"));
    Ok(Outcome::Ok)
}

fn set_rf_power(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    let least = if module.is_esp_at() { 40 } else { 0 };
    module.rf_power = call.small(0, least..=82)?;
    Ok(Outcome::Ok)
}

fn set_supply(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    let value = call.number(0, i64::MIN..=i64::MAX)?;
    if !(1900..=3300).contains(&value) {
        return Err(module.refuse_with("range:1900~3300"));
    }
    module.supply = u16::try_from(value).unwrap_or_default();
    Ok(Outcome::Ok)
}
