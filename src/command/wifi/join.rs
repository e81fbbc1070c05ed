//! Joining an access point, asking for it, leaving it.

use super::{
    super::{Command, Line, atat_commands, fields::Fields, lines, set_command},
    PASSWORD, SSID, after_name, owned,
};
use crate::{address::MacAddress, secret::Secret, types::Store};
use atat::AtatResp;
use heapless::String;

/// `AT+CWJAP=<ssid>,<password>[,<bssid>]`: joins an access point.
///
/// Takes 2 to 7 s; a failure is reported after up to 15 s as `+CWJAP:<n>` and `FAIL` or `ERROR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JoinAccessPoint<'a> {
    /// Network name, 1 to 32 bytes.
    pub ssid: &'a str,
    /// Password, up to 64 bytes.
    pub password: Secret<'a>,
    /// MAC address of one access point.
    pub bssid: Option<MacAddress>,
    /// Form of the command name.
    pub store: Store,
}

set_command!(JoinAccessPoint<'_>, "+CWJAP", 20_000, |this, line| {
    line.text(this.store.suffix())
        .text("=")
        .quoted(&SSID, this.ssid)
        .secret(&PASSWORD, this.password);
    if let Some(bssid) = this.bssid {
        line.mac(bssid);
    }
});

/// `AT+CWJAP?`: the access point the module has joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryAccessPoint(
    /// Form of the command name; [`Store::Flash`] asks for the stored one.
    pub Store,
);

/// Answer to `AT+CWJAP?`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum WifiStatus {
    /// `No AP`.
    NotJoined,
    /// Joined to this access point.
    Joined(AccessPoint),
}

/// An access point as `AT+CWJAP?` prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AccessPoint {
    /// Network name.
    pub ssid: String<32>,
    /// MAC address.
    pub bssid: MacAddress,
    /// Radio channel.
    pub channel: u8,
    /// Signal strength in dBm, negative.
    pub rssi: i8,
}

impl AtatResp for WifiStatus {}

impl Command for QueryAccessPoint {
    type Response = WifiStatus;
    const NAME: &'static str = "+CWJAP";

    fn encode(&self, line: &mut Line<'_>) {
        line.text(self.0.suffix()).text("?");
    }

    fn decode(&self, text: &[u8]) -> Option<WifiStatus> {
        if lines(text).any(|line| line == b"No AP") {
            return Some(WifiStatus::NotJoined);
        }
        // The name is printed raw and may hold `","` itself; what follows it has none.
        let line = after_name(text, Self::NAME)?.strip_prefix(b"\"")?;
        let split = line.windows(3).rposition(|window| window == b"\",\"")?;
        let mut rest = Fields::new(line.get(split + 2..)?);
        Some(WifiStatus::Joined(AccessPoint {
            ssid: owned(core::str::from_utf8(line.get(..split)?).ok()?)?,
            bssid: rest.mac()?,
            channel: u8::try_from(rest.number()?).ok()?,
            rssi: i8::try_from(rest.signed()?).ok()?,
        }))
    }
}

/// `AT+CWQAP=?`: answers `OK` where the command exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestQuitAccessPoint;

set_command!(TestQuitAccessPoint, "+CWQAP", 1_000, |_this, line| line
    .text("=?"));

/// `AT+CWQAP`: leaves the access point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuitAccessPoint;

set_command!(QuitAccessPoint, "+CWQAP", 2_000, |_this, _line| {});

atat_commands!(QueryAccessPoint);
