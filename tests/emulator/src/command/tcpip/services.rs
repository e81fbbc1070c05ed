//! Names, pings, the time of day.

use core::net::Ipv4Addr;

use super::super::{
    Call, Code, Entry, Outcome, Reply, any, code, config, esp_at, nonos, set_config,
};
use crate::module::{Job, Module, Sntp};

pub(in super::super) const TABLE: &[Entry] = &[
    Entry::new("CIPDOMAIN", any).set(resolve),
    Entry::new("PING", any).set(ping),
    Entry::new("CIPDNS", esp_at).query(dns).set(set_dns),
    Entry::new("CIPDNS_CUR", nonos).query(dns).set(set_dns),
    Entry::new("CIPDNS_DEF", nonos).query(dns).set(set_dns),
    Entry::new("CIPSNTPCFG", any).query(sntp).set(set_sntp),
    Entry::new("CIPSNTPTIME", any).query(time),
];

/// The name server if none was given.
const DEFAULT_DNS: Ipv4Addr = Ipv4Addr::new(208, 67, 222, 222);
/// The time servers if none was given.
const TIME_SERVERS: [&str; 3] = ["cn.ntp.org.cn", "ntp.sjtu.edu.cn", "us.pool.ntp.org"];

fn host(module: &Module, call: &Call) -> Result<String, Code> {
    call.count(1..=1)?;
    let longest = if module.is_esp_at() { 64 } else { 63 };
    call.string(0, 1..=longest)
}

fn resolve(module: &mut Module, call: &Call) -> Reply {
    let name = host(module, call)?;
    if !module.station.has_ip() {
        module.print_line("DNS Fail");
        return Err(code::FAILED);
    }
    module.keep_busy(Job::Resolve);
    module.network.resolve(module.now, &name);
    Ok(Outcome::Pending)
}

fn ping(module: &mut Module, call: &Call) -> Reply {
    let host = host(module, call)?;
    if !module.station.has_ip() {
        return Err(code::FAILED);
    }
    module.keep_busy(Job::Ping);
    module.network.ping(module.now, &host);
    Ok(Outcome::Pending)
}

fn dns(module: &mut Module, call: &Call) -> Reply {
    let by_hand = config(module, call).dns.clone();
    let enabled = u8::from(by_hand.is_some());
    let servers = by_hand.filter(|servers| !servers.is_empty());
    let servers = servers.unwrap_or_else(|| vec![DEFAULT_DNS]);
    if module.is_esp_at() {
        let servers = servers.iter().map(|server| format!(",\"{server}\""));
        let line = format!("+{}:{enabled}{}", call.name, servers.collect::<String>());
        module.print_line(&line);
    } else {
        for server in servers {
            module.print_line(&format!("+{}:{server}", call.name));
        }
    }
    Ok(Outcome::Ok)
}

fn set_dns(module: &mut Module, call: &Call) -> Reply {
    let most = if module.is_esp_at() { 4 } else { 3 };
    let count = call.count(1..=most)?;
    let servers = if call.flag(0)? {
        let servers: Result<Vec<_>, _> = (1..count).map(|index| call.ip(index)).collect();
        Some(servers?)
    } else if count > 1 {
        return Err(code::count(1, count));
    } else {
        None
    };
    set_config(module, call, |config| config.dns.clone_from(&servers));
    Ok(Outcome::Ok)
}

fn sntp(module: &mut Module, _: &Call) -> Reply {
    let line = match &module.clock.sntp {
        None => "+CIPSNTPCFG:0".into(),
        Some(Sntp {
            timezone, servers, ..
        }) => {
            let servers = servers.iter().map(|server| format!(",\"{server}\""));
            format!("+CIPSNTPCFG:1,{timezone}{}", servers.collect::<String>())
        }
    };
    module.print_line(&line);
    Ok(Outcome::Ok)
}

/// Minutes from UTC: NonOS AT has whole hours, ESP-AT also `hhmm`.
fn zone(module: &Module, call: &Call) -> Result<(i64, i32), Code> {
    let hours = if module.is_esp_at() {
        -12..=14
    } else {
        -11..=13
    };
    let typed = call.number_or(1, -1200..=1400, 0)?;
    let minutes = if hours.contains(&typed) {
        typed * 60
    } else if module.is_esp_at() && typed.abs() >= 100 && typed.abs() % 100 < 60 {
        typed / 100 * 60 + typed % 100
    } else {
        return Err(code::invalid(1));
    };
    Ok((typed, i32::try_from(minutes).unwrap_or_default()))
}

fn set_sntp(module: &mut Module, call: &Call) -> Reply {
    let count = call.count(1..=5)?;
    if !call.flag(0)? {
        module.set_sntp(None);
        return Ok(Outcome::Ok);
    }
    let (timezone, offset) = zone(module, call)?;
    let given: Result<Vec<_>, _> = (2..count).map(|index| call.string(index, 1..=64)).collect();
    let given = given?;
    let servers = if given.is_empty() {
        TIME_SERVERS.map(String::from).to_vec()
    } else {
        given
    };
    module.set_sntp(Some(Sntp {
        offset,
        timezone,
        servers,
    }));
    Ok(Outcome::Ok)
}

fn time(module: &mut Module, _: &Call) -> Reply {
    if module.clock.sntp.is_none() {
        return Err(code::FAILED);
    }
    let time = module.date_and_time();
    module.print_line(&format!("+CIPSNTPTIME:{time}"));
    Ok(Outcome::Ok)
}
