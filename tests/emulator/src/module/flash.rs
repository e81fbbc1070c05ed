//! What survives a restart.

use super::{Config, SavedLink};
use crate::settings::Settings;

/// A stored access point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredStation {
    pub ssid: Vec<u8>,
    pub password: Vec<u8>,
    pub bssid: Option<Vec<u8>>,
    /// `pci_en`: no WEP and no open network.
    pub secure_only: bool,
    pub enterprise: Option<Enterprise>,
}

/// What `AT+CWJEAP` has besides name and password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Enterprise {
    /// 0 TLS, 1 PEAP, 2 TTLS.
    pub method: u8,
    pub identity: String,
    pub username: String,
    /// Bit 0 client certificate, bit 1 server certificate.
    pub security: u8,
}

#[derive(Clone, Debug)]
pub(crate) struct Flash {
    pub wifi_mode: u8,
    pub station: Option<StoredStation>,
    pub auto_connect: bool,
    pub baud: u32,
    /// `AT+RFAUTOTRACE`.
    pub frequency_trace: bool,
    /// `AT+SAVETRANSLINK`.
    pub passthrough: Option<SavedLink>,
    /// What the commands with `_CUR` and `_DEF` have stored.
    pub config: Config,
}

impl Flash {
    pub fn factory(settings: &Settings) -> Self {
        Self {
            wifi_mode: settings.wifi_mode,
            station: None,
            auto_connect: true,
            baud: settings.baud,
            frequency_trace: true,
            passthrough: None,
            config: Config::factory(settings),
        }
    }
}
