//! IP and MAC addresses of the module's two interfaces.

use super::super::{
    Command, Line, answers, atat_commands, fields::Fields, query_command, set_command,
};
use crate::{
    address::MacAddress,
    error::{Argument, Reason},
    types::Store,
};
use atat::AtatResp;
use core::net::Ipv4Addr;

impl AtatResp for MacAddress {}

query_command! {
    /// `AT+CIPSTAMAC?`: MAC address of the station.
    QueryStationMac(Store), "+CIPSTAMAC", MacAddress, |fields| fields.mac()
}

query_command! {
    /// `AT+CIPAPMAC?`: MAC address of the soft access point.
    QuerySoftApMac(Store), "+CIPAPMAC", MacAddress, |fields| fields.mac()
}

/// Bit 0 of the first byte has to be 0, and not all of the address.
fn own_mac<'l, 'b>(line: &'l mut Line<'b>, mac: MacAddress) -> &'l mut Line<'b> {
    if !mac.is_unicast() || mac == MacAddress([0; 6]) {
        line.fail(Argument::MacAddress, Reason::Invalid);
    }
    line.mac(mac)
}

/// `AT+CIPSTAMAC=<mac>`: MAC address of the station. Has to differ from the soft access point's. `_DEF` writes flash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetStationMac {
    /// Unicast and not zero.
    pub mac: MacAddress,
    /// Form of the command name.
    pub store: Store,
}

set_command!(SetStationMac, "+CIPSTAMAC", 1_000, |this, line| own_mac(
    line.text(this.store.suffix()).text("="),
    this.mac
));

/// `AT+CIPAPMAC=<mac>`: MAC address of the soft access point. Has to differ from the station's. `_DEF` writes flash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetSoftApMac {
    /// Unicast and not zero.
    pub mac: MacAddress,
    /// Form of the command name.
    pub store: Store,
}

set_command!(SetSoftApMac, "+CIPAPMAC", 1_000, |this, line| own_mac(
    line.text(this.store.suffix()).text("="),
    this.mac
));

/// Address, gateway and mask of an interface; all zero while a station has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct IpInfo {
    /// Address of the module.
    pub ip: Ipv4Addr,
    /// Gateway.
    pub gateway: Ipv4Addr,
    /// Mask of the network.
    pub netmask: Ipv4Addr,
}

impl AtatResp for IpInfo {}

impl IpInfo {
    /// Three lines `<name>:ip:"…"`, `<name>:gateway:"…"`, `<name>:netmask:"…"`; newer firmware adds IPv6 addresses.
    fn read(text: &[u8], name: &str) -> Option<Self> {
        let part = |part: &[u8]| {
            answers(text, name)
                .find_map(|line| line.strip_prefix(part))
                .and_then(|line| Fields::new(line).address())
        };
        Some(Self {
            ip: part(b"ip:")?,
            gateway: part(b"gateway:")?,
            netmask: part(b"netmask:")?,
        })
    }
}

/// A fixed address, parameters of `AT+CIPSTA` and `AT+CIPAP`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct StaticIp {
    /// Address of the module: of one host, not 0.0.0.0.
    pub ip: Ipv4Addr,
    /// Gateway and mask of the network, all ones of the mask before its zeros; `None` leaves them to the firmware.
    pub network: Option<(Ipv4Addr, Ipv4Addr)>,
}

impl StaticIp {
    fn write(&self, line: &mut Line<'_>, store: Store) {
        if self.ip.is_unspecified() || self.ip.is_broadcast() || self.ip.is_multicast() {
            line.fail(Argument::IpAddress, Reason::Invalid);
        }
        line.text(store.suffix()).text("=").address(self.ip);
        if let Some((gateway, netmask)) = self.network {
            // Ones, then zeros.
            if u32::from(netmask).leading_ones() != u32::from(netmask).count_ones() {
                line.fail(Argument::Netmask, Reason::Invalid);
            }
            line.address(gateway).address(netmask);
        }
    }
}

/// `AT+CIPSTA?`: address of the station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryStationIp(
    /// Form of the command name.
    pub Store,
);

impl Command for QueryStationIp {
    type Response = IpInfo;
    const NAME: &'static str = "+CIPSTA";

    fn encode(&self, line: &mut Line<'_>) {
        line.text(self.0.suffix()).text("?");
    }

    fn decode(&self, text: &[u8]) -> Option<IpInfo> {
        IpInfo::read(text, Self::NAME)
    }
}

/// `AT+CIPAP?`: address of the soft access point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuerySoftApIp(
    /// Form of the command name.
    pub Store,
);

impl Command for QuerySoftApIp {
    type Response = IpInfo;
    const NAME: &'static str = "+CIPAP";

    fn encode(&self, line: &mut Line<'_>) {
        line.text(self.0.suffix()).text("?");
    }

    fn decode(&self, text: &[u8]) -> Option<IpInfo> {
        IpInfo::read(text, Self::NAME)
    }
}

/// `AT+CIPSTA=<ip>[,<gateway>,<netmask>]`: gives the station a fixed address and turns its DHCP off.
///
/// `_DEF` writes flash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetStationIp {
    /// The address.
    pub address: StaticIp,
    /// Form of the command name.
    pub store: Store,
}

set_command!(SetStationIp, "+CIPSTA", 1_000, |this, line| this
    .address
    .write(line, this.store));

/// `AT+CIPAP=<ip>[,<gateway>,<netmask>]`: gives the soft access point a fixed address.
///
/// Non-OS firmware takes networks of class C alone, 192.0.0.0 to 223.255.255.255; the names that are its own, `_CUR` and
/// `_DEF`, are refused with any other. `_DEF` writes flash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetSoftApIp {
    /// The address.
    pub address: StaticIp,
    /// Form of the command name.
    pub store: Store,
}

set_command!(SetSoftApIp, "+CIPAP", 1_000, |this, line| {
    let class_c = matches!(this.address.ip.octets(), [192..=223, ..]);
    if !class_c && this.store != Store::Plain {
        line.fail(Argument::IpAddress, Reason::Invalid);
    }
    this.address.write(line, this.store);
});

atat_commands!(QueryStationIp, QuerySoftApIp);
