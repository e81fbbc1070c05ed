//! Every command as a plain struct, one file per chapter of the AT manual.
//!
//! A command implements [`Command`], which the driver uses, and `atat::AtatCmd`, so that it can also be sent with atat's
//! own clients. Both write the same bytes. The derive macro of atat is not used: it escapes strings the 3GPP way
//! (`\22`), which ESP-AT reads as other text, and panics when the buffer is short.
//!
//! To add a command: write the struct in the file of its chapter, with `query_command!` where it asks for one line, with
//! `set_command!` where it answers with `OK` alone, with `asking_command!` where it has parameters and an answer, or an
//! answer of many lines. Then give it a row below and a test in `tests/wire`, which fails as long as one is without the
//! other.
//!
#![doc = include_str!("COMMANDS.md")]

pub mod basic;
mod fields;
mod line;
pub mod mqtt;
pub mod tcpip;
pub mod wifi;

pub(crate) use fields::{Fields, after, answers, leading_number, lines};
pub use line::{Field, Line, MAX_LINE};

use crate::{error::ArgumentError, types::Dialect};
use atat::AtatResp;

/// The response of a command that answers with `OK` alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NoResponse;

impl AtatResp for NoResponse {}

/// Answer to a query for something that is on or off: 1 or 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Enabled(
    /// On.
    pub bool,
);

impl AtatResp for Enabled {}

/// One AT command: how it is written and how its response is read.
pub trait Command {
    /// What the module answers before `OK`.
    type Response: AtatResp;

    /// Name as the manual has it, with the plus sign: `+MQTTPUB`.
    const NAME: &'static str;

    /// How long the module may take to answer, in milliseconds, at most 9 hours.
    const TIMEOUT_MS: u32 = 1000;

    /// Writes what follows the name.
    fn encode(&self, line: &mut Line<'_>);

    /// Reads the lines between the command and `OK`; `None` if they are not what the firmware prints.
    fn decode(&self, text: &[u8]) -> Option<Self::Response>;
}

/// What is the same for all commands of a type.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CommandInfo {
    pub name: &'static str,
    pub timeout_ms: u32,
}

pub(crate) const fn info<C: Command>() -> &'static CommandInfo {
    const {
        &CommandInfo {
            name: C::NAME,
            timeout_ms: C::TIMEOUT_MS,
        }
    }
}

/// Writes the whole line of `command` into `buffer` and gives its length.
///
/// # Errors
/// The first argument that cannot be sent. What is in `buffer` then is not a command.
pub fn write<C: Command>(
    command: &C,
    buffer: &mut [u8],
    dialect: Dialect,
) -> Result<usize, ArgumentError> {
    let mut line = Line::new(buffer, dialect);
    line.start(info::<C>());
    command.encode(&mut line);
    if line.finish() {
        Ok(line.len())
    } else {
        Err(line.error())
    }
}

/// Implements `atat::AtatCmd` by way of [`Command`].
///
/// `write` gives 0, an empty command, where an argument cannot be sent or the buffer is short.
macro_rules! atat_commands {
    ($($({$($generics:tt)+})? $command:ty),+ $(,)?) => {$(
        impl$(<$($generics)+>)? atat::AtatCmd for $command {
            type Response = <Self as $crate::command::Command>::Response;

            const MAX_TIMEOUT_MS: u32 = <Self as $crate::command::Command>::TIMEOUT_MS;

            fn write(&self, buffer: &mut [u8]) -> usize {
                $crate::command::write(self, buffer, $crate::types::Dialect::Auto).unwrap_or(0)
            }

            fn parse(
                &self,
                response: Result<&[u8], atat::InternalError<'_>>,
            ) -> Result<Self::Response, atat::Error> {
                $crate::command::Command::decode(self, response?).ok_or(atat::Error::Parse)
            }
        }
    )+};
}
pub(crate) use atat_commands;

/// Implements `atat::AtatCmd` for the bytes that follow a prompt: written as they are, not as a command line.
macro_rules! data_command {
    ($command:ty, $timeout_ms:literal, |$this:ident| $bytes:expr) => {
        impl atat::AtatCmd for $command {
            type Response = $crate::command::NoResponse;

            const MAX_TIMEOUT_MS: u32 = $timeout_ms;

            fn write(&self, buffer: &mut [u8]) -> usize {
                let $this = self;
                let bytes: &[u8] = $bytes;
                let Some(target) = buffer.get_mut(..bytes.len()) else {
                    return 0;
                };
                target.copy_from_slice(bytes);
                bytes.len()
            }

            fn parse(
                &self,
                response: Result<&[u8], atat::InternalError<'_>>,
            ) -> Result<Self::Response, atat::Error> {
                response?;
                Ok($crate::command::NoResponse)
            }
        }
    };
}
pub(crate) use data_command;

/// Implements [`Command`] for a command without response whose line is written by one expression.
macro_rules! set_command {
    ($command:ty, $name:literal, $timeout_ms:literal, |$this:ident, $line:ident| $encode:expr) => {
        impl $crate::command::Command for $command {
            type Response = $crate::command::NoResponse;
            const NAME: &'static str = $name;
            const TIMEOUT_MS: u32 = $timeout_ms;

            fn encode(&self, $line: &mut $crate::command::Line<'_>) {
                let $this = self;
                $encode;
            }

            fn decode(&self, _: &[u8]) -> Option<Self::Response> {
                Some($crate::command::NoResponse)
            }
        }

        $crate::command::atat_commands!($command);
    };
}
pub(crate) use set_command;

/// Implements [`Command`] for a command with a response: one expression writes the line, one reads the answer.
macro_rules! asking_command {
    (
        $command:ty => $response:ty, $name:literal, $timeout_ms:literal,
        |$this:ident, $line:ident| $encode:expr, |$text:ident| $decode:expr
    ) => {
        impl $crate::command::Command for $command {
            type Response = $response;
            const NAME: &'static str = $name;
            const TIMEOUT_MS: u32 = $timeout_ms;

            fn encode(&self, $line: &mut $crate::command::Line<'_>) {
                let $this = self;
                $encode;
            }

            fn decode(&self, $text: &[u8]) -> Option<Self::Response> {
                $decode
            }
        }

        $crate::command::atat_commands!($command);
    };
}
pub(crate) use asking_command;

/// A query that is answered with one line `<name>:<fields>`: its struct, and the response read from the fields.
///
/// `Name(Store)` asks for the plain name or one with `_CUR` or `_DEF`.
macro_rules! query_command {
    ($(#[$doc:meta])* $command:ident, $name:literal, $response:ty, |$fields:ident| $decode:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $command;

        $crate::command::query_command!(
            @impl $command, $name, $response, |_this| "", |$fields| $decode
        );
    };
    (
        $(#[$doc:meta])*
        $command:ident(Store), $name:literal, $response:ty, |$fields:ident| $decode:expr
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $command(
            /// Form of the command name.
            pub $crate::types::Store,
        );

        $crate::command::query_command!(
            @impl $command, $name, $response, |this| this.0.suffix(), |$fields| $decode
        );
    };
    (
        @impl $command:ident, $name:literal, $response:ty,
        |$this:ident| $suffix:expr, |$fields:ident| $decode:expr
    ) => {
        impl $crate::command::Command for $command {
            type Response = $response;
            const NAME: &'static str = $name;

            fn encode(&self, line: &mut $crate::command::Line<'_>) {
                let $this = self;
                line.text($suffix).text("?");
            }

            fn decode(&self, text: &[u8]) -> Option<$response> {
                let line = $crate::command::answers(text, Self::NAME).next()?;
                #[allow(unused_mut)] // some take no field
                let mut $fields = $crate::command::Fields::new(line);
                $decode
            }
        }

        $crate::command::atat_commands!($command);
    };
}
pub(crate) use query_command;

/// An enum whose variants are numbers on the wire: `from_number` one way, `as u32` the other.
macro_rules! numbered {
    (
        $(#[$doc:meta])*
        pub enum $name:ident {
            $($(#[$variant_doc:meta])* $variant:ident = $value:literal,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        pub enum $name {
            $($(#[$variant_doc])* $variant = $value,)+
        }

        impl $name {
            /// The variant whose number is `value`.
            #[must_use]
            pub const fn from_number(value: u32) -> Option<Self> {
                Some(match value {
                    $($value => Self::$variant,)+
                    _ => return None,
                })
            }
        }
    };
}
pub(crate) use numbered;
