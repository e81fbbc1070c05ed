//! Sending over a link.

use super::{
    super::{Field, Fields, asking_command, data_command, lines, set_command},
    LinkId, PORT, link,
};
use crate::error::Argument;
use atat::AtatResp;
use core::net::SocketAddrV4;

const LENGTH: Field = Field::new(Argument::Length, 1, 8192).vendor(1, 2048);
const BUFFERED: Field = Field::new(Argument::Length, 1, 2048);

/// `AT+CIPSEND=?`: answers `OK` where the command exists. Non-OS firmware only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestSend;

set_command!(TestSend, "+CIPSEND", 1_000, |_this, line| line.text("=?"));

/// `AT+CIPSEND=[<link>,]<length>[,<ip>,<port>]`: announces `length` bytes for a link.
///
/// The module answers `OK` and `>`, takes exactly that many bytes (see [`SendData`]) and prints `Recv <length> bytes`, then
/// `SEND OK` or `SEND FAIL`. `link is not valid` and `ERROR` if the link is not open. There is no way to cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Send {
    /// Which link; `None` in single-connection mode.
    pub link: Option<LinkId>,
    /// Bytes that follow, 1 to 2048; ESP-AT since 3.0 takes 8192.
    pub length: u16,
    /// UDP only: to whom, instead of the peer of the link.
    pub to: Option<SocketAddrV4>,
}

set_command!(Send, "+CIPSEND", 5_000, |this, line| {
    link(line, this.link).ranged(&LENGTH, this.length);
    if let Some(to) = this.to {
        line.address(*to.ip()).ranged(&PORT, to.port());
    }
});

/// `AT+CIPSENDEX=?`: answers `OK` where the command exists. Non-OS firmware only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestSendEx;

set_command!(TestSendEx, "+CIPSENDEX", 1_000, |_this, line| line
    .text("=?"));

/// `AT+CIPSENDEX=[<link>,]<length>`: as [`Send`], but the two characters `\0` in the data end it early.
///
/// In the data the three characters `\\0` stand for `\0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendEx {
    /// Which link; `None` in single-connection mode.
    pub link: Option<LinkId>,
    /// The most bytes that follow, 1 to 2048; ESP-AT since 3.0 takes 8192.
    pub length: u16,
}

set_command!(SendEx, "+CIPSENDEX", 5_000, |this, line| link(
    line, this.link
)
.ranged(&LENGTH, this.length));

/// `AT+CIPSENDBUF=[<link>,]<length>`: announces `length` bytes for the send buffer of a TCP link.
///
/// Non-OS firmware only; not for SSL. Answers the segment numbers, `OK` and `>`. The bytes that follow become a segment;
/// its fate comes later, as [`Urc::SegmentSent`](crate::Urc::SegmentSent). `BUFFER FULL` or `QUEUE FULL` and `ERROR` if there
/// is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendBuffered {
    /// Which link; `None` in single-connection mode.
    pub link: Option<LinkId>,
    /// Bytes that follow, 1 to 2048.
    pub length: u16,
}

/// Answer to `AT+CIPSENDBUF`: `<segment>,<sent>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Segments {
    /// Number of the segment that the bytes become.
    pub current: u32,
    /// Number of the last segment that was sent.
    pub sent: u32,
}

impl AtatResp for Segments {}

asking_command!(
    SendBuffered => Segments, "+CIPSENDBUF", 5_000,
    |this, line| link(line, this.link).ranged(&BUFFERED, this.length),
    |text| lines(text).find_map(|line| {
        let mut fields = Fields::new(line);
        let (current, sent) = (fields.number()?, fields.number()?);
        fields.is_empty().then_some(Segments { current, sent })
    })
);

/// The bytes after the prompt of [`Send`] and [`SendEx`], for atat's clients. `SEND FAIL` is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendData<'a>(
    /// The data, of the announced length.
    pub &'a [u8],
);

data_command!(SendData<'_>, 10_000, |this| this.0);
