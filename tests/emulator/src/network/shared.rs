//! The state behind a [`MemoryNetwork`](super::MemoryNetwork).

use core::net::{Ipv4Addr, SocketAddrV4};
use core::time::Duration;
use std::collections::{BTreeMap, VecDeque};

use super::{FIRST_INCOMING, LinkToken, NetworkEvent, OpenRequest, Transport};
use crate::broker::HostState;

/// First port that the module takes for its side of a link.
const FIRST_LOCAL_PORT: u16 = 4096;

pub(super) struct Host {
    pub address: Ipv4Addr,
    pub state: HostState,
}

/// A port of a host, or a client of the module's server.
pub(super) struct Endpoint {
    pub address: SocketAddrV4,
    pub udp: bool,
    pub echoes: bool,
    pub deaf: bool,
    /// The link that was opened last.
    pub link: Option<LinkToken>,
    pub packets: Vec<Vec<u8>>,
}

struct Line {
    transport: Transport,
    local_port: u16,
    remote: SocketAddrV4,
}

#[derive(Default)]
pub(super) struct Shared {
    pub now: Duration,
    pub round_trip: Duration,
    pub hosts: BTreeMap<String, Host>,
    pub endpoints: Vec<Endpoint>,
    pub listening: Option<u16>,
    lines: BTreeMap<LinkToken, Line>,
    events: VecDeque<(Duration, NetworkEvent)>,
    opened: u16,
    incoming: LinkToken,
}

impl Shared {
    pub fn push(&mut self, event: NetworkEvent) {
        let at = self.now + self.round_trip;
        let after = self.events.partition_point(|(due, _)| *due <= at);
        self.events.insert(after, (at, event));
    }

    pub fn pop(&mut self) -> Option<NetworkEvent> {
        let due = self.next_due().is_some_and(|due| due <= self.now);
        due.then(|| self.events.pop_front().map(|(_, event)| event))?
    }

    pub fn next_due(&self) -> Option<Duration> {
        self.events.front().map(|(at, _)| *at)
    }

    pub fn address_of(&self, host: &str) -> Option<Ipv4Addr> {
        let known = self.hosts.get(host).map(|host| host.address);
        known.or_else(|| host.parse().ok())
    }

    /// The address of `host`, a new one if it is a name that nobody knows.
    pub fn add_host(&mut self, host: &str) -> Ipv4Addr {
        let last = u8::try_from(self.hosts.len() + 1).unwrap_or(u8::MAX);
        let address = self
            .address_of(host)
            .unwrap_or(Ipv4Addr::new(10, 0, 0, last));
        let state = HostState::Up;
        self.hosts
            .entry(host.into())
            .or_insert(Host { address, state });
        address
    }

    fn state_of(&self, address: Ipv4Addr) -> HostState {
        let mut hosts = self.hosts.values();
        hosts
            .find(|host| host.address == address)
            .map_or(HostState::Unreachable, |host| host.state)
    }

    pub fn add_endpoint(&mut self, address: SocketAddrV4, udp: bool) -> usize {
        self.endpoints.push(Endpoint {
            address,
            udp,
            echoes: false,
            deaf: false,
            link: None,
            packets: Vec::new(),
        });
        self.endpoints.len() - 1
    }

    fn endpoint_at(&mut self, address: SocketAddrV4, udp: bool) -> Option<&mut Endpoint> {
        let mut endpoints = self.endpoints.iter_mut().rev();
        endpoints.find(|endpoint| endpoint.address == address && endpoint.udp == udp)
    }

    pub fn open(&mut self, link: LinkToken, request: &OpenRequest) {
        let Some(ip) = self.address_of(&request.host) else {
            return self.push(NetworkEvent::UnknownHost(link));
        };
        let remote = SocketAddrV4::new(ip, request.port);
        let udp = request.transport == Transport::Udp;
        if !udp {
            match self.state_of(ip) {
                HostState::Unreachable => return self.push(NetworkEvent::Unreachable(link)),
                HostState::Refusing => return self.push(NetworkEvent::Refused(link)),
                HostState::Up => {}
            }
        }
        match self.endpoint_at(remote, udp) {
            Some(endpoint) => endpoint.link = Some(link),
            None if udp => {}
            None => return self.push(NetworkEvent::Refused(link)),
        }
        self.opened += 1;
        let local_port = request
            .local_port
            .unwrap_or(FIRST_LOCAL_PORT + self.opened - 1);
        let transport = request.transport;
        let line = Line {
            transport,
            local_port,
            remote,
        };
        self.lines.insert(link, line);
        self.push(NetworkEvent::Opened {
            link,
            remote,
            local_port,
        });
    }

    /// A client connects to the module's server.
    pub fn connect(&mut self, from: SocketAddrV4, local_port: u16) -> Option<usize> {
        if self.listening != Some(local_port) {
            return None;
        }
        self.incoming += 1;
        let link = FIRST_INCOMING + self.incoming;
        let endpoint = self.add_endpoint(from, false);
        self.endpoints[endpoint].link = Some(link);
        let line = Line {
            transport: Transport::Tcp,
            local_port,
            remote: from,
        };
        self.lines.insert(link, line);
        self.push(NetworkEvent::Incoming {
            link,
            remote: from,
            local_port,
        });
        Some(endpoint)
    }

    pub fn is_open(&self, link: LinkToken) -> bool {
        self.lines.contains_key(&link)
    }

    pub fn send(&mut self, link: LinkToken, data: &[u8], to: Option<SocketAddrV4>) {
        let Some(line) = self.lines.get(&link) else {
            return self.push(NetworkEvent::SendFailed(link));
        };
        let udp = line.transport == Transport::Udp;
        let remote = to.unwrap_or(line.remote);
        let reaches = |endpoint: &&mut Endpoint| {
            let broadcast = remote.ip().is_broadcast() && endpoint.address.port() == remote.port();
            let mine = endpoint.link == Some(link) || udp;
            endpoint.udp == udp && mine && (endpoint.address == remote || broadcast)
        };
        let mut failed = false;
        let mut echoes = Vec::new();
        for endpoint in self.endpoints.iter_mut().filter(reaches) {
            failed |= endpoint.deaf;
            if endpoint.deaf {
                continue;
            }
            endpoint.link = Some(link);
            endpoint.packets.push(data.to_vec());
            if endpoint.echoes {
                echoes.push(endpoint.address);
            }
        }
        self.push(if failed && !udp {
            NetworkEvent::SendFailed(link)
        } else {
            NetworkEvent::Sent(link)
        });
        for from in echoes {
            let data = data.to_vec();
            self.push(NetworkEvent::Received { link, data, from });
        }
    }

    /// A datagram from anywhere to a port of the module.
    pub fn datagram(&mut self, from: SocketAddrV4, local_port: u16, data: &[u8]) {
        let receiver = self
            .lines
            .iter()
            .find(|(_, line)| line.transport == Transport::Udp && line.local_port == local_port);
        if let Some((&link, _)) = receiver {
            let data = data.to_vec();
            self.push(NetworkEvent::Received { link, data, from });
        }
    }

    /// Forgets a link.
    pub fn close(&mut self, link: LinkToken) {
        self.lines.remove(&link);
        self.events.retain(|(_, event)| !concerns(event, link));
    }

    /// The peer closes a link; what it sent before still arrives.
    pub fn close_by_peer(&mut self, link: LinkToken) {
        if self.lines.remove(&link).is_some() {
            self.push(NetworkEvent::Closed(link));
        }
    }

    pub fn reset(&mut self) {
        self.lines.clear();
        self.events.clear();
        self.listening = None;
    }
}

fn concerns(event: &NetworkEvent, token: LinkToken) -> bool {
    match event {
        NetworkEvent::Opened { link, .. }
        | NetworkEvent::Received { link, .. }
        | NetworkEvent::Incoming { link, .. }
        | NetworkEvent::UnknownHost(link)
        | NetworkEvent::Refused(link)
        | NetworkEvent::Unreachable(link)
        | NetworkEvent::Sent(link)
        | NetworkEvent::SendFailed(link)
        | NetworkEvent::Closed(link) => *link == token,
        NetworkEvent::Resolved(_) | NetworkEvent::Pinged(_) => false,
    }
}
