//! What happens without being asked for, and what the driver knows from it.

use crate::{
    message::Message,
    secret::SecretLine,
    urc::{Kind, Urc},
};

/// Something that happened, from [`poll`](crate::Esp8266Mqtt::poll). In the order in which it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Event<'a> {
    /// A message from the broker.
    Message(Message<'a>),
    /// Messages arrived that the receive buffer had no room for. Read more often, or give a larger buffer.
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
    /// Any other unsolicited line.
    Other(Urc<'a>),
    /// A line that begins like an unsolicited one but does not read as it should: bytes were lost, or other firmware.
    ///
    /// It may be the one with the password that SmartConfig has received.
    Malformed(SecretLine<'a>),
}

impl<'a> Event<'a> {
    pub(crate) const fn from_urc(urc: Urc<'a>) -> Self {
        match urc {
            Urc::Ready => Self::ModuleRestarted,
            Urc::WifiConnected => Self::WifiConnected,
            Urc::WifiGotIp => Self::WifiGotIp,
            Urc::WifiDisconnected => Self::WifiDisconnected,
            Urc::MqttConnected(_) => Self::MqttConnected,
            Urc::MqttDisconnected => Self::MqttDisconnected,
            other => Self::Other(other),
        }
    }
}

/// The Wi-Fi link as far as the unsolicited lines tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum WifiLink {
    /// Nothing has been heard of it since the module started.
    Unknown,
    /// No access point.
    Down,
    /// Joined, no address yet.
    Joined,
    /// Joined, with an address.
    Up,
}

/// The MQTT link as far as the unsolicited lines and the answers to `connect` tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum MqttLink {
    /// Not connected.
    Down,
    /// The module has accepted the request to connect; vendor firmware does not tell more.
    Requested,
    /// Connected.
    Up,
}

/// What the driver knows of the links without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct LinkState {
    /// Wi-Fi.
    pub wifi: WifiLink,
    /// MQTT.
    pub mqtt: MqttLink,
}

impl LinkState {
    pub(crate) const fn new() -> Self {
        Self {
            wifi: WifiLink::Unknown,
            mqtt: MqttLink::Down,
        }
    }

    pub(crate) const fn update(&mut self, kind: Kind) {
        match kind {
            Kind::Ready => *self = Self::new(),
            Kind::WifiConnected => self.wifi = WifiLink::Joined,
            Kind::WifiGotIp => self.wifi = WifiLink::Up,
            Kind::WifiDisconnected => self.wifi = WifiLink::Down,
            Kind::MqttConnected => self.mqtt = MqttLink::Up,
            Kind::MqttDisconnected => self.mqtt = MqttLink::Down,
            _ => {}
        }
    }
}

/// How much has happened since the driver was made. Each number wraps around.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Counters {
    /// Messages there was no room for.
    pub messages_dropped: u16,
    /// Other events there was no room for.
    pub events_dropped: u16,
    /// Restarts of the module, asked for or not.
    pub restarts: u16,
    /// Lines that were no answer, no event and no echo: noise, or text of another firmware. Those that come between a command
    /// other than a publish and its end count as its answer.
    pub stray_lines: u16,
    /// Errors the UART reported while receiving; each stands for lost or wrong bytes.
    pub uart_errors: u16,
    /// UDP datagrams there was no room for, or nobody to take.
    #[cfg(feature = "sockets")]
    pub datagrams_dropped: u16,
}

impl Counters {
    pub(crate) const fn new() -> Self {
        Self {
            messages_dropped: 0,
            events_dropped: 0,
            restarts: 0,
            stray_lines: 0,
            uart_errors: 0,
            #[cfg(feature = "sockets")]
            datagrams_dropped: 0,
        }
    }
}

/// Messages dropped since the last report, and how many queued bytes are older than the first of them.
#[derive(Debug)]
pub(crate) struct Lost {
    count: u16,
    ahead: u16,
    bytes: u32,
}

impl Lost {
    pub const fn new() -> Self {
        Self {
            count: 0,
            ahead: 0,
            bytes: 0,
        }
    }

    /// One more message, of `len` bytes, behind `queued` bytes of older records.
    pub fn add(&mut self, len: u16, queued: usize) {
        if self.count == 0 {
            self.ahead = queued as u16;
        }
        self.count = self.count.saturating_add(1);
        self.bytes = self.bytes.saturating_add(len.into());
    }

    /// `taken` bytes of records were read.
    pub fn advance(&mut self, taken: usize) {
        self.ahead = self.ahead.saturating_sub(taken as u16);
    }

    /// Whether everything older has been read.
    pub const fn is_due(&self) -> bool {
        self.count > 0 && self.ahead == 0
    }

    /// The report, when everything older has been read.
    pub fn report(&mut self) -> Option<Event<'static>> {
        if !self.is_due() {
            return None;
        }
        let Self { count, bytes, .. } = core::mem::replace(self, Self::new());
        Some(Event::MessagesDropped { count, bytes })
    }
}
