//! One link.

use core::net::{Ipv4Addr, SocketAddrV4};
use core::time::Duration;

use super::Segments;
use crate::network::{LinkToken, Transport};

/// What the remote end of a UDP link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UdpPeer {
    Fixed,
    ChangesOnce,
    Changes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Opening,
    Open,
    /// Closed, with data that can still be fetched.
    Over,
}

/// One link.
pub(crate) struct Socket {
    pub token: LinkToken,
    pub transport: Transport,
    pub phase: Phase,
    /// A peer opened it.
    pub server: bool,
    pub remote: SocketAddrV4,
    pub local_port: u16,
    pub udp_peer: UdpPeer,
    /// Seconds.
    pub keep_alive: u16,
    pub segments: Segments,
    /// Data that waits for `AT+CIPRECVDATA`.
    pub(super) unread: Vec<u8>,
    /// Data for which the buffer has no room: TCP makes the peer wait.
    pub(super) beyond: Vec<u8>,
    pub(super) announced: bool,
    pub(super) last_used: Duration,
}

impl Socket {
    pub fn new(token: LinkToken, transport: Transport, now: Duration) -> Self {
        Self {
            token,
            transport,
            phase: Phase::Opening,
            server: false,
            remote: SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0),
            local_port: 0,
            udp_peer: UdpPeer::Fixed,
            keep_alive: 0,
            segments: Segments::default(),
            unread: Vec::new(),
            beyond: Vec::new(),
            announced: false,
            last_used: now,
        }
    }

    /// Name of the protocol in answers.
    pub fn kind(&self) -> &'static str {
        match self.transport {
            Transport::Tcp => "TCP",
            Transport::Udp => "UDP",
            Transport::Ssl => "SSL",
        }
    }
}
