//! Station, soft access point, or both.

use super::{
    super::{Command, Line, atat_commands, fields::Fields, leading_number, set_command},
    after_name,
};
use crate::types::{Store, WifiMode};
use atat::AtatResp;

/// `AT+CWMODE=?`: which modes the firmware has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestMode(
    /// Form of the command name.
    pub Store,
);

/// The modes of `AT+CWMODE`, from `+CWMODE:(1-3)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ModeRange {
    /// First mode.
    pub first: WifiMode,
    /// Last mode.
    pub last: WifiMode,
}

impl AtatResp for ModeRange {}

impl Command for TestMode {
    type Response = ModeRange;
    const NAME: &'static str = "+CWMODE";

    fn encode(&self, line: &mut Line<'_>) {
        line.text(self.0.suffix()).text("=?");
    }

    fn decode(&self, text: &[u8]) -> Option<ModeRange> {
        let range = after_name(text, Self::NAME)?.strip_prefix(b"(")?;
        let (first, rest) = leading_number(range)?;
        let (last, rest) = leading_number(rest.strip_prefix(b"-")?)?;
        (rest == b")" && first <= last).then_some(())?;
        Some(ModeRange {
            first: WifiMode::from_number(first)?,
            last: WifiMode::from_number(last)?,
        })
    }
}

/// `AT+CWMODE?`: the mode in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryMode(
    /// Form of the command name; [`Store::Flash`] asks for the stored mode.
    pub Store,
);

impl AtatResp for WifiMode {}

impl Command for QueryMode {
    type Response = WifiMode;
    const NAME: &'static str = "+CWMODE";

    fn encode(&self, line: &mut Line<'_>) {
        line.text(self.0.suffix()).text("?");
    }

    fn decode(&self, text: &[u8]) -> Option<WifiMode> {
        WifiMode::from_number(Fields::new(after_name(text, Self::NAME)?).number()?)
    }
}

/// `AT+CWMODE=<mode>`: sets the mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetMode {
    /// The mode.
    pub mode: WifiMode,
    /// Form of the command name.
    pub store: Store,
}

set_command!(SetMode, "+CWMODE", 2_000, |this, line| line
    .text(this.store.suffix())
    .text("=")
    .number(this.mode as u32));

/// `AT+CWMODE=<mode>,<0|1>`: sets the mode and says whether to join the stored access point. ESP-AT only.
///
/// [`SetMode`] leaves that to the firmware, which joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetModeAndJoin {
    /// The mode.
    pub mode: WifiMode,
    /// Joins the access point that is stored, if the station was off before.
    pub join: bool,
}

set_command!(SetModeAndJoin, "+CWMODE", 2_000, |this, line| line
    .text("=")
    .number(this.mode as u32)
    .flag(this.join));

atat_commands!(TestMode, QueryMode);
