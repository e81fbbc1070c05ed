//! Access points in range.

/// How an access point treats a station that tries to join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Joining {
    /// The station gets in if the password is right.
    Normal,
    /// The access point never answers: `+CWJAP:1`.
    Timeout,
    /// The association is refused: `+CWJAP:4`.
    Refused,
}

/// An access point in range.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessPoint {
    /// Network name, up to 32 bytes.
    pub ssid: Vec<u8>,
    /// Password; empty for an open network.
    pub password: Vec<u8>,
    /// MAC address as the module prints it.
    pub bssid: String,
    /// Channel, 1..=13.
    pub channel: u8,
    /// Signal strength in dBm.
    pub rssi: i8,
    /// Encryption as `AT+CWLAP` prints it: 0 open, 1 WEP, 2 WPA, 3 WPA2, 4 WPA/WPA2; by the password if `None`.
    pub encryption: Option<u8>,
    /// Whether the name is only told to who asks for it.
    pub hidden: bool,
    /// Whether there is a WPS button.
    pub wps: bool,
    /// What happens to a station that tries to join.
    pub joining: Joining,
}

impl AccessPoint {
    /// An access point on channel 11 with -55 dBm that lets stations in.
    #[must_use]
    pub fn new(ssid: impl AsRef<[u8]>, password: impl AsRef<[u8]>) -> Self {
        Self {
            ssid: ssid.as_ref().to_vec(),
            password: password.as_ref().to_vec(),
            bssid: "44:33:4c:90:96:9a".into(),
            channel: 11,
            rssi: -55,
            encryption: None,
            hidden: false,
            wps: true,
            joining: Joining::Normal,
        }
    }

    /// Encryption as `AT+CWLAP` prints it.
    pub(crate) fn encryption(&self) -> u8 {
        const WPA2: u8 = 3;
        let by_password = if self.password.is_empty() { 0 } else { WPA2 };
        self.encryption.unwrap_or(by_password)
    }
}

/// Protocol of a SmartConfig broadcast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SmartConfigKind {
    /// Espressif's.
    EspTouch,
    /// WeChat's.
    AirKiss,
}

/// An access point as a phone broadcasts it by SmartConfig.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmartConfig {
    /// By which protocol.
    pub kind: SmartConfigKind,
    /// Network name.
    pub ssid: Vec<u8>,
    /// Password.
    pub password: Vec<u8>,
}

/// What the module's interfaces are called, as `AT+CIFSR` and `AT+CIPSTA?` print it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Addresses {
    /// Address of the station, given by the access point.
    pub ip: String,
    /// Gateway of the station.
    pub gateway: String,
    /// Netmask of the station.
    pub netmask: String,
    /// MAC address of the station.
    pub mac: String,
    /// Address of the soft-AP.
    pub soft_ap_ip: String,
    /// MAC address of the soft-AP.
    pub soft_ap_mac: String,
}

impl Default for Addresses {
    fn default() -> Self {
        Self {
            ip: "192.168.101.212".into(),
            gateway: "192.168.101.1".into(),
            netmask: "255.255.255.0".into(),
            mac: "84:cc:a8:b4:49:cf".into(),
            soft_ap_ip: "192.168.4.1".into(),
            soft_ap_mac: "86:cc:a8:b4:49:cf".into(),
        }
    }
}
