//! Settings of the links.

use super::super::{Call, Entry, Outcome, Reply, any, code, nonos};
use super::link_with;
use crate::module::{LINKS, Module};

pub(in super::super) const TABLE: &[Entry] = &[
    Entry::new("CIPMUX", any)
        .query(|module, _| {
            let value = u8::from(module.multiple_links);
            module.print_line(&format!("+CIPMUX:{value}"));
            Ok(Outcome::Ok)
        })
        .set(set_mux),
    Entry::new("CIPMODE", any)
        .query(|module, _| {
            let value = u8::from(module.sockets.passthrough);
            module.print_line(&format!("+CIPMODE:{value}"));
            Ok(Outcome::Ok)
        })
        .set(set_passthrough),
    Entry::new("CIPSERVERMAXCONN", any)
        .query(|module, _| {
            let value = module.sockets.server_links;
            module.print_line(&format!("+CIPSERVERMAXCONN:{value}"));
            Ok(Outcome::Ok)
        })
        .set(set_server_links),
    Entry::new("CIPSTO", any)
        .query(|module, _| {
            let value = module.sockets.server_timeout;
            module.print_line(&format!("+CIPSTO:{value}"));
            Ok(Outcome::Ok)
        })
        .set(|module, call| {
            call.count(1..=1)?;
            let seconds = call.number(0, 0..=7200)?;
            module.sockets.server_timeout = u16::try_from(seconds).unwrap_or_default();
            Ok(Outcome::Ok)
        }),
    Entry::new("CIPSSLSIZE", nonos)
        .query(|module, _| {
            let value = module.sockets.ssl_size;
            module.print_line(&format!("+CIPSSLSIZE:{value}"));
            Ok(Outcome::Ok)
        })
        .set(|module, call| {
            call.count(1..=1)?;
            let bytes = call.number(0, 2048..=4096)?;
            module.sockets.ssl_size = u16::try_from(bytes).unwrap_or_default();
            Ok(Outcome::Ok)
        }),
    Entry::new("CIPSSLCCONF", any)
        .query(ssl_config)
        .set(set_ssl_config),
];

fn set_mux(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    let multiple = call.flag(0)?;
    if module.sockets.open().next().is_some() {
        return Err(module.refuse_with("link is builded"));
    }
    if module.sockets.passthrough && multiple {
        return Err(module.refuse_with("IPMODE must be 0"));
    }
    if module.sockets.server.is_some() {
        return Err(module.refuse_with("CIPSERVER must be 0"));
    }
    module.multiple_links = multiple;
    Ok(Outcome::Ok)
}

fn set_passthrough(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    let on = call.flag(0)?;
    if on && (module.multiple_links || module.sockets.server.is_some()) {
        return Err(module.refuse_with("CIPMUX and CIPSERVER must be 0"));
    }
    module.sockets.passthrough = on;
    Ok(Outcome::Ok)
}

fn set_server_links(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    let most = i64::try_from(LINKS).unwrap_or_default();
    let links = call.small(0, 1..=most)?;
    if module.sockets.server.is_some() {
        return Err(code::FAILED);
    }
    module.sockets.server_links = links;
    Ok(Outcome::Ok)
}

fn ssl_config(module: &mut Module, _: &Call) -> Reply {
    if !module.is_esp_at() {
        let bits = module.sockets.ssl_bits;
        module.print_line(&format!("+CIPSSLCCONF:{bits}"));
        return Ok(Outcome::Ok);
    }
    let links = if module.multiple_links { LINKS } else { 1 };
    for id in 0..links {
        let [authentication, key, authority] = module.sockets.ssl_configs[id];
        let id = if module.multiple_links {
            format!("{id},")
        } else {
            String::new()
        };
        module.print_line(&format!(
            "+CIPSSLCCONF:{id}{authentication},{key},{authority}"
        ));
    }
    Ok(Outcome::Ok)
}

fn set_ssl_config(module: &mut Module, call: &Call) -> Reply {
    if !module.is_esp_at() {
        call.count(1..=1)?;
        module.sockets.ssl_bits = call.small(0, 0..=15)?;
        return Ok(Outcome::Ok);
    }
    let (id, at) = link_with(module, call, 1..=3)?;
    let authentication = call.small(at, 0..=3)?;
    let number = |index: usize| call.number_or(index, 0..=1, 0);
    let key = u8::try_from(number(at + 1)?).unwrap_or_default();
    let authority = u8::try_from(number(at + 2)?).unwrap_or_default();
    module.sockets.ssl_configs[id] = [authentication, key, authority];
    Ok(Outcome::Ok)
}
