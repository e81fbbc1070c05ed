//! Settings that exist twice: in force, and in flash.

use core::net::Ipv4Addr;

use super::Module;
use crate::settings::Settings;

/// Address, gateway and netmask of an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ipv4 {
    pub address: Ipv4Addr,
    pub gateway: Ipv4Addr,
    pub netmask: Ipv4Addr,
}

/// `AT+CWSAP`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SoftAp {
    pub ssid: Vec<u8>,
    pub password: Vec<u8>,
    pub channel: u8,
    pub encryption: u8,
    pub max_stations: u8,
    pub hidden: bool,
}

/// `AT+CWDHCPS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Leases {
    pub minutes: u16,
    pub first: Ipv4Addr,
    pub last: Ipv4Addr,
}

/// `AT+CWCOUNTRY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Country {
    pub policy: u8,
    pub code: String,
    pub first_channel: u8,
    pub channels: u8,
}

/// What commands with `_CUR` and `_DEF` set, besides mode, access point and baud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Config {
    /// Data bits, stop bits, parity, flow control.
    pub frame: [u8; 4],
    /// `AT+SYSMSG`.
    pub messages: u8,
    pub soft_ap: SoftAp,
    /// `AT+CWDHCP`: bit 0 station, bit 1 soft-AP.
    pub dhcp: u8,
    pub leases: Leases,
    pub country: Country,
    pub station_mac: String,
    pub soft_ap_mac: String,
    /// Static address of the station.
    pub station_address: Option<Ipv4>,
    pub soft_ap_address: Ipv4,
    /// `AT+CWSTAPROTO` and `AT+CWAPPROTO`.
    pub protocols: [u8; 2],
    /// `AT+CIPDNS`: the servers given by hand, if they are used.
    pub dns: Option<Vec<Ipv4Addr>>,
}

impl Config {
    pub fn factory(settings: &Settings) -> Self {
        let addresses = &settings.addresses;
        let soft_ap: Ipv4Addr = addresses
            .soft_ap_ip
            .parse()
            .unwrap_or(Ipv4Addr::new(192, 168, 4, 1));
        let [a, b, c, _] = soft_ap.octets();
        let tail: String = addresses.soft_ap_mac.split(':').skip(3).collect();
        Self {
            frame: [8, 1, 0, 0],
            messages: 0,
            soft_ap: SoftAp {
                ssid: format!("ESP_{}", tail.to_uppercase()).into_bytes(),
                password: Vec::new(),
                channel: 1,
                encryption: 0,
                max_stations: if settings.firmware.is_nonos() { 4 } else { 10 },
                hidden: false,
            },
            dhcp: 3,
            leases: Leases {
                minutes: 120,
                first: Ipv4Addr::new(a, b, c, 2),
                last: Ipv4Addr::new(a, b, c, 101),
            },
            country: Country {
                policy: 0,
                code: "CN".into(),
                first_channel: 1,
                channels: 13,
            },
            station_mac: addresses.mac.clone(),
            soft_ap_mac: addresses.soft_ap_mac.clone(),
            station_address: None,
            soft_ap_address: Ipv4 {
                address: soft_ap,
                gateway: soft_ap,
                netmask: Ipv4Addr::new(255, 255, 255, 0),
            },
            protocols: [7; 2],
            dns: None,
        }
    }
}

impl Module {
    /// Address, gateway and netmask of the station as text; zeros without an address.
    pub(crate) fn station_addresses(&self) -> [String; 3] {
        let addresses = &self.settings.addresses;
        match self.config.station_address {
            Some(fixed) => [fixed.address, fixed.gateway, fixed.netmask].map(|ip| ip.to_string()),
            None if self.station.has_ip() => [
                addresses.ip.clone(),
                addresses.gateway.clone(),
                addresses.netmask.clone(),
            ],
            None => [Ipv4Addr::UNSPECIFIED; 3].map(|ip| ip.to_string()),
        }
    }

    /// Whether the station will ever have an address once it is associated.
    pub(crate) fn can_get_address(&self) -> bool {
        self.config.dhcp & 1 == 1 || self.config.station_address.is_some()
    }
}
