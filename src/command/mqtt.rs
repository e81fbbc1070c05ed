//! Chapter "MQTT AT Commands". The link id is 0 everywhere: the module has one client.

use super::{
    Command, Line, NoResponse, atat_commands, fields::Fields, lines, set_command, wifi::owned,
};
use crate::{
    error::{Argument, Reason},
    secret::Secret,
    types::{ConnectionState, Dialect, QoS, Reconnect, Scheme},
};
use atat::AtatResp;
use heapless::{String, Vec};

/// The module keeps at most this many subscriptions.
pub const MAX_SUBSCRIPTIONS: usize = 10;

/// Topic limit in bytes: the vendor's manual says 64, ESP-AT since 2.2 checks 128.
fn topic_limit(line: &Line<'_>) -> u16 {
    if line.dialect() == Dialect::Vendor {
        64
    } else {
        128
    }
}

fn link<'l, 'b>(line: &'l mut Line<'b>) -> &'l mut Line<'b> {
    line.text("=0")
}

fn topic<'l, 'b>(line: &'l mut Line<'b>, topic: &str) -> &'l mut Line<'b> {
    let limit = topic_limit(line);
    link(line).required(Argument::Topic, topic, limit)
}

/// A colon would be read as a port by old firmware, which then restarts (esp-at issue 359).
fn host<'l, 'b>(line: &'l mut Line<'b>, host: &str) -> &'l mut Line<'b> {
    if host.as_bytes().contains(&b':') {
        line.fail(Argument::Host, Reason::Unsendable);
    }
    line.required(Argument::Host, host, 128)
}

/// `AT+MQTTUSERCFG=0,<scheme>,<client id>,<username>,<password>,0,0,<path>`: who connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetUserConfig<'a> {
    /// Transport.
    pub scheme: Scheme,
    /// Client id, up to 256 bytes, in practice what the line leaves.
    pub client_id: &'a str,
    /// User name, up to 64 bytes.
    pub username: &'a str,
    /// Password, up to 64 bytes.
    pub password: Secret<'a>,
    /// Path of a WebSocket scheme, up to 32 bytes.
    pub path: &'a str,
}

set_command!(SetUserConfig<'_>, "+MQTTUSERCFG", 1_000, |this, line| link(
    line
)
.number(this.scheme as u8)
.quoted(Argument::ClientId, this.client_id, 256)
.quoted(Argument::Username, this.username, 64)
.secret(Argument::MqttPassword, this.password, 64)
.text(",0,0")
.quoted(Argument::Path, this.path, 32));

/// `AT+MQTTCLIENTID=0,<client id>`: replaces the client id, after [`SetUserConfig`] and before [`SetConnectionConfig`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetClientId<'a>(
    /// Client id, up to 256 bytes, in practice what the line leaves.
    pub &'a str,
);

set_command!(SetClientId<'_>, "+MQTTCLIENTID", 1_000, |this, line| link(
    line
)
.quoted(Argument::ClientId, this.0, 256));

/// `AT+MQTTUSERNAME=0,<username>`: replaces the user name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetUsername<'a>(
    /// User name, up to 256 bytes, in practice what the line leaves.
    pub &'a str,
);

set_command!(SetUsername<'_>, "+MQTTUSERNAME", 1_000, |this, line| link(
    line
)
.quoted(Argument::Username, this.0, 256));

/// `AT+MQTTPASSWORD=0,<password>`: replaces the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetPassword<'a>(
    /// Password, up to 256 bytes, in practice what the line leaves.
    pub Secret<'a>,
);

set_command!(SetPassword<'_>, "+MQTTPASSWORD", 1_000, |this, line| link(
    line
)
.secret(Argument::MqttPassword, this.0, 256));

/// `AT+MQTTCONNCFG=0,<keep-alive>,<disable clean session>,<will topic>,<will message>,<qos>,<retain>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetConnectionConfig<'a> {
    /// Seconds: 60 to 7200 for vendor firmware, 0 to 7200 for ESP-AT.
    pub keep_alive: u16,
    /// Start without the broker's stored session.
    pub clean_session: bool,
    /// Topic of the will, up to 64 (vendor) or 128 bytes; empty for no will.
    pub will_topic: &'a str,
    /// Message of the will, up to 64 bytes.
    pub will_message: &'a str,
    /// Quality of service of the will.
    pub will_qos: QoS,
    /// Whether the broker retains the will.
    pub will_retain: bool,
}

set_command!(
    SetConnectionConfig<'_>,
    "+MQTTCONNCFG",
    1_000,
    |this, line| {
        let limit = topic_limit(line);
        let min = if line.dialect() == Dialect::Vendor {
            60
        } else {
            0
        };
        link(line)
            .ranged(Argument::KeepAlive, this.keep_alive, min, 7200)
            .number(!this.clean_session)
            .quoted(Argument::WillTopic, this.will_topic, limit)
            .quoted(Argument::WillMessage, this.will_message, 64)
            .number(this.will_qos as u8)
            .number(this.will_retain)
    }
);

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

set_command!(Connect<'_>, "+MQTTCONN", 30_000, |this, line| {
    link(line);
    host(line, this.host)
        .ranged(Argument::Port, this.port, 1, u16::MAX)
        .number(this.reconnect as u8)
});

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
    |this, line| {
        line.text("=");
        host(line, this.host)
            .ranged(Argument::Port, this.port, 1, u16::MAX)
            .required(Argument::ProductKey, this.product_key, 128)
            .required(Argument::DeviceName, this.device_name, 128)
            .secret(Argument::DeviceSecret, this.device_secret, 128)
    }
);

/// `AT+MQTTPUB=0,<topic>,<data>,<qos>,<retain>`: publishes text that fits into the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Publish<'a> {
    /// Topic, 1 to 64 (vendor) or 128 bytes.
    pub topic: &'a str,
    /// Payload without CR, LF and NUL.
    pub payload: &'a [u8],
    /// Quality of service.
    pub qos: QoS,
    /// Whether the broker retains the message.
    pub retain: bool,
}

set_command!(Publish<'_>, "+MQTTPUB", 20_000, |this, line| topic(
    line, this.topic
)
.quoted(Argument::Payload, this.payload, 256)
.number(this.qos as u8)
.number(this.retain));

/// `AT+MQTTPUBRAW=0,<topic>,<length>,<qos>,<retain>`: announces a payload of `length` bytes.
///
/// The module answers `OK` and `>`, takes exactly that many bytes (see [`PublishData`]), then says `+MQTTPUB:OK` or
/// `+MQTTPUB:FAIL`. There is no way to cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishRaw<'a> {
    /// Topic, 1 to 64 (vendor) or 128 bytes.
    pub topic: &'a str,
    /// Bytes that follow, 1 or more. An ESP8266 with ESP-AT takes 512 with topic and header, others 1024 or more.
    pub length: u16,
    /// Quality of service.
    pub qos: QoS,
    /// Whether the broker retains the message.
    pub retain: bool,
}

set_command!(PublishRaw<'_>, "+MQTTPUBRAW", 5_000, |this, line| topic(
    line, this.topic
)
.ranged(Argument::Payload, this.length, 1, u16::MAX)
.number(this.qos as u8)
.number(this.retain));

/// The bytes after the prompt of [`PublishRaw`], for atat's clients. The driver's `publish` does both steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishData<'a>(
    /// The payload, of the announced length.
    pub &'a [u8],
);

impl atat::AtatCmd for PublishData<'_> {
    type Response = NoResponse;

    const MAX_TIMEOUT_MS: u32 = 20_000;

    fn write(&self, buffer: &mut [u8]) -> usize {
        let Some(target) = buffer.get_mut(..self.0.len()) else {
            return 0;
        };
        target.copy_from_slice(self.0);
        self.0.len()
    }

    fn parse(
        &self,
        response: Result<&[u8], atat::InternalError<'_>>,
    ) -> Result<NoResponse, atat::Error> {
        response?;
        Ok(NoResponse)
    }
}

/// `AT+MQTTSUB=0,<topic>,<qos>`: subscribes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subscribe<'a> {
    /// Topic filter, 1 to 64 (vendor) or 128 bytes.
    pub topic: &'a str,
    /// Highest quality of service for its messages.
    pub qos: QoS,
}

set_command!(Subscribe<'_>, "+MQTTSUB", 20_000, |this, line| topic(
    line, this.topic
)
.number(this.qos as u8));

/// `AT+MQTTUNSUB=0,<topic>`: unsubscribes. A topic that was not subscribed is `OK` too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsubscribe<'a>(
    /// The topic filter as it was subscribed.
    pub &'a str,
);

set_command!(Unsubscribe<'_>, "+MQTTUNSUB", 20_000, |this, line| topic(
    line, this.0
));

/// `AT+MQTTCLEAN=0`: closes the connection and forgets its configuration. `ERROR` if there was none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clean;

set_command!(Clean, "+MQTTCLEAN", 10_000, |_this, line| link(line));

/// `AT+MQTTCONN?`: state of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryConnection;

/// Answer to `AT+MQTTCONN?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// State of the client.
    pub state: ConnectionState,
    /// Transport; `None` from the first ESP-AT builds, which print only state and host.
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

/// The lines that begin with `name:` or, as the vendor's manual prints it, `AT` and `name:`.
fn answers<'t>(text: &'t [u8], name: &str) -> impl Iterator<Item = &'t [u8]> {
    lines(text).filter_map(move |line| {
        line.strip_prefix(b"AT")
            .unwrap_or(line)
            .strip_prefix(name.as_bytes())?
            .strip_prefix(b":0,")
    })
}

/// The state in the answer to `AT+MQTTCONN?`, whatever follows it.
pub(crate) fn connection_state(text: &[u8]) -> Option<ConnectionState> {
    let line = answers(text, QueryConnection::NAME).next()?;
    ConnectionState::from_number(Fields::new(line).number()?)
}

impl Command for QueryConnection {
    type Response = Connection;
    const NAME: &'static str = "+MQTTCONN";

    fn encode(&self, line: &mut Line<'_>) {
        line.text(Self::NAME).text("?");
    }

    fn decode(&self, text: &[u8]) -> Option<Connection> {
        let mut fields = Fields::new(answers(text, Self::NAME).next()?);
        let mut connection = Connection {
            state: ConnectionState::from_number(fields.number()?)?,
            scheme: None,
            host: String::new(),
            port: None,
            path: String::new(),
            reconnect: Reconnect::Off,
        };
        let mut rest = fields;
        if let Some(scheme) = rest.number() {
            connection.scheme = Some(Scheme::from_number(scheme)?);
            fields = rest;
        }
        connection.host = owned(fields.text()?)?;
        if fields.is_empty() {
            return Some(connection);
        }
        connection.port = match fields.text()? {
            "" => None,
            port => Some(port.parse().ok()?),
        };
        connection.path = owned(fields.text()?)?;
        connection.reconnect = match fields.number()? {
            0 => Reconnect::Off,
            1 => Reconnect::On,
            _ => return None,
        };
        Some(connection)
    }
}

/// `AT+MQTTSUB?`: the subscriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuerySubscriptions;

/// One line of the answer to `AT+MQTTSUB?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Topic filter.
    pub topic: String<128>,
    /// Highest quality of service for its messages.
    pub qos: QoS,
}

/// Answer to `AT+MQTTSUB?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscriptions(
    /// What is subscribed, in the module's order.
    pub Vec<Subscription, MAX_SUBSCRIPTIONS>,
);

impl AtatResp for Subscriptions {}

/// Topic and quality of service of each line `+MQTTSUB:0,<state>,"<topic>",<qos>`; `None` for one that does not parse.
///
/// "Nothing subscribed" is one line with an empty topic while the client is not connected, else no line.
pub(crate) fn subscriptions(text: &[u8]) -> impl Iterator<Item = Option<(&str, QoS)>> {
    answers(text, QuerySubscriptions::NAME).map(|line| {
        let mut fields = Fields::new(line);
        fields.number()?;
        Some((fields.text()?, QoS::from_number(fields.number()?)?))
    })
}

impl Command for QuerySubscriptions {
    type Response = Subscriptions;
    const NAME: &'static str = "+MQTTSUB";

    fn encode(&self, line: &mut Line<'_>) {
        line.text(Self::NAME).text("?");
    }

    fn decode(&self, text: &[u8]) -> Option<Subscriptions> {
        let mut all = Vec::new();
        for subscription in subscriptions(text) {
            let (topic, qos) = subscription?;
            if !topic.is_empty() {
                let topic = owned(topic)?;
                all.push(Subscription { topic, qos }).ok()?;
            }
        }
        Some(Subscriptions(all))
    }
}

atat_commands!(
    SetUserConfig<'_>,
    SetClientId<'_>,
    SetUsername<'_>,
    SetPassword<'_>,
    SetConnectionConfig<'_>,
    Connect<'_>,
    ConnectAliyun<'_>,
    Publish<'_>,
    PublishRaw<'_>,
    Subscribe<'_>,
    Unsubscribe<'_>,
    Clean,
    QueryConnection,
    QuerySubscriptions,
);
