//! A message on its way.

use crate::{error::ArgumentError, types::QoS};
use core::fmt;

/// So often a publish may fail on a connection that stands.
const REFUSALS: u8 = 3;

/// A message for [`keep_publish`](crate::Esp8266Mqtt::keep_publish), which holds it until it is published or cannot be.
///
/// Not retained, at quality of service 0 and not repeated unless asked for.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Publication<'p> {
    pub(crate) topic: &'p str,
    pub(crate) payload: &'p [u8],
    pub(crate) qos: QoS,
    pub(crate) retain: bool,
    retry: bool,
    attempts: u16,
    refusals: u8,
    is_done: bool,
}

impl<'p> Publication<'p> {
    /// A message with the limits of [`publish`](crate::Esp8266Mqtt::publish).
    #[must_use]
    pub const fn new(topic: &'p str, payload: &'p [u8]) -> Self {
        Self {
            topic,
            payload,
            qos: QoS::AtMostOnce,
            retain: false,
            retry: false,
            attempts: 0,
            refusals: 0,
            is_done: false,
        }
    }

    /// Sets the quality of service, without repeating anything.
    #[must_use]
    pub const fn qos(mut self, qos: QoS) -> Self {
        self.qos = qos;
        self
    }

    /// Published at quality of service 1, and again until that is acknowledged, over as many connections as it takes. The
    /// broker may then get it more than once; [`Kept::Published`](super::Kept::Published) says so, and who acknowledges.
    #[must_use]
    pub const fn retry(mut self) -> Self {
        self.qos = QoS::AtLeastOnce;
        self.retry = true;
        self
    }

    /// The broker keeps it for later subscribers.
    #[must_use]
    pub const fn retained(mut self) -> Self {
        self.retain = true;
        self
    }

    /// Whether it was published or given up.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.is_done
    }

    /// Whether the only attempt was broken off: its future was dropped, or the UART has failed.
    pub(crate) const fn is_abandoned(&self) -> bool {
        self.attempts > 0 && !self.retry && !self.is_done
    }

    /// One more attempt begins.
    pub(crate) const fn attempt(&mut self) {
        self.attempts = self.attempts.saturating_add(1);
    }

    /// The broker has it. Returns how many attempts that took.
    pub(crate) const fn done(&mut self) -> u16 {
        self.is_done = true;
        self.attempts
    }

    /// An attempt has failed. Returns whether there will be no more.
    pub(crate) const fn failed(&mut self, is_final: bool) -> bool {
        self.is_done = is_final || !self.retry;
        self.is_done
    }

    /// An attempt has failed on a connection that stands. Returns whether there will be no more.
    pub(crate) const fn refused(&mut self) -> bool {
        self.refusals += 1;
        self.is_done = self.refusals >= REFUSALS;
        self.is_done
    }
}

/// Why a message is not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Unpublished {
    /// It cannot be sent.
    Argument(ArgumentError),
    /// The module has refused it: too long for its memory, or a topic that it does not allow. With `retry` it has failed
    /// three times while the connection stood. The broker does not have it from the last attempt.
    Refused,
    /// The connection or the module has failed on the way: the broker may have it or not.
    Unknown,
}

impl fmt::Display for Unpublished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Argument(error) => return write!(f, "{error}: correct it, nothing was sent"),
            Self::Refused => "the module has refused the message: check its topic and length",
            Self::Unknown => "the connection has failed on the way: the broker may have it or not",
        })
    }
}
