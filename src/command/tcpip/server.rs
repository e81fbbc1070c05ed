//! One link or five, and the server.

use super::{
    super::{Field, query_command, set_command},
    LOCAL_PORT,
};
use crate::error::Argument;
use atat::AtatResp;

const CONNECTIONS: Field = Field::new(Argument::Connections, 1, 5);
const TIMEOUT: Field = Field::new(Argument::ServerTimeout, 0, 7200);

/// How many links the module has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Multiplexing {
    /// 0: one. Commands carry no link id.
    #[default]
    Single = 0,
    /// 1: five. Commands carry a link id.
    Multiple = 1,
}

impl AtatResp for Multiplexing {}

query_command! {
    /// `AT+CIPMUX?`: whether there is one link or five.
    QueryMultiplexing, "+CIPMUX", Multiplexing, |fields| Some(if fields.flag()? {
        Multiplexing::Multiple
    } else {
        Multiplexing::Single
    })
}

/// `AT+CIPMUX=<mode>`: chooses between one link and five.
///
/// `link is builded` and `ERROR` while a link is open, `ERROR` in passthrough mode and while the server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetMultiplexing(
    /// One or five.
    pub Multiplexing,
);

set_command!(SetMultiplexing, "+CIPMUX", 1_000, |this, line| line
    .text("=")
    .number(this.0 as u32));

/// `AT+CIPSERVER=1[,<port>]`: listens for TCP connections, which become links. Multiple-connection mode only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartServer {
    /// Port to listen on, 1 to 65535; `None` for 333.
    pub port: Option<u16>,
}

set_command!(StartServer, "+CIPSERVER", 2_000, |this, line| {
    line.text("=1");
    if let Some(port) = this.port {
        line.ranged(&LOCAL_PORT, port);
    }
});

/// `AT+CIPSERVER=0`: stops listening. Non-OS firmware may want a restart (`we must restart`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StopServer;

set_command!(StopServer, "+CIPSERVER", 2_000, |_this, line| line
    .text("=0"));

/// Answer to `AT+CIPSERVERMAXCONN?`: how many clients the server takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MaxConnections(pub u8);

impl AtatResp for MaxConnections {}

query_command! {
    /// `AT+CIPSERVERMAXCONN?`: how many clients the server takes.
    QueryMaxConnections, "+CIPSERVERMAXCONN", MaxConnections, |fields| fields.small().map(MaxConnections)
}

/// `AT+CIPSERVERMAXCONN=<count>`: how many clients the server takes. Goes before [`StartServer`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetMaxConnections(
    /// Clients, 1 to 5.
    pub u8,
);

set_command!(
    SetMaxConnections,
    "+CIPSERVERMAXCONN",
    1_000,
    |this, line| { line.text("=").ranged(&CONNECTIONS, this.0.into()) }
);

/// Answer to `AT+CIPSTO?`: after how many silent seconds the server closes a link; 0 for never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ServerTimeout(pub u16);

impl AtatResp for ServerTimeout {}

query_command! {
    /// `AT+CIPSTO?`: after how many silent seconds the server closes a link.
    QueryServerTimeout, "+CIPSTO", ServerTimeout, |fields| fields.small().map(ServerTimeout)
}

/// `AT+CIPSTO=<seconds>`: after how many silent seconds the server closes a link. Goes after [`StartServer`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetServerTimeout(
    /// Seconds, 0 to 7200; 0 for never.
    pub u16,
);

set_command!(SetServerTimeout, "+CIPSTO", 1_000, |this, line| line
    .text("=")
    .ranged(&TIMEOUT, this.0));
