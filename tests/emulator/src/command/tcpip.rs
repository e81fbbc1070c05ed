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
    if module.station.mode & 2 == 2 {
        module.print_line("+CIFSR:APIP,\"192.168.4.1\"");
        module.print_line("+CIFSR:APMAC,\"86:cc:a8:b4:49:cf\"");
    }
    if module.station.is_enabled() {
        let ip = if module.station.has_ip() {
            "192.168.101.212"
        } else {
            "0.0.0.0"
        };
        module.print_line(&format!("+CIFSR:STAIP,\"{ip}\""));
        module.print_line("+CIFSR:STAMAC,\"84:cc:a8:b4:49:cf\"");
    }
    Ok(Outcome::Ok)
}
