//! What can be made to go wrong, as data.

use core::time::Duration;

use crate::trace::Direction;

/// A fault for [`Bench::fault`](crate::Bench::fault). Byte positions count from 0 since the start of the bench, per
/// direction, without bytes that faults inserted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The byte is lost on the wire.
    DropByte {
        /// Which way the byte goes.
        direction: Direction,
        /// Its position.
        index: u64,
    },
    /// The byte arrives with the bits of `mask` inverted.
    CorruptByte {
        /// Which way the byte goes.
        direction: Direction,
        /// Its position.
        index: u64,
        /// Bits to invert.
        mask: u8,
    },
    /// The host receives `bytes` just before the module's byte number `index`.
    InsertBytes {
        /// Position of the module's byte.
        index: u64,
        /// What is inserted.
        bytes: Vec<u8>,
    },
    /// The host receives `bytes` after so many line ends of the module; 0 is before its first byte.
    InsertAtLine {
        /// Number of line ends (LF) before it.
        line: u64,
        /// What is inserted.
        bytes: Vec<u8>,
    },
    /// The module restarts when the byte has passed.
    RestartAtByte {
        /// Which way the byte goes.
        direction: Direction,
        /// Its position.
        index: u64,
    },
    /// The module treats a command differently.
    Command {
        /// Name without `AT+`, such as `MQTTPUB`; a trailing `*` stands for any ending.
        name: String,
        /// Which of the commands with that name, counted from 1 when the fault was added.
        occurrence: u32,
        /// What happens instead.
        reaction: Reaction,
    },
    /// The host's `write` of the byte at `index` fails.
    WriteError {
        /// Position of the byte.
        index: u64,
    },
    /// The host's `read` that would give the byte at `index` fails once; the byte stays.
    ReadError {
        /// Position among the bytes that the host has read.
        index: u64,
    },
    /// The host finds nothing more to read before the byte at `index` for `time`, then that and all behind it at once: a
    /// DMA buffer, a bridge to USB.
    HoldBytes {
        /// Position among the bytes that the host has read.
        index: u64,
        /// For how long.
        time: Duration,
    },
    /// From now on the module neither hears nor says anything.
    Silence,
    /// From now on the module's pin sends random bytes without a pause.
    Garbage,
}

impl Fault {
    /// A fault of the `occurrence`-th command called `name`, counted from 1.
    #[must_use]
    pub fn command(name: impl Into<String>, occurrence: u32, reaction: Reaction) -> Self {
        Self::Command {
            name: name.into(),
            occurrence,
            reaction,
        }
    }
}

/// What the module does instead of executing a command.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reaction {
    /// Answers `ERROR`.
    Error,
    /// Answers `FAIL`.
    Fail,
    /// Answers `busy p...` to this and to the next `times - 1` commands of the same name.
    Busy {
        /// How many commands are refused.
        times: u32,
    },
    /// Swallows the command and stays ready for the next.
    Silent,
    /// Swallows the command and answers everything that follows with `busy p...`, for ever.
    Hang,
    /// Executes the command, but later by this.
    Late(Duration),
    /// Prints this instead of anything else.
    Text(Vec<u8>),
    /// Prints `+CWJAP:<code>` and the firmware's word for failure, after the usual waiting.
    JoinCode(u8),
    /// Takes the payload of `AT+MQTTPUBRAW` and then prints `+MQTTPUB:FAIL`.
    PublishFail,
}
