//! The module's idea of the time of day, and SNTP.

use core::time::Duration;

use super::Module;
use crate::settings::EspAtRelease;

/// `AT+CIPSNTPCFG` while it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sntp {
    /// Offset from UTC, minutes.
    pub offset: i32,
    /// The time zone as it was typed.
    pub timezone: i64,
    pub servers: Vec<String>,
}

/// When the module learned the time, and what it was.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clock {
    /// Emulated time and Unix time of the same moment.
    set: Option<(Duration, u64)>,
    pub sntp: Option<Sntp>,
    /// When the server's answer is due.
    pub due: Option<Duration>,
}

impl Module {
    /// Seconds since 1970 by the module's own clock, which counts from its start.
    pub(crate) fn timestamp(&self) -> u64 {
        match self.clock.set {
            Some((at, unix)) => unix + self.now.saturating_sub(at).as_secs(),
            None => self.now.as_secs(),
        }
    }

    pub(crate) fn set_timestamp(&mut self, unix: u64) {
        self.clock.set = Some((self.now, unix));
    }

    /// Starts or stops to ask time servers.
    pub(crate) fn set_sntp(&mut self, sntp: Option<Sntp>) {
        self.clock.sntp = sntp;
        self.clock.due = None;
        if self.station.has_ip() {
            self.clock_network_up();
        }
    }

    pub(super) fn clock_network_up(&mut self) {
        if self.clock.sntp.is_some() && self.settings.unix_time.is_some() {
            self.clock.due = Some(self.now + self.settings.latency.sntp);
        }
    }

    pub(super) fn clock_due(&mut self) {
        let now = self.now;
        if self.clock.due.take_if(|due| *due <= now).is_none() {
            return;
        }
        if let Some(start) = self.settings.unix_time.filter(|_| self.station.has_ip()) {
            self.clock.set = Some((Duration::ZERO, start));
            if self.is_esp_at() && self.settings.release >= EspAtRelease::V3_3 {
                self.print_line("+TIME_UPDATED");
            }
        }
    }

    /// Date and time of the configured zone, as C's `asctime` prints it; the start of 1970 before a server has answered.
    pub(crate) fn date_and_time(&self) -> String {
        let offset = self.clock.sntp.as_ref().map_or(0, |sntp| sntp.offset);
        let seconds = match self.clock.set {
            Some(_) => self
                .timestamp()
                .saturating_add_signed(i64::from(offset) * 60),
            None => 0,
        };
        // NonOS AT has no space before days of one digit, but a zero.
        asctime(seconds, if self.is_esp_at() { ' ' } else { '0' })
    }
}

fn asctime(unix: u64, pad: char) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let (days, second) = (unix / 86_400, unix % 86_400);
    let (mut year, mut day) = (1970, days);
    while day >= 365 + u64::from(leap(year)) {
        day -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while day >= lengths[month] {
        day -= lengths[month];
        month += 1;
    }
    let weekday = DAYS[usize::try_from(days % 7).unwrap_or_default()];
    let date = (day + 1).to_string();
    let pad = if date.len() == 1 {
        pad.to_string()
    } else {
        String::new()
    };
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let month = MONTHS[month];
    format!("{weekday} {month} {pad}{date} {hour:02}:{minute:02}:{second:02} {year}")
}

#[cfg(test)]
mod tests {
    use super::asctime;

    #[test]
    fn dates() {
        for (unix, text) in [
            (0, "Thu Jan 01 00:00:00 1970"),
            (951_782_399, "Mon Feb 28 23:59:59 2000"),
            (951_782_400, "Tue Feb 29 00:00:00 2000"),
            (1_470_322_085, "Thu Aug 04 14:48:05 2016"),
            (1_634_587_947, "Mon Oct 18 20:12:27 2021"),
            (4_107_542_400, "Mon Mar 01 00:00:00 2100"),
        ] {
            assert_eq!(asctime(unix, '0'), text);
        }
        assert_eq!(asctime(86_400, ' '), "Fri Jan  2 00:00:00 1970");
    }
}
