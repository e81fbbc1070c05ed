//! Connecting to a broker, asking for the connection, closing it.

use super::{
    super::{
        Command, Field, Line, atat_commands, fields::Fields, leading_number, set_command,
        wifi::owned,
    },
    LINK, answers,
};
use crate::{
    error::{Argument, Reason},
    secret::Secret,
    types::{ConnectionState, Reconnect, Scheme},
};
use atat::AtatResp;
use heapless::String;

const HOST: Field = Field::new(Argument::Host, 1, 128);
const PORT: Field = Field::new(Argument::Port, 1, u16::MAX);
const PRODUCT_KEY: Field = Field::new(Argument::ProductKey, 1, 128);
const DEVICE_NAME: Field = Field::new(Argument::DeviceName, 1, 128);
const DEVICE_SECRET: Field = Field::new(Argument::DeviceSecret, 1, 128);

/// A colon would be read as a port by old firmware, which then restarts (esp-at issue 359).
fn host<'l, 'b>(line: &'l mut Line<'b>, host: &str) -> &'l mut Line<'b> {
    if host.bytes().any(|byte| byte == b':') {
        line.fail(Argument::Host, Reason::Unsendable);
    }
    line.quoted(&HOST, host)
}

/// `AT+MQTTCONN=0,<host>,<port>,<reconnect>`: connects to a broker.
///
/// ESP-AT answers `OK` when the broker has accepted, after up to 15 s and more; vendor firmware answers at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connect<'a> {
    /// Name or address of the broker, 1 to 128 bytes, without a port.
    pub host: &'a str,
    /// TCP port, 1 to 65535, usually 1883.
    pub port: u16,
    /// Whether the module connects again by itself.
    pub reconnect: Reconnect,
}

set_command!(Connect<'_>, "+MQTTCONN", 30_000, |this, line| host(
    line.text(LINK),
    this.host
)
.ranged(&PORT, this.port)
.number(this.reconnect as u32));

/// `AT+ALIYUN_MQTTCONN=<host>,<port>,<ProductKey>,<DeviceName>,<DeviceSecret>`: connects to Alibaba Cloud.
///
/// Vendor firmware only; every other answers `ERROR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectAliyun<'a> {
    /// Name of the platform's broker, 1 to 128 bytes.
    pub host: &'a str,
    /// TCP port, 1 to 65535, usually 1883.
    pub port: u16,
    /// `ProductKey`.
    pub product_key: &'a str,
    /// `DeviceName`.
    pub device_name: &'a str,
    /// `DeviceSecret`.
    pub device_secret: Secret<'a>,
}

set_command!(
    ConnectAliyun<'_>,
    "+ALIYUN_MQTTCONN",
    30_000,
    |this, line| host(line.text("="), this.host)
        .ranged(&PORT, this.port)
        .quoted(&PRODUCT_KEY, this.product_key)
        .quoted(&DEVICE_NAME, this.device_name)
        .secret(&DEVICE_SECRET, this.device_secret)
);

/// `AT+MQTTCLEAN=0`: closes the connection and forgets its configuration. `ERROR` if there was none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clean;

set_command!(Clean, "+MQTTCLEAN", 10_000, |_this, line| line.text(LINK));

/// `AT+MQTTCONN?`: state of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryConnection;

/// Answer to `AT+MQTTCONN?`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Connection {
    /// State of the client.
    pub state: ConnectionState,
    /// Transport; `None` while nothing is configured, and from the first ESP-AT builds, which print state and host only.
    pub scheme: Option<Scheme>,
    /// Broker; empty while nothing is connected.
    pub host: String<128>,
    /// Port; `None` while nothing is connected.
    pub port: Option<u16>,
    /// Path of a WebSocket scheme.
    pub path: String<32>,
    /// Whether the module connects again by itself.
    pub reconnect: Reconnect,
}

impl AtatResp for Connection {}

/// The state in the answer to `AT+MQTTCONN?`, whatever follows it.
pub(crate) fn connection_state(text: &[u8]) -> Option<ConnectionState> {
    let line = answers(text, QueryConnection::NAME).next()?;
    ConnectionState::from_number(Fields::new(line).number()?)
}

impl Command for QueryConnection {
    type Response = Connection;
    const NAME: &'static str = "+MQTTCONN";

    fn encode(&self, line: &mut Line<'_>) {
        line.text("?");
    }

    fn decode(&self, text: &[u8]) -> Option<Connection> {
        let (state, rest) = leading_number(answers(text, Self::NAME).next()?)?;
        let mut connection = Connection {
            state: ConnectionState::from_number(state)?,
            scheme: None,
            host: String::new(),
            port: None,
            path: String::new(),
            reconnect: Reconnect::Off,
        };
        let rest = rest.strip_prefix(b",")?;
        let scheme = leading_number(rest);
        // The vendor's manual prints no comma between the scheme and the host.
        let rest = scheme.map_or(rest, |(_, rest)| rest.strip_prefix(b",").unwrap_or(rest));
        let mut fields = rest.starts_with(b"\"").then_some(Fields::new(rest))?;
        connection.host = owned(fields.text()?)?;
        let Some((scheme, _)) = scheme else {
            return fields.is_empty().then_some(connection);
        };
        if scheme > 0 {
            connection.scheme = Some(Scheme::from_number(scheme)?);
        }
        connection.port = match fields.bare()? {
            b"" => None,
            port => match leading_number(port)? {
                (port, b"") => Some(u16::try_from(port).ok()?),
                _ => return None,
            },
        };
        connection.path = owned(fields.text()?)?;
        if fields.flag()? {
            connection.reconnect = Reconnect::On;
        }
        Some(connection)
    }
}

atat_commands!(QueryConnection);
