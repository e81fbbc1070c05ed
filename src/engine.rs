//! The protocol without I/O and without a clock.
//!
//! The engine holds the two buffers. Received bytes go into one, are cut into frames and become events, messages or lines
//! of the answer to the command in flight. The other holds the command while it is sent and then its answer, so that an
//! answer never competes with unread messages for memory.

use crate::{
    event::{Counters, Event, LinkState, Lost},
    framer::{Framer, Step},
    message::Message,
    queue::{Front, Queue},
    types::Dialect,
    urc::{Kind, Urc, classify},
};

/// What ends the command in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expect {
    /// No command is in flight.
    Nothing,
    /// `OK`, `ERROR`, `FAIL` and their like.
    Final,
    /// An `OK` after the line `AT version:…`; any other `OK` belongs to an earlier command.
    Version,
    /// The prompt `>`, which may come with some distance to its `OK`.
    Prompt,
    /// `+MQTTPUB:OK` or `+MQTTPUB:FAIL`.
    Published,
    /// `ready`.
    Ready,
}

/// How the command in flight ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It did what was expected.
    Done,
    /// `ERROR`, `FAIL`.
    Refused,
    /// `busy p...`, `busy s...`: it was not accepted.
    Busy,
    /// `+MQTTPUB:FAIL`.
    PublishFailed,
    /// The module restarted.
    Reset,
    /// A line of the answer has come, and lines are handed out one by one.
    Line,
}

#[derive(Debug)]
pub(crate) struct Engine<'b> {
    queue: Queue<'b>,
    framer: Framer,
    /// The command, later its answer.
    text: &'b mut [u8],
    command_len: usize,
    sent: usize,
    answer_len: usize,
    /// Data bytes that the module still waits for after `>`.
    pub owed: u16,
    expect: Expect,
    outcome: Option<Outcome>,
    /// Hand out the lines of the answer one by one.
    pub streaming: bool,
    answer_cut: bool,
    pub link: LinkState,
    pub lost: Lost,
    pub counters: Counters,
}

impl<'b> Engine<'b> {
    pub fn new(rx: &'b mut [u8], tx: &'b mut [u8], dialect: Dialect) -> Self {
        Self {
            queue: Queue::new(rx),
            framer: Framer::new(dialect),
            text: tx,
            command_len: 0,
            sent: 0,
            answer_len: 0,
            owed: 0,
            expect: Expect::Nothing,
            outcome: None,
            streaming: false,
            answer_cut: false,
            link: LinkState::new(),
            lost: Lost::new(),
            counters: Counters::new(),
        }
    }

    pub const fn set_message_dialect(&mut self, dialect: Dialect) {
        self.framer.dialect = dialect;
    }

    /// Where the next command is written.
    pub const fn command_buffer(&mut self) -> &mut [u8] {
        self.text
    }

    /// A command of `len` bytes was written; it is over when what is expected has come.
    pub fn begin(&mut self, len: usize, expect: Expect) {
        self.command_len = len;
        self.sent = 0;
        self.answer_len = 0;
        self.answer_cut = false;
        self.expect(expect);
    }

    /// Waits for something else as part of the same command.
    pub fn expect(&mut self, expect: Expect) {
        self.expect = expect;
        self.outcome = None;
        self.framer.prompt = expect == Expect::Prompt;
    }

    /// Gives the command up.
    pub fn end(&mut self) {
        self.expect(Expect::Nothing);
        self.streaming = false;
    }

    /// The next byte of the command to send.
    pub fn next_byte(&mut self) -> Option<u8> {
        if self.sent >= self.command_len {
            return None;
        }
        let byte = self.text.get(self.sent).copied();
        self.sent += 1;
        byte
    }

    /// Whether the command has been sent whole, so that an answer can be its own.
    const fn is_sent(&self) -> bool {
        self.sent >= self.command_len
    }

    /// How the command ended, once.
    pub fn outcome(&mut self) -> Option<Outcome> {
        self.outcome.take()
    }

    /// The lines of the answer so far, each with LF.
    pub fn answer(&self) -> &[u8] {
        self.text.get(..self.answer_len).unwrap_or_default()
    }

    /// Whether a line of the answer did not fit.
    pub const fn is_answer_cut(&self) -> bool {
        self.answer_cut
    }

    /// Forgets the answer so far and goes on with what was received behind it.
    pub fn next_line(&mut self) {
        self.answer_len = 0;
        self.digest();
    }

    /// Where the UART may write.
    pub fn space(&mut self) -> &mut [u8] {
        self.queue.space()
    }

    /// `count` bytes were received into [`space`](Self::space).
    pub fn received(&mut self, count: usize) {
        self.queue.filled(count);
        self.digest();
    }

    /// Whether the next thing to read is a message. Events in front of it are dropped.
    pub fn message_waits(&mut self) -> bool {
        while let Some((front, len)) = self.queue.front() {
            if front == Front::Message {
                return true;
            }
            self.lost.advance(len);
            self.queue.drop_front();
        }
        false
    }

    /// Takes the oldest record if it is a message.
    pub fn message(&mut self) -> Option<Message<'_>> {
        match self.queue.front()? {
            (Front::Message, len) => {
                self.lost.advance(len);
                self.queue.take_message()
            }
            (Front::Urc, _) => None,
        }
    }

    /// Whether [`event`](Self::event) has something to give.
    pub const fn event_waits(&self) -> bool {
        self.queue.queued() > 0 || self.lost.is_due()
    }

    /// Takes the oldest event.
    pub fn event(&mut self) -> Option<Event<'_>> {
        if let Some(report) = self.lost.report() {
            return Some(report);
        }
        let (front, len) = self.queue.front()?;
        self.lost.advance(len);
        match front {
            Front::Message => self.queue.take_message().map(Event::Message),
            Front::Urc => {
                let (class, text) = self.queue.take_urc()?;
                Urc::from_class(class, text).map(Event::from_urc)
            }
        }
    }

    fn digest(&mut self) {
        while !(self.streaming && self.answer_len > 0) {
            let room = self.queue.room();
            match self.framer.next(self.queue.partial(), room) {
                Step::More => {
                    let len = self.queue.partial().len();
                    if self.queue.is_full() || (self.framer.in_header() && len > room) {
                        let spilled = self.framer.spill(len);
                        self.queue.discard(spilled);
                    }
                    return;
                }
                Step::Skip(count) => self.queue.discard(count),
                Step::Prompt => {
                    self.queue.discard(1);
                    if self.expect == Expect::Prompt && self.is_sent() {
                        self.framer.prompt = false;
                        self.outcome = Some(Outcome::Done);
                    }
                }
                Step::Line { len, consumed } => self.line(len, consumed),
                Step::Overlong { consumed } => {
                    bump(&mut self.counters.stray_lines);
                    self.answer_cut = true;
                    self.queue.discard(consumed);
                }
                Step::Message(frame) => {
                    self.queue.keep_message(frame);
                }
                Step::Dropped { len, consumed } => {
                    bump(&mut self.counters.messages_dropped);
                    self.lost.add(len, self.queue.queued());
                    self.queue.discard(consumed);
                }
            }
        }
    }

    fn line(&mut self, len: usize, consumed: usize) {
        let line = self.queue.partial().get(..len).unwrap_or_default();
        let line = line.trim_ascii_end();
        let (unsolicited, result) = split_result(line);
        let class = classify(unsolicited);
        if let Some(result) = result {
            self.finish(result);
        } else if class.is_none() {
            self.text_line(line.len());
        }
        if let Some(class) = class {
            self.unsolicited(class.kind());
            if consumed <= self.queue.room() {
                self.queue.keep_urc(class, consumed);
                return;
            }
            bump(&mut self.counters.events_dropped);
        }
        self.queue.discard(consumed);
    }

    fn finish(&mut self, result: FinalResult) {
        if !self.is_sent() {
            return;
        }
        let outcome = match (self.expect, result) {
            (Expect::Nothing, _) => return,
            (Expect::Version, FinalResult::Ok) if !self.answer().starts_with(b"AT version") => {
                self.answer_len = 0;
                return;
            }
            (Expect::Final | Expect::Version, FinalResult::Ok) => Outcome::Done,
            (Expect::Published, FinalResult::Published) => Outcome::Done,
            (Expect::Published, FinalResult::PublishFailed) => Outcome::PublishFailed,
            // Bytes behind a payload, or a restart, are answered too; what is waited for still comes.
            (Expect::Published | Expect::Ready, FinalResult::Busy) => return,
            // Once a line has come the command was accepted, and something else was refused.
            (_, FinalResult::Busy) if self.answer_len == 0 => Outcome::Busy,
            (_, FinalResult::Refused) => Outcome::Refused,
            _ => return,
        };
        self.settle(outcome);
    }

    fn settle(&mut self, outcome: Outcome) {
        self.outcome = Some(outcome);
        self.framer.prompt = false;
        if outcome != Outcome::Busy {
            self.expect = Expect::Nothing;
        }
    }

    fn unsolicited(&mut self, kind: Kind) {
        self.link.update(kind);
        if kind == Kind::Ready {
            self.owed = 0;
            bump(&mut self.counters.restarts);
            match self.expect {
                Expect::Nothing => {}
                Expect::Ready => self.settle(Outcome::Done),
                _ => self.settle(Outcome::Reset),
            }
        }
    }

    /// A line that is neither a result nor unsolicited: part of the answer, or echo, or noise.
    fn text_line(&mut self, len: usize) {
        let line = self.queue.partial().get(..len).unwrap_or_default();
        if self.expect == Expect::Nothing || !self.is_sent() {
            bump(&mut self.counters.stray_lines);
            return;
        }
        if self.answer_len == 0 {
            let command = self.text.get(..self.command_len).unwrap_or_default();
            if command.trim_ascii_end() == line {
                return;
            }
        }
        let end = self.answer_len + len;
        match self.text.get_mut(self.answer_len..=end) {
            Some([target @ .., last]) if target.len() == len => {
                target.copy_from_slice(line);
                *last = b'\n';
                self.answer_len = end + 1;
                if self.streaming {
                    self.outcome = Some(Outcome::Line);
                }
            }
            _ => self.answer_cut = true,
        }
    }
}

/// Counts one more, wrapping around.
fn bump(counter: &mut u16) {
    *counter = counter.wrapping_add(1);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FinalResult {
    Ok,
    Refused,
    Busy,
    Published,
    PublishFailed,
}

/// Splits a line into what is unsolicited and the result that ends a command.
///
/// ESP-AT 2.2 prints `+MQTTDISCONNECTED:0+MQTTPUB:FAIL` when the link drops while the payload is sent.
fn split_result(line: &[u8]) -> (&[u8], Option<FinalResult>) {
    if let Some(before) = line.strip_suffix(b"+MQTTPUB:FAIL") {
        return (before, Some(FinalResult::PublishFailed));
    }
    let result = match line {
        b"OK" | b"SEND OK" => FinalResult::Ok,
        b"ERROR" | b"FAIL" | b"SEND FAIL" => FinalResult::Refused,
        b"busy p..." | b"busy s..." => FinalResult::Busy,
        b"+MQTTPUB:OK" => FinalResult::Published,
        _ => return (line, None),
    };
    (b"", Some(result))
}
