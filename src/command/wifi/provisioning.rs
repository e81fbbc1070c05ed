//! Getting the name and password of a network from a phone or a button.
//!
//! How it goes on is printed without being asked for: see the SmartConfig and WPS lines of [`Urc`](crate::Urc).

use super::super::{Field, numbered, set_command};
use crate::error::Argument;

numbered! {
    /// How the phone sends name and password.
    pub enum SmartConfig {
        /// 1: ESP-TOUCH.
        EspTouch = 1,
        /// 2: AirKiss, by WeChat.
        AirKiss = 2,
        /// 3: either.
        Both = 3,
    }
}

/// `AT+CWSTARTSMART[=<type>]`: waits for a phone to send name and password. Station mode only.
///
/// [`StopSmartConfig`] has to follow, after success as well, before any other command. May write flash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartSmartConfig(
    /// How; `None` for either.
    pub Option<SmartConfig>,
);

set_command!(StartSmartConfig, "+CWSTARTSMART", 1_000, |this, line| {
    if let Some(kind) = this.0 {
        line.text("=").number(kind as u32);
    }
});

/// `AT+CWSTOPSMART`: ends [`StartSmartConfig`] and frees its memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StopSmartConfig;

set_command!(StopSmartConfig, "+CWSTOPSMART", 1_000, |_this, _line| {});

const ACCOUNT: Field = Field::new(Argument::WeChatAccount, 1, 64);
const DEVICE_TYPE: Field = Field::new(Argument::DeviceType, 1, 64);

/// Time between two announcements to WeChat, 0 to 86,400 s; 0 answers only when asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DiscoveryInterval(u32);

impl DiscoveryInterval {
    /// `None` if longer than a day.
    #[must_use]
    pub const fn from_secs(seconds: u32) -> Option<Self> {
        if seconds > 86_400 {
            return None;
        }
        Some(Self(seconds))
    }
}

/// `AT+CWSTARTDISCOVER=<account>,<type>,<interval>`: lets WeChat on the same network find the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartDiscovery<'a> {
    /// Number of the WeChat official account, 1 to 64 bytes.
    pub account: &'a str,
    /// Type of device, 1 to 64 bytes.
    pub device_type: &'a str,
    /// Time between two announcements.
    pub interval: DiscoveryInterval,
}

set_command!(
    StartDiscovery<'_>,
    "+CWSTARTDISCOVER",
    1_000,
    |this, line| line
        .text("=")
        .quoted(&ACCOUNT, this.account)
        .quoted(&DEVICE_TYPE, this.device_type)
        .number(this.interval.0)
);

/// `AT+CWSTOPDISCOVER`: ends [`StartDiscovery`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StopDiscovery;

set_command!(StopDiscovery, "+CWSTOPDISCOVER", 1_000, |_this, _line| {});

/// `AT+WPS=<0|1>`: starts or stops WPS by push button, up to 120 s. The station has to be on; no WEP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetWps(
    /// Start.
    pub bool,
);

set_command!(SetWps, "+WPS", 1_000, |this, line| line
    .text("=")
    .flag(this.0));

/// `AT+WPS`: in the command table of non-OS firmware, but in no manual; prefer [`SetWps`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExecuteWps;

set_command!(ExecuteWps, "+WPS", 1_000, |_this, _line| {});
