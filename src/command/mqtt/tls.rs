//! What a TLS or secure WebSocket connection tells the broker. Not on vendor firmware.

use super::{
    super::{Field, set_command},
    LINK,
};
use crate::error::Argument;

const PROTOCOLS: Field = Field::new(Argument::ProtocolCount, 0, 5);
const PROTOCOL: Field = Field::new(Argument::Protocol, 1, 255);
const SERVER_NAME: Field = Field::new(Argument::ServerName, 1, 255);

/// `AT+MQTTALPN=0,<count>[,<protocol>…]`: application protocols that the client offers. ESP-AT since 2.3.
///
/// After `AT+MQTTUSERCFG`, before `AT+MQTTCONN`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetAlpn<'a>(
    /// Up to five names; none to offer nothing.
    pub &'a [&'a str],
);

set_command!(SetAlpn<'_>, "+MQTTALPN", 1_000, |this, line| {
    line.text(LINK).count(&PROTOCOLS, this.0.len());
    line.number(this.0.len() as u32);
    for protocol in this.0 {
        line.quoted(&PROTOCOL, protocol);
    }
});

/// `AT+MQTTSNI=0,<name>`: the server name that the client asks for. ESP-AT since 3.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetServerName<'a>(
    /// The name, as long as the line has room.
    pub &'a str,
);

set_command!(SetServerName<'_>, "+MQTTSNI", 1_000, |this, line| line
    .text(LINK)
    .quoted(&SERVER_NAME, this.0));
