//! A received MQTT message.

use core::str::{Utf8Error, from_utf8};

/// A message from the broker, borrowed from the driver's receive buffer.
///
/// The bytes are as they came over the wire; a message longer than the module's own buffer (512 bytes with topic on an
/// ESP8266) arrives in several parts, each a `Message` with the same topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Message<'a> {
    topic: &'a [u8],
    payload: &'a [u8],
}

impl<'a> Message<'a> {
    /// A message from its parts, for tests of code that handles messages.
    #[must_use]
    pub const fn new(topic: &'a [u8], payload: &'a [u8]) -> Self {
        Self { topic, payload }
    }

    /// The topic.
    #[must_use]
    pub const fn topic(&self) -> &'a [u8] {
        self.topic
    }

    /// The topic as text.
    ///
    /// # Errors
    /// If it is not UTF-8.
    pub const fn topic_str(&self) -> Result<&'a str, Utf8Error> {
        from_utf8(self.topic)
    }

    /// The payload.
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// The payload as text.
    ///
    /// # Errors
    /// If it is not UTF-8.
    pub const fn payload_str(&self) -> Result<&'a str, Utf8Error> {
        from_utf8(self.payload)
    }
}
