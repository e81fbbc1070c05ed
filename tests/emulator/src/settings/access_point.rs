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
            joining: Joining::Normal,
        }
    }
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
