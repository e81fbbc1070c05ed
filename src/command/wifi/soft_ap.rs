//! The module's own access point and its stations.

use super::{
    super::{Command, Fields, Line, atat_commands, lines, numbered, query_command, set_command},
    PASSWORD, SSID, owned,
};
use crate::{
    address::MacAddress,
    error::{Argument, Reason},
    secret::{Secret, SecretBuffer},
    types::Store,
};
use atat::AtatResp;
use core::net::Ipv4Addr;
use heapless::{String, Vec};

/// The shortest password of an encrypted network.
const MIN_PASSWORD: u16 = 8;

/// At most this many stations join the soft access point.
pub const MAX_STATIONS: usize = 10;

numbered! {
    /// Encryption of the soft access point.
    pub enum SoftApSecurity {
        /// 0: none; the password is not used.
        Open = 0,
        /// 2: WPA.
        WpaPsk = 2,
        /// 3: WPA2, the usual.
        Wpa2Psk = 3,
        /// 4: WPA and WPA2.
        WpaWpa2Psk = 4,
    }
}

/// Settings of the soft access point, answer to `AT+CWSAP?`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SoftAp {
    /// Network name.
    pub ssid: String<32>,
    /// Password; empty for none.
    pub password: SecretBuffer<64>,
    /// Radio channel.
    pub channel: u8,
    /// Encryption.
    pub security: SoftApSecurity,
    /// How many stations may join.
    pub max_stations: u8,
    /// Whether the name is kept out of the beacons.
    pub hidden: bool,
}

impl AtatResp for SoftAp {}

query_command! {
    /// `AT+CWSAP?`: settings of the soft access point.
    QuerySoftAp(Store), "+CWSAP", SoftAp, |fields| Some(SoftAp {
        ssid: owned(fields.text()?)?,
        password: SecretBuffer(owned(fields.text()?)?),
        channel: fields.small()?,
        security: SoftApSecurity::from_number(fields.number()?)?,
        max_stations: fields.small()?,
        hidden: fields.flag()?,
    })
}

/// `AT+CWSAP=<ssid>,<password>,<channel>,<encryption>[,<stations>[,<hidden>]]`: sets up the soft access point.
///
/// The Wi-Fi mode has to have it on. The plain name and `_DEF` write flash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetSoftAp<'a> {
    /// Network name, 1 to 32 bytes.
    pub ssid: &'a str,
    /// Password, 8 to 64 bytes; may be empty for an open network.
    pub password: Secret<'a>,
    /// Radio channel, 1 to 14. A station that joins on another channel takes the soft access point along.
    pub channel: u8,
    /// Encryption.
    pub security: SoftApSecurity,
    /// How many stations may join, 1 to [`MAX_STATIONS`]; `None` for the firmware's default. The manual allows `_DEF` 4.
    pub max_stations: Option<u8>,
    /// Whether to keep the name out of the beacons.
    pub hidden: bool,
    /// Form of the command name.
    pub store: Store,
}

set_command!(SetSoftAp<'_>, "+CWSAP", 2_000, |this, line| {
    line.text(this.store.suffix())
        .text("=")
        .quoted(&SSID, this.ssid)
        .secret(&PASSWORD, this.password);
    let is_short = this.password.reveal().len() < usize::from(MIN_PASSWORD);
    if is_short && this.security != SoftApSecurity::Open {
        let limit = MIN_PASSWORD;
        line.fail(Argument::WifiPassword, Reason::TooShort { limit });
    }
    line.between(Argument::Channel, this.channel.into(), 1, 14)
        .number(this.security as u32);
    match this.max_stations {
        Some(max) => {
            line.between(Argument::MaxStations, max.into(), 1, MAX_STATIONS as u16);
        }
        None if this.hidden => {
            line.omit();
        }
        None => {}
    }
    if this.hidden {
        line.flag(true);
    }
});

/// A station that has joined the soft access point and got its address by DHCP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Station {
    /// Address that the module has given it.
    pub ip: Ipv4Addr,
    /// MAC address.
    pub mac: MacAddress,
}

/// Reads one line of the answer to `AT+CWLIF`: `192.168.4.2,aa:bb:cc:dd:ee:ff`, in newer firmware after `+CWLIF:`.
///
/// `None` for any other line.
#[must_use]
pub fn station(line: &[u8]) -> Option<Station> {
    let line = line.trim_ascii_end();
    let mut fields = Fields::new(line.strip_prefix(b"+CWLIF:").unwrap_or(line));
    Some(Station {
        ip: fields.address()?,
        mac: fields.mac()?,
    })
}

/// Answer to `AT+CWLIF`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Stations(
    /// Who has joined, in the module's order.
    pub Vec<Station, MAX_STATIONS>,
);

impl AtatResp for Stations {}

/// `AT+CWLIF`: the stations of the soft access point that got their address by DHCP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListStations;

impl Command for ListStations {
    type Response = Stations;
    const NAME: &'static str = "+CWLIF";

    fn encode(&self, _: &mut Line<'_>) {}

    fn decode(&self, text: &[u8]) -> Option<Stations> {
        let mut all = Vec::new();
        for line in lines(text) {
            all.push(station(line)?).ok()?;
        }
        Some(Stations(all))
    }
}

/// `AT+CWQIF`: throws all stations off the soft access point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisconnectStations;

set_command!(DisconnectStations, "+CWQIF", 2_000, |_this, _line| {});

/// `AT+CWQIF=<mac>`: throws one station off the soft access point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisconnectStation(
    /// Who.
    pub MacAddress,
);

set_command!(DisconnectStation, "+CWQIF", 2_000, |this, line| line
    .text("=")
    .mac(this.0));

atat_commands!(ListStations);
