//! How links begin.

use core::net::{Ipv4Addr, SocketAddrV4};
use core::time::Duration;

use super::{LINKS, Phase, SavedLink, Socket, UdpPeer};
use crate::command::code;
use crate::module::{Job, Mode, Module};
use crate::network::{LinkToken, OpenRequest, Transport};

impl Module {
    /// Whether the module has an address at all.
    pub(crate) fn has_network(&self) -> bool {
        self.station.has_ip() || self.station.mode & 2 == 2
    }

    /// Whether a host can be reached: from the soft-AP alone only its own stations can.
    fn reaches(&self, host: &str) -> bool {
        let own = self.config.soft_ap_address;
        let subnet = |ip: Ipv4Addr| u32::from(ip) & u32::from(own.netmask);
        let near = |ip: Ipv4Addr| subnet(ip) == subnet(own.address);
        self.station.has_ip() || host.parse().is_ok_and(near)
    }

    /// Opens link `id`; the command under way waits for it.
    pub(crate) fn open_link(
        &mut self,
        id: usize,
        request: &OpenRequest,
        keep_alive: u16,
        udp_peer: UdpPeer,
    ) {
        self.sockets.tokens += 1;
        let token = self.sockets.tokens;
        let mut link = Socket::new(token, request.transport, self.now);
        link.keep_alive = keep_alive;
        link.udp_peer = udp_peer;
        self.sockets.links[id] = Some(link);
        self.keep_busy(Job::Open(token));
        if self.reaches(&request.host) {
            self.network.open(self.now, token, request);
        } else if request.host.parse::<Ipv4Addr>().is_ok() {
            self.open_unreachable(id);
        } else {
            self.open_failed(id, "DNS Fail");
        }
    }

    fn awaits(&self, token: LinkToken) -> bool {
        matches!(&self.job, Some(Job::Open(awaited)) if *awaited == token)
    }

    pub(super) fn opened(&mut self, id: usize, remote: SocketAddrV4, local_port: u16) {
        let now = self.now;
        let Some(link) = self.sockets.links[id].as_mut() else {
            return;
        };
        link.phase = Phase::Open;
        link.remote = remote;
        link.local_port = local_port;
        link.last_used = now;
        let token = link.token;
        self.sockets.had_link = true;
        if self.awaits(token) {
            self.announce_link(id);
            self.finish_with(b"\r\nOK\r\n");
        } else {
            // The saved link needs no command, and no more words.
            self.mode = Mode::passthrough(now);
        }
    }

    fn announce_link(&mut self, id: usize) {
        let Some(link) = self.sockets.get(id) else {
            return;
        };
        let line = if self.config.messages & 2 == 2 {
            let kind = link.kind();
            let server = u8::from(link.server);
            let (ip, port, own) = (link.remote.ip(), link.remote.port(), link.local_port);
            format!("+LINK_CONN:0,{id},\"{kind}\",{server},\"{ip}\",{port},{own}")
        } else {
            format!("{}CONNECT", self.link_prefix(id))
        };
        self.print_line(&line);
    }

    pub(super) fn open_failed(&mut self, id: usize, line: &str) {
        let Some(link) = self.sockets.links[id].take() else {
            return;
        };
        self.network.close(self.now, link.token);
        if self.awaits(link.token) {
            self.print_line(line);
            self.finish_with_error(code::FAILED);
        }
    }

    /// Nothing comes back: the module waits as long as it waits for anything in the network.
    pub(super) fn open_unreachable(&mut self, id: usize) {
        let Some(link) = &self.sockets.links[id] else {
            return;
        };
        let token = link.token;
        if self.awaits(token) {
            let at = self.now + self.settings.latency.network_timeout;
            self.keep_busy(Job::GiveUpOpening(token, at));
            self.job_due();
        } else {
            self.sockets.links[id] = None;
        }
    }

    pub(in crate::module) fn give_up_opening(&mut self, token: LinkToken) {
        let Some(id) = self.sockets.by_token(token) else {
            return self.finish_with_error(code::FAILED);
        };
        let word = if self.is_esp_at() {
            "CLOSED"
        } else {
            "CONNECT FAIL"
        };
        let line = format!("{}{word}", self.link_prefix(id));
        self.keep_busy(Job::Open(token));
        self.open_failed(id, &line);
    }

    /// A peer has connected to the server.
    pub(super) fn accept(&mut self, token: LinkToken, remote: SocketAddrV4, local_port: u16) {
        let used = self.sockets.open().filter(|(_, link)| link.server).count();
        let free = (0..LINKS).find(|&id| {
            let link = self.sockets.links[id].as_ref();
            link.is_none_or(|link| link.phase == Phase::Over)
        });
        let room = used < usize::from(self.sockets.server_links) && self.sockets.server.is_some();
        let Some(id) = free.filter(|_| room) else {
            self.network.close(self.now, token);
            if self.is_esp_at() {
                self.print_line(&format!("Have {used} Connections"));
            }
            return;
        };
        let mut link = Socket::new(token, Transport::Tcp, self.now);
        link.server = true;
        link.phase = Phase::Open;
        link.remote = remote;
        link.local_port = local_port;
        self.sockets.links[id] = Some(link);
        self.sockets.had_link = true;
        self.announce_link(id);
    }

    /// `AT+SAVETRANSLINK` of the last session: the module goes to passthrough by itself once it has an address.
    pub(in crate::module) fn open_saved_link(&mut self) {
        if !core::mem::take(&mut self.sockets.awaits_wifi) {
            return;
        }
        let Some(SavedLink {
            request,
            keep_alive,
        }) = self.flash.passthrough.clone()
        else {
            return;
        };
        self.sockets.tokens += 1;
        let token = self.sockets.tokens;
        let mut link = Socket::new(token, request.transport, self.now);
        link.keep_alive = keep_alive;
        self.sockets.links[0] = Some(link);
        self.sockets.passthrough = true;
        self.network.open(self.now, token, &request);
    }

    /// Marks a link as used, for `AT+CIPSTO`.
    pub(super) fn touch(&mut self, id: usize, now: Duration) {
        if let Some(link) = self.sockets.get_mut(id) {
            link.last_used = now;
        }
    }
}
