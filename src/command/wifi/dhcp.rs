//! DHCP: client of the station, server of the soft access point.

use super::{
    super::{Command, Fields, Line, atat_commands, numbered, query_command, set_command},
    answer_or_equals,
};
use crate::{
    error::{Argument, Reason},
    types::Store,
};
use atat::AtatResp;
use core::net::Ipv4Addr;

/// Which interfaces use DHCP, answer to `AT+CWDHCP?`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Dhcp {
    /// The station asks for its address.
    pub station: bool,
    /// The soft access point gives out addresses.
    pub soft_ap: bool,
}

impl AtatResp for Dhcp {}

query_command! {
    /// `AT+CWDHCP?`: which interfaces use DHCP.
    QueryDhcp(Store), "+CWDHCP", Dhcp, |fields| {
        let bits = fields.number()?;
        (bits < 4).then_some(Dhcp { station: bits & 1 != 0, soft_ap: bits & 2 != 0 })
    }
}

numbered! {
    /// Interfaces, first parameter of `AT+CWDHCP` on non-OS firmware.
    pub enum DhcpInterface {
        /// 0: the soft access point.
        SoftAp = 0,
        /// 1: the station.
        Station = 1,
        /// 2: both.
        Both = 2,
    }
}

/// `AT+CWDHCP=<interface>,<0|1>`: turns DHCP on or off, on non-OS firmware. On drops a fixed address.
///
/// The plain name and `_DEF` write flash. ESP-AT reads the two numbers the other way round: [`SetEspAtDhcp`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetDhcp {
    /// Where.
    pub interface: DhcpInterface,
    /// On.
    pub enable: bool,
    /// Form of the command name.
    pub store: Store,
}

set_command!(SetDhcp, "+CWDHCP", 1_000, |this, line| line
    .text(this.store.suffix())
    .text("=")
    .number(this.interface as u32)
    .flag(this.enable));

/// `AT+CWDHCP=<0|1>,<interfaces>`: turns DHCP on or off, on ESP-AT. On drops a fixed address.
///
/// Non-OS firmware reads the two numbers the other way round: [`SetDhcp`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetEspAtDhcp {
    /// On.
    pub enable: bool,
    /// Which interfaces change, at least one; not what they are set to.
    pub interfaces: Dhcp,
}

set_command!(SetEspAtDhcp, "+CWDHCP", 1_000, |this, line| {
    let Dhcp { station, soft_ap } = this.interfaces;
    if !station && !soft_ap {
        line.fail(Argument::Interface, Reason::Empty);
    }
    line.text("=")
        .flag(this.enable)
        .number(u32::from(station) | u32::from(soft_ap) << 1)
});

/// Addresses that the soft access point gives out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DhcpPool {
    /// How long a station keeps its address, 1 to 2880 minutes.
    pub lease_minutes: u16,
    /// First address, in the network of the soft access point.
    pub first: Ipv4Addr,
    /// Last address, not below the first.
    pub last: Ipv4Addr,
}

impl AtatResp for DhcpPool {}

/// `AT+CWDHCPS?`: the addresses that the soft access point gives out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryDhcpPool(
    /// Form of the command name. Non-OS firmware has no plain one, ESP-AT no other.
    pub Store,
);

impl Command for QueryDhcpPool {
    type Response = DhcpPool;
    const NAME: &'static str = "+CWDHCPS";

    fn encode(&self, line: &mut Line<'_>) {
        line.text(self.0.suffix()).text("?");
    }

    fn decode(&self, text: &[u8]) -> Option<DhcpPool> {
        let mut fields = Fields::new(answer_or_equals(text, Self::NAME)?);
        Some(DhcpPool {
            lease_minutes: fields.small()?,
            first: fields.address()?,
            last: fields.address()?,
        })
    }
}

/// `AT+CWDHCPS=1,<lease>,<first>,<last>` or `AT+CWDHCPS=0`: the addresses that the soft access point gives out.
///
/// The soft access point has to be on, with DHCP. `_DEF` writes flash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetDhcpPool {
    /// The addresses; `None` for the firmware's own choice.
    pub pool: Option<DhcpPool>,
    /// Form of the command name. Non-OS firmware has no plain one, ESP-AT no other.
    pub store: Store,
}

set_command!(SetDhcpPool, "+CWDHCPS", 1_000, |this, line| {
    line.text(this.store.suffix())
        .text("=")
        .flag(this.pool.is_some());
    if let Some(pool) = this.pool {
        if pool.first > pool.last {
            line.fail(Argument::IpAddress, Reason::Invalid);
        }
        line.between(Argument::LeaseTime, pool.lease_minutes, 1, 2880)
            .address(pool.first)
            .address(pool.last);
    }
});

atat_commands!(QueryDhcpPool);
