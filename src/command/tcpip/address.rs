//! The module's own addresses.

use super::super::{Fields, asking_command, lines, set_command};
use crate::address::MacAddress;
use atat::AtatResp;
use core::net::Ipv4Addr;

/// `AT+CIFSR=?`: answers `OK` where the command exists. Non-OS firmware only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestAddresses;

set_command!(TestAddresses, "+CIFSR", 1_000, |_this, line| line
    .text("=?"));

/// `AT+CIFSR=<ip>`: sets the address of the soft access point. Undocumented, non-OS firmware only; `AT+CIPAP` does it
/// better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetAddress(
    /// The address.
    pub Ipv4Addr,
);

set_command!(SetAddress, "+CIFSR", 1_000, |this, line| line
    .text("=")
    .address(this.0));

/// `AT+CIFSR`: the addresses of the interfaces that are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryAddresses;

/// Answer to `AT+CIFSR`. Interfaces that are off have no addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Addresses {
    /// `STAIP`: IP address of the station; 0.0.0.0 while it has none.
    pub station_ip: Option<Ipv4Addr>,
    /// `STAMAC`: MAC address of the station.
    pub station_mac: Option<MacAddress>,
    /// `APIP`: IP address of the soft access point.
    pub soft_ap_ip: Option<Ipv4Addr>,
    /// `APMAC`: MAC address of the soft access point.
    pub soft_ap_mac: Option<MacAddress>,
}

impl AtatResp for Addresses {}

asking_command!(
    QueryAddresses => Addresses, "+CIFSR", 1_000,
    |_this, _line| {},
    |text| {
        let mut addresses = Addresses::default();
        for line in lines(text) {
            let mut fields = Fields::new(line.strip_prefix(b"+CIFSR:")?);
            let interface = fields.bare()?;
            match interface {
                b"STAIP" => addresses.station_ip = Some(fields.address()?),
                b"STAMAC" => addresses.station_mac = Some(fields.mac()?),
                b"APIP" => addresses.soft_ap_ip = Some(fields.address()?),
                b"APMAC" => addresses.soft_ap_mac = Some(fields.mac()?),
                // ESP-AT also prints IPv6 addresses, and those of a wired interface.
                _ => {}
            }
        }
        Some(addresses)
    }
);
