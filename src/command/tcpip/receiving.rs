//! How data of links comes, and fetching it.

use super::{
    super::{Command, Field, Fields, Line, atat_commands, query_command, set_command},
    LinkId, MAX_LINKS, data_header, link,
};
use crate::error::Argument;
use atat::AtatResp;
use heapless::Vec;

const LENGTH: Field = Field::new(Argument::Length, 1, u16::MAX).vendor(1, 2048);

/// When data of a link is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ReceiveMode {
    /// 0: at once, as `+IPD,[<link>,]<length>:<data>`.
    #[default]
    Active = 0,
    /// 1: when [`ReceiveData`] asks; `+IPD,[<link>,]<length>` says that some waits. Of a TCP link the module keeps 2920 bytes
    /// (non-OS firmware) or 5760, then it stops the sender; of a UDP link it drops what does not fit.
    Passive = 1,
}

impl AtatResp for ReceiveMode {}

query_command! {
    /// `AT+CIPRECVMODE?`: when data is printed.
    QueryReceiveMode, "+CIPRECVMODE", ReceiveMode, |fields| Some(if fields.flag()? {
        ReceiveMode::Passive
    } else {
        ReceiveMode::Active
    })
}

/// `AT+CIPRECVMODE=<mode>`: when data is printed. Firmware since non-OS AT 1.7 and ESP-AT 2.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetReceiveMode(
    /// The mode.
    pub ReceiveMode,
);

set_command!(SetReceiveMode, "+CIPRECVMODE", 1_000, |this, line| line
    .text("=")
    .number(this.0 as u32));

/// `AT+CIPRECVDATA=[<link>,]<length>`: fetches up to `N` waiting bytes, in passive mode.
///
/// For atat's clients with [`Digester`](crate::Digester), which frames the data by its length, and with
/// [`PeerInfo::Hidden`]. Anything else that reads lines, the driver's `send` too, gets only data without line ends in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiveData<const N: usize> {
    /// Which link; `None` in single-connection mode.
    pub link: Option<LinkId>,
}

/// Answer to `AT+CIPRECVDATA`: what was waiting, at most as much as was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ReceivedData<const N: usize>(pub Vec<u8, N>);

impl<const N: usize> AtatResp for ReceivedData<N> {}

impl<const N: usize> Command for ReceiveData<N> {
    type Response = ReceivedData<N>;
    const NAME: &'static str = "+CIPRECVDATA";
    const TIMEOUT_MS: u32 = 2_000;

    fn encode(&self, line: &mut Line<'_>) {
        link(line, self.link).ranged(&LENGTH, u16::try_from(N).unwrap_or(0));
    }

    fn decode(&self, text: &[u8]) -> Option<ReceivedData<N>> {
        let header = data_header(text, false).ok()?;
        let data = text.get(header.len..)?.get(..header.data_len)?;
        Vec::from_slice(data).ok().map(ReceivedData)
    }
}

atat_commands!({const N: usize} ReceiveData<N>);

/// Answer to `AT+CIPRECVLEN?`: bytes that wait for each link; `None` for a link that is not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Waiting(pub [Option<u32>; MAX_LINKS]);

impl AtatResp for Waiting {}

query_command! {
    /// `AT+CIPRECVLEN?`: how much data waits, in passive mode.
    QueryWaiting, "+CIPRECVLEN", Waiting, |fields| {
        if fields.is_empty() {
            return None;
        }
        let mut waiting = Waiting([None; MAX_LINKS]);
        for slot in &mut waiting.0 {
            // ESP-AT prints nothing for a link that is not open; the last field is missing then.
            let field = fields.bare().unwrap_or_default();
            if !matches!(field, b"" | b"-1") {
                *slot = Some(Fields::new(field).number()?);
            }
        }
        Some(waiting)
    }
}

/// Whether `+IPD` and `+CIPRECVDATA` name the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum PeerInfo {
    /// 0: no.
    #[default]
    Hidden = 0,
    /// 1: IP address and port follow the length.
    Shown = 1,
}

impl AtatResp for PeerInfo {}

query_command! {
    /// `AT+CIPDINFO?`: whether data names its sender. Prints `TRUE` or `FALSE`, newer firmware 1 or 0.
    QueryPeerInfo, "+CIPDINFO", PeerInfo, |fields| match fields.bare()? {
        b"TRUE" | b"true" | b"1" => Some(PeerInfo::Shown),
        b"FALSE" | b"false" | b"0" => Some(PeerInfo::Hidden),
        _ => None,
    }
}

/// `AT+CIPDINFO=<mode>`: whether data names its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetPeerInfo(
    /// Whether.
    pub PeerInfo,
);

set_command!(SetPeerInfo, "+CIPDINFO", 1_000, |this, line| line
    .text("=")
    .number(this.0 as u32));
