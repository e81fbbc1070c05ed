//! Passthrough mode: the UART becomes the link.

use super::{
    super::{Field, query_command, set_command},
    LOCAL_PORT, PORT, TCP_KEEP_ALIVE,
};
use crate::error::Argument;
use atat::AtatResp;

const HOST: Field = Field::new(Argument::Host, 1, 64).vendor(1, 63);
const TRANSPORT: Field = Field::new(Argument::CommandLine, 3, 3);

/// What [`StartPassthrough`] and [`Send`](super::Send) do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum TransferMode {
    /// 0: data is announced by its length.
    #[default]
    Normal = 0,
    /// 1: everything on the UART is data. Single-connection mode only, TCP or UDP with a fixed peer.
    Passthrough = 1,
}

impl AtatResp for TransferMode {}

query_command! {
    /// `AT+CIPMODE?`: whether passthrough mode is chosen.
    QueryTransferMode, "+CIPMODE", TransferMode, |fields| Some(if fields.flag()? {
        TransferMode::Passthrough
    } else {
        TransferMode::Normal
    })
}

/// `AT+CIPMODE=<mode>`: chooses passthrough mode, which [`StartPassthrough`] then enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetTransferMode(
    /// The mode.
    pub TransferMode,
);

set_command!(SetTransferMode, "+CIPMODE", 1_000, |this, line| line
    .text("=")
    .number(this.0 as u32));

/// `AT+CIPSEND`: enters passthrough mode.
///
/// The module answers `OK` and `>`. From then on it sends what it receives, in packets every 20 ms, until `+++` comes alone;
/// a second of silence has to follow before the next command. The driver of this crate does not work meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartPassthrough;

set_command!(StartPassthrough, "+CIPSEND", 5_000, |_this, _line| {});

/// `AT+SAVETRANSLINK=1,<host>,<port>,<type>[,<keep-alive> or <local port>]`: writes to flash that the module starts in
/// passthrough mode with this link.
///
/// After its next restart it answers no command until `+++` ends the mode: this driver then finds no module.
/// [`ForgetPassthrough`] undoes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SavePassthrough<'a> {
    /// Name or address, 1 to 63 bytes (non-OS firmware) or 64.
    pub host: &'a str,
    /// Port of the host, 1 to 65535.
    pub port: u16,
    /// What the link speaks.
    pub link: PassthroughLink,
}

/// What a saved link speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum PassthroughLink {
    /// TCP.
    Tcp {
        /// Seconds between keep-alive probes, 1 to 7200; 0 or `None` for none.
        keep_alive: Option<u16>,
    },
    /// UDP.
    Udp {
        /// Port of the module, 1 to 65535; `None` lets the module choose.
        local_port: Option<u16>,
    },
}

set_command!(
    SavePassthrough<'_>,
    "+SAVETRANSLINK",
    1_000,
    |this, line| {
        let (transport, field, last) = match this.link {
            PassthroughLink::Tcp { keep_alive } => ("TCP", &TCP_KEEP_ALIVE, keep_alive),
            PassthroughLink::Udp { local_port } => ("UDP", &LOCAL_PORT, local_port),
        };
        line.text("=1")
            .quoted(&HOST, this.host)
            .ranged(&PORT, this.port)
            .quoted(&TRANSPORT, transport);
        if let Some(last) = last {
            line.ranged(field, last);
        }
    }
);

/// `AT+SAVETRANSLINK=0`: writes to flash that the module starts in command mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForgetPassthrough;

set_command!(ForgetPassthrough, "+SAVETRANSLINK", 1_000, |_this, line| {
    line.text("=0")
});
