//! Wi-Fi commands: chapter "Wi-Fi AT Commands" of both manuals.

use super::{Call, Entry, Outcome, Reply, any, code, nonos, stores};
use crate::module::{Module, StoredStation};
use crate::settings::{Firmware, Settings};

pub(super) mod addresses;
pub(super) mod enterprise;
pub(super) mod esp_at;
pub(super) mod provision;
pub(super) mod scan;
pub(super) mod soft_ap;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("CWMODE", any)
        .test(modes)
        .query(mode)
        .set(set_mode),
    Entry::new("CWMODE_CUR", nonos)
        .test(modes)
        .query(mode)
        .set(set_mode),
    Entry::new("CWMODE_DEF", nonos)
        .test(modes)
        .query(mode)
        .set(set_mode),
    Entry::new("CWJAP", any)
        .query(joined)
        .set(join)
        .execute(esp_at::rejoin),
    Entry::new("CWJAP_CUR", nonos).query(joined).set(join),
    Entry::new("CWJAP_DEF", nonos).query(joined).set(join),
    Entry::new("CWQAP", any)
        .test(|_, _| Ok(Outcome::Ok))
        .execute(|module, _| {
            module.leave();
            Ok(Outcome::Ok)
        }),
    Entry::new("CWJAPTO", joins_with_timeout)
        .query(|module, _| {
            let seconds = module.join_timeout.unwrap_or(JOIN_TIMEOUT);
            module.print_line(&format!("+CWJAPTO:{seconds}"));
            Ok(Outcome::Ok)
        })
        .set(|module, call| {
            call.count(1..=1)?;
            let seconds = call.number(0, 1..=600)?;
            module.join_timeout = u16::try_from(seconds).ok();
            Ok(Outcome::Ok)
        }),
    Entry::new("CWAUTOCONN", any)
        .query(|module, _| {
            let value = u8::from(module.flash.auto_connect);
            module.print_line(&format!("+CWAUTOCONN:{value}"));
            Ok(Outcome::Ok)
        })
        .set(|module, call| {
            call.count(1..=1)?;
            module.flash.auto_connect = call.number(0, 0..=1)? == 1;
            Ok(Outcome::Ok)
        }),
];

/// Seconds after which NonOS AT gives up a join.
const JOIN_TIMEOUT: u16 = 14;

/// NonOS AT has `AT+CWJAPTO` since 1.7.4.
fn joins_with_timeout(settings: &Settings) -> bool {
    settings.firmware == Firmware::StockNonOs
}

fn lowest_mode(module: &Module) -> i64 {
    i64::from(!module.is_esp_at())
}

fn modes(module: &mut Module, call: &Call) -> Reply {
    let lowest = lowest_mode(module);
    module.print_line(&format!("+{}:({lowest}-3)", call.name));
    Ok(Outcome::Ok)
}

fn mode(module: &mut Module, call: &Call) -> Reply {
    let mode = if call.name.ends_with("_DEF") {
        module.flash.wifi_mode
    } else {
        module.station.mode
    };
    module.print_line(&format!("+{}:{mode}", call.name));
    Ok(Outcome::Ok)
}

fn set_mode(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    let mode = u8::try_from(call.number(0, lowest_mode(module)..=3)?).unwrap_or_default();
    if stores(module, call) {
        module.flash.wifi_mode = mode;
    }
    module.station.mode = mode;
    if !module.station.is_enabled() {
        module.leave();
        module.stop_smart_config();
        module.stop_wps();
    }
    if mode & 2 == 0 {
        module.soft_ap_clients.clear();
    }
    Ok(Outcome::Ok)
}

fn joined(module: &mut Module, call: &Call) -> Reply {
    let associated = module.station.is_associated();
    let Some(ap) = module.access_point().filter(|_| associated).cloned() else {
        module.print_line("No AP");
        return Ok(Outcome::Ok);
    };
    let secure_only = module
        .station
        .target
        .as_ref()
        .is_some_and(|target| target.secure_only);
    let pci = u8::from(secure_only);
    let tail = if module.is_esp_at() { ",0,0,0" } else { "" };
    module.print(format!("+{}:\"", call.name).as_bytes());
    module.print(&ap.ssid);
    module.print_line(&format!(
        "\",\"{}\",{},{},{pci}{tail}",
        ap.bssid, ap.channel, ap.rssi
    ));
    Ok(Outcome::Ok)
}

fn join(module: &mut Module, call: &Call) -> Reply {
    let most = if module.is_esp_at() { 8 } else { 4 };
    call.count(1..=most)?;
    let target = StoredStation {
        ssid: call.text(0, 1..=32)?.to_vec(),
        password: if call.is_omitted(1) {
            Vec::new()
        } else {
            call.text(1, 0..=64)?.to_vec()
        },
        secure_only: call.number_or(3, 0..=1, 0)? == 1,
        bssid: if call.is_omitted(2) {
            None
        } else {
            Some(call.mac(2)?.into_bytes())
        },
        enterprise: None,
    };
    if !module.station.is_enabled() {
        return Err(code::FAILED);
    }
    if stores(module, call) {
        module.flash.station = Some(target.clone());
    }
    module.await_join(&call.name);
    module.start_join(target);
    Ok(Outcome::Pending)
}
