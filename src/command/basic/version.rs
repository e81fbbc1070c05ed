//! The firmware: its version, an update, the way back.

use super::super::{
    Command, Line, after, answers, atat_commands, leading_number, numbered, set_command,
};
use crate::types::{Firmware, Version};
use atat::AtatResp;

/// `AT+GMR`: version of the firmware.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryVersion;

impl AtatResp for Firmware {}

impl Command for QueryVersion {
    type Response = Firmware;
    const NAME: &'static str = "+GMR";

    fn encode(&self, _: &mut Line<'_>) {}

    fn decode(&self, text: &[u8]) -> Option<Firmware> {
        Some(Firmware {
            at: version(after(text, b"AT version:")?)?,
            sdk: after(text, b"SDK version:")
                .and_then(|sdk| version(sdk.strip_prefix(b"v").unwrap_or(sdk)))
                .unwrap_or(Version([0; 4])),
        })
    }
}

/// `1.7.2.0(Jan 19 2020…` or `3.0.2(824dc80)`: up to four numbers with dots between them.
fn version(text: &[u8]) -> Option<Version> {
    let mut parts = [0_u8; 4];
    let mut later = parts.iter_mut();
    let mut part = later.next()?;
    if !text.first()?.is_ascii_digit() {
        return None;
    }
    for &byte in text {
        match byte {
            b'0'..=b'9' => *part = part.checked_mul(10)?.checked_add(byte - b'0')?,
            b'.' => match later.next() {
                Some(next) => part = next,
                None => break,
            },
            _ => break,
        }
    }
    Some(Version(parts))
}

/// `AT+CIUPDATE`: fetches new firmware from Espressif's server and restarts into it.
///
/// Writes flash; takes minutes. The module has to have joined an access point. A vendor's firmware is replaced by
/// Espressif's, without the vendor's commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UpdateFirmware;

numbered! {
    /// How far `AT+CIUPDATE` has come, from `+CIPUPDATE:<step>`.
    pub enum UpdateStep {
        /// 1: the server was found.
        ServerFound = 1,
        /// 2: the server is connected.
        Connected = 2,
        /// 3: the version to load is known.
        VersionKnown = 3,
        /// 4: the update has started.
        Started = 4,
    }
}

impl AtatResp for UpdateStep {}

impl Command for UpdateFirmware {
    type Response = UpdateStep;
    const NAME: &'static str = "+CIUPDATE";
    const TIMEOUT_MS: u32 = 300_000;

    fn encode(&self, _: &mut Line<'_>) {}

    /// The last step. The steps are printed as `+CIPUPDATE`.
    fn decode(&self, text: &[u8]) -> Option<UpdateStep> {
        match leading_number(answers(text, "+CIPUPDATE").last()?)? {
            (step, []) => UpdateStep::from_number(step),
            _ => None,
        }
    }
}

/// `AT+SYSROLLBACK`: starts the firmware of the other half of the flash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RollBackFirmware;

set_command!(RollBackFirmware, "+SYSROLLBACK", 5_000, |_this, _line| {});

atat_commands!(QueryVersion, UpdateFirmware);
