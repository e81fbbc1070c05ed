//! The module's clock.

use super::{
    super::{Field, Line, query_command, set_command, wifi::owned},
    DateTime,
};
use crate::error::Argument;
use atat::AtatResp;
use heapless::{String, Vec};

const MAX_SERVERS: usize = 3;
const SERVER: Field = Field::new(Argument::TimeServer, 1, 64).vendor(1, 32);
const SERVERS: Field = Field::new(Argument::TimeServer, 0, 3);

/// Difference of local time from UTC: -12:00 to +14:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TimeZone {
    minutes: i16,
}

impl TimeZone {
    /// UTC.
    pub const UTC: Self = Self { minutes: 0 };

    /// Whole hours, -12 to 14; `None` beyond. Non-OS firmware takes -11 to 13 and answers `ERROR` to others.
    #[must_use]
    pub const fn hours(hours: i8) -> Option<Self> {
        Self::minutes(hours as i16 * 60)
    }

    /// Minutes, -720 to 840; `None` beyond, and for less than a quarter of an hour, which cannot be said.
    ///
    /// Other than whole hours need ESP-AT 2.2 or newer.
    #[must_use]
    pub const fn minutes(minutes: i16) -> Option<Self> {
        let cannot_be_said = minutes != 0 && minutes > -15 && minutes < 15;
        if minutes < -720 || minutes > 840 || cannot_be_said {
            None
        } else {
            Some(Self { minutes })
        }
    }

    /// The difference in minutes, -720 to 840.
    #[must_use]
    pub const fn as_minutes(self) -> i16 {
        self.minutes
    }

    /// From hours, or hours and minutes as three or four digits.
    fn from_number(number: i32) -> Option<Self> {
        let number = i16::try_from(number).ok()?;
        if let -12..=14 = number {
            return Self::minutes(number * 60);
        }
        let (hours, minutes) = (number / 100, number % 100);
        if minutes.abs() > 59 {
            return None;
        }
        Self::minutes(hours.checked_mul(60)? + minutes)
    }

    fn write(self, line: &mut Line<'_>) {
        let (hours, minutes) = (self.minutes / 60, self.minutes % 60);
        line.signed(
            match minutes {
                0 => hours,
                minutes => hours * 100 + minutes,
            }
            .into(),
        );
    }
}

/// `AT+CIPSNTPCFG=1,<time zone>[,<server>…]`: sets the clock from the network, and keeps it.
///
/// [`QueryTime`] gives the time once a server has answered; ESP-AT 3 prints `+TIME_UPDATED` then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnableSntp<'a> {
    /// Local time.
    pub time_zone: TimeZone,
    /// Up to three servers, each 1 to 32 (non-OS firmware) or 64 bytes; none for `cn.ntp.org.cn`, `ntp.sjtu.edu.cn` and
    /// `us.pool.ntp.org`.
    pub servers: &'a [&'a str],
}

set_command!(EnableSntp<'_>, "+CIPSNTPCFG", 1_000, |this, line| {
    line.text("=1").count(&SERVERS, this.servers.len());
    this.time_zone.write(line);
    for server in this.servers {
        line.quoted(&SERVER, server);
    }
});

/// `AT+CIPSNTPCFG=0`: stops setting the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisableSntp;

set_command!(DisableSntp, "+CIPSNTPCFG", 1_000, |_this, line| line
    .text("=0"));

/// `AT+CIPSNTPCFG`: forgets the servers. ESP-AT 2 only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClearSntp;

set_command!(ClearSntp, "+CIPSNTPCFG", 1_000, |_this, _line| {});

/// Answer to `AT+CIPSNTPCFG?`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SntpConfiguration {
    /// Whether the clock is set from the network.
    pub enabled: bool,
    /// Local time; `None` where the module prints none because it is not enabled.
    pub time_zone: Option<TimeZone>,
    /// The servers.
    pub servers: Vec<String<64>, MAX_SERVERS>,
}

impl AtatResp for SntpConfiguration {}

query_command! {
    /// `AT+CIPSNTPCFG?`: how the clock is set.
    QuerySntp, "+CIPSNTPCFG", SntpConfiguration, |fields| {
        let mut configuration = SntpConfiguration {
            enabled: fields.flag()?,
            time_zone: None,
            servers: Vec::new(),
        };
        if !fields.is_empty() {
            configuration.time_zone = Some(TimeZone::from_number(fields.signed()?)?);
        } else if configuration.enabled {
            return None;
        }
        while !fields.is_empty() {
            let server = fields.text()?;
            if !server.is_empty() {
                configuration.servers.push(owned(server)?).ok()?;
            }
        }
        Some(configuration)
    }
}

impl AtatResp for DateTime {}

query_command! {
    /// `AT+CIPSNTPTIME?`: date and time.
    QueryTime, "+CIPSNTPTIME", DateTime, |fields| DateTime::parse(fields.bare()?)
}
