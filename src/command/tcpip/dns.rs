//! DNS servers.

use super::super::{Field, Fields, asking_command, lines, set_command};
use crate::{error::Argument, types::Store};
use atat::AtatResp;
use core::net::Ipv4Addr;
use heapless::Vec;

/// The most servers that ESP-AT takes; non-OS firmware takes two.
const MAX_SERVERS: usize = 3;
const SERVERS: Field = Field::new(Argument::DnsServer, 0, 3).vendor(0, 2);

/// `AT+CIPDNS?`: the DNS servers in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryDns(
    /// Form of the command name; [`Store::Flash`] asks for the stored servers. Non-OS firmware has no plain form.
    pub Store,
);

/// Answer to `AT+CIPDNS?`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DnsServers {
    /// Whether the servers were set by hand; `None` from non-OS firmware, which does not say.
    pub manual: Option<bool>,
    /// The servers. ESP-AT may print 0.0.0.0 for one that is not set.
    pub servers: Vec<Ipv4Addr, MAX_SERVERS>,
}

impl AtatResp for DnsServers {}

asking_command!(
    QueryDns => DnsServers, "+CIPDNS", 1_000,
    |this, line| line.text(this.0.suffix()).text("?"),
    |text| {
        let mut dns = DnsServers { manual: None, servers: Vec::new() };
        let mut found = false;
        for line in lines(text) {
            let Some(rest) = line.strip_prefix(b"+CIPDNS") else {
                continue;
            };
            found = true;
            let (esp_at, rest) = match rest.strip_prefix(b":") {
                Some(rest) => (true, rest),
                None => (false, rest.strip_prefix(b"_CUR:").or_else(|| rest.strip_prefix(b"_DEF:"))?),
            };
            let mut fields = Fields::new(rest);
            if esp_at {
                dns.manual = Some(fields.flag()?);
            }
            while !fields.is_empty() {
                dns.servers.push(fields.address()?).ok()?;
            }
        }
        found.then_some(dns)
    }
);

/// `AT+CIPDNS=1,<server>[,<server>…]`: sets the DNS servers by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetDns<'a> {
    /// Up to two servers on non-OS firmware, three on ESP-AT, all different. With none the module takes
    /// 208.67.222.222 or 222.222.67.208.
    pub servers: &'a [Ipv4Addr],
    /// Form of the command name. Non-OS firmware has no plain form.
    pub store: Store,
}

set_command!(SetDns<'_>, "+CIPDNS", 1_000, |this, line| {
    line.text(this.store.suffix())
        .text("=1")
        .count(&SERVERS, this.servers.len());
    for server in this.servers {
        line.address(*server);
    }
});

/// `AT+CIPDNS=0`: takes the DNS servers that DHCP gives, from its next answer on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UseDhcpDns(
    /// Form of the command name. Non-OS firmware has no plain form.
    pub Store,
);

set_command!(UseDhcpDns, "+CIPDNS", 1_000, |this, line| line
    .text(this.0.suffix())
    .text("=0"));
