//! Credentials longer than a command line: announced by their length, sent after a prompt. ESP-AT since 2.2.
//!
//! After `AT+MQTTUSERCFG`, whose strings they replace. For atat's clients: the driver has no method for them.

use super::{
    super::{Field, data_command, set_command},
    LINK,
};
use crate::{error::Argument, secret::Secret};

const CLIENT_ID_LENGTH: Field = Field::new(Argument::ClientId, 1, 1024);
const USERNAME_LENGTH: Field = Field::new(Argument::Username, 1, 1024);
const PASSWORD_LENGTH: Field = Field::new(Argument::MqttPassword, 1, 1024);

/// `AT+MQTTLONGCLIENTID=0,<length>`: announces a client id, which [`LongText`] sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongClientId(
    /// Bytes that follow, 1 to 1024.
    pub u16,
);

set_command!(LongClientId, "+MQTTLONGCLIENTID", 5_000, |this, line| line
    .text(LINK)
    .ranged(&CLIENT_ID_LENGTH, this.0));

/// `AT+MQTTLONGUSERNAME=0,<length>`: announces a user name, which [`LongText`] sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongUsername(
    /// Bytes that follow, 1 to 1024.
    pub u16,
);

set_command!(LongUsername, "+MQTTLONGUSERNAME", 5_000, |this, line| line
    .text(LINK)
    .ranged(&USERNAME_LENGTH, this.0));

/// `AT+MQTTLONGPASSWORD=0,<length>`: announces a password, which [`LongPasswordText`] sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongPassword(
    /// Bytes that follow, 1 to 1024.
    pub u16,
);

set_command!(LongPassword, "+MQTTLONGPASSWORD", 5_000, |this, line| line
    .text(LINK)
    .ranged(&PASSWORD_LENGTH, this.0));

/// The bytes after the prompt of [`LongClientId`] and [`LongUsername`]. Answered with `OK`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongText<'a>(
    /// The text, of the announced length.
    pub &'a str,
);

data_command!(LongText<'_>, 5_000, |this| this.0.as_bytes());

/// The bytes after the prompt of [`LongPassword`]. Answered with `OK`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongPasswordText<'a>(
    /// The password, of the announced length.
    pub Secret<'a>,
);

data_command!(LongPasswordText<'_>, 5_000, |this| this
    .0
    .reveal()
    .as_bytes());
