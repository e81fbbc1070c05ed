//! What the module did, for a test to look at.

use core::time::Duration;

use super::{Mode, Module, Power};
use crate::command::{Argument, Form};

/// A command that the module's parser understood.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Understood {
    /// When its line end arrived.
    pub at: Duration,
    /// Name without `AT+`; `AT` and `ATE` for these two.
    pub name: String,
    /// Which form.
    pub form: Form,
    /// Parameters, escapes removed; `ATE0` has one number.
    pub arguments: Vec<Argument>,
}

/// Why a line was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// LF without CR before it, or a line longer than the buffer.
    LineEnd,
    /// No `AT`, for instance an empty line.
    Prefix,
    /// No such command or no such form in this firmware.
    Unknown,
    /// Another command was running.
    Busy,
    /// The command was understood and failed: bad parameter, wrong state. The number is the code that ESP-AT prints
    /// after `ERR CODE:0x`.
    Failed(u32),
}

/// A line that was answered with `ERROR` or `busy`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refused {
    /// When it was answered.
    pub at: Duration,
    /// Name of the command, empty if none was recognised.
    pub name: String,
    /// Why.
    pub why: Refusal,
}

#[derive(Default)]
pub(crate) struct Record {
    pub understood: Vec<Understood>,
    pub refused: Vec<Refused>,
    pub restarts: u32,
}

impl Module {
    /// Baud at which the module receives, and sends all but the boot ROM's text.
    #[must_use]
    pub fn baud(&self) -> u32 {
        self.baud
    }

    /// The commands that the module understood, oldest first.
    #[must_use]
    pub fn commands(&self) -> &[Understood] {
        &self.record.understood
    }

    /// The lines that it refused, oldest first.
    #[must_use]
    pub fn refused(&self) -> &[Refused] {
        &self.record.refused
    }

    /// How often it has booted again.
    #[must_use]
    pub fn restarts(&self) -> u32 {
        self.record.restarts
    }

    /// Whether it executes a command, or takes data instead of commands.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.job.is_some() || !matches!(self.mode, Mode::Commands)
    }

    /// Whether it has booted.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.power == Power::On
    }
}
