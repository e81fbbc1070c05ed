//! Joining by itself: after a restart, after a loss, with what was set before; and how far it is.

use super::{
    super::{Command, Enabled, Line, numbered, query_command, set_command},
    JoinAccessPoint, Parameters, Ssid,
};
use crate::error::Argument;
use atat::AtatResp;

query_command! {
    /// `AT+CWAUTOCONN?`: whether the module joins by itself after a restart.
    QueryAutoJoin, "+CWAUTOCONN", Enabled, |fields| fields.flag().map(Enabled)
}

/// `AT+CWAUTOCONN=<0|1>`: whether the module joins by itself after a restart; on by default. Writes flash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetAutoJoin(
    /// Join.
    pub bool,
);

set_command!(SetAutoJoin, "+CWAUTOCONN", 1_000, |this, line| line
    .text("=")
    .flag(this.0));

/// What the station does after it has lost its access point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Rejoin {
    /// Tries to join again every so many seconds, 1 to 7200; 0 for never.
    pub interval_s: u16,
    /// How often, 1 to 1000; 0 for always.
    pub attempts: u16,
}

impl AtatResp for Rejoin {}

query_command! {
    /// `AT+CWRECONNCFG?`: what the station does after it has lost its access point. ESP-AT only.
    QueryRejoin, "+CWRECONNCFG", Rejoin, |fields| Some(Rejoin {
        interval_s: fields.small()?,
        attempts: fields.small()?,
    })
}

/// `AT+CWRECONNCFG=<interval>,<attempts>`: what the station does after it has lost its access point. ESP-AT only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetRejoin(
    /// When and how often.
    pub Rejoin,
);

set_command!(SetRejoin, "+CWRECONNCFG", 1_000, |this, line| line
    .text("=")
    .between(Argument::ReconnectInterval, this.0.interval_s, 0, 7200)
    .between(Argument::ReconnectCount, this.0.attempts, 0, 1000));

/// How long a join may take, answer to `AT+CWJAPTO?`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct JoinTimeout(
    /// Seconds.
    pub u16,
);

impl AtatResp for JoinTimeout {}

query_command! {
    /// `AT+CWJAPTO?`: how long a join may take. In AT 1.7.4 and later, in no manual.
    QueryJoinTimeout, "+CWJAPTO", JoinTimeout, |fields| fields.small().map(JoinTimeout)
}

/// `AT+CWJAPTO=<seconds>`: how long a join may take. In AT 1.7.4 and later, in no manual.
///
/// [`JoinAccessPoint`] waits for 20 s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetJoinTimeout(
    /// 3 to 600 s, the limits of ESP-AT's own time for a join ([`JoinWithin`]).
    pub JoinTimeout,
);

set_command!(SetJoinTimeout, "+CWJAPTO", 1_000, |this, line| line
    .text("=")
    .between(Argument::JoinTimeout, this.0.0, 3, 600));

/// `AT+CWJAP`: joins the access point of the last join again. ESP-AT only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JoinAgain;

set_command!(JoinAgain, "+CWJAP", 20_000, |_this, _line| {});

numbered! {
    /// How a join looks for its access point.
    pub enum JoinScan {
        /// 0: joins the first that has the name.
        Fast = 0,
        /// 1: looks at all channels and joins the strongest.
        AllChannels = 1,
    }
}

/// `AT+CWJAP=<ssid>,<password>,[<bssid>],[<pci>],[<interval>],[<listen>],[<scan>],,[<pmf>]`: joins an access point.
///
/// What is `None` stays as the firmware has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JoinWith<'a> {
    /// Which one.
    pub access_point: JoinAccessPoint<'a>,
    /// Refuses networks without encryption and with WEP. All that follow are for ESP-AT alone.
    pub refuse_weak: Option<bool>,
    /// Seconds between attempts after a loss, 0 to 7200, as in [`Rejoin`].
    pub rejoin_interval_s: Option<u16>,
    /// How many beacons apart it listens, 1 to 100.
    pub listen_interval: Option<u8>,
    /// How it looks for the access point.
    pub scan: Option<JoinScan>,
    /// Protection of management frames.
    pub management_frames: Option<ManagementFrames>,
}

impl<'a> JoinWith<'a> {
    /// Joins as [`JoinAccessPoint`] does.
    #[must_use]
    pub const fn new(access_point: JoinAccessPoint<'a>) -> Self {
        Self {
            access_point,
            refuse_weak: None,
            rejoin_interval_s: None,
            listen_interval: None,
            scan: None,
            management_frames: None,
        }
    }

    fn write(&self, line: &mut Line<'_>, timeout_s: Option<u16>) {
        Command::encode(&self.access_point, line);
        let scan = self.scan.map(|it| it as u16);
        let management_frames = self.management_frames.map(|it| it as u16);
        Parameters::new(line, self.access_point.bssid.is_none().into())
            .number(self.refuse_weak.map(u16::from))
            .between(Argument::ReconnectInterval, self.rejoin_interval_s, 0, 7200)
            .between(
                Argument::ListenInterval,
                self.listen_interval.map(u16::from),
                1,
                100,
            )
            .number(scan)
            .between(Argument::JoinTimeout, timeout_s, 3, 600)
            .number(management_frames);
    }
}

numbered! {
    /// Protection of management frames (802.11w), last parameter of `AT+CWJAP` on ESP-AT.
    pub enum ManagementFrames {
        /// 0: none.
        Unprotected = 0,
        /// 1: if the access point can do it.
        Preferred = 1,
        /// 3: always; joins no access point that cannot.
        Required = 3,
    }
}

set_command!(JoinWith<'_>, "+CWJAP", 20_000, |this, line| this
    .write(line, None));

/// [`JoinWith`], with a time for the join. ESP-AT only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JoinWithin<'a> {
    /// Which access point, and how.
    pub join: JoinWith<'a>,
    /// The module gives up after so many seconds, 3 to 600; by itself after 15. The driver waits longer than that.
    pub seconds: u16,
}

set_command!(JoinWithin<'_>, "+CWJAP", 605_000, |this, line| this
    .join
    .write(line, Some(this.seconds)));

numbered! {
    /// How far the station is.
    pub enum StationPhase {
        /// 0: has not been told to join.
        Idle = 0,
        /// 1: joined, without an address.
        Joined = 1,
        /// 2: joined, with an address.
        HasAddress = 2,
        /// 3: joining, for the first time or again.
        Joining = 3,
        /// 4: has left its access point or lost it.
        Disconnected = 4,
    }
}

/// Answer to `AT+CWSTATE?`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct StationState {
    /// How far it is.
    pub phase: StationPhase,
    /// Name of the access point, or of the last one; empty for none.
    pub ssid: Ssid,
}

impl AtatResp for StationState {}

query_command! {
    /// `AT+CWSTATE?`: how far the station is. ESP-AT from 2.2 on.
    QueryStationState, "+CWSTATE", StationState, |fields| Some(StationState {
        phase: StationPhase::from_number(fields.number()?)?,
        ssid: if fields.is_empty() { return None } else { Ssid::read(fields.rest())? },
    })
}
