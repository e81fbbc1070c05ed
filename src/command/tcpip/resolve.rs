//! Names to addresses, and whether a host answers.

use super::super::{Field, Fields, answers, asking_command, leading_number, lines};
use crate::error::Argument;
use atat::AtatResp;
use core::net::Ipv4Addr;

const NAME: Field = Field::new(Argument::Host, 1, 253).vendor(1, 63);

/// `AT+CIPDOMAIN=<name>`: asks the DNS server for the address of a name.
///
/// A name that does not exist is `ERROR`; non-OS firmware prints `DNS Fail` before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolve<'a>(
    /// Name of a host, 1 to 63 bytes on non-OS firmware, otherwise what the line leaves.
    pub &'a str,
);

/// Answer to `AT+CIPDOMAIN`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Address(pub Ipv4Addr);

impl AtatResp for Address {}

asking_command!(
    Resolve<'_> => Address, "+CIPDOMAIN", 10_000,
    |this, line| line.text("=").quoted(&NAME, this.0),
    |text| {
        let line = answers(text, "+CIPDOMAIN").next()?;
        Fields::new(line).address().map(Address)
    }
);

/// `AT+PING=<host>`: sends one echo request.
///
/// No answer is `ERROR`; non-OS firmware prints `+timeout` before it, ESP-AT `+PING:TIMEOUT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ping<'a>(
    /// Name or address of a host, 1 to 63 bytes on non-OS firmware, otherwise what the line leaves.
    pub &'a str,
);

/// Answer to `AT+PING`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PingTime {
    /// Milliseconds between request and answer; 0 means less than one.
    pub ms: u32,
}

impl AtatResp for PingTime {}

asking_command!(
    Ping<'_> => PingTime, "+PING", 10_000,
    |this, line| line.text("=").quoted(&NAME, this.0),
    |text| lines(text).find_map(ping_time)
);

/// `+12` of non-OS firmware, or `+PING:12` of ESP-AT.
fn ping_time(line: &[u8]) -> Option<PingTime> {
    let time = line.strip_prefix(b"+")?;
    match leading_number(time.strip_prefix(b"PING:").unwrap_or(time))? {
        (ms, []) => Some(PingTime { ms }),
        _ => None,
    }
}
