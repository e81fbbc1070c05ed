//! The module as a whole: is it there, restart, echo, memory, what it prints, what it stores.

use super::super::{Enabled, Fields, leading_number, query_command, set_command};
use crate::types::Store;
use atat::AtatResp;

/// `AT`: answers `OK`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attention;

set_command!(Attention, "", 1_000, |_this, _line| {});

/// `ATE0`, `ATE1`: whether the module sends back what it receives. On after every restart, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetEcho(
    /// Echo on.
    pub bool,
);

set_command!(SetEcho, "E", 1_000, |this, line| line.text(if this.0 {
    "1"
} else {
    "0"
}));

/// `AT+RST`: answers `OK`, then restarts; `ready` follows after 0.3 to 1 s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restart;

set_command!(Restart, "+RST", 5_000, |_this, _line| {});

/// `AT+RESTORE`: erases all stored settings, then restarts; `ready` follows after 1 to 3 s.
///
/// Firmware that was shipped with other settings than Espressif's, such as a baud rate of 9600, falls back to its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restore;

set_command!(Restore, "+RESTORE", 10_000, |_this, _line| {});

/// Answer to `AT+SYSRAM?`, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FreeMemory {
    /// Free now.
    pub now: u32,
    /// The least that was ever free; ESP-AT alone prints it.
    pub lowest: Option<u32>,
}

impl AtatResp for FreeMemory {}

query_command! {
    /// `AT+SYSRAM?`: free memory of the module.
    QueryMemory, "+SYSRAM", FreeMemory, |fields| Some(FreeMemory {
        now: fields.number()?,
        lowest: if fields.is_empty() {
            None
        } else {
            Some(fields.number()?)
        },
    })
}

/// What the module prints of its own accord, parameter of `AT+SYSMSG`; by default nothing of this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SystemMessages {
    /// Bit 0: `+QUITT` when passthrough is left.
    pub passthrough_end: bool,
    /// Bit 1: `+LINK_CONN:…` with addresses and ports instead of `<id>,CONNECT`.
    pub link_details: bool,
    /// Bit 2: Wi-Fi and link states also during passthrough. ESP-AT alone has it.
    pub passthrough_status: bool,
}

impl SystemMessages {
    const fn bits(self) -> u32 {
        self.passthrough_end as u32
            | (self.link_details as u32) << 1
            | (self.passthrough_status as u32) << 2
    }

    /// `0x3` from non-OS firmware, `3` from ESP-AT.
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let field = fields.bare()?;
        let bits = match field.strip_prefix(b"0x") {
            Some(&[digit]) => char::from(digit).to_digit(16)?,
            Some(_) => return None,
            None => match leading_number(field)? {
                (bits, []) => bits,
                _ => return None,
            },
        };
        (bits < 8).then_some(Self {
            passthrough_end: bits & 1 != 0,
            link_details: bits & 2 != 0,
            passthrough_status: bits & 4 != 0,
        })
    }
}

impl AtatResp for SystemMessages {}

query_command! {
    /// `AT+SYSMSG?`: what the module prints of its own accord.
    QuerySystemMessages(Store), "+SYSMSG", SystemMessages, |fields| SystemMessages::read(&mut fields)
}

/// `AT+SYSMSG=<bits>`: what the module prints of its own accord. `_DEF` writes flash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetSystemMessages {
    /// What to print.
    pub messages: SystemMessages,
    /// Form of the command name.
    pub store: Store,
}

set_command!(SetSystemMessages, "+SYSMSG", 1_000, |this, line| line
    .text(this.store.suffix())
    .text("=")
    .number(this.messages.bits()));

query_command! {
    /// `AT+SYSSTORE?`: whether settings are written to flash.
    QueryStore, "+SYSSTORE", Enabled, |fields| fields.flag().map(Enabled)
}

/// `AT+SYSSTORE=<0|1>`: whether the settings that follow are written to flash; on by default. Not stored itself.
///
/// Takes the place of the endings `_CUR` and `_DEF` of non-OS firmware.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetStore(
    /// Write to flash.
    pub bool,
);

set_command!(SetStore, "+SYSSTORE", 1_000, |this, line| line
    .text("=")
    .flag(this.0));

query_command! {
    /// `AT+SYSLOG?`: whether `ERR CODE:0x…` is printed before `ERROR`.
    QueryErrorCodes, "+SYSLOG", Enabled, |fields| fields.flag().map(Enabled)
}

/// `AT+SYSLOG=<0|1>`: whether the module prints the reason, `ERR CODE:0x…`, before `ERROR`. Off after every restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetErrorCodes(
    /// Print the reason.
    pub bool,
);

set_command!(SetErrorCodes, "+SYSLOG", 1_000, |this, line| line
    .text("=")
    .flag(this.0));

/// Answer to `AT+SYSTIMESTAMP?`: seconds since 1970, as far as the module knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Timestamp(
    /// Seconds since 1970.
    pub u32,
);

impl AtatResp for Timestamp {}

query_command! {
    /// `AT+SYSTIMESTAMP?`: the module's clock.
    QueryTimestamp, "+SYSTIMESTAMP", Timestamp, |fields| fields.number().map(Timestamp)
}

/// `AT+SYSTIMESTAMP=<seconds>`: sets the module's clock; SNTP overwrites it. Not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetTimestamp(
    /// Seconds since 1970.
    pub u32,
);

set_command!(SetTimestamp, "+SYSTIMESTAMP", 1_000, |this, line| line
    .text("=")
    .number(this.0));
