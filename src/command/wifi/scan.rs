//! Looking for access points.

use super::{
    super::{Command, Fields, Line, atat_commands, leading_number, lines, numbered, set_command},
    Parameters, SSID,
};
use crate::{
    address::MacAddress,
    error::{Argument, Reason},
};
use atat::AtatResp;
use core::fmt;
use heapless::Vec;

/// Name of a network as the air carries it: up to 32 bytes, usually but not always UTF-8; empty if hidden.
#[derive(Clone, PartialEq, Eq)]
pub struct Ssid(Vec<u8, 32>);

impl Ssid {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The name as text; `None` if it is not UTF-8.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        core::str::from_utf8(&self.0).ok()
    }

    /// Reads a name that the module prints raw, with or without quotes around it, as the last of a line.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let bare = match text.strip_prefix(b"\"") {
            Some(quoted) => quoted.strip_suffix(b"\"")?,
            None => text,
        };
        Vec::from_slice(bare).ok().map(Self)
    }
}

/// With U+FFFD for what is not UTF-8.
impl fmt::Display for Ssid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            f.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                f.write_str("\u{fffd}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Ssid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Ssid {
    fn format(&self, f: defmt::Formatter<'_>) {
        match self.as_str() {
            Some(text) => defmt::write!(f, "{=str:?}", text),
            None => defmt::write!(f, "{=[u8]}", self.as_bytes()),
        }
    }
}

/// Encryption of an access point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Security {
    /// 0: none.
    Open,
    /// 1: WEP.
    Wep,
    /// 2: WPA.
    WpaPsk,
    /// 3: WPA2.
    Wpa2Psk,
    /// 4: WPA and WPA2.
    WpaWpa2Psk,
    /// 5: WPA2 Enterprise, which `AT+CWJAP` cannot join.
    Wpa2Enterprise,
    /// 6: WPA3.
    Wpa3Psk,
    /// 7: WPA2 and WPA3.
    Wpa2Wpa3Psk,
    /// A number that is not in the list, from newer firmware.
    Other(u8),
}

impl Security {
    const fn from_number(value: u8) -> Self {
        match value {
            0 => Self::Open,
            1 => Self::Wep,
            2 => Self::WpaPsk,
            3 => Self::Wpa2Psk,
            4 => Self::WpaWpa2Psk,
            5 => Self::Wpa2Enterprise,
            6 => Self::Wpa3Psk,
            7 => Self::Wpa2Wpa3Psk,
            other => Self::Other(other),
        }
    }
}

/// An access point in range, one line of the answer to `AT+CWLAP`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct ScannedAccessPoint {
    /// Encryption.
    pub security: Security,
    /// Network name.
    pub ssid: Ssid,
    /// Signal strength in dBm, negative.
    pub rssi: i8,
    /// MAC address.
    pub bssid: MacAddress,
    /// Radio channel.
    pub channel: u8,
    /// Offset and calibration of its frequency; in the line since [`ScanDetail::Frequency`].
    pub frequency: Option<(i16, i16)>,
    /// Its ciphers and protocols; in the line since [`ScanDetail::Ciphers`].
    pub ciphers: Option<ScannedCiphers>,
}

/// The last fields of a line of `AT+CWLAP`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ScannedCiphers {
    /// For one station: 0 none, 1 WEP40, 2 WEP104, 3 TKIP, 4 CCMP, 5 TKIP and CCMP, 6 AES-CMAC-128, 7 unknown.
    pub pairwise: u8,
    /// For broadcasts, numbered alike.
    pub group: u8,
    /// Bit 0: 802.11b, bit 1: 802.11g, bit 2: 802.11n.
    pub protocols: u8,
    /// Whether it offers WPS.
    pub wps: bool,
}

/// Reads one line of the answer to `AT+CWLAP`: `+CWLAP:(3,"home",-62,"aa:bb:cc:dd:ee:ff",1,…)`.
///
/// `None` for any other line, and for one that is broken. The driver's [`scan`](crate::Esp8266Mqtt::scan) reads line by
/// line, and so takes any number of access points; the response of [`Scan`] keeps [`MAX_SCANNED`].
#[must_use]
pub fn scanned_access_point(line: &[u8]) -> Option<ScannedAccessPoint> {
    let line = line.trim_ascii_end().strip_prefix(b"+CWLAP:(")?;
    let (security, rest) = leading_number(line.strip_suffix(b")")?)?;
    let rest = rest.strip_prefix(b",\"")?;
    // The name is printed raw and may hold `",` itself. Behind it only the MAC address has quotes.
    let mac = rest.windows(2).rposition(|window| window == b",\"")?;
    let name = rest
        .get(..mac)?
        .windows(2)
        .rposition(|window| window == b"\",")?;
    let mut fields = Fields::new(rest.get(name + 2..)?);
    let ssid = Vec::from_slice(rest.get(..name)?).ok()?;
    let rssi = i8::try_from(fields.signed()?).ok()?;
    let bssid = fields.mac()?;
    let channel = fields.small()?;
    let mut found = ScannedAccessPoint {
        security: Security::from_number(u8::try_from(security).ok()?),
        ssid: Ssid(ssid),
        rssi,
        bssid,
        channel,
        frequency: None,
        ciphers: None,
    };
    if !fields.is_empty() {
        let offset = i16::try_from(fields.signed()?).ok()?;
        // AT 1.2 and older print the offset alone.
        let calibration = if fields.is_empty() {
            0
        } else {
            i16::try_from(fields.signed()?).ok()?
        };
        found.frequency = Some((offset, calibration));
    }
    if !fields.is_empty() {
        found.ciphers = Some(ScannedCiphers {
            pairwise: fields.small()?,
            group: fields.small()?,
            protocols: fields.small()?,
            wps: fields.flag()?,
        });
    }
    Some(found)
}

/// The response of a scan keeps this many access points.
pub const MAX_SCANNED: usize = 16;

/// Answer to `AT+CWLAP`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ScannedAccessPoints {
    /// The first ones, in the module's order: by signal strength if [`SetScanOptions`] asked for it.
    pub list: Vec<ScannedAccessPoint, MAX_SCANNED>,
    /// How many more there were.
    pub left_out: usize,
}

impl AtatResp for ScannedAccessPoints {}

impl ScannedAccessPoints {
    fn read(text: &[u8]) -> Option<Self> {
        let mut all = Self {
            list: Vec::new(),
            left_out: 0,
        };
        for line in lines(text).filter(|line| line.starts_with(b"+CWLAP:")) {
            if all.list.push(scanned_access_point(line)?).is_err() {
                all.left_out += 1;
            }
        }
        Some(all)
    }
}

/// `AT+CWLAP`: looks for all access points, for about 1.6 s. The station has to be on.
///
/// The whole answer has to fit the transmit buffer, up to 110 bytes for each access point;
/// [`scan`](crate::Esp8266Mqtt::scan) needs room for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scan;

impl Command for Scan {
    type Response = ScannedAccessPoints;
    const NAME: &'static str = "+CWLAP";
    const TIMEOUT_MS: u32 = 10_000;

    fn encode(&self, _: &mut Line<'_>) {}

    fn decode(&self, text: &[u8]) -> Option<ScannedAccessPoints> {
        ScannedAccessPoints::read(text)
    }
}

numbered! {
    /// How to look for access points.
    pub enum ScanType {
        /// 0: ask on each channel, 120 ms each by default.
        Active = 0,
        /// 1: wait for beacons on each channel, 360 ms each by default.
        Passive = 1,
    }
}

/// `AT+CWLAP=[<ssid>],[<mac>],[<channel>],[<type>],[<min>],[<max>]`: looks for certain access points. The station has to
/// be on.
///
/// As long as nothing is asked for it is [`Scan`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScanFor<'a> {
    /// Of this name, 1 to 32 bytes.
    pub ssid: Option<&'a str>,
    /// With this MAC address.
    pub bssid: Option<MacAddress>,
    /// On this channel, 1 to 14.
    pub channel: Option<u8>,
    /// In this way.
    pub scan_type: Option<ScanType>,
    /// At least this long per channel, 0 to 1500 ms; active scans only.
    pub min_ms: Option<u16>,
    /// At most this long per channel, 0 to 1500 ms; 0 for the default. 14 channels may take 21 s.
    pub max_ms: Option<u16>,
}

impl Command for ScanFor<'_> {
    type Response = ScannedAccessPoints;
    const NAME: &'static str = "+CWLAP";
    const TIMEOUT_MS: u32 = 30_000;

    fn encode(&self, line: &mut Line<'_>) {
        if *self == Self::default() {
            return;
        }
        line.text("=");
        if let Some(ssid) = self.ssid {
            line.quoted(&SSID, ssid);
        }
        Parameters::new(line, 0)
            .mac(self.bssid)
            .between(Argument::Channel, self.channel.map(u16::from), 1, 14)
            .number(self.scan_type.map(|it| it as u16))
            .between(Argument::ScanTime, self.min_ms, 0, 1500)
            .between(Argument::ScanTime, self.max_ms, 0, 1500);
    }

    fn decode(&self, text: &[u8]) -> Option<ScannedAccessPoints> {
        ScannedAccessPoints::read(text)
    }
}

numbered! {
    /// How much of each access point `AT+CWLAP` prints: the mask of `AT+CWLAPOPT`.
    ///
    /// Always from the start of the line, so that the fields are known by their place.
    pub enum ScanDetail {
        /// 0x1F: encryption, name, signal strength, MAC address, channel.
        Basic = 0x1f,
        /// 0x7F: also offset and calibration of the frequency.
        Frequency = 0x7f,
        /// 0x7FF: also ciphers, protocols and WPS.
        Ciphers = 0x7ff,
    }
}

/// `AT+CWLAPOPT=<sort>,<mask>[,<rssi>[,<encryptions>]]`: what a scan prints, and in which order. Not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetScanOptions {
    /// The strongest first.
    pub sort: bool,
    /// How much of each.
    pub detail: ScanDetail,
    /// Leaves out what is weaker, -100 to 40 dBm. ESP-AT since 2.2.
    pub min_rssi: Option<i8>,
    /// Only those whose number in [`Security`] is the place of a bit that is set. ESP-AT since 2.2.
    pub security_mask: Option<u8>,
}

set_command!(SetScanOptions, "+CWLAPOPT", 1_000, |this, line| {
    line.text("=").flag(this.sort).number(this.detail as u32);
    match (this.min_rssi, this.security_mask) {
        (Some(rssi), _) => {
            if !(-100..=40).contains(&rssi) {
                // The limits are signed: the reason cannot name them.
                line.fail(Argument::MinimumRssi, Reason::Invalid);
            }
            line.signed(rssi.into());
        }
        (None, Some(_)) => {
            line.omit();
        }
        (None, None) => {}
    }
    if let Some(mask) = this.security_mask {
        line.number(mask.into());
    }
});

atat_commands!(Scan, ScanFor<'_>);
