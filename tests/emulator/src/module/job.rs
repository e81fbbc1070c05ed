//! What the module is doing.

use core::time::Duration;

use super::{Operation, Payload};
use crate::broker::Message;
use crate::command::Call;

/// What the module does with received bytes.
pub(super) enum Mode {
    Commands,
    Payload(Payload),
    Passthrough { typed: Vec<u8>, since: Duration },
}

/// The command under way; while there is one, input is refused.
pub(crate) enum Job {
    /// Executed at the given time.
    Execute(Call, Duration),
    /// Its final answer is printed at the given time.
    Answer(Answer, Duration),
    /// `>` is printed at the given time.
    Prompt(Payload, Duration),
    /// A payload is complete and published at the given time.
    Publish(Message, Duration),
    /// The next step of a firmware update, at the given time.
    Update(u8, Duration),
    /// The join, with the name that the line of its failure has.
    Join(String),
    Mqtt(Operation),
    Hung,
}

impl Job {
    pub fn due(&self) -> Option<Duration> {
        match self {
            Self::Execute(_, at)
            | Self::Answer(_, at)
            | Self::Prompt(_, at)
            | Self::Publish(_, at)
            | Self::Update(_, at) => Some(*at),
            Self::Join(_) | Self::Mqtt(_) | Self::Hung => None,
        }
    }
}

/// A final answer.
pub(crate) enum Answer {
    Ok,
    Text(Vec<u8>),
}
