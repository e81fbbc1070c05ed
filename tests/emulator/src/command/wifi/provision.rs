//! Ways to learn an access point without typing it, and to be found: SmartConfig, WPS, WeChat discovery, mDNS.

use super::super::{Call, Entry, Outcome, Reply, any, code, nonos};
use crate::module::Module;

pub(in super::super) const TABLE: &[Entry] = &[
    Entry::new("CWSTARTSMART", any)
        .set(start_smart)
        .execute(start_smart),
    Entry::new("CWSTOPSMART", any).execute(|module, _| {
        module.stop_smart_config();
        Ok(Outcome::Ok)
    }),
    Entry::new("CWSTARTDISCOVER", nonos).set(start_discovery),
    Entry::new("CWSTOPDISCOVER", nonos).execute(|_, _| Ok(Outcome::Ok)),
    Entry::new("WPS", any).set(wps).execute(wps_without_word),
    Entry::new("MDNS", any).set(mdns),
];

fn start_smart(module: &mut Module, call: &Call) -> Reply {
    let most = if module.is_esp_at() { 3 } else { 1 };
    call.count(0..=most)?;
    let kinds = if call.is_omitted(0) {
        3
    } else {
        let highest = if module.is_esp_at() { 4 } else { 3 };
        call.small(0, 1..=highest)?
    };
    if module.station.mode != 1 {
        return Err(code::FAILED);
    }
    if module.provision.smart.is_some() {
        // This one word has no line end.
        if !module.is_esp_at() {
            module.print(b"Smart started");
        }
        return Err(code::FAILED);
    }
    module.provision.smart = Some(kinds);
    Ok(Outcome::Ok)
}

fn start_discovery(module: &mut Module, call: &Call) -> Reply {
    call.count(3..=3)?;
    call.text(0, 1..=64)?;
    call.text(1, 1..=64)?;
    call.number(2, 0..=86_400)?;
    if module.station.has_ip() {
        Ok(Outcome::Ok)
    } else {
        Err(code::FAILED)
    }
}

fn wps(module: &mut Module, call: &Call) -> Reply {
    let Ok(on) = call.count(1..=2).and_then(|_| call.flag(0)) else {
        return Err(module.refuse_with("wps command error"));
    };
    if !module.station.is_enabled() {
        return Err(module.refuse_with("opmode mismatch when wps"));
    }
    if on {
        module.start_wps();
        module.print_line("wps started");
    } else {
        module.stop_wps();
        module.print_line("wps stoped");
    }
    Ok(Outcome::Ok)
}

fn wps_without_word(module: &mut Module, _: &Call) -> Reply {
    Err(module.refuse_with("wps command error"))
}

fn mdns(module: &mut Module, call: &Call) -> Reply {
    let count = call.count(1..=4)?;
    if !call.flag(0)? {
        if count > 1 {
            return Err(module.refuse_with("para error when disable mdns"));
        }
        module.mdns = None;
        return Ok(Outcome::Ok);
    }
    if module.station.mode == 2 || module.station.mode == 0 {
        return Err(module.refuse_with("opmode mismatch when mdns"));
    }
    if !module.station.has_ip() {
        return Err(module.refuse_with("ip invalid when mdns"));
    }
    let Ok(host) = call.string(1, 1..=64) else {
        return Err(module.refuse_with("hostname error when mdns"));
    };
    let Ok(service) = call.string(2, 1..=64) else {
        return Err(module.refuse_with("servername error when mdns"));
    };
    let Ok(port) = call.port(3) else {
        return Err(module.refuse_with("para error when mdns"));
    };
    module.mdns = Some((host, service, port));
    Ok(Outcome::Ok)
}
