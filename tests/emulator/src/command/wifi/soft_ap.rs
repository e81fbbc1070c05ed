//! The module as an access point: `AT+CWSAP`, its stations, its DHCP server.

use core::net::Ipv4Addr;

use super::super::{Call, Entry, Outcome, Reply, any, code, config, esp_at, nonos, set_config};
use crate::module::{Leases, Module, SoftAp};

pub(in super::super) const TABLE: &[Entry] = &[
    Entry::new("CWSAP", any).query(soft_ap).set(set_soft_ap),
    Entry::new("CWSAP_CUR", nonos)
        .query(soft_ap)
        .set(set_soft_ap),
    Entry::new("CWSAP_DEF", nonos)
        .query(soft_ap)
        .set(set_soft_ap),
    Entry::new("CWLIF", any).execute(stations),
    Entry::new("CWDHCPS", esp_at).query(leases).set(set_leases),
    Entry::new("CWDHCPS_CUR", nonos)
        .query(leases)
        .set(set_leases),
    Entry::new("CWDHCPS_DEF", nonos)
        .query(leases)
        .set(set_leases),
];

fn is_on(module: &Module) -> bool {
    module.station.mode & 2 == 2
}

fn soft_ap(module: &mut Module, call: &Call) -> Reply {
    let SoftAp {
        ssid,
        password,
        channel,
        encryption,
        max_stations,
        hidden,
    } = config(module, call).soft_ap.clone();
    let hidden = u8::from(hidden);
    module.print(format!("+{}:\"", call.name).as_bytes());
    module.print(&ssid);
    module.print(b"\",\"");
    module.print(&password);
    module.print_line(&format!(
        "\",{channel},{encryption},{max_stations},{hidden}"
    ));
    Ok(Outcome::Ok)
}

fn set_soft_ap(module: &mut Module, call: &Call) -> Reply {
    call.count(4..=6)?;
    let encryption = call.small(3, 0..=4)?;
    // WEP is for stations only.
    if encryption == 1 {
        return Err(code::invalid(3));
    }
    let shortest = if encryption == 0 { 0 } else { 8 };
    let wanted = SoftAp {
        ssid: call.text(0, 1..=32)?.to_vec(),
        password: call.text(1, shortest..=64)?.to_vec(),
        channel: call.small(2, 1..=14)?,
        encryption,
        max_stations: if call.is_omitted(4) {
            config(module, call).soft_ap.max_stations
        } else {
            call.small(4, 1..=10)?
        },
        hidden: !call.is_omitted(5) && call.flag(5)?,
    };
    if !is_on(module) {
        return Err(code::FAILED);
    }
    set_config(module, call, |config| config.soft_ap = wanted.clone());
    Ok(Outcome::Ok)
}

fn stations(module: &mut Module, _: &Call) -> Reply {
    let prefix = if module.is_esp_at() { "+CWLIF:" } else { "" };
    for client in module.soft_ap_clients.clone() {
        module.print_line(&format!("{prefix}{},{}", client.address, client.mac));
    }
    Ok(Outcome::Ok)
}

fn leases(module: &mut Module, call: &Call) -> Reply {
    let Leases {
        minutes,
        first,
        last,
    } = config(module, call).leases;
    module.print_line(&format!("+{}:{minutes},{first},{last}", call.name));
    Ok(Outcome::Ok)
}

fn set_leases(module: &mut Module, call: &Call) -> Reply {
    let count = call.count(1..=4)?;
    let on = call.flag(0)?;
    if !is_on(module) {
        return Err(code::FAILED);
    }
    if !on {
        let factory = crate::module::Config::factory(&module.settings).leases;
        set_config(module, call, |config| config.leases = factory);
        return Ok(Outcome::Ok);
    }
    if count != 4 {
        return Err(code::count(4, count));
    }
    let leases = Leases {
        minutes: u16::try_from(call.number(1, 1..=2880)?).unwrap_or_default(),
        first: call.ip(2)?,
        last: call.ip(3)?,
    };
    let own = config(module, call).soft_ap_address;
    let subnet = |ip: Ipv4Addr| u32::from(ip) & u32::from(own.netmask);
    let outside = |ip: Ipv4Addr| subnet(ip) != subnet(own.address) || ip == own.address;
    if outside(leases.first) {
        return Err(code::invalid(2));
    }
    // The firmware has room for so many leases.
    const MOST: u32 = 101;
    let length = u32::from(leases.last).wrapping_sub(u32::from(leases.first));
    if outside(leases.last) || length >= MOST {
        return Err(code::invalid(3));
    }
    set_config(module, call, |config| config.leases = leases);
    Ok(Outcome::Ok)
}
