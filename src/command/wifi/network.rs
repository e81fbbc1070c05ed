//! How the module shows itself to others: name, mDNS, country, protocols.

use super::{
    super::{Field, Fields, asking_command, numbered, query_command, set_command},
    answer_or_equals, owned,
};
use crate::{error::Argument, types::Store};
use atat::AtatResp;
use heapless::String;

const HOSTNAME: Field = Field::new(Argument::Hostname, 1, 32);
const MDNS_HOST: Field = Field::new(Argument::Hostname, 1, 64);
const SERVICE: Field = Field::new(Argument::Service, 1, 64);
const COUNTRY: Field = Field::new(Argument::CountryCode, 1, 3);

/// Answer to `AT+CWHOSTNAME?`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Hostname(
    /// The name; `None` where the module prints `<null>`, because its station is off.
    pub Option<String<32>>,
);

impl AtatResp for Hostname {}

query_command! {
    /// `AT+CWHOSTNAME?`: the station's name for DHCP.
    QueryHostname, "+CWHOSTNAME", Hostname, |fields| match fields.text()? {
        _ if !fields.is_empty() => None,
        "" => None,
        "<null>" => Some(Hostname(None)),
        name => Some(Hostname(Some(owned(name)?))),
    }
}

/// `AT+CWHOSTNAME=<name>`: the station's name for DHCP, `ESP_` and half of its MAC address by default. Not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetHostname<'a>(
    /// 1 to 32 bytes.
    pub &'a str,
);

set_command!(SetHostname<'_>, "+CWHOSTNAME", 1_000, |this, line| line
    .text("=")
    .quoted(&HOSTNAME, this.0));

/// What the module announces by mDNS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MdnsService<'a> {
    /// Name of the host without `.local`, 1 to 64 bytes.
    pub host: &'a str,
    /// Service, such as `_iot`, 1 to 64 bytes.
    pub service: &'a str,
    /// Its port, 1 to 65535.
    pub port: u16,
}

/// `AT+MDNS=1,<host>,<service>,<port>` or `AT+MDNS=0`: announces the module on the local network. Not as soft access point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetMdns<'a>(
    /// What to announce; `None` to stop.
    pub Option<MdnsService<'a>>,
);

set_command!(SetMdns<'_>, "+MDNS", 2_000, |this, line| {
    line.text("=").flag(this.0.is_some());
    if let Some(mdns) = this.0 {
        line.quoted(&MDNS_HOST, mdns.host)
            .quoted(&SERVICE, mdns.service)
            .between(Argument::Port, mdns.port, 1, u16::MAX);
    }
});

numbered! {
    /// Whose country counts while the module is a station.
    pub enum CountryPolicy {
        /// 0: the access point's.
        AccessPoint = 0,
        /// 1: the one set here.
        Fixed = 1,
    }
}

/// Where the radio is, answer to `AT+CWCOUNTRY?`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Country {
    /// Whose country counts.
    pub policy: CountryPolicy,
    /// Country code, such as `CN`.
    pub code: String<3>,
    /// First channel.
    pub first_channel: u8,
    /// Number of channels.
    pub channels: u8,
}

impl AtatResp for Country {}

query_command! {
    /// `AT+CWCOUNTRY?`: the country whose channels are used.
    QueryCountry(Store), "+CWCOUNTRY", Country, |fields| Some(Country {
        policy: CountryPolicy::from_number(fields.number()?)?,
        code: owned(fields.text()?)?,
        first_channel: fields.small()?,
        channels: fields.small()?,
    })
}

/// `AT+CWCOUNTRY=<policy>,<code>,<first channel>,<channels>`: the country whose channels are used.
///
/// `_DEF` writes flash; ESP-AT never does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetCountry<'a> {
    /// Whose country counts.
    pub policy: CountryPolicy,
    /// Country code, 1 to 3 bytes.
    pub code: &'a str,
    /// First channel, 1 to 14.
    pub first_channel: u8,
    /// Number of channels, 1 to 14.
    pub channels: u8,
    /// Form of the command name. Non-OS firmware has no plain one, ESP-AT no other.
    pub store: Store,
}

set_command!(SetCountry<'_>, "+CWCOUNTRY", 1_000, |this, line| line
    .text(this.store.suffix())
    .text("=")
    .number(this.policy as u32)
    .quoted(&COUNTRY, this.code)
    .between(Argument::Channel, this.first_channel.into(), 1, 14)
    .between(Argument::ChannelCount, this.channels.into(), 1, 14));

numbered! {
    /// Protocols of the radio, parameter of `AT+CWSTAPROTO` and `AT+CWAPPROTO`.
    pub enum Protocols {
        /// 1: 802.11b.
        B = 1,
        /// 3: 802.11b and g.
        Bg = 3,
        /// 7: 802.11b, g and n. An ESP8266's soft access point does not have n.
        Bgn = 7,
    }
}

impl AtatResp for Protocols {}

impl Protocols {
    fn read(text: &[u8], name: &str) -> Option<Self> {
        Self::from_number(Fields::new(answer_or_equals(text, name)?).number()?)
    }
}

/// `AT+CWSTAPROTO?`: protocols of the station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryStationProtocols;

asking_command!(
    QueryStationProtocols => Protocols, "+CWSTAPROTO", 1_000,
    |_this, line| line.text("?"),
    |text| Protocols::read(text, Self::NAME)
);

/// `AT+CWAPPROTO?`: protocols of the soft access point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuerySoftApProtocols;

asking_command!(
    QuerySoftApProtocols => Protocols, "+CWAPPROTO", 1_000,
    |_this, line| line.text("?"),
    |text| Protocols::read(text, Self::NAME)
);

/// `AT+CWSTAPROTO=<protocols>`: protocols of the station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetStationProtocols(
    /// Which.
    pub Protocols,
);

set_command!(SetStationProtocols, "+CWSTAPROTO", 1_000, |this, line| line
    .text("=")
    .number(this.0 as u32));

/// `AT+CWAPPROTO=<protocols>`: protocols of the soft access point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetSoftApProtocols(
    /// Which.
    pub Protocols,
);

set_command!(SetSoftApProtocols, "+CWAPPROTO", 1_000, |this, line| line
    .text("=")
    .number(this.0 as u32));
