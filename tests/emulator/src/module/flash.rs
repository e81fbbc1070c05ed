//! What survives a restart.

use crate::settings::Settings;

/// A stored access point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredStation {
    pub ssid: Vec<u8>,
    pub password: Vec<u8>,
    pub bssid: Option<Vec<u8>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Flash {
    pub wifi_mode: u8,
    pub station: Option<StoredStation>,
    pub auto_connect: bool,
    pub baud: u32,
    /// Data bits, stop bits, parity, flow control.
    pub frame: [u8; 4],
}

impl Flash {
    pub fn factory(settings: &Settings) -> Self {
        Self {
            wifi_mode: settings.wifi_mode,
            station: None,
            auto_connect: true,
            baud: settings.baud,
            frame: [8, 1, 0, 0],
        }
    }
}
