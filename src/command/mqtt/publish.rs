//! Publishing.

use super::{
    super::{Field, data_command, set_command},
    LINK, TOPIC,
};
use crate::{error::Argument, types::QoS};

const PAYLOAD: Field = Field::new(Argument::Payload, 0, 256);
const LENGTH: Field = Field::new(Argument::Payload, 1, u16::MAX);

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

set_command!(Publish<'_>, "+MQTTPUB", 20_000, |this, line| line
    .text(LINK)
    .quoted(&TOPIC, this.topic)
    .quoted(&PAYLOAD, this.payload)
    .number(this.qos as u32)
    .flag(this.retain));

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

set_command!(PublishRaw<'_>, "+MQTTPUBRAW", 5_000, |this, line| line
    .text(LINK)
    .quoted(&TOPIC, this.topic)
    .ranged(&LENGTH, this.length)
    .number(this.qos as u32)
    .flag(this.retain));

/// The bytes after the prompt of [`PublishRaw`], for atat's clients. The driver's `publish` does both steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishData<'a>(
    /// The payload, of the announced length.
    pub &'a [u8],
);

data_command!(PublishData<'_>, 20_000, |this| this.0);
