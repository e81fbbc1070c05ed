//! Wi-Fi commands: chapter "Wi-Fi AT Commands" of both manuals.

use super::tcpip::NO_ADDRESS;
use super::{Call, Entry, Outcome, Reply, any, code, nonos};
use crate::module::{Module, StoredStation};

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
    Entry::new("CWJAP", any).query(joined).set(join),
    Entry::new("CWJAP_CUR", nonos).query(joined).set(join),
    Entry::new("CWJAP_DEF", nonos).query(joined).set(join),
    Entry::new("CWQAP", any)
        .test(|_, _| Ok(Outcome::Ok))
        .execute(|module, _| {
            module.leave();
            Ok(Outcome::Ok)
        }),
    Entry::new("CIPSTA", any).query(station_address),
    Entry::new("CIPSTA_CUR", nonos).query(station_address),
    Entry::new("CIPSTA_DEF", nonos).query(station_address),
    Entry::new("CWLAP", any).execute(scan),
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

/// Whether the command writes to flash: never `_CUR`, always `_DEF` and NonOS' plain names, and ESP-AT's plain names
/// if `AT+SYSSTORE=1`.
fn stores(module: &Module, call: &Call) -> bool {
    !call.name.ends_with("_CUR") && (!module.is_esp_at() || module.store)
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
    }
    Ok(Outcome::Ok)
}

fn joined(module: &mut Module, call: &Call) -> Reply {
    let associated = module.station.is_associated();
    let Some(ap) = module.access_point().filter(|_| associated).cloned() else {
        module.print_line("No AP");
        return Ok(Outcome::Ok);
    };
    let tail = if module.is_esp_at() { ",0,0,0,0" } else { ",0" };
    module.print(format!("+{}:\"", call.name).as_bytes());
    module.print(&ap.ssid);
    module.print_line(&format!(
        "\",\"{}\",{},{}{tail}",
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
        bssid: if call.is_omitted(2) {
            None
        } else {
            Some(call.text(2, 17..=17)?.to_vec())
        },
    };
    call.number_or(3, 0..=1, 0)?;
    if !module.station.is_enabled() {
        return Err(code::FAILED);
    }
    if stores(module, call) {
        module.flash.station = Some(target.clone());
    }
    module.await_join();
    module.start_join(target);
    Ok(Outcome::Pending)
}

fn station_address(module: &mut Module, call: &Call) -> Reply {
    let addresses = module.settings.addresses.clone();
    let known = [addresses.ip, addresses.gateway, addresses.netmask];
    let joined = module.station.has_ip();
    for (what, value) in ["ip", "gateway", "netmask"].into_iter().zip(known) {
        let value = if joined { value.as_str() } else { NO_ADDRESS };
        module.print_line(&format!("+{}:{what}:\"{value}\"", call.name));
    }
    Ok(Outcome::Ok)
}

fn scan(module: &mut Module, _: &Call) -> Reply {
    if !module.station.is_enabled() {
        return Err(code::FAILED);
    }
    let time = module.settings.latency.scan;
    let list = module.scan_result();
    module.finish_with_after(list, time);
    Ok(Outcome::Pending)
}
