//! Who connects, and how.

use super::{
    super::{Field, atat_commands, set_command},
    LINK,
};
use crate::{
    error::Argument,
    secret::Secret,
    types::{QoS, Scheme},
};

const CLIENT_ID: Field = Field::new(Argument::ClientId, 0, 256);
const USERNAME: Field = Field::new(Argument::Username, 0, 64);
const LONG_USERNAME: Field = Field::new(Argument::Username, 0, 256);
const PASSWORD: Field = Field::new(Argument::MqttPassword, 0, 64);
const LONG_PASSWORD: Field = Field::new(Argument::MqttPassword, 0, 256);
const PATH: Field = Field::new(Argument::Path, 0, 32);
const KEEP_ALIVE: Field = Field::new(Argument::KeepAlive, 0, 7200).vendor(60, 7200);
const WILL_TOPIC: Field = Field::new(Argument::WillTopic, 0, 128).vendor(0, 64);
const WILL_MESSAGE: Field = Field::new(Argument::WillMessage, 0, 64);

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

set_command!(SetUserConfig<'_>, "+MQTTUSERCFG", 1_000, |this, line| line
    .text(LINK)
    .number(this.scheme as u32)
    .quoted(&CLIENT_ID, this.client_id)
    .quoted(&USERNAME, this.username)
    .secret(&PASSWORD, this.password)
    .text(",0,0")
    .quoted(&PATH, this.path));

/// `AT+MQTTCLIENTID=0,<client id>`: replaces the client id, after [`SetUserConfig`] and before [`SetConnectionConfig`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetClientId<'a>(
    /// Client id, up to 256 bytes, in practice what the line leaves.
    pub &'a str,
);

set_command!(SetClientId<'_>, "+MQTTCLIENTID", 1_000, |this, line| line
    .text(LINK)
    .quoted(&CLIENT_ID, this.0));

/// `AT+MQTTUSERNAME=0,<username>`: replaces the user name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetUsername<'a>(
    /// User name, up to 256 bytes, in practice what the line leaves.
    pub &'a str,
);

set_command!(SetUsername<'_>, "+MQTTUSERNAME", 1_000, |this, line| line
    .text(LINK)
    .quoted(&LONG_USERNAME, this.0));

/// `AT+MQTTPASSWORD=0,<password>`: replaces the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetPassword<'a>(
    /// Password, up to 256 bytes, in practice what the line leaves.
    pub Secret<'a>,
);

set_command!(SetPassword<'_>, "+MQTTPASSWORD", 1_000, |this, line| line
    .text(LINK)
    .secret(&LONG_PASSWORD, this.0));

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
    |this, line| line
        .text(LINK)
        .ranged(&KEEP_ALIVE, this.keep_alive)
        .flag(!this.clean_session)
        .quoted(&WILL_TOPIC, this.will_topic)
        .quoted(&WILL_MESSAGE, this.will_message)
        .number(this.will_qos as u32)
        .flag(this.will_retain)
);

atat_commands!(
    SetUserConfig<'_>,
    SetClientId<'_>,
    SetUsername<'_>,
    SetPassword<'_>,
    SetConnectionConfig<'_>,
);
