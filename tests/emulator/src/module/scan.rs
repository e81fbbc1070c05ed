//! What `AT+CWLAP` finds.

use super::Module;
use crate::settings::AccessPoint;

/// What a scan looks for.
pub(crate) struct Scan {
    pub ssid: Option<Vec<u8>>,
    pub bssid: Option<String>,
    pub channel: Option<u8>,
}

/// `AT+CWLAPOPT`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScanOptions {
    /// By signal strength.
    pub sorted: bool,
    /// Which of the eleven fields are printed, first field in bit 0.
    pub fields: u16,
    /// Weakest signal that is listed, dBm.
    pub weakest: i64,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self {
            sorted: false,
            fields: 0x7ff,
            weakest: -100,
        }
    }
}

impl Scan {
    fn finds(&self, ap: &AccessPoint) -> bool {
        let named = self.ssid.as_ref().is_none_or(|ssid| *ssid == ap.ssid);
        let bssid = self.bssid.as_ref();
        named
            && bssid.is_none_or(|bssid| bssid.eq_ignore_ascii_case(&ap.bssid))
            && self.channel.is_none_or(|channel| channel == ap.channel)
    }
}

impl Module {
    /// The lines of `AT+CWLAP`.
    pub(crate) fn scan_result(&self, scan: &Scan) -> Vec<u8> {
        let options = self.scan_options;
        let mut found: Vec<_> = self
            .settings
            .access_points
            .iter()
            .filter(|ap| scan.finds(ap) && i64::from(ap.rssi) >= options.weakest)
            .collect();
        if options.sorted {
            found.sort_by_key(|ap| core::cmp::Reverse(ap.rssi));
        }
        let mut list = Vec::new();
        for ap in found {
            let fields = self.scan_fields(ap, scan.ssid.is_some());
            let shown = (0..)
                .zip(fields)
                .filter(|(bit, _)| options.fields >> bit & 1 == 1);
            let shown: Vec<_> = shown.map(|(_, field)| field).collect();
            list.extend(b"+CWLAP:(");
            list.extend(shown.join(&b','));
            list.extend(b")\r\n");
        }
        list
    }

    fn scan_fields(&self, ap: &AccessPoint, by_name: bool) -> [Vec<u8>; 11] {
        let name = if ap.hidden && !by_name {
            b""
        } else {
            ap.ssid.as_slice()
        };
        let offset = if self.is_esp_at() { "-1" } else { "0" };
        // CCMP or none for pairs and groups; 802.11 b, g and n.
        let cipher = if ap.encryption() == 0 { "0" } else { "4" };
        let number = |number: i32| number.to_string().into_bytes();
        [
            number(ap.encryption().into()),
            [b"\"", name, b"\""].concat(),
            number(ap.rssi.into()),
            format!("\"{}\"", ap.bssid).into_bytes(),
            number(ap.channel.into()),
            offset.into(),
            offset.into(),
            cipher.into(),
            cipher.into(),
            number(7),
            number(u8::from(ap.wps).into()),
        ]
    }
}
