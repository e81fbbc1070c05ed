//! A network inside the process, for the virtual clock.

use core::net::{Ipv4Addr, SocketAddrV4};
use core::time::Duration;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::shared::{Host, Shared};
use super::{LinkToken, Network, NetworkEvent, OpenRequest};
use crate::broker::HostState;

/// Hosts and ports that a test scripts. Cloning gives another handle to the same network.
///
/// A name that was never mentioned cannot be resolved; a host that is up refuses ports without a peer; an address that
/// no host has is unreachable.
#[derive(Clone, Default)]
pub struct MemoryNetwork(Arc<Mutex<Shared>>);

/// One end of the module's links, in the hands of the test.
#[derive(Clone)]
pub struct Peer {
    network: MemoryNetwork,
    endpoint: usize,
}

/// The module's side of a [`MemoryNetwork`].
pub struct MemoryPort(MemoryNetwork);

impl MemoryNetwork {
    /// A network without hosts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The side of the module. A network serves one module.
    #[must_use]
    pub fn port(&self) -> MemoryPort {
        MemoryPort(self.clone())
    }

    /// From each request to its event.
    pub fn set_round_trip(&self, round_trip: Duration) {
        self.shared().round_trip = round_trip;
    }

    /// Makes `name` known under `address`.
    pub fn add_host(&self, name: impl Into<String>, address: Ipv4Addr) {
        let state = HostState::Up;
        self.shared()
            .hosts
            .insert(name.into(), Host { address, state });
    }

    /// Sets how a host, by name or address, answers; it becomes known if it was not.
    pub fn set_host(&self, host: &str, state: HostState) {
        let mut shared = self.shared();
        shared.add_host(host);
        if let Some(host) = shared.hosts.get_mut(host) {
            host.state = state;
        }
    }

    fn endpoint(&self, host: &str, port: u16, udp: bool) -> Peer {
        let mut shared = self.shared();
        let address = shared.add_host(host);
        let endpoint = shared.add_endpoint(SocketAddrV4::new(address, port), udp);
        drop(shared);
        Peer {
            network: self.clone(),
            endpoint,
        }
    }

    /// A TCP (or TLS) server at a host, by name or address, that accepts connections.
    pub fn tcp(&self, host: &str, port: u16) -> Peer {
        self.endpoint(host, port, false)
    }

    /// A UDP socket at a host, by name or address.
    pub fn udp(&self, host: &str, port: u16) -> Peer {
        self.endpoint(host, port, true)
    }

    /// A client connects to the module's server; `None` if it does not listen on that port.
    pub fn connect(&self, from: SocketAddrV4, server_port: u16) -> Option<Peer> {
        let endpoint = self.shared().connect(from, server_port)?;
        Some(Peer {
            network: self.clone(),
            endpoint,
        })
    }

    /// A datagram from anywhere to a UDP port of the module.
    pub fn datagram(&self, from: SocketAddrV4, local_port: u16, data: impl AsRef<[u8]>) {
        self.shared().datagram(from, local_port, data.as_ref());
    }

    pub(crate) fn set_now(&self, now: Duration) {
        self.shared().now = now;
    }
}

impl Peer {
    /// The same peer, which sends everything back.
    #[must_use]
    pub fn echoing(self) -> Self {
        self.network.shared().endpoints[self.endpoint].echoes = true;
        self
    }

    /// From now on nothing that the module sends is acknowledged (TCP) or arrives (UDP).
    pub fn set_deaf(&self, deaf: bool) {
        self.network.shared().endpoints[self.endpoint].deaf = deaf;
    }

    /// Address and port.
    #[must_use]
    pub fn address(&self) -> SocketAddrV4 {
        self.network.shared().endpoints[self.endpoint].address
    }

    fn link(&self) -> Option<LinkToken> {
        self.network.shared().endpoints[self.endpoint].link
    }

    /// What the module has sent, one entry for each packet.
    #[must_use]
    pub fn packets(&self) -> Vec<Vec<u8>> {
        self.network.shared().endpoints[self.endpoint]
            .packets
            .clone()
    }

    /// The same in one piece.
    #[must_use]
    pub fn received(&self) -> Vec<u8> {
        self.packets().concat()
    }

    /// Whether the link that the module opened last is still open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let link = self.link();
        link.is_some_and(|link| self.network.shared().is_open(link))
    }

    /// Sends to the module, over the link that it opened last.
    pub fn send(&self, data: impl AsRef<[u8]>) {
        if self.is_open()
            && let Some(link) = self.link()
        {
            let from = self.address();
            let data = data.as_ref().to_vec();
            let event = NetworkEvent::Received { link, data, from };
            self.network.shared().push(event);
        }
    }

    /// Closes that link.
    pub fn close(&self) {
        if let Some(link) = self.link() {
            self.network.shared().close_by_peer(link);
        }
    }
}

impl MemoryPort {
    fn at(&self, now: Duration) -> MutexGuard<'_, Shared> {
        let mut shared = self.0.shared();
        shared.now = now;
        shared
    }
}

impl Network for MemoryPort {
    fn open(&mut self, now: Duration, link: LinkToken, request: &OpenRequest) {
        self.at(now).open(link, request);
    }

    fn send(&mut self, now: Duration, link: LinkToken, data: &[u8], to: Option<SocketAddrV4>) {
        self.at(now).send(link, data, to);
    }

    fn close(&mut self, now: Duration, link: LinkToken) {
        self.at(now).close(link);
    }

    fn listen(&mut self, now: Duration, port: Option<u16>) -> bool {
        self.at(now).listening = port;
        true
    }

    fn resolve(&mut self, now: Duration, name: &str) {
        let mut shared = self.at(now);
        let address = shared.address_of(name);
        shared.push(NetworkEvent::Resolved(address));
    }

    fn ping(&mut self, now: Duration, host: &str) {
        let mut shared = self.at(now);
        let address = shared.address_of(host);
        let up = |host: &&Host| Some(host.address) == address;
        let host = shared.hosts.values().find(up);
        let answers = host.is_some_and(|host| host.state != HostState::Unreachable);
        let time = answers.then_some(shared.round_trip);
        shared.push(NetworkEvent::Pinged(time));
    }

    fn reset(&mut self, now: Duration) {
        self.at(now).reset();
    }

    fn poll(&mut self, now: Duration) -> Option<NetworkEvent> {
        self.at(now).pop()
    }

    fn next_due(&self) -> Option<Duration> {
        self.0.shared().next_due()
    }
}
