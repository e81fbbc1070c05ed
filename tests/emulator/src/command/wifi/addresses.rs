//! MAC and IP addresses, DHCP, host name, country.

use core::net::Ipv4Addr;

use super::super::{Call, Entry, Outcome, Reply, any, code, config, esp_at, nonos, set_config};
use crate::module::{Country, Ipv4, Module};

pub(in super::super) const TABLE: &[Entry] = &[
    Entry::new("CWDHCP", any).query(dhcp).set(set_dhcp),
    Entry::new("CWDHCP_CUR", nonos).query(dhcp).set(set_dhcp),
    Entry::new("CWDHCP_DEF", nonos).query(dhcp).set(set_dhcp),
    Entry::new("CIPSTAMAC", any).query(mac).set(set_mac),
    Entry::new("CIPSTAMAC_CUR", nonos).query(mac).set(set_mac),
    Entry::new("CIPSTAMAC_DEF", nonos).query(mac).set(set_mac),
    Entry::new("CIPAPMAC", any).query(mac).set(set_mac),
    Entry::new("CIPAPMAC_CUR", nonos).query(mac).set(set_mac),
    Entry::new("CIPAPMAC_DEF", nonos).query(mac).set(set_mac),
    Entry::new("CIPSTA", any).query(station).set(set_station),
    Entry::new("CIPSTA_CUR", nonos)
        .query(station)
        .set(set_station),
    Entry::new("CIPSTA_DEF", nonos)
        .query(station)
        .set(set_station),
    Entry::new("CIPAP", any).query(soft_ap).set(set_soft_ap),
    Entry::new("CIPAP_CUR", nonos)
        .query(soft_ap)
        .set(set_soft_ap),
    Entry::new("CIPAP_DEF", nonos)
        .query(soft_ap)
        .set(set_soft_ap),
    Entry::new("CWHOSTNAME", any)
        .query(host_name)
        .set(set_host_name),
    Entry::new("CWCOUNTRY", esp_at)
        .query(country)
        .set(set_country),
    Entry::new("CWCOUNTRY_CUR", nonos)
        .query(country)
        .set(set_country),
    Entry::new("CWCOUNTRY_DEF", nonos)
        .query(country)
        .set(set_country),
];

fn dhcp(module: &mut Module, call: &Call) -> Reply {
    let bits = config(module, call).dhcp;
    module.print_line(&format!("+{}:{bits}", call.name));
    Ok(Outcome::Ok)
}

fn set_dhcp(module: &mut Module, call: &Call) -> Reply {
    call.count(2..=2)?;
    let (on, interfaces) = if module.is_esp_at() {
        (call.flag(0)?, call.small(1, 1..=3)?)
    } else {
        // 0 is the soft-AP, 1 the station.
        let interfaces = [2, 1, 3][usize::from(call.small(0, 0..=2)?)];
        (call.flag(1)?, interfaces)
    };
    set_config(module, call, |config| {
        if on {
            config.dhcp |= interfaces;
            if interfaces & 1 == 1 {
                config.station_address = None;
            }
        } else {
            config.dhcp &= !interfaces;
        }
    });
    Ok(Outcome::Ok)
}

fn is_station(call: &Call) -> bool {
    call.name.starts_with("CIPSTA")
}

fn mac(module: &mut Module, call: &Call) -> Reply {
    let config = config(module, call);
    let mac = if is_station(call) {
        &config.station_mac
    } else {
        &config.soft_ap_mac
    };
    let line = format!("+{}:\"{mac}\"", call.name);
    module.print_line(&line);
    Ok(Outcome::Ok)
}

fn set_mac(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    let mac = call.mac(0)?;
    let multicast = u8::from_str_radix(&mac[..2], 16).is_ok_and(|first| first & 1 == 1);
    let config = config(module, call);
    let other = if is_station(call) {
        &config.soft_ap_mac
    } else {
        &config.station_mac
    };
    if multicast || *other == mac {
        return Err(code::invalid(0));
    }
    set_config(module, call, |config| {
        if is_station(call) {
            config.station_mac.clone_from(&mac);
        } else {
            config.soft_ap_mac.clone_from(&mac);
        }
    });
    Ok(Outcome::Ok)
}

fn print_addresses(module: &mut Module, call: &Call, addresses: [String; 3]) -> Reply {
    for (what, value) in ["ip", "gateway", "netmask"].into_iter().zip(addresses) {
        module.print_line(&format!("+{}:{what}:\"{value}\"", call.name));
    }
    Ok(Outcome::Ok)
}

fn text(ip: Ipv4) -> [String; 3] {
    [ip.address, ip.gateway, ip.netmask].map(|ip| ip.to_string())
}

fn station(module: &mut Module, call: &Call) -> Reply {
    let addresses = if call.name.ends_with("_DEF") {
        let stored = module.flash.config.station_address;
        stored.map_or([Ipv4Addr::UNSPECIFIED; 3].map(|ip| ip.to_string()), text)
    } else {
        module.station_addresses()
    };
    print_addresses(module, call, addresses)
}

fn soft_ap(module: &mut Module, call: &Call) -> Reply {
    let addresses = text(config(module, call).soft_ap_address);
    print_addresses(module, call, addresses)
}

/// One address, or address, gateway and netmask.
fn ipv4(module: &mut Module, call: &Call, default_gateway: u8) -> Result<Ipv4, code::Code> {
    let count = call.count(1..=3)?;
    if count == 2 {
        return Err(code::count(3, count));
    }
    let address = call.ip(0)?;
    let [a, b, c, d] = address.octets();
    if matches!(a, 0 | 127 | 224..) || matches!(d, 0 | 255) {
        return Err(code::invalid(0));
    }
    if count == 1 {
        let host = if default_gateway == 0 {
            d
        } else {
            default_gateway
        };
        return Ok(Ipv4 {
            address,
            gateway: Ipv4Addr::new(a, b, c, host),
            netmask: Ipv4Addr::new(255, 255, 255, 0),
        });
    }
    let netmask = call.ip(2)?;
    let bits = u32::from(netmask);
    if bits.leading_ones() + bits.trailing_zeros() != 32 || bits == 0 {
        return Err(module.refuse_with("get mask error"));
    }
    let gateway = call.ip(1)?;
    if u32::from(gateway) & bits != u32::from(address) & bits {
        return Err(code::invalid(1));
    }
    Ok(Ipv4 {
        address,
        gateway,
        netmask,
    })
}

fn set_station(module: &mut Module, call: &Call) -> Reply {
    let fixed = ipv4(module, call, 1)?;
    if !module.station.is_enabled() {
        return Err(code::FAILED);
    }
    set_config(module, call, |config| {
        config.station_address = Some(fixed);
        config.dhcp &= !1;
    });
    Ok(Outcome::Ok)
}

fn set_soft_ap(module: &mut Module, call: &Call) -> Reply {
    let fixed = ipv4(module, call, 0)?;
    // Class C only.
    if !(192..=223).contains(&fixed.address.octets()[0]) {
        return Err(code::invalid(0));
    }
    if module.station.mode & 2 == 0 {
        return Err(code::FAILED);
    }
    let [a, b, c, _] = fixed.address.octets();
    set_config(module, call, |config| {
        config.soft_ap_address = fixed;
        config.leases.first = Ipv4Addr::new(a, b, c, 2);
        config.leases.last = Ipv4Addr::new(a, b, c, 101);
    });
    Ok(Outcome::Ok)
}

fn host_name(module: &mut Module, _: &Call) -> Reply {
    let name = if module.station.is_enabled() {
        module.host_name()
    } else {
        "<null>".into()
    };
    module.print_line(&format!("+CWHOSTNAME:{name}"));
    Ok(Outcome::Ok)
}

fn set_host_name(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    let name = call.string(0, 1..=32)?;
    if !module.station.is_enabled() {
        return Err(code::FAILED);
    }
    module.host_name = Some(name);
    Ok(Outcome::Ok)
}

fn country(module: &mut Module, call: &Call) -> Reply {
    let Country {
        policy,
        code,
        first_channel,
        channels,
    } = config(module, call).country.clone();
    module.print_line(&format!(
        "+{}:{policy},\"{code}\",{first_channel},{channels}",
        call.name
    ));
    Ok(Outcome::Ok)
}

fn set_country(module: &mut Module, call: &Call) -> Reply {
    call.count(4..=4)?;
    let country = Country {
        policy: call.small(0, 0..=1)?,
        code: call.string(1, 1..=3)?,
        first_channel: call.small(2, 1..=14)?,
        channels: call.small(3, 1..=14)?,
    };
    if country.first_channel + country.channels > 15 {
        return Err(code::invalid(3));
    }
    set_config(module, call, |config| config.country = country.clone());
    Ok(Outcome::Ok)
}
