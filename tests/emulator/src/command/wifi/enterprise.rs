//! `AT+CWJEAP` of builds with WPA2-Enterprise.

use super::super::{Call, Code, Entry, Outcome, Reply, code, stores};
use crate::module::{Enterprise, Module, StoredStation};
use crate::settings::Settings;

pub(in super::super) const TABLE: &[Entry] = &[
    Entry::new("CWJEAP", esp_at_enterprise)
        .query(joined)
        .set(join),
    Entry::new("CWJEAP_CUR", nonos_enterprise)
        .query(joined)
        .set(join),
    Entry::new("CWJEAP_DEF", nonos_enterprise)
        .query(joined)
        .set(join),
];

fn nonos_enterprise(settings: &Settings) -> bool {
    settings.enterprise && settings.firmware.is_nonos()
}

fn esp_at_enterprise(settings: &Settings) -> bool {
    settings.enterprise && !settings.firmware.is_nonos()
}

fn joined(module: &mut Module, call: &Call) -> Reply {
    let station = if call.name.ends_with("_DEF") {
        &module.flash.station
    } else {
        &module.station.target
    };
    let found = station
        .clone()
        .and_then(|station| Some((station.enterprise.clone()?, station)));
    let Some((enterprise, station)) = found else {
        module.print_line("No AP");
        return Ok(Outcome::Ok);
    };
    let Enterprise {
        method,
        identity,
        username,
        security,
    } = enterprise;
    module.print(format!("+{}:\"", call.name).as_bytes());
    module.print(&station.ssid);
    module.print(format!("\",{method},\"{identity}\",\"{username}\",\"").as_bytes());
    module.print(&station.password);
    module.print_line(&format!("\",{security}"));
    Ok(Outcome::Ok)
}

fn string(call: &Call, index: usize, longest: usize) -> Result<String, Code> {
    if call.is_omitted(index) {
        Ok(String::new())
    } else {
        call.string(index, 0..=longest)
    }
}

fn join(module: &mut Module, call: &Call) -> Reply {
    call.count(6..=7)?;
    let target = StoredStation {
        ssid: call.text(0, 1..=32)?.to_vec(),
        password: string(call, 4, 64)?.into_bytes(),
        bssid: None,
        secure_only: false,
        enterprise: Some(Enterprise {
            method: call.small(1, 0..=2)?,
            identity: string(call, 2, 64)?,
            username: string(call, 3, 32)?,
            security: call.small(5, 0..=3)?,
        }),
    };
    call.number_or(6, 3..=600, 15)?;
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
