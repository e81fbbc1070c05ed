//! Events that outlive the driver's receive buffer.

use crate::{event::Event, message::Received};

/// Something that happened, from [`Listener::next`](super::Listener::next): an [`Event`] that is owned, and what the
/// runner adds.
///
/// [`Event::Other`] and [`Event::Malformed`] are not handed on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[allow(
    clippy::large_enum_variant,
    reason = "messages are what there is most of, and there is no heap"
)]
#[non_exhaustive]
pub enum Notice<const N: usize> {
    /// A message from the broker.
    Message(Received<N>),
    /// A message is longer than the [`State`](super::State) has room for.
    MessageTooLong {
        /// Length of its topic in bytes.
        topic: usize,
        /// Length of its payload in bytes.
        payload: usize,
    },
    /// This listener was too slow: the oldest events that it had not read were dropped. Others are not affected.
    Lagged {
        /// How many events, messages and others.
        count: u64,
    },
    /// Messages arrived that the driver's receive buffer had no room for, usually during a long request.
    MessagesDropped {
        /// How many, 1 or more.
        count: u16,
        /// The length of their payloads together, in bytes.
        bytes: u32,
    },
    /// The module has joined the access point; no address yet.
    WifiConnected,
    /// The module has an IP address.
    WifiGotIp,
    /// The access point is lost. The module tries to join again by itself.
    WifiDisconnected,
    /// The broker has accepted the connection (ESP-AT only; vendor firmware is not known to tell).
    MqttConnected,
    /// The broker is lost, or has refused (ESP-AT only).
    MqttDisconnected,
    /// The module has restarted and forgotten its MQTT configuration: join Wi-Fi (unless the module does so by itself),
    /// configure, connect and subscribe again.
    ModuleRestarted,
}

impl<const N: usize> Notice<N> {
    /// `None` for events that are not handed on.
    pub(super) fn copy(event: &Event<'_>) -> Option<Self> {
        Some(match event {
            Event::Message(message) => match message.copied() {
                Some(received) => Self::Message(received),
                None => Self::MessageTooLong {
                    topic: message.topic().len(),
                    payload: message.payload().len(),
                },
            },
            &Event::MessagesDropped { count, bytes } => Self::MessagesDropped { count, bytes },
            Event::WifiConnected => Self::WifiConnected,
            Event::WifiGotIp => Self::WifiGotIp,
            Event::WifiDisconnected => Self::WifiDisconnected,
            Event::MqttConnected => Self::MqttConnected,
            Event::MqttDisconnected => Self::MqttDisconnected,
            Event::ModuleRestarted => Self::ModuleRestarted,
            Event::Other(_) | Event::Malformed(_) => return None,
        })
    }
}
