//! `AT+CIPSEND` and its kin.

use core::net::SocketAddrV4;

use super::super::{Call, Entry, Outcome, Reply, any, code, nonos};
use super::{link_id, link_with};
use crate::module::{Job, Module, SendKind, Sending};
use crate::network::Transport;

pub(in super::super) const TABLE: &[Entry] = &[
    Entry::new("CIPSEND", any)
        .test(|_, _| Ok(Outcome::Ok))
        .set(send)
        .execute(pass_through),
    Entry::new("CIPSENDEX", any)
        .test(|_, _| Ok(Outcome::Ok))
        .set(send),
    Entry::new("CIPSENDBUF", nonos).set(send_buffered),
    Entry::new("CIPBUFRESET", nonos)
        .set(reset_buffer)
        .execute(reset_buffer),
    Entry::new("CIPBUFSTATUS", nonos)
        .set(buffer)
        .execute(buffer),
    Entry::new("CIPCHECKSEQ", nonos).set(check_segment),
    Entry::new("CIPCHECKQUEUE", nonos).set(check_segment),
];

fn longest(module: &Module) -> i64 {
    if module.is_esp_at() { 8192 } else { 2048 }
}

fn length(module: &mut Module, call: &Call, at: usize) -> Result<usize, code::Code> {
    let longest = longest(module);
    let value = call.number(at, 1..=i64::MAX)?;
    if value > longest {
        module.refuse_with("too long");
        return Err(code::invalid(at));
    }
    Ok(usize::try_from(value).unwrap_or_default())
}

fn send(module: &mut Module, call: &Call) -> Reply {
    let escaped = call.name == "CIPSENDEX";
    let (id, at) = link_with(module, call, 1..=3)?;
    if module.sockets.passthrough {
        return Err(module.refuse_with("IPMODE=1"));
    }
    let Some(link) = module.sockets.get(id) else {
        return Err(module.refuse_with("link is not valid"));
    };
    let (token, transport) = (link.token, link.transport);
    let length = length(module, call, at)?;
    let mut to = None;
    if !call.is_omitted(at + 1) {
        if transport != Transport::Udp {
            return Err(code::invalid(at + 1));
        }
        let Ok(ip) = call.ip(at + 1) else {
            return Err(module.refuse_with("ip error"));
        };
        if call.is_omitted(at + 2) {
            return Err(module.refuse_with("no port"));
        }
        let Ok(port) = call.port(at + 2) else {
            return Err(module.refuse_with("port range error"));
        };
        to = Some(SocketAddrV4::new(ip, port));
    }
    let kind = if escaped {
        SendKind::Escaped
    } else {
        SendKind::Counted
    };
    module.ask_for_data(Sending::new(token, id, kind, length, to));
    Ok(Outcome::Pending)
}

fn pass_through(module: &mut Module, _: &Call) -> Reply {
    if !module.sockets.passthrough {
        return Err(module.refuse_with("send mode error"));
    }
    if !module.can_pass_through() {
        return Err(module.refuse_with("link is not valid"));
    }
    module.print(b"\r\nOK\r\n");
    let at = module.now + module.settings.latency.prompt;
    module.keep_busy(Job::PassthroughPrompt(at));
    module.job_due();
    Ok(Outcome::Pending)
}

fn send_buffered(module: &mut Module, call: &Call) -> Reply {
    let (id, at) = link_with(module, call, 1..=1)?;
    if module.sockets.passthrough {
        return Err(module.refuse_with("IPMODE=1"));
    }
    let Some(link) = module.sockets.get(id) else {
        return Err(module.refuse_with("link is not valid"));
    };
    if link.transport != Transport::Tcp {
        return Err(code::FAILED);
    }
    let (next, acknowledged) = (link.segments.next, link.segments.acknowledged);
    let (token, free, queue) = (link.token, link.segments.free(), link.segments.queue());
    let length = length(module, call, at)?;
    if length > free {
        return Err(module.refuse_with("BUFFER FULL"));
    }
    if queue == 0 {
        return Err(module.refuse_with("QUEUE FULL"));
    }
    module.print_line(&format!("{next},{acknowledged}"));
    module.ask_for_data(Sending::new(token, id, SendKind::Buffered, length, None));
    Ok(Outcome::Pending)
}

/// The link of a command that has only its number, or nothing.
fn only_link(module: &mut Module, call: &Call) -> Result<usize, code::Code> {
    call.count(0..=1)?;
    if module.multiple_links == call.is_omitted(0) {
        let word = if module.multiple_links {
            "MUX=1"
        } else {
            "MUX=0"
        };
        return Err(module.refuse_with(word));
    }
    let (id, _) = link_id(module, call)?;
    if module.sockets.get(id).is_none() {
        return Err(module.refuse_with("link is not valid"));
    }
    Ok(id)
}

fn reset_buffer(module: &mut Module, call: &Call) -> Reply {
    let id = only_link(module, call)?;
    match module.sockets.get_mut(id) {
        Some(link) if link.segments.is_idle() => {
            link.segments.reset();
            Ok(Outcome::Ok)
        }
        _ => Err(code::FAILED),
    }
}

fn buffer(module: &mut Module, call: &Call) -> Reply {
    let id = only_link(module, call)?;
    let Some(link) = module.sockets.get(id) else {
        return Err(code::FAILED);
    };
    let segments = &link.segments;
    let line = format!(
        "{},{},{},{},{}",
        segments.next,
        segments.sent,
        segments.acknowledged,
        segments.free(),
        segments.queue()
    );
    module.print_line(&line);
    Ok(Outcome::Ok)
}

fn check_segment(module: &mut Module, call: &Call) -> Reply {
    let (id, at) = link_with(module, call, 1..=1)?;
    let number = call.number(at, 1..=i64::from(u32::MAX))?;
    let number = u32::try_from(number).unwrap_or_default();
    let Some(link) = module.sockets.get(id) else {
        return Err(module.refuse_with("link is not valid"));
    };
    if !link.segments.knows(number) {
        return Err(code::invalid(at));
    }
    let done = if call.name == "CIPCHECKSEQ" {
        link.segments.acknowledged
    } else {
        link.segments.sent
    };
    let holds = if number <= done { "TRUE" } else { "FALSE" };
    let line = format!("{}{number},{holds}", module.link_prefix(id));
    module.print_line(&line);
    Ok(Outcome::Ok)
}
