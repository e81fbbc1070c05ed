//! TCP and UDP sockets over the module's links.

use crate::command::tcpip::{LinkId, Transport};
use core::fmt;

/// The most bytes that one command sends or fetches; non-OS firmware allows no more.
pub(crate) const CHUNK: u16 = 2048;

/// A TCP, TLS or UDP socket, from `tcp_open`, `tls_open` or `udp_open`. The driver has five.
///
/// It is a name, not the connection: dropping it leaves the link open and taken. Give it to `socket_close`.
#[derive(Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "the link stays open until the socket is given to `socket_close`"]
pub struct Socket {
    pub(crate) link: LinkId,
    pub(crate) generation: u8,
    pub(crate) transport: Transport,
}

impl Socket {
    /// The link of the module it stands for.
    #[must_use]
    pub const fn link(&self) -> LinkId {
        self.link
    }

    /// What it speaks.
    #[must_use]
    pub const fn transport(&self) -> Transport {
        self.transport
    }
}

/// Why a socket cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SocketError {
    /// All five links of the module are taken.
    NoFreeLink,
    /// The host's name is not known (`DNS Fail`).
    UnknownHost,
    /// Nobody answers at that address, or the connection was refused.
    Refused,
    /// The peer has closed the connection, or the module has restarted.
    Closed,
    /// Bytes of the stream are lost: the module or the line failed while they were fetched, or the future that fetched
    /// them was dropped.
    DataLost,
    /// The module has no IPv6 in this mode.
    Ipv6,
    /// The socket was not connected.
    NotConnected,
}

impl fmt::Display for SocketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoFreeLink => "all five links are taken: close a socket",
            Self::UnknownHost => "the host's name is not known: check its spelling",
            Self::Refused => "the connection was refused: check host and port",
            Self::Closed => "the connection is closed: open it again",
            Self::DataLost => "bytes of the stream are lost: open the connection again",
            Self::Ipv6 => "the module has no IPv6: give an IPv4 address",
            Self::NotConnected => "the socket is not connected: connect it first",
        })
    }
}

impl core::error::Error for SocketError {}
