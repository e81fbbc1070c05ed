//! Pins and the analog converter of the module.

use super::super::{
    Command, Fields, Line, answers, atat_commands, numbered, query_command, set_command,
};
use crate::error::Argument;
use atat::AtatResp;

/// Answer to `AT+SYSADC?`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AnalogReading(
    /// Voltage at TOUT in 1/1024 V.
    pub u16,
);

impl AtatResp for AnalogReading {}

query_command! {
    /// `AT+SYSADC?`: reads the analog converter.
    QueryAnalog, "+SYSADC", AnalogReading, |fields| fields.small().map(AnalogReading)
}

/// How a pin is used, answer to `AT+SYSIOGETCFG`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PinConfig {
    /// Number of the GPIO, 0 to 15.
    pub pin: u8,
    /// Function in the chip's table of pins. Which one is GPIO differs: 0 for GPIO0, 2, 4 and 5, 3 for GPIO12 to 15.
    pub function: u8,
    /// Pull-up resistor on.
    pub pull_up: bool,
}

impl AtatResp for PinConfig {}

/// `AT+SYSIOSETCFG=<pin>,<function>,<pull-up>`: how a pin is used. Not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetPinConfig(
    /// How.
    pub PinConfig,
);

set_command!(SetPinConfig, "+SYSIOSETCFG", 1_000, |this, line| line
    .text("=")
    .between(Argument::Pin, this.0.pin.into(), 0, 15)
    .number(this.0.function.into())
    .flag(this.0.pull_up));

/// `AT+SYSIOGETCFG=<pin>`: how a pin is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadPinConfig {
    /// Number of the GPIO, 0 to 15.
    pub pin: u8,
}

impl Command for ReadPinConfig {
    type Response = PinConfig;
    const NAME: &'static str = "+SYSIOGETCFG";

    fn encode(&self, line: &mut Line<'_>) {
        line.text("=")
            .between(Argument::Pin, self.pin.into(), 0, 15);
    }

    fn decode(&self, text: &[u8]) -> Option<PinConfig> {
        let mut fields = Fields::new(answers(text, Self::NAME).next()?);
        Some(PinConfig {
            pin: fields.small()?,
            function: fields.small()?,
            pull_up: fields.flag()?,
        })
    }
}

numbered! {
    /// Direction of a pin.
    pub enum PinDirection {
        /// 0: input.
        Input = 0,
        /// 1: output.
        Output = 1,
    }
}

/// `AT+SYSGPIODIR=<pin>,<direction>`: direction of a pin. Not stored.
///
/// A pin that is not used as GPIO answers `NOT GPIO MODE!` and `ERROR`; see [`SetPinConfig`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetPinDirection {
    /// Number of the GPIO, 0 to 15.
    pub pin: u8,
    /// Direction.
    pub direction: PinDirection,
}

set_command!(SetPinDirection, "+SYSGPIODIR", 1_000, |this, line| line
    .text("=")
    .between(Argument::Pin, this.pin.into(), 0, 15)
    .number(this.direction as u32));

/// `AT+SYSGPIOWRITE=<pin>,<level>`: level of an output. Another pin answers `NOT OUTPUT!` and `ERROR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WritePin {
    /// Number of the GPIO, 0 to 15.
    pub pin: u8,
    /// High.
    pub high: bool,
}

set_command!(WritePin, "+SYSGPIOWRITE", 1_000, |this, line| line
    .text("=")
    .between(Argument::Pin, this.pin.into(), 0, 15)
    .flag(this.high));

/// `AT+SYSGPIOREAD=<pin>`: direction and level of a pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadPin {
    /// Number of the GPIO, 0 to 15.
    pub pin: u8,
}

/// Answer to `AT+SYSGPIOREAD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PinState {
    /// Number of the GPIO.
    pub pin: u8,
    /// Direction.
    pub direction: PinDirection,
    /// High.
    pub high: bool,
}

impl AtatResp for PinState {}

impl Command for ReadPin {
    type Response = PinState;
    const NAME: &'static str = "+SYSGPIOREAD";

    fn encode(&self, line: &mut Line<'_>) {
        line.text("=")
            .between(Argument::Pin, self.pin.into(), 0, 15);
    }

    fn decode(&self, text: &[u8]) -> Option<PinState> {
        let mut fields = Fields::new(answers(text, Self::NAME).next()?);
        Some(PinState {
            pin: fields.small()?,
            direction: PinDirection::from_number(fields.number()?)?,
            high: fields.flag()?,
        })
    }
}

atat_commands!(ReadPinConfig, ReadPin);
