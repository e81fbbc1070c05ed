//! The Wi-Fi station: joining, losing and finding the access point again.

use core::time::Duration;

use super::{Job, Module, StoredStation};
use crate::command::code;
use crate::settings::{AccessPoint, Joining};

/// Codes of `+CWJAP:<n>`.
mod join_error {
    pub const TIMEOUT: u8 = 1;
    pub const WRONG_PASSWORD: u8 = 2;
    pub const NOT_FOUND: u8 = 3;
    pub const REFUSED: u8 = 4;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Idle,
    Associating,
    GettingIp,
    Joined,
    /// The join will be given up with this code.
    Failing(u8),
    /// The access point went away; the station rejoins by itself.
    Searching,
}

#[derive(Clone, Debug)]
pub(crate) struct Station {
    /// 0 off, 1 station, 2 soft-AP, 3 both.
    pub mode: u8,
    pub phase: Phase,
    pub due: Option<Duration>,
    pub target: Option<StoredStation>,
    /// The target of the last join, also after the station has left.
    pub last: Option<StoredStation>,
    started: Duration,
    /// Whether a join was ever asked for since boot.
    pub tried: bool,
}

impl Station {
    pub fn new(mode: u8) -> Self {
        Self {
            mode,
            phase: Phase::Idle,
            due: None,
            target: None,
            last: None,
            started: Duration::ZERO,
            tried: false,
        }
    }

    pub fn is_enabled(&self) -> bool {
        self.mode & 1 == 1
    }

    pub fn is_associated(&self) -> bool {
        matches!(self.phase, Phase::GettingIp | Phase::Joined)
    }

    pub fn has_ip(&self) -> bool {
        self.phase == Phase::Joined
    }
}

impl Module {
    /// The access point that the station is joined to, or wants to be.
    pub(crate) fn access_point(&self) -> Option<&AccessPoint> {
        let target = self.station.target.as_ref()?;
        let mut in_range = self.settings.access_points.iter();
        in_range.find(|ap| {
            let right_one = target
                .bssid
                .as_ref()
                .is_none_or(|bssid| bssid.eq_ignore_ascii_case(ap.bssid.as_bytes()));
            let secure = ap.encryption() > 1 || !target.secure_only;
            ap.ssid == target.ssid && right_one && secure
        })
    }

    pub(super) fn start_joined(&mut self) {
        let Some(ap) = self.settings.access_points.first() else {
            return;
        };
        let stored = StoredStation {
            ssid: ap.ssid.clone(),
            password: ap.password.clone(),
            bssid: None,
            secure_only: false,
            enterprise: None,
        };
        self.flash.wifi_mode = 1;
        self.flash.station = Some(stored.clone());
        self.station = Station {
            phase: Phase::Joined,
            last: Some(stored.clone()),
            target: Some(stored),
            tried: true,
            ..Station::new(1)
        };
    }

    /// Starts to join; an existing connection is dropped first.
    pub(crate) fn start_join(&mut self, target: StoredStation) {
        self.leave();
        self.station.last = Some(target.clone());
        self.station.target = Some(target);
        self.station.tried = true;
        self.station.started = self.now;
        self.try_access_point();
    }

    fn try_access_point(&mut self) {
        let password = self
            .station
            .target
            .as_ref()
            .map(|target| target.password.clone());
        let failure = match self.access_point() {
            None => Some(join_error::NOT_FOUND),
            Some(ap) if ap.joining == Joining::Timeout => Some(join_error::TIMEOUT),
            Some(ap) if ap.joining == Joining::Refused => Some(join_error::REFUSED),
            Some(ap) if Some(&ap.password) != password.as_ref() => Some(join_error::WRONG_PASSWORD),
            Some(_) => None,
        };
        let latency = &self.settings.latency;
        (self.station.phase, self.station.due) = match failure {
            None => (Phase::Associating, Some(self.now + latency.associate)),
            Some(code) => {
                let at = self.station.started + self.join_failure();
                (Phase::Failing(code), Some(at.max(self.now)))
            }
        };
    }

    pub(super) fn station_due(&mut self) {
        self.station.due = None;
        match self.station.phase {
            Phase::Associating => {
                self.print_line("WIFI CONNECTED");
                self.station.phase = Phase::GettingIp;
                self.station.due = Some(self.now + self.settings.latency.dhcp);
            }
            Phase::GettingIp if !self.can_get_address() => {
                let at = self.station.started + self.join_failure();
                self.station.phase = Phase::Failing(join_error::TIMEOUT);
                self.station.due = Some(at.max(self.now));
            }
            Phase::GettingIp => {
                self.print_line("WIFI GOT IP");
                self.station.phase = Phase::Joined;
                if self.is_joining() {
                    self.finish_after(self.until_next_look());
                }
                self.provision_joined(true);
                self.network_up();
            }
            Phase::Failing(code) => {
                self.station.phase = Phase::Idle;
                self.provision_joined(false);
                if let Some(Job::Join(name)) = &self.job {
                    let line = format!("+{name}:{code}");
                    self.print_line(&line);
                    if self.is_esp_at() {
                        self.finish_with_error(code::FAILED);
                    } else {
                        self.finish_with(b"\r\nFAIL\r\n");
                    }
                }
            }
            Phase::Idle | Phase::Joined | Phase::Searching => {}
        }
    }

    /// NonOS AT looks at the join once a second, so its `OK` comes late.
    fn until_next_look(&self) -> Duration {
        let poll = self.settings.latency.join_poll;
        if poll.is_zero() {
            return Duration::ZERO;
        }
        let since = (self.now - self.station.started).as_nanos();
        let rest = poll.as_nanos() - since % poll.as_nanos();
        Duration::from_nanos(u64::try_from(rest).unwrap_or_default())
    }

    /// Leaves the access point, as `AT+CWQAP` does.
    pub(crate) fn leave(&mut self) {
        let was_associated = self.station.is_associated();
        self.station.phase = Phase::Idle;
        self.station.due = None;
        self.station.target = None;
        if was_associated {
            self.print_line("WIFI DISCONNECT");
            self.network_down();
        }
    }

    /// The access points in range change: an empty list is a loss of Wi-Fi.
    pub fn set_access_points(&mut self, now: Duration, access_points: Vec<AccessPoint>) {
        self.advance(now);
        self.settings.access_points = access_points;
        let reachable = self.access_point().is_some();
        match self.station.phase {
            Phase::GettingIp | Phase::Joined if !reachable => {
                self.station.phase = Phase::Searching;
                self.station.due = None;
                self.print_line("WIFI DISCONNECT");
                self.network_down();
                if self.is_joining() {
                    let at = self.station.started + self.join_failure();
                    self.station.phase = Phase::Failing(join_error::NOT_FOUND);
                    self.station.due = Some(at.max(self.now));
                }
            }
            Phase::Associating if !reachable => self.try_access_point(),
            Phase::Searching if reachable && self.rejoin.0 > 0 => {
                self.station.started = self.now;
                self.try_access_point();
            }
            _ => {}
        }
    }

    /// The command under way waits for the join.
    pub(crate) fn await_join(&mut self, command: &str) {
        // The code's line has the plain name whatever the command's ending was; not so with WPA2-Enterprise.
        let name = if command.starts_with("CWJAP") {
            "CWJAP"
        } else {
            command
        };
        self.keep_busy(Job::Join(name.into()));
    }

    /// How long a join that cannot succeed takes.
    fn join_failure(&self) -> Duration {
        match self.join_timeout {
            Some(seconds) => Duration::from_secs(u64::from(seconds)),
            None => self.settings.latency.join_failure,
        }
    }

    /// Whether the station has an address.
    #[must_use]
    pub fn has_ip(&self) -> bool {
        self.station.has_ip()
    }
}
