//! `AT+CIPSTART`, `AT+CIPCLOSE`, `AT+CIPSERVER`.

use super::super::{Call, Code, Entry, Outcome, Reply, any, code, esp_at, nonos};
use super::{link_id, link_with};
use crate::module::{LINKS, Module, SavedLink, UdpPeer};
use crate::network::{OpenRequest, Transport};

pub(in super::super) const TABLE: &[Entry] = &[
    Entry::new("CIPSTART", any).set(start),
    Entry::new("CIPCLOSE", any)
        .test(|_, _| Ok(Outcome::Ok))
        .set(close)
        .execute(close_only),
    Entry::new("CIPCLOSEMODE", nonos).set(set_close_mode),
    Entry::new("CIPSERVER", any).query(server).set(set_server),
    Entry::new("CIPALIVE", nonos).query(keep_alives),
    Entry::new("SAVETRANSLINK", any).set(save_passthrough),
];

/// Port of `AT+CIPSERVER=1`.
const SERVER_PORT: u16 = 333;
/// `AT+CIPCLOSE` of all links.
const ALL: i64 = 5;

fn transport(text: &[u8]) -> Option<Transport> {
    match text {
        b"TCP" => Some(Transport::Tcp),
        b"UDP" => Some(Transport::Udp),
        b"SSL" => Some(Transport::Ssl),
        _ => None,
    }
}

/// Longest host name of a link.
fn host_limit(module: &Module) -> usize {
    if module.is_esp_at() { 64 } else { 63 }
}

fn start(module: &mut Module, call: &Call) -> Reply {
    let given = call.count(1..=7)?;
    if !module.has_network() {
        return Err(module.refuse_with("no ip"));
    }
    if !module.multiple_links && call.text(0, 0..=256).is_err() {
        return Err(module.refuse_with("Link type ERROR"));
    }
    let Ok((id, at)) = link_id(module, call) else {
        return Err(module.refuse_with("ID ERROR"));
    };
    if module.multiple_links && module.sockets.passthrough {
        return Err(module.refuse_with("IPMODE must be 0"));
    }
    let Some(transport) = call.text(at, 3..=3).ok().and_then(transport) else {
        return Err(module.refuse_with("Link type ERROR"));
    };
    if given < at + 3 {
        module.refuse_with("Miss param");
        return Err(code::count(at + 3, given));
    }
    let Ok(host) = call.string(at + 1, 1..=host_limit(module)) else {
        return Err(module.refuse_with("IP ERROR"));
    };
    let Ok(port) = call.port(at + 2) else {
        return Err(module.refuse_with("ENTRY ERROR"));
    };
    let mut request = OpenRequest {
        transport,
        host,
        port,
        local_port: None,
    };
    let mut udp_peer = UdpPeer::Fixed;
    let mut keep_alive = 0;
    if transport == Transport::Udp {
        call.count(at + 3..=at + 5)?;
        if !call.is_omitted(at + 3) {
            request.local_port = Some(call.port(at + 3)?);
        }
        udp_peer = match call.number_or(at + 4, 0..=2, 0)? {
            0 => UdpPeer::Fixed,
            1 => UdpPeer::ChangesOnce,
            _ => UdpPeer::Changes,
        };
    } else {
        call.count(at + 3..=at + 4)?;
        let seconds = call.number_or(at + 3, 0..=7200, 0)?;
        keep_alive = u16::try_from(seconds).unwrap_or_default();
    }
    if module.sockets.get(id).is_some() {
        // Both families print this one.
        module.print_line("ALREADY CONNECTED");
        return Err(code::FAILED);
    }
    let mut open = module.sockets.open();
    if transport == Transport::Ssl && open.any(|(_, link)| link.transport == Transport::Ssl) {
        drop(open);
        return Err(module.refuse_with("ssl reach max"));
    }
    drop(open);
    module.open_link(id, &request, keep_alive, udp_peer);
    Ok(Outcome::Pending)
}

fn close_link(module: &mut Module, id: usize) -> Reply {
    if module.sockets.get(id).is_none() {
        return Err(module.refuse_with("UNLINK"));
    }
    module.drop_link(id);
    module.print_closed(id);
    Ok(Outcome::Ok)
}

fn close(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    if !module.multiple_links {
        return Err(module.refuse_with("MUX=0"));
    }
    let id = call.number(0, 0..=ALL)?;
    if id < ALL {
        return close_link(module, usize::try_from(id).unwrap_or_default());
    }
    if module.sockets.server.is_some() {
        return Err(code::FAILED);
    }
    for id in 0..LINKS {
        if module.sockets.get(id).is_some() {
            module.drop_link(id);
            module.print_closed(id);
        }
    }
    Ok(Outcome::Ok)
}

fn close_only(module: &mut Module, _: &Call) -> Reply {
    if module.multiple_links {
        return Err(module.refuse_with("MUX=1"));
    }
    close_link(module, 0)
}

fn set_close_mode(module: &mut Module, call: &Call) -> Reply {
    let (_, at) = link_with(module, call, 1..=1)?;
    call.flag(at)?;
    Ok(Outcome::Ok)
}

fn server(module: &mut Module, _: &Call) -> Reply {
    if !module.is_esp_at() {
        return Err(code::FORM);
    }
    module.print_line(&match module.sockets.server {
        Some(port) => format!("+CIPSERVER:1,{port},\"TCP\",0"),
        None => "+CIPSERVER:0".into(),
    });
    Ok(Outcome::Ok)
}

fn set_server(module: &mut Module, call: &Call) -> Reply {
    let most = if module.is_esp_at() { 4 } else { 2 };
    call.count(1..=most)?;
    let on = call.flag(0)?;
    let running = module.sockets.server.is_some();
    if !module.multiple_links {
        return Err(module.refuse_with("MUX=0"));
    }
    if on == running {
        if !module.is_esp_at() {
            module.print_line("no change");
        }
        return Ok(Outcome::Ok);
    }
    let now = module.now;
    if !on {
        let closes_links = module.is_esp_at() && !call.is_omitted(1) && call.flag(1)?;
        module.network.listen(now, None);
        module.sockets.server = None;
        let left: Vec<usize> = served(module);
        if closes_links {
            for id in left {
                module.drop_link(id);
                module.print_closed(id);
            }
        } else if !left.is_empty() && !module.is_esp_at() {
            module.print_line("we must restart");
        }
        return Ok(Outcome::Ok);
    }
    let port = if call.is_omitted(1) {
        SERVER_PORT
    } else {
        call.port(1)?
    };
    if !call.is_omitted(2) && call.text(2, 3..=3)? != b"TCP" {
        return Err(code::invalid(2));
    }
    if !module.network.listen(now, Some(port)) {
        return Err(module.refuse_with("TcpServer Failure"));
    }
    module.sockets.server = Some(port);
    Ok(Outcome::Ok)
}

/// Links that peers have opened.
fn served(module: &Module) -> Vec<usize> {
    let open = module.sockets.open().filter(|(_, link)| link.server);
    open.map(|(id, _)| id).collect()
}

fn keep_alives(module: &mut Module, _: &Call) -> Reply {
    let open = module
        .sockets
        .open()
        .filter(|(_, link)| link.keep_alive > 0);
    let lines: Vec<String> = open
        .map(|(id, link)| format!("+CIPALIVE:id {id},{}", link.keep_alive))
        .collect();
    if lines.is_empty() {
        return Err(module.refuse_with("Not set TCP keep alive"));
    }
    for line in lines {
        module.print_line(&line);
    }
    Ok(Outcome::Ok)
}

fn save_passthrough(module: &mut Module, call: &Call) -> Reply {
    let count = call.count(1..=5)?;
    if !call.flag(0)? {
        module.flash.passthrough = None;
        return Ok(Outcome::Ok);
    }
    if count < 3 {
        return Err(code::count(3, count));
    }
    module.flash.passthrough = Some(saved_link(module, call)?);
    Ok(Outcome::Ok)
}

fn saved_link(module: &Module, call: &Call) -> Result<SavedLink, Code> {
    let transport = if call.is_omitted(3) {
        Transport::Tcp
    } else {
        let text = call.text(3, 3..=3)?;
        let ssl = esp_at(&module.settings);
        transport(text)
            .filter(|transport| *transport != Transport::Ssl || ssl)
            .ok_or(code::invalid(3))?
    };
    let mut saved = SavedLink {
        request: OpenRequest {
            transport,
            host: call.string(1, 1..=host_limit(module))?,
            port: call.port(2)?,
            local_port: None,
        },
        keep_alive: 0,
    };
    if !call.is_omitted(4) {
        if transport == Transport::Udp {
            saved.request.local_port = Some(call.port(4)?);
        } else {
            saved.keep_alive = u16::try_from(call.number(4, 0..=7200)?).unwrap_or_default();
        }
    }
    Ok(saved)
}
