//! The protocol without I/O and without a clock.
//!
//! The engine holds the two buffers. Received bytes go into one, are cut into frames and become events, messages or lines
//! of the answer to the command in flight. The other holds the command while it is sent and then its answer, so that an
//! answer never competes with unread messages for memory.
//!
//! An `inline` attribute here and below stands where it was measured to save flash (`.ci/size`).

use crate::{
    bytes::part,
    event::{Counters, Event, LinkState, Lost},
    framer::{Framer, Step},
    message::Message,
    queue::{Queue, Unread},
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

/// Why something did not work, without the details that [`Error`](crate::Error) has.
///
/// One byte, so that the driver's inner functions hand it on in a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// An argument cannot be sent.
    Argument,
    /// `ERROR`, `FAIL`.
    Rejected,
    /// `busy p...`, `busy s...`: the command was not accepted.
    Busy,
    /// `+MQTTPUB:FAIL`.
    PublishFailed,
    /// The module restarted.
    Reset,
    /// Nothing came in time.
    Timeout,
    /// The UART failed.
    Uart,
    /// The UART takes no bytes.
    WriteStalled,
}

#[derive(Debug)]
pub(crate) struct Engine<'b> {
    expect: Expect,
    outcome: Option<Result<(), Failure>>,
    /// Hand out the lines of the answer one by one.
    pub streaming: bool,
    answer_cut: bool,
    pub link: LinkState,
    /// Data bytes that the module still waits for after `>`.
    pub owed: u16,
    framer: Framer,
    queue: Queue<'b>,
    /// The command, later its answer.
    text: &'b mut [u8],
    command_len: u8,
    sent: u8,
    answer_len: u16,
    lost: Lost,
    pub counters: Counters,
}

impl<'b> Engine<'b> {
    /// Lengths are 16 bits wide, so more than 64 kB of the buffers is not used.
    pub fn new(rx: &'b mut [u8], tx: &'b mut [u8], dialect: Dialect) -> Self {
        let len = tx.len().min(usize::from(u16::MAX));
        let text = tx.get_mut(..len).unwrap_or_default();
        Self {
            queue: Queue::new(rx),
            framer: Framer::new(dialect),
            text,
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

    /// The next command is the first `len` bytes of the buffer.
    pub const fn command_written(&mut self, len: usize) {
        self.command_len = len as u8;
    }

    /// Starts the command that was written. It is over when what is expected has come.
    #[inline(never)]
    pub fn begin(&mut self, expect: Expect) {
        self.sent = 0;
        self.answer_len = 0;
        self.answer_cut = false;
        self.expect(expect);
    }

    #[inline(never)]
    fn expect(&mut self, expect: Expect) {
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
        let byte = self.text.get(usize::from(self.sent)).copied();
        self.sent += 1;
        byte
    }

    /// Whether the command has been sent whole, so that an answer can be its own.
    const fn is_sent(&self) -> bool {
        self.sent >= self.command_len
    }

    /// How the command ended, or that a line is to be handed out; once.
    pub const fn outcome(&mut self) -> Option<Result<(), Failure>> {
        self.outcome.take()
    }

    /// The lines of the answer so far, each with LF.
    pub fn answer(&self) -> &[u8] {
        let len = usize::from(self.answer_len);
        part(self.text, 0, len)
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

    /// Takes a message whose payload does not come to its end for a line, and what it has swallowed for what it is.
    ///
    /// Its length was wrong: bytes were lost, or the module restarted in the middle.
    pub fn give_up_message(&mut self) {
        if self.framer.give_up_message() {
            bump(&mut self.counters.messages_dropped);
            self.lost.add(self.framer.dropped(), self.queue.queued());
        }
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

    /// The messages lost, when everything that came before them has been read.
    pub fn lost(&mut self) -> Option<Event<'static>> {
        self.lost.report()
    }

    /// What there is to read: a message or, if asked for, a line. What else is in front of it is dropped.
    pub fn unread(&mut self, lines: bool) -> Unread {
        loop {
            let unread = self.queue.unread();
            match unread {
                Unread::Line(count) if !lines => self.drop_unread(count),
                Unread::Blank(count) => self.drop_unread(count),
                _ => return unread,
            }
        }
    }

    #[inline(never)]
    fn drop_unread(&mut self, count: usize) {
        self.lost.advance(count);
        self.queue.take(count);
    }

    /// Takes what [`unread`](Self::unread) has found, a line.
    pub fn take_line(&mut self, count: usize) -> Event<'_> {
        self.lost.advance(count);
        let line = self.queue.take(count).trim_ascii_end();
        Urc::parse(line).map_or(Event::Malformed(line), Event::from_urc)
    }

    /// Takes what [`unread`](Self::unread) has found, a message.
    pub fn take_message(&mut self, count: usize) -> Message<'_> {
        self.lost.advance(count);
        let (topic, payload) = self.queue.take_message(count);
        Message::new(topic, payload)
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
                    if self.is_sent() {
                        // Not `Nothing`: a restart from here on means that no data may be sent.
                        self.settle(Ok(()));
                        self.expect = Expect::Published;
                    }
                }
                Step::Line(count) => self.line(count),
                Step::Overlong(count) => {
                    bump(&mut self.counters.stray_lines);
                    self.answer_cut |= self.expect != Expect::Nothing && self.is_sent();
                    self.queue.discard(count);
                }
                Step::Message(count) => {
                    self.queue.keep_message(count, self.framer.message(count));
                }
                Step::Dropped(count) => {
                    bump(&mut self.counters.messages_dropped);
                    self.lost.add(self.framer.dropped(), self.queue.queued());
                    self.queue.discard(count);
                }
            }
        }
    }

    fn line(&mut self, consumed: usize) {
        let line = self.queue.line(consumed);
        match classify(line) {
            None => self.text_line(consumed),
            Some(kind) if kind.is_result() => self.finish(kind),
            Some(kind) => {
                // ESP-AT 2.2 prints `+MQTTDISCONNECTED:0+MQTTPUB:FAIL` when the link drops while a payload is sent.
                if kind == Kind::MqttDisconnected && line.ends_with(b"FAIL") {
                    self.finish(Kind::PublishFailed);
                }
                self.unsolicited(kind);
                if consumed <= self.queue.room() {
                    self.queue.keep(consumed);
                    return;
                }
                bump(&mut self.counters.events_dropped);
            }
        }
        self.queue.discard(consumed);
    }

    /// A line that ends a command.
    #[inline(never)]
    fn finish(&mut self, result: Kind) {
        if !self.is_sent() {
            return;
        }
        let outcome = match (self.expect, result) {
            (Expect::Nothing, _) => return,
            (Expect::Version, Kind::Ok) if !self.answer().starts_with(b"AT version") => {
                self.answer_len = 0;
                return;
            }
            (Expect::Final | Expect::Version, Kind::Ok) => Ok(()),
            (Expect::Published, Kind::Published) => Ok(()),
            (Expect::Published, Kind::PublishFailed) => Err(Failure::PublishFailed),
            // Bytes behind a payload, or a restart, are answered too; what is waited for still comes.
            (Expect::Published | Expect::Ready, Kind::Busy) => return,
            // Once a line has come the command was accepted, and something else was refused.
            (_, Kind::Busy) if self.answer_len == 0 => Err(Failure::Busy),
            (_, Kind::Refused) => Err(Failure::Rejected),
            _ => return,
        };
        self.settle(outcome);
    }

    fn settle(&mut self, outcome: Result<(), Failure>) {
        self.outcome = Some(outcome);
        self.framer.prompt = false;
        if outcome != Err(Failure::Busy) {
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
                Expect::Ready => self.settle(Ok(())),
                _ => self.settle(Err(Failure::Reset)),
            }
        }
    }

    /// A line that is neither a result nor unsolicited: part of the answer, or echo, or noise.
    fn text_line(&mut self, consumed: usize) {
        let line = self.queue.line(consumed);
        if self.expect == Expect::Nothing || !self.is_sent() {
            bump(&mut self.counters.stray_lines);
            return;
        }
        let echo = self
            .text
            .get(..usize::from(self.command_len.saturating_sub(2)));
        if self.answer_len == 0 && echo == Some(line) {
            return;
        }
        let mut end = usize::from(self.answer_len);
        if end + line.len() >= self.text.len() {
            self.answer_cut = true;
            return;
        }
        // Byte by byte, as in the queue: nothing else here would need `memcpy`, which has 330 bytes.
        for &byte in line {
            if let Some(slot) = self.text.get_mut(end) {
                *slot = byte;
                end += 1;
            }
        }
        if let Some(slot) = self.text.get_mut(end) {
            *slot = b'\n';
        }
        self.answer_len = end as u16 + 1;
        if self.streaming {
            self.outcome = Some(Ok(()));
        }
    }
}

/// Counts one more, wrapping around.
fn bump(counter: &mut u16) {
    *counter = counter.wrapping_add(1);
}
