//! What `connect_wifi`, `usercfg`, `conncfg` and `connect_aliyun` take: plain structs with defaults and builder methods.

use crate::{
    address::MacAddress,
    secret::Secret,
    types::{QoS, Scheme, Store},
};

/// How to join an access point. See [`connect_wifi_with`](crate::Esp8266Mqtt::connect_wifi_with).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct JoinOptions<'a> {
    /// Network name, 1 to 32 bytes.
    pub ssid: &'a str,
    /// Password, up to 64 bytes; empty for an open network.
    pub password: Secret<'a>,
    /// Only this access point, where several have the name.
    pub bssid: Option<MacAddress>,
    /// Form of the command: whether the module's flash gets the credentials, so that it joins by itself after a restart.
    ///
    /// `None` sends the command that does not write flash on vendor firmware; ESP-AT stores as `AT+SYSSTORE` says, by
    /// default to flash. [`Store::Plain`] writes flash on vendor firmware, too. ESP-AT answers `ERROR` to the other two.
    pub store: Option<Store>,
}

impl<'a> JoinOptions<'a> {
    /// Joins `ssid` with `password`, any of its access points, nothing stored on vendor firmware.
    #[must_use]
    pub const fn new(ssid: &'a str, password: &'a str) -> Self {
        Self {
            ssid,
            password: Secret::new(password),
            bssid: None,
            store: None,
        }
    }

    /// Joins only the access point with this MAC address, as [`scan`](crate::Esp8266Mqtt::scan) finds it.
    #[must_use]
    pub const fn bssid(mut self, bssid: MacAddress) -> Self {
        self.bssid = Some(bssid);
        self
    }

    /// Chooses the form of the command: `_CUR`, `_DEF` (vendor firmware only) or plain.
    #[must_use]
    pub const fn store(mut self, store: Store) -> Self {
        self.store = Some(store);
        self
    }
}

/// Who connects: `AT+MQTTUSERCFG=0,<scheme>,<client id>,<username>,<password>,0,0,<path>`.
///
/// The argument of [`usercfg`](crate::Esp8266Mqtt::usercfg), and a command for [`send`](crate::Esp8266Mqtt::send).
/// All four strings share one command of 255 bytes, of which 36 are fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct UserConfig<'a> {
    /// Transport, default TCP.
    pub scheme: Scheme,
    /// MQTT client id, up to 256 bytes; must be unique at the broker.
    pub client_id: &'a str,
    /// User name, up to 64 bytes; empty for none.
    pub username: &'a str,
    /// Password, up to 64 bytes; empty for none.
    pub password: Secret<'a>,
    /// Resource path for the WebSocket schemes, up to 32 bytes.
    pub path: &'a str,
}

impl<'a> UserConfig<'a> {
    /// A client without credentials over TCP.
    #[must_use]
    pub const fn new(client_id: &'a str) -> Self {
        Self {
            scheme: Scheme::Tcp,
            client_id,
            username: "",
            password: Secret::new(""),
            path: "",
        }
    }

    /// Logs in with a user name and a password.
    #[must_use]
    pub const fn credentials(mut self, username: &'a str, password: &'a str) -> Self {
        self.username = username;
        self.password = Secret::new(password);
        self
    }

    /// Chooses the transport.
    #[must_use]
    pub const fn scheme(mut self, scheme: Scheme) -> Self {
        self.scheme = scheme;
        self
    }

    /// Sets the resource path of a WebSocket scheme.
    #[must_use]
    pub const fn path(mut self, path: &'a str) -> Self {
        self.path = path;
        self
    }
}

/// How the connection is kept:
/// `AT+MQTTCONNCFG=0,<keep-alive>,<disable clean session>,<will topic>,<will message>,<will QoS>,<will retain>`.
///
/// The argument of [`conncfg`](crate::Esp8266Mqtt::conncfg), and a command for [`send`](crate::Esp8266Mqtt::send).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct ConnectionConfig<'a> {
    /// Seconds between pings when nothing else is sent: 60 to 7200 on vendor firmware, 0 to 7200 on ESP-AT, where 0
    /// means 120. Default 120.
    pub keep_alive: u16,
    /// Start without the session that the broker may have kept. Default true.
    pub clean_session: bool,
    /// What the broker publishes when the client disappears. Default none.
    pub will: Option<Will<'a>>,
}

impl Default for ConnectionConfig<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> ConnectionConfig<'a> {
    /// Keep-alive 120 s, clean session, no will.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            keep_alive: 120,
            clean_session: true,
            will: None,
        }
    }

    /// Sets the keep-alive time in seconds.
    #[must_use]
    pub const fn keep_alive(mut self, seconds: u16) -> Self {
        self.keep_alive = seconds;
        self
    }

    /// Chooses between a clean and a persistent session.
    #[must_use]
    pub const fn clean_session(mut self, clean: bool) -> Self {
        self.clean_session = clean;
        self
    }

    /// Sets the last will.
    #[must_use]
    pub const fn will(mut self, will: Will<'a>) -> Self {
        self.will = Some(will);
        self
    }
}

/// The last will: published by the broker when the client disappears without saying goodbye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Will<'a> {
    /// Topic, up to 64 bytes on vendor firmware and 128 on ESP-AT.
    pub topic: &'a str,
    /// Message, up to 64 bytes.
    pub message: &'a str,
    /// Quality of service, default 0.
    pub qos: QoS,
    /// Whether the broker retains it, default false.
    pub retain: bool,
}

impl<'a> Will<'a> {
    /// A will at QoS 0, not retained.
    #[must_use]
    pub const fn new(topic: &'a str, message: &'a str) -> Self {
        Self {
            topic,
            message,
            qos: QoS::AtMostOnce,
            retain: false,
        }
    }

    /// Chooses the quality of service.
    #[must_use]
    pub const fn qos(mut self, qos: QoS) -> Self {
        self.qos = qos;
        self
    }

    /// Has the broker retain the will.
    #[must_use]
    pub const fn retained(mut self) -> Self {
        self.retain = true;
        self
    }
}

/// A device of Alibaba Cloud's IoT platform, for [`connect_aliyun`](crate::Esp8266Mqtt::connect_aliyun).
///
/// Vendor firmware computes client id, user name and signature from it. Feature `aliyun` has `login`, which does so on the
/// host; there `DeviceName` and `ProductKey` together have up to 63 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AliyunDevice<'a> {
    /// `ProductKey`: names the product on the platform. 1 to 128 bytes.
    pub product_key: &'a str,
    /// `DeviceName`: names the device within the product. 1 to 128 bytes.
    pub device_name: &'a str,
    /// `DeviceSecret`: the key the platform issued for the device. 1 to 128 bytes.
    pub device_secret: Secret<'a>,
}

impl<'a> AliyunDevice<'a> {
    /// A device by its three credentials.
    #[must_use]
    pub const fn new(product_key: &'a str, device_name: &'a str, device_secret: &'a str) -> Self {
        Self {
            product_key,
            device_name,
            device_secret: Secret::new(device_secret),
        }
    }
}
