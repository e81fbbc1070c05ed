//! The framer for atat's own clients.

#[cfg(feature = "sockets")]
use crate::framer::DataSource;
use crate::{
    framer::{Framer, Step},
    message::Message,
    types::Dialect,
    urc::{Kind, Urc, classify},
};
use atat::{AtatUrc, DigestResult, InternalError};
use core::fmt;
use heapless::Vec;

/// Digester of this firmware for atat's clients and ingress.
///
/// atat's own `AtDigester` expects an empty line before every unsolicited line and ends each at its line end; this
/// firmware prints none before them, and messages may contain line ends. Here messages of ESP-AT are framed by their
/// length, so that nothing in a payload is taken for a response.
///
/// Give unsolicited lines the type [`UrcBuffer`]. A response has the lines before `OK`. `ERROR` becomes
/// [`InternalError::Error`], or [`InternalError::Custom`] with the lines before it (`+CWJAP:1`, `ERR CODE:0x…`); a busy
/// line becomes [`InternalError::Custom`] with its own text. `AT+MQTTPUBRAW` is answered by `OK`, then by a prompt; send
/// [`PublishData`](crate::command::mqtt::PublishData) next.
///
/// An unsolicited line between the lines of a response wins: atat can hand out only the front of its buffer, so the lines
/// before it are given up and the response reads short. The driver of this crate keeps both.
#[derive(Debug)]
pub struct Digester {
    framer: Framer,
    /// Bytes at the front that are lines of a response.
    held: usize,
    /// Where among them the last data of a link begins and ends.
    #[cfg(feature = "sockets")]
    data: (usize, usize),
}

impl Digester {
    /// Detects the dialect by each message.
    #[must_use]
    pub const fn new() -> Self {
        Self::with_dialect(Dialect::Auto)
    }

    /// Fixes the dialect of messages.
    #[must_use]
    pub const fn with_dialect(dialect: Dialect) -> Self {
        let mut framer = Framer::new(dialect);
        framer.prompt = true;
        Self {
            framer,
            held: 0,
            #[cfg(feature = "sockets")]
            data: (0, 0),
        }
    }

    /// The lines of a response without their last line end; data is not trimmed.
    fn trim<'a>(&self, answer: &'a [u8]) -> &'a [u8] {
        let trimmed = answer.trim_ascii_end();
        #[cfg(feature = "sockets")]
        if trimmed.len() < self.data.1 {
            return answer.get(..self.data.1).unwrap_or(answer);
        }
        trimmed
    }
}

impl Default for Digester {
    fn default() -> Self {
        Self::new()
    }
}

impl atat::Digester for Digester {
    fn digest<'a>(&mut self, buffer: &'a [u8]) -> (DigestResult<'a>, usize) {
        if buffer.len() < self.held + self.framer.scanned() {
            // The client has cleared its buffer.
            *self = Self::with_dialect(self.framer.dialect);
        }
        loop {
            let held = self.held;
            let (answer, rest) = buffer.split_at_checked(held).unwrap_or((&[], buffer));
            let step = self.framer.next(rest, usize::MAX);
            let (result, count) = match step {
                Step::More => return (DigestResult::None, 0),
                Step::Skip(count) if held > 0 => {
                    self.held += count;
                    continue;
                }
                Step::Skip(count) => (DigestResult::None, count),
                Step::Prompt => (DigestResult::Prompt(b'>'), 1),
                Step::Message(count) => {
                    let frame = rest.get(..count).unwrap_or_default();
                    (DigestResult::Urc(frame), count)
                }
                #[cfg(feature = "sockets")]
                Step::DataHead(count) => {
                    self.data = (held, held + count);
                    self.held += count;
                    continue;
                }
                #[cfg(feature = "sockets")]
                Step::Data(count) => {
                    self.framer.data_taken(count);
                    self.held += count;
                    self.data.1 = self.held;
                    match self.framer.data_source() {
                        (DataSource::Pushed(_), 0) => {
                            let frame = buffer.get(self.data.0..self.held).unwrap_or_default();
                            (DigestResult::Urc(frame), count)
                        }
                        _ => continue,
                    }
                }
                Step::Line(count) | Step::Overlong(count) | Step::Dropped(count) => {
                    let line = rest.get(..count).unwrap_or_default().trim_ascii_end();
                    match digest_line(self.trim(answer), line) {
                        Some(result) => (result, count),
                        None => {
                            self.held += count;
                            continue;
                        }
                    }
                }
            };
            self.held = 0;
            #[cfg(feature = "sockets")]
            {
                self.data = (0, 0);
            }
            return (result, held + count);
        }
    }
}

/// What a line makes of the lines before it; `None` if it joins them.
fn digest_line<'a>(answer: &'a [u8], line: &'a [u8]) -> Option<DigestResult<'a>> {
    Some(match classify(line) {
        Some(Kind::Ok | Kind::Published) => DigestResult::Response(Ok(answer)),
        Some(Kind::Refused) if answer.is_empty() => {
            DigestResult::Response(Err(InternalError::Error))
        }
        Some(Kind::Refused) => DigestResult::Response(Err(InternalError::Custom(answer))),
        Some(Kind::Busy | Kind::PublishFailed) => {
            DigestResult::Response(Err(InternalError::Custom(line)))
        }
        Some(Kind::BusyCode) => return None,
        Some(_) => DigestResult::Urc(line),
        None if is_echo(line) => DigestResult::None,
        None => return None,
    })
}

/// Whether the line is an echoed command, and not `AT version:…` or the `AT+MQTTCONN:…` of the vendor's manual.
fn is_echo(line: &[u8]) -> bool {
    let name = match line.strip_prefix(b"AT") {
        Some([b'+', name @ ..]) => name,
        Some(rest) => return matches!(rest, [] | [b'E', ..]),
        None => return false,
    };
    let end = name
        .iter()
        .position(|byte| !(byte.is_ascii_uppercase() || *byte == b'_'));
    end.and_then(|end| name.get(end)) != Some(&b':')
}

/// An unsolicited line or message of up to `N` bytes, owned, for atat's URC channel.
///
/// A message takes its topic, its payload and about 25 bytes; one that is longer than `N` is not delivered by atat.
#[derive(Clone, PartialEq, Eq)]
pub struct UrcBuffer<const N: usize>(Vec<u8, N>);

impl<const N: usize> UrcBuffer<N> {
    /// The message, if it is one, as [`Digester`] cuts it: nothing behind it.
    #[must_use]
    pub fn message(&self) -> Option<Message<'_>> {
        // A digester of fixed dialect may have taken it for the other kind, and longer.
        let mut dialects = [Dialect::Auto, Dialect::Vendor].into_iter();
        let parts = dialects.find_map(|dialect| {
            let mut framer = Framer::new(dialect);
            match framer.next(&self.0, usize::MAX) {
                Step::Message(count) if count == self.0.len() => Some(framer.message(count)),
                _ => None,
            }
        })?;
        Some(Message::new(
            self.0.get(parts.topic.0..parts.topic.1)?,
            self.0.get(parts.payload.0..parts.payload.1)?,
        ))
    }

    /// The unsolicited line, if it is one.
    #[must_use]
    pub fn urc(&self) -> Option<Urc<'_>> {
        Urc::parse(self.0.trim_ascii_end())
    }
}

impl<const N: usize> AtatUrc for UrcBuffer<N> {
    fn parse(line: &[u8]) -> Option<Self> {
        Vec::from_slice(line).ok().map(Self)
    }
}

/// As what it is, so that the password that SmartConfig prints is redacted.
impl<const N: usize> fmt::Debug for UrcBuffer<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.message(), self.urc()) {
            (Some(message), _) => message.fmt(f),
            (None, Some(urc)) => urc.fmt(f),
            (None, None) => f.write_str("<unreadable>"),
        }
    }
}
