//! Cuts the byte stream into frames: lines, messages framed by their length, prompts.
//!
//! The framer sees the bytes that are not yet part of a frame, as often as the caller likes, and remembers how far it has
//! looked: no byte is examined twice, and the payload of a length-framed message not at all.

#[cfg(feature = "sockets")]
mod data_head;

#[cfg(feature = "sockets")]
pub(crate) use data_head::DataSource;

use crate::types::Dialect;

const MESSAGE: &[u8] = b"+MQTTSUBRECV:";
/// In place of the end of a topic, while what may be the link id has digits alone.
const LINK_ID: u16 = 1;

/// What the bytes at the front of the buffer are, and how many.
///
/// One number each, so that it fits two registers; [`Framer::message`] and [`Framer::dropped`] tell more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing complete yet.
    More,
    /// Bytes that mean nothing: line ends, blanks, the rest of a message that is being skipped.
    Skip(usize),
    /// A line with its line end.
    Line(usize),
    /// The end of a line whose beginning was given up by [`Framer::spill`].
    Overlong(usize),
    /// An incoming message.
    Message(usize),
    /// The start of a message that cannot be stored. What follows is skipped step by step.
    Dropped(usize),
    /// The `>` that asks for data; one byte.
    Prompt,
    /// What stands before data of a link; [`Framer::data_source`] tells more.
    #[cfg(feature = "sockets")]
    DataHead(usize),
    /// Data of a link. It stays until [`Framer::data_taken`] is told of it.
    #[cfg(feature = "sockets")]
    Data(usize),
}

/// Where topic and payload of a message are, counted from the front of the buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MessageParts {
    pub topic: (usize, usize),
    pub payload: (usize, usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between frames.
    Start,
    /// In a line that may turn out to be a message.
    Head,
    /// In any other line.
    Line,
    /// After `+MQTTSUBRECV:`, in the link id or in the topic of a message framed by its line end.
    Link,
    /// After `<digits>,`.
    Quote,
    /// In the quoted topic, or in the length behind it.
    Topic,
    /// In a payload of known length.
    Payload,
    /// In the payload of a message framed by its line end.
    LinePayload,
    /// In a payload that is thrown away.
    Skip,
    /// In what may stand before data of a link.
    #[cfg(feature = "sockets")]
    DataHead,
    /// In data of a link.
    #[cfg(feature = "sockets")]
    Data,
}

/// Incremental state. All positions count from the first byte of the frame, including spilled ones.
#[derive(Debug)]
pub(crate) struct Framer {
    pub dialect: Dialect,
    /// Whether a `>` at the start of a line is a prompt.
    pub prompt: bool,
    state: State,
    end: u16,
    need: u16,
    scanned: usize,
    spilled: u16,
    comma: u16,
    #[cfg(feature = "sockets")]
    source: DataSource,
}

impl Framer {
    pub const fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            prompt: false,
            state: State::Start,
            scanned: 0,
            spilled: 0,
            comma: 0,
            end: 0,
            need: 0,
            #[cfg(feature = "sockets")]
            source: DataSource::Fetched,
        }
    }

    /// Whether the bytes at hand are a message whose end is not known yet.
    pub const fn in_header(&self) -> bool {
        #[cfg(feature = "sockets")]
        if matches!(self.state, State::DataHead | State::Data) {
            return false;
        }
        !matches!(
            self.state,
            State::Start | State::Head | State::Line | State::Payload | State::Skip
        )
    }

    /// Whether the first `len` bytes of a frame are not all of a payload of known length.
    pub fn is_in_payload(&self, len: usize) -> bool {
        self.state == State::Payload && len < self.scanned + usize::from(self.need)
    }

    /// How many bytes at the front of the buffer have been looked at.
    pub const fn scanned(&self) -> usize {
        match self.state {
            State::Start | State::Skip => 0,
            #[cfg(feature = "sockets")]
            State::Data => 0,
            _ => self.scanned,
        }
    }

    /// Looks at `buffer`, whose front is the start of a frame or of its rest. A message may take `room` bytes of it.
    ///
    /// The caller removes what the step says, then asks again, until [`Step::More`].
    pub fn next(&mut self, buffer: &[u8], room: usize) -> Step {
        match self.state {
            State::Start => {
                let is_blank = |byte: &&u8| matches!(**byte, b'\r' | b'\n' | b' ');
                let blanks = buffer.iter().take_while(is_blank).count();
                if blanks > 0 {
                    return Step::Skip(blanks);
                }
                match buffer.first() {
                    None => return Step::More,
                    Some(b'>') if self.prompt => return Step::Prompt,
                    Some(_) => self.begin(),
                }
            }
            State::Skip => {
                let skipped = usize::from(self.need).min(buffer.len());
                self.need -= skipped as u16;
                if self.need == 0 {
                    self.state = State::Start;
                } else if skipped == 0 {
                    return Step::More;
                }
                return Step::Skip(skipped);
            }
            State::Payload => return self.payload(buffer),
            #[cfg(feature = "sockets")]
            State::Data => return self.data(buffer),
            _ => {}
        }
        while let Some(&byte) = buffer.get(self.scanned) {
            let at = (self.scanned + usize::from(self.spilled)).min(u16::MAX.into());
            self.scanned += 1;
            if byte == b'\n' {
                let returned = self.scanned.checked_sub(2).and_then(|i| buffer.get(i));
                if let Some(step) = self.line_end(at, returned == Some(&b'\r'), room) {
                    return step;
                }
            }
            // A line end may be text too.
            if let Some(step) = self.header(buffer, byte, at, room) {
                return step;
            }
        }
        Step::More
    }

    /// Gives up the bytes at hand, all `len` of them, because there is no room for more.
    ///
    /// Returns how many the caller removes. The frame is then reported as [`Step::Overlong`] or [`Step::Dropped`]
    /// when its end is seen.
    pub fn spill(&mut self, len: usize) -> usize {
        // The last byte stays: it may be the CR of the line end.
        let spilled = len.saturating_sub(1);
        if self.state == State::Head {
            self.state = State::Line;
        }
        #[cfg(feature = "sockets")]
        if self.state == State::DataHead {
            self.state = State::Line;
        }
        self.spilled = self.spilled.saturating_add(spilled as u16);
        self.scanned = len - spilled;
        spilled
    }

    /// If a payload is arriving, takes its frame for a line. Returns whether a message is lost by that.
    pub fn give_up_message(&mut self) -> bool {
        let lost = self.state == State::Payload;
        #[cfg(feature = "sockets")]
        let lost_data = self.state == State::Data;
        #[cfg(not(feature = "sockets"))]
        let lost_data = false;
        if lost || lost_data || self.state == State::Skip {
            self.begin();
            self.state = State::Line;
        }
        lost
    }

    fn begin(&mut self) {
        self.state = State::Head;
        self.scanned = 0;
        self.spilled = 0;
    }

    /// The parts of the message of `count` bytes that was the last step.
    pub const fn message(&self, count: usize) -> MessageParts {
        let comma = self.comma as usize;
        if self.end > 0 {
            MessageParts {
                topic: (comma + 2, self.end as usize),
                payload: (count - self.need as usize, count),
            }
        } else {
            MessageParts {
                topic: (MESSAGE.len(), comma),
                payload: (comma + 1, count - 2),
            }
        }
    }

    /// Length of the payload of the message that the last step said is dropped.
    pub const fn dropped(&self) -> u16 {
        self.need
    }

    fn payload(&mut self, buffer: &[u8]) -> Step {
        let count = self.scanned + usize::from(self.need);
        if buffer.len() < count {
            return Step::More;
        }
        self.state = State::Start;
        Step::Message(count)
    }

    #[inline(never)]
    fn line_end(&mut self, at: usize, after_return: bool, room: usize) -> Option<Step> {
        let count = self.scanned;
        let is_message = matches!(self.state, State::LinePayload | State::Quote | State::Topic);
        if is_message && self.dialect != Dialect::EspAt {
            // Only CR LF ends a payload; a bare LF belongs to it.
            if !after_return {
                return None;
            }
            self.state = State::Start;
            self.end = 0;
            if self.spilled > 0 || count > room {
                self.need = at.saturating_sub(usize::from(self.comma) + 2) as u16;
                return Some(Step::Dropped(count));
            }
            return Some(Step::Message(count));
        }
        self.state = State::Start;
        Some(if self.spilled > 0 {
            Step::Overlong(count)
        } else {
            Step::Line(count)
        })
    }

    fn header(&mut self, buffer: &[u8], byte: u8, at: usize, room: usize) -> Option<Step> {
        #[cfg(feature = "sockets")]
        if let Some(step) = self.data_head(buffer) {
            return step;
        }
        self.state = match (self.state, byte) {
            (State::Head, b':') if buffer.get(..self.scanned) == Some(MESSAGE) => {
                self.end = LINK_ID;
                State::Link
            }
            (State::Head, b':') => State::Line,
            (State::Link, b',') => {
                let is_link = self.end == LINK_ID && at > MESSAGE.len();
                self.comma = at as u16;
                self.end = 0;
                self.framed_or_not(is_link, State::Quote)
            }
            (State::Link, b'0'..=b'9') => return None,
            (State::Link, _) => {
                self.end = 0;
                return None;
            }
            (State::Quote, _) => self.framed_or_not(byte == b'"', State::Topic),
            (State::Topic, _) => return self.topic(buffer, byte, at, room),
            _ => return None,
        };
        None
    }

    /// The state after a byte of a message that may be `framed` by its length.
    fn framed_or_not(&self, is_framed: bool, framed: State) -> State {
        match self.dialect {
            Dialect::Auto | Dialect::EspAt if is_framed => framed,
            Dialect::EspAt => State::Line,
            Dialect::Auto | Dialect::Vendor => State::LinePayload,
        }
    }

    /// In the quoted topic, which ends with `",<digits>,`.
    fn topic(&mut self, buffer: &[u8], byte: u8, at: usize, room: usize) -> Option<Step> {
        match (byte, at - usize::from(self.end)) {
            (b'"', _) => {
                self.end = at as u16;
                self.need = 0;
            }
            (b',', 1) => {}
            (b'0'..=b'9', 2..=6) => {
                let need = u32::from(self.need) * 10 + u32::from(byte - b'0');
                self.need = need as u16;
                if need > u16::MAX.into() {
                    self.end = 0;
                }
            }
            (b',', 3..=7) => return Some(self.header_done(buffer, room)),
            _ => self.end = 0,
        }
        None
    }

    fn header_done(&mut self, buffer: &[u8], room: usize) -> Step {
        if self.spilled > 0 || self.scanned + usize::from(self.need) > room {
            self.state = State::Skip;
            return Step::Dropped(self.scanned);
        }
        self.state = State::Payload;
        self.payload(buffer)
    }
}
