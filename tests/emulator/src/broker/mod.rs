//! The MQTT side: what the module's TCP connection leads to.

use core::time::Duration;

#[cfg(feature = "embedded-broker")]
mod embedded;
mod memory;
mod real;
mod session;

#[cfg(feature = "embedded-broker")]
pub use embedded::start_embedded;
pub use memory::{HostState, MemoryBroker, MemoryLink, Published};
pub use real::RealBroker;

/// An application message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Topic name.
    pub topic: String,
    /// Payload, any bytes.
    pub payload: Vec<u8>,
    /// Quality of service, 0..=2.
    pub qos: u8,
    /// Retain flag.
    pub retain: bool,
}

impl Message {
    /// A message with QoS 0 that is not retained.
    #[must_use]
    pub fn new(topic: impl Into<String>, payload: impl AsRef<[u8]>) -> Self {
        Self {
            topic: topic.into(),
            payload: payload.as_ref().to_vec(),
            qos: 0,
            retain: false,
        }
    }

    /// The same message with `qos`.
    #[must_use]
    pub fn with_qos(mut self, qos: u8) -> Self {
        self.qos = qos;
        self
    }

    /// The same message, retained.
    #[must_use]
    pub fn retained(mut self) -> Self {
        self.retain = true;
        self
    }
}

/// What the module's MQTT client asks for when it connects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectRequest {
    /// Host name or address, as typed in `AT+MQTTCONN`.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Client identifier.
    pub client_id: String,
    /// User name, empty if none.
    pub username: String,
    /// Password, empty if none.
    pub password: String,
    /// Keepalive, seconds.
    pub keepalive: u16,
    /// Whether the session starts clean.
    pub clean_session: bool,
    /// Last will.
    pub will: Option<Message>,
}

/// Names a request, so that its acknowledgement can be told from others.
pub type Token = u64;

/// What comes back from a broker.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BrokerEvent {
    /// CONNACK with return code 0.
    Connected,
    /// The TCP connection or the CONNECT was refused.
    Refused,
    /// The host does not answer at all; the module gives up after its own network timeout.
    Unreachable,
    /// A publish with QoS 1 or 2 was taken over by the broker.
    Published(Token),
    /// SUBACK.
    Subscribed(Token),
    /// UNSUBACK.
    Unsubscribed(Token),
    /// A message for the module.
    Message(Message),
    /// The connection is gone.
    Lost,
}

/// One TCP connection of the module to some broker. No method blocks.
pub trait Broker: Send {
    /// Starts to connect. [`BrokerEvent::Connected`], `Refused` or `Unreachable` follows.
    fn connect(&mut self, now: Duration, request: &ConnectRequest);
    /// Publishes. With QoS 1 and 2 [`BrokerEvent::Published`] follows.
    fn publish(&mut self, now: Duration, token: Token, message: &Message);
    /// Subscribes to a topic filter. [`BrokerEvent::Subscribed`] follows.
    fn subscribe(&mut self, now: Duration, token: Token, filter: &str, qos: u8);
    /// Ends a subscription. [`BrokerEvent::Unsubscribed`] follows.
    fn unsubscribe(&mut self, now: Duration, token: Token, filter: &str);
    /// DISCONNECT: the will is not sent.
    fn disconnect(&mut self, now: Duration);
    /// The connection breaks without a word: the will is sent.
    fn cut(&mut self, now: Duration);
    /// The next event that has happened by `now`.
    fn poll(&mut self, now: Duration) -> Option<BrokerEvent>;
    /// When the next event is due; `None` if that cannot be known.
    fn next_due(&self) -> Option<Duration>;
}
