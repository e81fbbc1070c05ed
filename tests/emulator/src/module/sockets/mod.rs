//! The links of `AT+CIPSTART` and `AT+CIPSERVER`.

use core::time::Duration;

use super::{Job, Mode, Module};
use crate::network::{LinkToken, NetworkEvent, OpenRequest};

mod open;
mod queries;
mod receive;
mod segments;
mod send;
mod socket;

pub(crate) use segments::Segments;
pub(crate) use send::{SendKind, Sending};
pub(crate) use socket::{Phase, Socket, UdpPeer};

/// How many links there are at most.
pub(crate) const LINKS: usize = 5;

/// `AT+CIPSSLCCONF` of ESP-AT: authentication, key pair, certificate authority.
pub(crate) type SslConfig = [u8; 3];

/// `AT+SAVETRANSLINK`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SavedLink {
    pub request: OpenRequest,
    pub keep_alive: u16,
}

/// Links and their settings, all in RAM.
pub(crate) struct Sockets {
    pub links: [Option<Socket>; LINKS],
    /// `AT+CIPMODE`.
    pub passthrough: bool,
    /// `AT+CIPRECVMODE`.
    pub passive: bool,
    /// `AT+CIPDINFO`.
    pub shows_peer: bool,
    /// Port of `AT+CIPSERVER`.
    pub server: Option<u16>,
    /// `AT+CIPSERVERMAXCONN`.
    pub server_links: u8,
    /// `AT+CIPSTO`, seconds.
    pub server_timeout: u16,
    /// `AT+CIPSSLSIZE`.
    pub ssl_size: u16,
    /// `AT+CIPSSLCCONF` of NonOS AT.
    pub ssl_bits: u8,
    /// The same of ESP-AT.
    pub ssl_configs: [SslConfig; LINKS],
    /// A link was open since the station got its address.
    pub had_link: bool,
    /// The saved link waits for Wi-Fi.
    pub awaits_wifi: bool,
    tokens: LinkToken,
    /// When data beyond the buffer moves up.
    refill: Option<Duration>,
}

impl Default for Sockets {
    fn default() -> Self {
        Self {
            links: [const { None }; LINKS],
            passthrough: false,
            passive: false,
            shows_peer: false,
            server: None,
            server_links: 5,
            server_timeout: 180,
            ssl_size: 2048,
            ssl_bits: 0,
            ssl_configs: [SslConfig::default(); LINKS],
            had_link: false,
            awaits_wifi: false,
            tokens: 0,
            refill: None,
        }
    }
}

impl Sockets {
    /// The settings after a restart. Tokens are never used again.
    pub fn restarted(&self) -> Self {
        Self {
            tokens: self.tokens,
            ..Self::default()
        }
    }

    /// Links that are open, with their numbers.
    pub fn open(&self) -> impl Iterator<Item = (usize, &Socket)> {
        let links = self.links.iter().enumerate();
        let links = links.filter_map(|(id, link)| Some((id, link.as_ref()?)));
        links.filter(|(_, link)| link.phase == Phase::Open)
    }

    /// The link if it is open.
    pub fn get(&self, id: usize) -> Option<&Socket> {
        let link = self.links.get(id)?.as_ref()?;
        (link.phase == Phase::Open).then_some(link)
    }

    pub fn get_mut(&mut self, id: usize) -> Option<&mut Socket> {
        let link = self.links.get_mut(id)?.as_mut()?;
        (link.phase == Phase::Open).then_some(link)
    }

    fn by_token(&self, token: LinkToken) -> Option<usize> {
        let has = |link: &Option<Socket>| {
            link.as_ref()
                .is_some_and(|link| link.token == token && link.phase != Phase::Over)
        };
        self.links.iter().position(has)
    }

    fn idle_due(&self) -> Option<Duration> {
        let timeout = Duration::from_secs(u64::from(self.server_timeout));
        let servers = self.open().filter(|(_, link)| link.server);
        let due = servers.map(|(_, link)| link.last_used + timeout).min();
        due.filter(|_| self.server_timeout > 0)
    }

    pub fn due(&self) -> Option<Duration> {
        [self.idle_due(), self.refill].into_iter().flatten().min()
    }
}

impl Module {
    /// What stands before an event of a link: its number, if there can be more than one.
    pub(crate) fn link_prefix(&self, id: usize) -> String {
        if self.multiple_links {
            format!("{id},")
        } else {
            String::new()
        }
    }

    pub(super) fn network_event(&mut self, event: NetworkEvent) {
        match event {
            NetworkEvent::Resolved(address) => return self.resolved(address),
            NetworkEvent::Pinged(time) => return self.pinged(time),
            NetworkEvent::Incoming {
                link,
                remote,
                local_port,
            } => return self.accept(link, remote, local_port),
            _ => {}
        }
        let (NetworkEvent::Opened { link, .. }
        | NetworkEvent::Received { link, .. }
        | NetworkEvent::UnknownHost(link)
        | NetworkEvent::Refused(link)
        | NetworkEvent::Unreachable(link)
        | NetworkEvent::Sent(link)
        | NetworkEvent::SendFailed(link)
        | NetworkEvent::Closed(link)) = event
        else {
            return;
        };
        let Some(id) = self.sockets.by_token(link) else {
            return;
        };
        match event {
            NetworkEvent::Opened {
                remote, local_port, ..
            } => self.opened(id, remote, local_port),
            NetworkEvent::UnknownHost(_) => self.open_failed(id, "DNS Fail"),
            NetworkEvent::Refused(_) => {
                let line = format!("{}CLOSED", self.link_prefix(id));
                self.open_failed(id, &line);
            }
            NetworkEvent::Unreachable(_) => self.open_unreachable(id),
            NetworkEvent::Sent(_) => self.sent(id, true),
            NetworkEvent::SendFailed(_) => self.sent(id, false),
            NetworkEvent::Received { data, from, .. } => self.receive_data(id, data, from),
            NetworkEvent::Closed(_) => self.closed_by_peer(id),
            _ => {}
        }
    }

    /// Ends a link from this side, without a word.
    pub(crate) fn drop_link(&mut self, id: usize) {
        if let Some(link) = self.sockets.links[id].take() {
            self.network.close(self.now, link.token);
        }
    }

    pub(crate) fn print_closed(&mut self, id: usize) {
        let line = format!("{}CLOSED", self.link_prefix(id));
        self.print_line(&line);
    }

    /// The link is gone although nobody asked for it.
    fn closed_by_peer(&mut self, id: usize) {
        let keeps = self.settings.keeps_unread;
        let Some(link) = self.sockets.links[id].as_mut() else {
            return;
        };
        let token = link.token;
        link.phase = Phase::Over;
        let beyond = core::mem::take(&mut link.beyond);
        link.unread.extend(beyond);
        if !keeps || link.unread.is_empty() {
            self.sockets.links[id] = None;
        }
        if !matches!(self.mode, Mode::Passthrough { .. }) {
            self.print_closed(id);
        }
        if matches!(&self.job, Some(Job::Sending(sending)) if *sending == token) {
            self.send_failed();
        }
    }

    /// Wi-Fi is gone, and every link with it.
    pub(super) fn sockets_down(&mut self) {
        for id in 0..LINKS {
            match self.sockets.links[id].as_ref().map(|link| link.phase) {
                Some(Phase::Opening) => {
                    let line = format!("{}CLOSED", self.link_prefix(id));
                    self.open_failed(id, &line);
                }
                Some(Phase::Open) => {
                    if let Some(link) = &self.sockets.links[id] {
                        self.network.close(self.now, link.token);
                    }
                    self.closed_by_peer(id);
                }
                Some(Phase::Over) | None => {}
            }
        }
        match &self.job {
            Some(Job::Resolve) => self.resolved(None),
            Some(Job::Ping) => self.pinged(None),
            _ => {}
        }
    }

    pub(super) fn sockets_due(&mut self) {
        let now = self.now;
        if self.sockets.refill.is_some_and(|due| due <= now) {
            self.sockets.refill = None;
            self.refill_buffers();
        }
        if self.sockets.idle_due().is_some_and(|due| due <= now) {
            let timeout = Duration::from_secs(u64::from(self.sockets.server_timeout));
            for id in 0..LINKS {
                let link = self.sockets.get(id);
                if link.is_some_and(|link| link.server && link.last_used + timeout <= now) {
                    self.drop_link(id);
                    self.print_closed(id);
                }
            }
        }
    }
}
