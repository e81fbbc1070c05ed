//! The small public types that commands, events and driver methods share.

/// Which wire form the module uses for incoming messages and command names.
///
/// Two generations of firmware carry the MQTT commands. They differ in how a received message is printed, in the
/// names of the Wi-Fi commands and in what `OK` after `AT+MQTTCONN` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Dialect {
    /// Decide by each incoming message, and by `AT+GMR` in `init`.
    ///
    /// The one case this gets wrong is a [`Vendor`](Self::Vendor) message whose topic is only digits and whose
    /// payload looks like `"text",5,…`; choose the dialect by hand if you use such topics.
    #[default]
    Auto,
    /// The firmware sold with the module: AT 1.7 (non-OS SDK 3.0) with the vendor's MQTT commands.
    ///
    /// A message is `+MQTTSUBRECV:<topic>,<data>` and ends at CR LF, so payloads cannot contain CR LF and topics
    /// cannot contain a comma.
    Vendor,
    /// Espressif's ESP-AT 2.x and later.
    ///
    /// A message is `+MQTTSUBRECV:<link>,"<topic>",<length>,<data>`; the length makes it binary-safe. It may be up to
    /// 65,535; what is longer, more than a module has memory for, would be read as lines.
    EspAt,
}

/// MQTT quality of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum QoS {
    /// 0: at most once, not acknowledged.
    #[default]
    AtMostOnce = 0,
    /// 1: at least once, acknowledged by the broker.
    AtLeastOnce = 1,
    /// 2: exactly once.
    ExactlyOnce = 2,
}

impl QoS {
    /// The level whose number is `value`.
    #[must_use]
    pub const fn from_number(value: u32) -> Option<Self> {
        match value {
            0 => Some(Self::AtMostOnce),
            1 => Some(Self::AtLeastOnce),
            2 => Some(Self::ExactlyOnce),
            _ => None,
        }
    }
}

/// The transport below MQTT, parameter `scheme` of `AT+MQTTUSERCFG`.
///
/// On an ESP8266 only [`Tcp`](Self::Tcp) and [`WebSocket`](Self::WebSocket) work (ESP-AT 2.2 and 2.3 for ESP8266: the
/// others need more memory than the chip has); the vendor's own drivers use TCP alone. The schemes that verify the
/// server need the module's clock to be set by SNTP first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Scheme {
    /// 1: MQTT over TCP.
    #[default]
    Tcp = 1,
    /// 2: MQTT over TLS, certificates not verified.
    Tls = 2,
    /// 3: MQTT over TLS, server certificate verified.
    TlsVerifyServer = 3,
    /// 4: MQTT over TLS, client certificate provided.
    TlsClientCertificate = 4,
    /// 5: MQTT over TLS, server verified and client certificate provided.
    TlsMutual = 5,
    /// 6: MQTT over WebSocket (TCP).
    WebSocket = 6,
    /// 7: MQTT over secure WebSocket, certificates not verified.
    Wss = 7,
    /// 8: MQTT over secure WebSocket, server certificate verified.
    WssVerifyServer = 8,
    /// 9: MQTT over secure WebSocket, client certificate provided.
    WssClientCertificate = 9,
    /// 10: MQTT over secure WebSocket, server verified and client certificate provided.
    WssMutual = 10,
}

impl Scheme {
    /// The scheme whose number is `value`.
    #[must_use]
    pub const fn from_number(value: u32) -> Option<Self> {
        Some(match value {
            1 => Self::Tcp,
            2 => Self::Tls,
            3 => Self::TlsVerifyServer,
            4 => Self::TlsClientCertificate,
            5 => Self::TlsMutual,
            6 => Self::WebSocket,
            7 => Self::Wss,
            8 => Self::WssVerifyServer,
            9 => Self::WssClientCertificate,
            10 => Self::WssMutual,
            _ => return None,
        })
    }
}

/// Whether the module itself connects again when the broker is lost, last parameter of `AT+MQTTCONN`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Reconnect {
    /// Stay disconnected. On ESP-AT everything has to be configured again before the next connect.
    #[default]
    Off = 0,
    /// Keep trying. Subscribe again after the connection is back: not every firmware does it by itself.
    On = 1,
}

/// Wi-Fi mode, parameter of `AT+CWMODE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum WifiMode {
    /// 0: radio off (ESP-AT only).
    Off = 0,
    /// 1: station.
    Station = 1,
    /// 2: soft access point.
    SoftAp = 2,
    /// 3: station and soft access point.
    StationAndSoftAp = 3,
}

impl WifiMode {
    /// The mode whose number is `value`.
    #[must_use]
    pub const fn from_number(value: u32) -> Option<Self> {
        Some(match value {
            0 => Self::Off,
            1 => Self::Station,
            2 => Self::SoftAp,
            3 => Self::StationAndSoftAp,
            _ => return None,
        })
    }

    /// Whether the module can join an access point in this mode.
    #[must_use]
    pub const fn has_station(self) -> bool {
        matches!(self, Self::Station | Self::StationAndSoftAp)
    }
}

/// Where a setting goes: the command names of the non-OS AT firmware end in `_CUR` or `_DEF`, ESP-AT has plain names.
///
/// ESP-AT has both endings for the UART alone: [`SetUart`](crate::command::basic::SetUart) and
/// [`QueryUart`](crate::command::basic::QueryUart).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Store {
    /// The plain command name. Non-OS firmware writes flash; ESP-AT does as `AT+SYSSTORE` says (default: flash).
    #[default]
    Plain,
    /// `_CUR`: until the next restart. Non-OS firmware only, but for the UART.
    Current,
    /// `_DEF`: also written to flash. Non-OS firmware only, but for the UART.
    Flash,
}

impl Store {
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Current => "_CUR",
            Self::Flash => "_DEF",
        }
    }
}

/// State of the module's MQTT client, as `AT+MQTTCONN?` numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "it says whether there is a connection"]
pub enum ConnectionState {
    /// 0: nothing configured.
    Uninitialised,
    /// 1: `AT+MQTTUSERCFG` was accepted.
    UserConfigured,
    /// 2: `AT+MQTTCONNCFG` was accepted, or a connect failed.
    ConnectionConfigured,
    /// 3: was connected, is not any more.
    Disconnected,
    /// 4: connected.
    Connected,
    /// 5: connected, no subscription left.
    ConnectedNoSubscription,
    /// 6: connected and subscribed.
    Subscribed,
    /// The module accepted the connect and does not tell more.
    ///
    /// Only from vendor firmware, which answers `OK` at once and may not know `AT+MQTTCONN?`.
    Accepted,
}

impl ConnectionState {
    /// The state whose number in `+MQTTCONN:0,<state>` is `value`.
    #[must_use]
    pub const fn from_number(value: u32) -> Option<Self> {
        Some(match value {
            0 => Self::Uninitialised,
            1 => Self::UserConfigured,
            2 => Self::ConnectionConfigured,
            3 => Self::Disconnected,
            4 => Self::Connected,
            5 => Self::ConnectedNoSubscription,
            6 => Self::Subscribed,
            _ => return None,
        })
    }

    /// Whether the broker is known to be connected.
    #[must_use]
    pub const fn is_connected(self) -> bool {
        matches!(
            self,
            Self::Connected | Self::ConnectedNoSubscription | Self::Subscribed
        )
    }

    /// Whether the broker is connected as far as the module tells: [`Accepted`](Self::Accepted) counts, too.
    #[must_use]
    pub const fn may_be_connected(self) -> bool {
        self.is_connected() || matches!(self, Self::Accepted)
    }
}

/// A version number such as 1.7.2.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Version(pub [u8; 4]);

impl core::fmt::Display for Version {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self([major, minor, patch, build]) = self;
        write!(f, "{major}.{minor}.{patch}.{build}")
    }
}

/// What `AT+GMR` says about the firmware.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Firmware {
    /// Version of the AT core, from `AT version:`.
    pub at: Version,
    /// Version of Espressif's SDK below it, from `SDK version:`; zero where it could not be read as a number.
    pub sdk: Version,
}

impl Firmware {
    /// The dialect this firmware speaks: AT 1.x is the vendor's, later ones are ESP-AT.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        let Version([major, ..]) = self.at;
        if major < 2 {
            Dialect::Vendor
        } else {
            Dialect::EspAt
        }
    }
}
