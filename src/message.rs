//! A received MQTT message.

use core::str::{Utf8Error, from_utf8};
use heapless::Vec;

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

    /// Copies it, so that the driver can be used again before the message is done with; `None` if topic and payload
    /// together have more than `N` bytes.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, QoS, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// // As far as possible without a copy: only what the answer is made of.
    /// let is_on = module.receive()?.payload() == b"on";
    /// module.publish("answer", if is_on { "is on" } else { "is off" }, QoS::AtMostOnce)?;
    /// // With one:
    /// if let Some(question) = module.receive()?.copied::<128>() {
    ///     module.publish("echo", question.payload(), QoS::AtMostOnce)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn copied<const N: usize>(&self) -> Option<Received<N>> {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(self.topic).ok()?;
        bytes.extend_from_slice(self.payload).ok()?;
        Some(Received {
            topic_len: self.topic.len(),
            bytes,
        })
    }
}

/// A received message, copied: it outlives the driver's receive buffer. Topic and payload together take up to `N` bytes.
///
/// From [`Message::copied`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Received<const N: usize> {
    topic_len: usize,
    bytes: Vec<u8, N>,
}

impl<const N: usize> Received<N> {
    /// The message as the driver gives it.
    #[must_use]
    pub fn as_message(&self) -> Message<'_> {
        Message::new(self.topic(), self.payload())
    }

    /// The topic.
    #[must_use]
    pub fn topic(&self) -> &[u8] {
        self.bytes.get(..self.topic_len).unwrap_or_default()
    }

    /// The topic as text.
    ///
    /// # Errors
    /// If it is not UTF-8.
    pub fn topic_str(&self) -> Result<&str, Utf8Error> {
        from_utf8(self.topic())
    }

    /// The payload.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.bytes.get(self.topic_len..).unwrap_or_default()
    }

    /// The payload as text.
    ///
    /// # Errors
    /// If it is not UTF-8.
    pub fn payload_str(&self) -> Result<&str, Utf8Error> {
        from_utf8(self.payload())
    }
}
