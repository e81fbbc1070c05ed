//! Opening links.

use super::{
    super::{Field, Line, set_command},
    LOCAL_PORT, LinkId, PORT, TCP_KEEP_ALIVE, Transport, link,
};
use crate::error::Argument;

/// Longer names: resolve them first, with [`Resolve`](super::Resolve).
const HOST: Field = Field::new(Argument::Host, 1, 64).vendor(1, 63);

/// `AT+CIPSTART=[<link>,]"TCP",<host>,<port>[,<keep-alive>]`: opens a TCP connection.
///
/// The module prints `CONNECT`, or `<link>,CONNECT`, then `OK`. Where the link is open already it prints
/// `ALREADY CONNECTED` and `ERROR`, where nobody answers `CLOSED` or `ERROR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenTcp<'a> {
    /// Which link; `None` in single-connection mode.
    pub link: Option<LinkId>,
    /// Name or address, 1 to 63 bytes (non-OS firmware) or 64.
    pub host: &'a str,
    /// TCP port, 1 to 65535.
    pub port: u16,
    /// Seconds between keep-alive probes, 1 to 7200; 0 or `None` for none.
    pub keep_alive: Option<u16>,
}

/// `AT+CIPSTART=[<link>,]"SSL",<host>,<port>[,<keep-alive>]`: opens a TLS connection, of which non-OS firmware has one.
///
/// Answers as [`OpenTcp`]. The handshake takes seconds; [`SetSslBuffer`](super::SetSslBuffer) and
/// [`SetSslConfig`](super::SetSslConfig) go before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenSsl<'a> {
    /// Which link; `None` in single-connection mode.
    pub link: Option<LinkId>,
    /// Name or address, 1 to 63 bytes (non-OS firmware) or 64.
    pub host: &'a str,
    /// TCP port, 1 to 65535.
    pub port: u16,
    /// Seconds between keep-alive probes, 1 to 7200; 0 or `None` for none.
    pub keep_alive: Option<u16>,
}

/// `AT+CIPSTART=[<link>,]"UDP",<host>,<port>[,<local port>,<mode>]`: opens a UDP port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenUdp<'a> {
    /// Which link; `None` in single-connection mode.
    pub link: Option<LinkId>,
    /// Name or address, 1 to 63 bytes (non-OS firmware) or 64. 224.0.0.0 to 239.255.255.255 is a multicast group,
    /// 255.255.255.255 everybody in the network.
    pub host: &'a str,
    /// UDP port of the host, 1 to 65535.
    pub port: u16,
    /// The module's own port; `None` lets the module choose one and talks to `host` alone.
    pub local: Option<UdpPort>,
}

/// A UDP port of the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct UdpPort {
    /// The port, 1 to 65535.
    pub port: u16,
    /// Whether others than the host it was opened to become the peer.
    pub peer: UdpPeer,
}

/// Whom a UDP link sends to after somebody else has sent to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum UdpPeer {
    /// 0: to the host it was opened to. Passthrough mode needs this.
    #[default]
    Fixed = 0,
    /// 1: to the first that sends.
    ChangesOnce = 1,
    /// 2: to the last that has sent.
    Changes = 2,
}

fn open<'l, 'b>(
    line: &'l mut Line<'b>,
    id: Option<LinkId>,
    transport: Transport,
    host: &str,
    port: u16,
) -> &'l mut Line<'b> {
    link(line, id)
        .quoted(&TRANSPORT, transport.name())
        .quoted(&HOST, host)
        .ranged(&PORT, port)
}

const TRANSPORT: Field = Field::new(Argument::CommandLine, 3, 3);

set_command!(OpenTcp<'_>, "+CIPSTART", 20_000, |this, line| {
    open(line, this.link, Transport::Tcp, this.host, this.port);
    if let Some(seconds) = this.keep_alive {
        line.ranged(&TCP_KEEP_ALIVE, seconds);
    }
});

set_command!(OpenSsl<'_>, "+CIPSTART", 30_000, |this, line| {
    open(line, this.link, Transport::Ssl, this.host, this.port);
    if let Some(seconds) = this.keep_alive {
        line.ranged(&TCP_KEEP_ALIVE, seconds);
    }
});

set_command!(OpenUdp<'_>, "+CIPSTART", 20_000, |this, line| {
    open(line, this.link, Transport::Udp, this.host, this.port);
    if let Some(local) = this.local {
        line.ranged(&LOCAL_PORT, local.port)
            .number(local.peer as u32);
    }
});
