//! Who connects, and how.

use super::{
    super::{Field, set_command},
    LINK,
};
use crate::{
    config::{ConnectionConfig, UserConfig, Will},
    error::Argument,
    secret::Secret,
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

set_command!(UserConfig<'_>, "+MQTTUSERCFG", 1_000, |this, line| line
    .text(LINK)
    .number(this.scheme as u32)
    .quoted(&CLIENT_ID, this.client_id)
    .quoted(&USERNAME, this.username)
    .secret(&PASSWORD, this.password)
    .text(",0,0")
    .quoted(&PATH, this.path));

/// `AT+MQTTCLIENTID=0,<client id>`: replaces the client id, after [`UserConfig`] and before [`ConnectionConfig`].
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

set_command!(ConnectionConfig<'_>, "+MQTTCONNCFG", 1_000, |this, line| {
    let will = this.will.unwrap_or(Will::new("", ""));
    line.text(LINK)
        .ranged(&KEEP_ALIVE, this.keep_alive)
        .flag(!this.clean_session)
        .quoted(&WILL_TOPIC, will.topic)
        .quoted(&WILL_MESSAGE, will.message)
        .number(will.qos as u32)
        .flag(will.retain)
});
