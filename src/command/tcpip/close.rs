//! Closing links.

use super::{super::set_command, LinkId, link};

/// `AT+CIPCLOSE=?`: answers `OK` where the command exists. Non-OS firmware only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestClose;

set_command!(TestClose, "+CIPCLOSE", 1_000, |_this, line| line.text("=?"));

/// `AT+CIPCLOSE[=<link>]`: closes a link. The module prints `CLOSED`, or `<link>,CLOSED`, then `OK`.
///
/// `UNLINK` and `ERROR` if it is not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Close(
    /// Which link; `None` in single-connection mode.
    pub Option<LinkId>,
);

set_command!(Close, "+CIPCLOSE", 5_000, |this, line| {
    if this.0.is_some() {
        link(line, this.0);
    }
});

/// `AT+CIPCLOSE=5`: closes all links. Multiple-connection mode only; not while the server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CloseAll;

set_command!(CloseAll, "+CIPCLOSE", 5_000, |_this, line| line.text("=5"));

/// `AT+CIPCLOSEMODE=[<link>,]<mode>`: how a TCP link will be closed. Non-OS firmware only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetCloseMode {
    /// Which link; `None` in single-connection mode.
    pub link: Option<LinkId>,
    /// How.
    pub mode: CloseMode,
}

/// How TCP closes a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum CloseMode {
    /// 0: with FIN, after what was sent has arrived.
    #[default]
    Normal = 0,
    /// 1: with RST, at once.
    Abort = 1,
}

set_command!(SetCloseMode, "+CIPCLOSEMODE", 1_000, |this, line| link(
    line, this.link
)
.number(this.mode as u32));
