//! TCP/IP commands: chapter "TCP/IP AT Commands" of both manuals.

use super::{Call, Code, Entry, Outcome, Reply, any, code, esp_at};
use crate::module::{Ipv4, LINKS, Module};
use crate::settings::{EspAtRelease, Settings};

pub(super) mod links;
pub(super) mod receive;
pub(super) mod send;
pub(super) mod services;
pub(super) mod settings;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("CIPSTATUS", any)
        .test(|_, _| Ok(Outcome::Ok))
        .execute(status),
    Entry::new("CIPSTATE", lists_links).query(state),
    Entry::new("CIFSR", any)
        .test(|_, _| Ok(Outcome::Ok))
        .set(set_address)
        .execute(addresses),
];

/// ESP-AT has `AT+CIPSTATE?` since 2.2.
fn lists_links(settings: &Settings) -> bool {
    esp_at(settings) && settings.release >= EspAtRelease::V2_2
}

/// The number of a link, if the command needs one, and the place of the parameter after it.
///
/// With `AT+CIPMUX=0` there is one link, number 0, and no parameter for it.
fn link_id(module: &Module, call: &Call) -> Result<(usize, usize), Code> {
    if !module.multiple_links {
        return Ok((0, 0));
    }
    let highest = i64::try_from(LINKS - 1).unwrap_or_default();
    Ok((usize::from(call.small(0, 0..=highest)?), 1))
}

/// The same, with the number of parameters after the link's.
fn link_with(
    module: &Module,
    call: &Call,
    parameters: core::ops::RangeInclusive<usize>,
) -> Result<(usize, usize), Code> {
    let extra = usize::from(module.multiple_links);
    call.count(parameters.start() + extra..=parameters.end() + extra)?;
    link_id(module, call)
}

fn status(module: &mut Module, _: &Call) -> Reply {
    let station = &module.station;
    let has_ip = station.has_ip();
    let number = if has_ip && module.sockets.open().next().is_some() {
        3
    } else if has_ip && module.sockets.had_link {
        4
    } else if has_ip {
        2
    } else if module.is_esp_at() && !station.is_enabled() {
        0
    } else if module.is_esp_at() && !station.tried {
        1
    } else {
        5
    };
    module.print_line(&format!("STATUS:{number}"));
    print_links(module, "CIPSTATUS");
    Ok(Outcome::Ok)
}

fn state(module: &mut Module, _: &Call) -> Reply {
    print_links(module, "CIPSTATE");
    Ok(Outcome::Ok)
}

fn print_links(module: &mut Module, name: &str) {
    let lines: Vec<String> = module
        .sockets
        .open()
        .map(|(id, link)| {
            let (ip, port) = (link.remote.ip(), link.remote.port());
            let (kind, own, server) = (link.kind(), link.local_port, u8::from(link.server));
            format!("+{name}:{id},\"{kind}\",\"{ip}\",{port},{own},{server}")
        })
        .collect();
    for line in lines {
        module.print_line(&line);
    }
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

/// The old way to give the station an address, in RAM.
fn set_address(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    let address = call.ip(0)?;
    if module.is_esp_at() {
        return Err(code::FORM);
    }
    if !module.station.is_enabled() {
        return Err(code::FAILED);
    }
    let [a, b, c, _] = address.octets();
    module.config.station_address = Some(Ipv4 {
        address,
        gateway: core::net::Ipv4Addr::new(a, b, c, 1),
        netmask: core::net::Ipv4Addr::new(255, 255, 255, 0),
    });
    module.config.dhcp &= !1;
    Ok(Outcome::Ok)
}
