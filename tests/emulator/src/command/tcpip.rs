//! TCP/IP commands: chapter "TCP/IP AT Commands" of both manuals.

use super::{Call, Entry, Outcome, Reply, any};
use crate::module::Module;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("CIPSTATUS", any)
        .test(|_, _| Ok(Outcome::Ok))
        .execute(status),
    Entry::new("CIFSR", any)
        .test(|_, _| Ok(Outcome::Ok))
        .execute(addresses),
    Entry::new("CIPMUX", any)
        .query(|module, _| {
            let value = u8::from(module.multiple_links);
            module.print_line(&format!("+CIPMUX:{value}"));
            Ok(Outcome::Ok)
        })
        .set(set_mux),
];

fn status(module: &mut Module, _: &Call) -> Reply {
    let station = &module.station;
    let number = if station.has_ip() {
        2
    } else if module.is_esp_at() && !station.is_enabled() {
        0
    } else if module.is_esp_at() && !station.tried {
        1
    } else {
        5
    };
    module.print_line(&format!("STATUS:{number}"));
    Ok(Outcome::Ok)
}

fn addresses(module: &mut Module, _: &Call) -> Reply {
    let config = module.config.clone();
    if module.station.mode & 2 == 2 {
        let ip = config.soft_ap_address.address;
        module.print_line(&format!("+CIFSR:APIP,\"{ip}\""));
        module.print_line(&format!("+CIFSR:APMAC,\"{}\"", config.soft_ap_mac));
    }
    if module.station.is_enabled() {
        let [ip, ..] = module.station_addresses();
        module.print_line(&format!("+CIFSR:STAIP,\"{ip}\""));
        module.print_line(&format!("+CIFSR:STAMAC,\"{}\"", config.station_mac));
    }
    Ok(Outcome::Ok)
}

fn set_mux(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    module.multiple_links = call.number(0, 0..=1)? == 1;
    Ok(Outcome::Ok)
}
