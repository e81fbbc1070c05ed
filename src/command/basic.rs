//! Chapter "Basic AT Commands".

use super::{Command, Line, after, atat_commands, leading_number, set_command};
use crate::types::{Firmware, Version};
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
    let mut parts = [0; 4];
    let mut rest = text;
    for (i, part) in parts.iter_mut().enumerate() {
        let number = if i == 0 {
            Some(rest)
        } else {
            rest.strip_prefix(b".")
        };
        match number.and_then(leading_number) {
            Some((value, tail)) => {
                *part = u8::try_from(value).ok()?;
                rest = tail;
            }
            None if i == 0 => return None,
            None => break,
        }
    }
    Some(Version(parts))
}

atat_commands!(QueryVersion);
