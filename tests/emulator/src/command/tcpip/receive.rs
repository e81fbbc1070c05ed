//! `AT+CIPRECV…` and `AT+CIPDINFO`.

use super::super::{Call, Entry, Outcome, Reply, any, code};
use super::link_with;
use crate::module::{LINKS, Module};

pub(in super::super) const TABLE: &[Entry] = &[
    Entry::new("CIPRECVMODE", any)
        .query(|module, _| {
            let value = u8::from(module.sockets.passive);
            module.print_line(&format!("+CIPRECVMODE:{value}"));
            Ok(Outcome::Ok)
        })
        .set(|module, call| {
            call.count(1..=1)?;
            module.sockets.passive = call.flag(0)?;
            Ok(Outcome::Ok)
        }),
    Entry::new("CIPRECVDATA", any).set(fetch),
    Entry::new("CIPRECVLEN", any).query(waiting),
    Entry::new("CIPDINFO", any)
        .query(|module, _| {
            let shown = module.sockets.shows_peer;
            module.print_line(match (module.is_esp_at(), shown) {
                (false, true) => "+CIPDINFO:TRUE",
                (false, false) => "+CIPDINFO:FALSE",
                (true, true) => "+CIPDINFO:true",
                (true, false) => "+CIPDINFO:false",
            });
            Ok(Outcome::Ok)
        })
        .set(|module, call| {
            call.count(1..=1)?;
            module.sockets.shows_peer = call.flag(0)?;
            Ok(Outcome::Ok)
        }),
];

fn fetch(module: &mut Module, call: &Call) -> Reply {
    let (id, at) = link_with(module, call, 1..=1)?;
    let length = call.number(at, 1..=i64::from(i32::MAX))?;
    if !module.sockets.passive {
        return Err(code::FAILED);
    }
    let length = usize::try_from(length).unwrap_or_default();
    let Some((data, from)) = module.fetch(id, length) else {
        return Err(code::FAILED);
    };
    let count = data.len();
    let head = match (module.is_esp_at(), module.sockets.shows_peer) {
        (false, false) => format!("\r\n+CIPRECVDATA,{count}:"),
        (false, true) => {
            let (ip, port) = (from.ip(), from.port());
            format!("\r\n+CIPRECVDATA,{count},{ip},{port}:")
        }
        (true, false) => format!("+CIPRECVDATA:{count},"),
        (true, true) => {
            let (ip, port) = (from.ip(), from.port());
            format!("+CIPRECVDATA:{count},\"{ip}\",{port},")
        }
    };
    module.print(head.as_bytes());
    module.print(&data);
    Ok(Outcome::Ok)
}

fn waiting(module: &mut Module, _: &Call) -> Reply {
    // ESP-AT tells a link that is not there from one without data.
    let none = if module.is_esp_at() { "-1" } else { "0" };
    let lengths = (0..LINKS).map(|id| match module.unread(id) {
        Some(length) => length.to_string(),
        None => none.into(),
    });
    let line = format!("+CIPRECVLEN:{}", lengths.collect::<Vec<_>>().join(","));
    module.print_line(&line);
    Ok(Outcome::Ok)
}
