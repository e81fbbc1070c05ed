//! The TCP/IP side: what the links of `AT+CIPSTART` and `AT+CIPSERVER` lead to.

use core::net::{Ipv4Addr, SocketAddrV4};
use core::time::Duration;

mod blocking;
mod memory;
mod real;
mod shared;

pub use memory::{MemoryNetwork, MemoryPort, Peer};
pub use real::RealNetwork;

/// Names a link for its whole life; never used again.
pub type LinkToken = u64;

/// Tokens of links that the outside opened start here.
pub const FIRST_INCOMING: LinkToken = 1 << 32;

/// Protocol of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// TLS over TCP. The emulator sends it in plain TCP.
    Ssl,
}

/// What `AT+CIPSTART` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRequest {
    /// Protocol.
    pub transport: Transport,
    /// Name or address of the peer.
    pub host: String,
    /// Port of the peer.
    pub port: u16,
    /// Own port, if the command names one.
    pub local_port: Option<u16>,
}

/// What comes back from a network.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworkEvent {
    /// The link is open.
    Opened {
        /// Which link.
        link: LinkToken,
        /// The peer.
        remote: SocketAddrV4,
        /// Own port.
        local_port: u16,
    },
    /// Nobody knows the name of the peer.
    UnknownHost(LinkToken),
    /// The peer refuses the connection.
    Refused(LinkToken),
    /// Nothing ever comes back; the module gives up after its own time.
    Unreachable(LinkToken),
    /// What was sent last has been acknowledged.
    Sent(LinkToken),
    /// It could not be sent.
    SendFailed(LinkToken),
    /// Data has come.
    Received {
        /// Which link.
        link: LinkToken,
        /// The bytes: part of a stream, or one datagram.
        data: Vec<u8>,
        /// Who sent them.
        from: SocketAddrV4,
    },
    /// The peer has closed the link.
    Closed(LinkToken),
    /// A peer has connected to the module's server.
    Incoming {
        /// The new link.
        link: LinkToken,
        /// The peer.
        remote: SocketAddrV4,
        /// Port of the server.
        local_port: u16,
    },
    /// Answer to a name query.
    Resolved(Option<Ipv4Addr>),
    /// Answer to a ping, with the time it took.
    Pinged(Option<Duration>),
}

/// The network as one module sees it. No method blocks.
pub trait Network: Send {
    /// Opens a link. `Opened`, `UnknownHost`, `Refused` or `Unreachable` follows.
    fn open(&mut self, now: Duration, link: LinkToken, request: &OpenRequest);
    /// Sends, to `to` instead of the link's peer if given (UDP). `Sent` or `SendFailed` follows.
    fn send(&mut self, now: Duration, link: LinkToken, data: &[u8], to: Option<SocketAddrV4>);
    /// Closes a link.
    fn close(&mut self, now: Duration, link: LinkToken);
    /// Accepts connections on a port, or no longer. Says whether that is possible.
    fn listen(&mut self, now: Duration, port: Option<u16>) -> bool;
    /// Asks for the address of a name. `Resolved` follows.
    fn resolve(&mut self, now: Duration, name: &str);
    /// Pings a host. `Pinged` follows.
    fn ping(&mut self, now: Duration, host: &str);
    /// The module has restarted: everything is gone.
    fn reset(&mut self, now: Duration);
    /// The next event that has happened by `now`.
    fn poll(&mut self, now: Duration) -> Option<NetworkEvent>;
    /// When the next event is due; `None` if that cannot be known.
    fn next_due(&self) -> Option<Duration>;
}
