//! Sleep, wake-up, and the power of the radio.

use super::super::{Enabled, numbered, query_command, set_command};
use crate::error::{Argument, Reason};
use atat::AtatResp;

/// `AT+GSLP=<ms>`: deep sleep. Everything but the stored settings is lost; waking up is a restart, with `ready`.
///
/// The module wakes up by itself only where its pin XPD_DCDC (GPIO16) is wired to the reset pin, else by a reset. The
/// time is printed once more before `OK`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeepSleep {
    /// Milliseconds. An ESP8266 cannot sleep longer than about 3 hours.
    pub ms: u32,
}

set_command!(DeepSleep, "+GSLP", 1_000, |this, line| line
    .text("=")
    .number(this.ms));

numbered! {
    /// Sleep while there is nothing to do, as non-OS firmware numbers it. Works in station mode alone.
    pub enum SleepMode {
        /// 0: never.
        Off = 0,
        /// 1: processor and radio; wakes up for each beacon, and by a pin.
        Light = 1,
        /// 2: the radio between beacons. The default.
        Modem = 2,
    }
}

impl AtatResp for SleepMode {}

query_command! {
    /// `AT+SLEEP?`: the sleep mode, on non-OS firmware.
    QuerySleepMode, "+SLEEP", SleepMode, |fields| SleepMode::from_number(fields.number()?)
}

/// `AT+SLEEP=<mode>`: sets the sleep mode, on non-OS firmware; [`SetEspAtSleepMode`] on ESP-AT. Not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetSleepMode(
    /// The mode.
    pub SleepMode,
);

set_command!(SetSleepMode, "+SLEEP", 1_000, |this, line| line
    .text("=")
    .number(this.0 as u32));

numbered! {
    /// Sleep while there is nothing to do, as ESP-AT numbers it: 1 and 2 are not what they are in [`SleepMode`].
    pub enum EspAtSleepMode {
        /// 0: never.
        Off = 0,
        /// 1: the radio between the access point's DTIM beacons.
        ModemDtim = 1,
        /// 2: processor and radio, for the listen interval of the join.
        Light = 2,
        /// 3: the radio, for the listen interval of the join.
        ModemListenInterval = 3,
    }
}

impl AtatResp for EspAtSleepMode {}

query_command! {
    /// `AT+SLEEP?`: the sleep mode, on ESP-AT.
    QueryEspAtSleepMode, "+SLEEP", EspAtSleepMode, |fields| EspAtSleepMode::from_number(fields.number()?)
}

/// `AT+SLEEP=<mode>`: sets the sleep mode, on ESP-AT; [`SetSleepMode`] on non-OS firmware. Not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetEspAtSleepMode(
    /// The mode.
    pub EspAtSleepMode,
);

set_command!(SetEspAtSleepMode, "+SLEEP", 1_000, |this, line| line
    .text("=")
    .number(this.0 as u32));

/// A pin and its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PinLevel {
    /// Number of the GPIO, 0 to 15.
    pub pin: u8,
    /// High.
    pub high: bool,
}

/// `AT+WAKEUPGPIO=<0|1>[,<pin>,<level>[,<pin>,<level>]]`: which pin ends light sleep. Not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetWakeUpPin {
    /// Wakes the module up by this level; `None` for no pin.
    pub trigger: Option<PinLevel>,
    /// Driven to this level by the module as soon as it is awake; another pin. Only with a trigger.
    pub awake: Option<PinLevel>,
}

set_command!(SetWakeUpPin, "+WAKEUPGPIO", 1_000, |this, line| {
    line.text("=").flag(this.trigger.is_some());
    if this.trigger.is_none() && this.awake.is_some()
        || this.trigger.map(|it| it.pin) == this.awake.map(|it| it.pin) && this.awake.is_some()
    {
        line.fail(Argument::Pin, Reason::Invalid);
    }
    for PinLevel { pin, high } in this.trigger.into_iter().chain(this.awake) {
        line.between(Argument::Pin, pin.into(), 0, 15).flag(high);
    }
});

/// What ends light sleep, parameter of `AT+SLEEPWKCFG`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum WakeUp {
    /// 0: a timer.
    After {
        /// Milliseconds.
        ms: u32,
    },
    /// 2: a pin with this level; not GPIO16.
    Pin(PinLevel),
}

/// `AT+SLEEPWKCFG=<source>,…`: what ends light sleep. Not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetWakeUp(
    /// What wakes the module up.
    pub WakeUp,
);

set_command!(SetWakeUp, "+SLEEPWKCFG", 1_000, |this, line| match this.0 {
    WakeUp::After { ms } => line.text("=0").number(ms),
    WakeUp::Pin(PinLevel { pin, high }) => line
        .text("=2")
        .between(Argument::Pin, pin.into(), 0, 15)
        .flag(high),
});

/// The highest transmit power of the radio in steps of 0.25 dBm, answer to `AT+RFPOWER?`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct RfPower(
    /// 0.25 dBm each: 82 is 20.5 dBm.
    pub u8,
);

impl AtatResp for RfPower {}

query_command! {
    /// `AT+RFPOWER?`: the highest transmit power that is really used.
    QueryRfPower, "+RFPOWER", RfPower, |fields| fields.small().map(RfPower)
}

/// `AT+RFPOWER=<power>`: limits the transmit power. Not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetRfPower(
    /// 0 to 82; ESP-AT takes 40 to 82 and rounds down to what the chip has.
    pub RfPower,
);

set_command!(SetRfPower, "+RFPOWER", 1_000, |this, line| line
    .text("=")
    .between(Argument::RfPower, this.0.0.into(), 0, 82));

/// Supply voltage of the radio, answer to `AT+RFVDD?`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SupplyVoltage(
    /// In 1/1024 V.
    pub u16,
);

impl AtatResp for SupplyVoltage {}

query_command! {
    /// `AT+RFVDD?`: the supply voltage, by the converter whose pin TOUT then has to be open.
    QuerySupplyVoltage, "+RFVDD", SupplyVoltage, |fields| fields.small().map(SupplyVoltage)
}

/// `AT+RFVDD=<voltage>`: adapts the radio to this supply voltage. Not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetSupplyVoltage(
    /// 1900 to 3300 in 1/1024 V.
    pub SupplyVoltage,
);

set_command!(SetSupplyVoltage, "+RFVDD", 1_000, |this, line| line
    .text("=")
    .between(Argument::SupplyVoltage, this.0.0, 1900, 3300));

/// `AT+RFVDD`: adapts the radio to the supply voltage as measured; pin TOUT has to be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeasureSupplyVoltage;

set_command!(MeasureSupplyVoltage, "+RFVDD", 1_000, |_this, _line| {});

query_command! {
    /// `AT+RFAUTOTRACE?`: whether the radio follows the drift of its frequency.
    QueryFrequencyTrace, "+RFAUTOTRACE", Enabled, |fields| fields.flag().map(Enabled)
}

/// `AT+RFAUTOTRACE=<0|1>`: whether the radio follows the drift of its frequency; from the next restart on. Writes flash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetFrequencyTrace(
    /// Follow; the default.
    pub bool,
);

set_command!(SetFrequencyTrace, "+RFAUTOTRACE", 1_000, |this, line| line
    .text("=")
    .flag(this.0));
