//! What the module is doing.

use core::time::Duration;

use super::{LongField, Operation, Payload, Sending};
use crate::broker::Message;
use crate::command::Call;
use crate::network::LinkToken;

/// What the module does with received bytes.
pub(super) enum Mode {
    Commands,
    Payload(Payload),
    /// The value of `AT+MQTTLONG…`.
    Field(LongField),
    /// The data of `AT+CIPSEND`.
    Sending(Sending),
    Passthrough {
        typed: Vec<u8>,
        since: Duration,
    },
}

impl Mode {
    pub fn passthrough(now: Duration) -> Self {
        Self::Passthrough {
            typed: Vec::new(),
            since: now,
        }
    }
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
    /// The prompt of `AT+CIPSEND` is printed at the given time.
    DataPrompt(Sending, Duration),
    /// The prompt of `AT+MQTTLONG…`, likewise.
    FieldPrompt(LongField, Duration),
    /// The prompt of passthrough, likewise.
    PassthroughPrompt(Duration),
    /// Data waits for its acknowledgement.
    Sending(LinkToken),
    /// A link is being opened.
    Open(LinkToken),
    /// Nobody has answered, and the link is given up at the given time.
    GiveUpOpening(LinkToken, Duration),
    /// A name is being resolved.
    Resolve,
    /// A ping waits for its answer.
    Ping,
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
            | Self::DataPrompt(_, at)
            | Self::FieldPrompt(_, at)
            | Self::PassthroughPrompt(at)
            | Self::GiveUpOpening(_, at)
            | Self::Update(_, at) => Some(*at),
            Self::Join(_)
            | Self::Mqtt(_)
            | Self::Sending(_)
            | Self::Open(_)
            | Self::Resolve
            | Self::Ping
            | Self::Hung => None,
        }
    }
}

/// A final answer.
pub(crate) enum Answer {
    Ok,
    Text(Vec<u8>),
}
