//! The protocol without I/O and without a clock.
//!
//! The engine holds the two buffers. Received bytes go into one, are cut into frames and become events, messages or lines
//! of the answer to the command in flight. The other holds the command while it is sent and then its answer, so that an
//! answer never competes with unread messages for memory.
//!
//! An `inline` attribute here and below stands where it was measured to save flash (`.ci/size`).

mod digest;
#[cfg(feature = "sockets")]
mod links;

#[cfg(feature = "sockets")]
pub(crate) use links::{LinkPhase, Links, Waiting};

use crate::{
    buffers::Buffers,
    bytes::part,
    command::Line,
    event::{Counters, Event, LinkState, Lost},
    framer::Framer,
    message::Message,
    queue::{Queue, Unread},
    secret::SecretLine,
    trace,
    types::{Dialect, WifiMode},
    urc::Urc,
};
use core::fmt;
use embedded_io::ErrorKind;

/// What ends the command in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expect {
    /// No command is in flight.
    Nothing,
    /// `OK`, `ERROR`, `FAIL` and their like.
    Final,
    /// An `OK` after the line `AT version:…`; any other `OK` belongs to an earlier command.
    Version,
    /// As `Final`, and the lines of the answer are handed out one by one.
    Lines,
    /// As `Final`, of a command that says nothing before it but why it is refused.
    Done,
    /// The prompt `>`, which may come with some distance to its `OK`.
    Prompt,
    /// `+MQTTPUB:OK` or `+MQTTPUB:FAIL`.
    Published,
    /// `SEND OK` or `SEND FAIL`.
    #[cfg(feature = "sockets")]
    Sent,
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

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Say {
    Nothing,
    /// The command that was written.
    Command,
    /// `AT+GMR`, whatever was written.
    Version,
    /// `+++`
    Escape,
    /// The data that the module waits for.
    Data,
    /// In place of that data, zeros.
    Zeros,
    /// In place of that data, line ends.
    LineEnds,
}

const VERSION: &[u8] = b"AT+GMR\r\n";
const ESCAPE: &[u8] = b"+++";

/// What is waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Awaited {
    /// The end of the command in flight.
    Outcome,
    Message,
    Event,
    /// Data of a link, or its end.
    #[cfg(feature = "sockets")]
    Data(crate::command::tcpip::LinkId),
}

/// An event that waits to be taken.
pub(crate) enum Next {
    Lost(Event<'static>),
    Message(usize),
    Line(usize),
}

/// Small fields first: a Cortex-M0 reaches the first 32 bytes of a struct with shorter code.
#[repr(C)]
pub(crate) struct Engine<'b> {
    expect: Expect,
    outcome: Option<Result<(), Failure>>,
    answer_cut: bool,
    /// A command was given up: the module may still answer it.
    pub out_of_step: bool,
    /// `AT+GMR` was sent since the driver was last known to be in step.
    pub version_asked: bool,
    /// The last publish has failed, and the state of the connection was not asked for since then.
    pub publish_failed: bool,
    /// What a module becomes that refuses to join: its own access point is left on.
    pub join_mode: WifiMode,
    pub say: Say,
    /// Bytes of a text that are still to be sent.
    unsent: u8,
    /// The data that was announced goes over a link.
    #[cfg(feature = "sockets")]
    for_link: bool,
    pub link: LinkState,
    /// Data bytes that the module still waits for after `>`.
    pub owed: u16,
    /// Data bytes that the command in flight has announced.
    announced: u16,
    answer_len: u16,
    pub counters: Counters,
    framer: Framer,
    lost: Lost,
    queue: Queue<'b>,
    /// The command, later its answer.
    pub line: Line<'b>,
    #[cfg(feature = "sockets")]
    pub links: Links<'b>,
}

/// Without the buffers: a command in them may hold a password, and so may what was received.
impl fmt::Debug for Engine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("expect", &self.expect)
            .field("line", &self.line)
            .field("owed", &self.owed)
            .field("link", &self.link)
            .field("counters", &self.counters)
            .finish_non_exhaustive()
    }
}

impl<'b> Engine<'b> {
    /// Lengths are 16 bits wide, so more than 64 kB of the buffers is not used.
    pub fn new(buffers: Buffers<'b>, dialect: Dialect) -> Self {
        let Buffers { rx, tx, .. } = buffers;
        let len = tx.len().min(usize::from(u16::MAX));
        let text = tx.get_mut(..len).unwrap_or_default();
        Self {
            queue: Queue::new(rx),
            framer: Framer::new(dialect),
            line: Line::new(text, dialect),
            say: Say::Nothing,
            unsent: 0,
            answer_len: 0,
            owed: 0,
            announced: 0,
            expect: Expect::Nothing,
            outcome: None,
            answer_cut: false,
            out_of_step: false,
            version_asked: false,
            publish_failed: false,
            join_mode: WifiMode::Station,
            link: LinkState::new(),
            lost: Lost::new(),
            counters: Counters::new(),
            #[cfg(feature = "sockets")]
            links: Links::new(buffers.datagrams),
            #[cfg(feature = "sockets")]
            for_link: false,
        }
    }

    pub const fn set_message_dialect(&mut self, dialect: Dialect) {
        self.framer.dialect = dialect;
    }

    /// As [`announce`](Self::announce), for data that goes over a link.
    #[cfg(feature = "sockets")]
    pub const fn announce_for_link(&mut self, len: u16) {
        self.announced = len;
        self.for_link = true;
    }

    /// The next command that ends with a prompt asks for `len` bytes of data.
    pub const fn announce(&mut self, len: u16) {
        self.announced = len;
        #[cfg(feature = "sockets")]
        {
            self.for_link = false;
        }
    }

    /// Starts what is going to be sent. It is over when what is expected has come.
    #[inline(never)]
    pub fn begin(&mut self, say: Say, expect: Expect) {
        self.say = say;
        self.unsent = match say {
            Say::Command => self.line.len(),
            Say::Version => VERSION.len(),
            Say::Escape => ESCAPE.len(),
            Say::Nothing | Say::Data | Say::Zeros | Say::LineEnds => 0,
        } as u8;
        self.answer_len = 0;
        self.answer_cut = false;
        self.expect(expect);
    }

    #[inline(always)]
    fn expect(&mut self, expect: Expect) {
        self.expect = expect;
        self.outcome = None;
        self.framer.prompt = expect == Expect::Prompt;
    }

    /// Shows the command in the log.
    pub fn trace_command(&self) {
        let len = self.line.len().saturating_sub(2);
        trace::sent(part(self.line.buffer, 0, len), self.line.hidden);
    }

    /// Says and expects nothing more.
    pub fn end(&mut self) {
        self.say = Say::Nothing;
        self.unsent = 0;
        self.expect(Expect::Nothing);
    }

    /// The next byte to send; data counts as sent when [`data_sent`](Self::data_sent) is told so.
    #[inline(never)]
    pub fn next_byte(&mut self, data: &[u8]) -> Option<u8> {
        if self.unsent > 0 {
            let text = match self.say {
                Say::Command => part(self.line.buffer, 0, self.line.len()),
                Say::Version => VERSION,
                _ => ESCAPE,
            };
            let at = text.len().checked_sub(self.unsent.into())?;
            self.unsent -= 1;
            return text.get(at).copied();
        }
        // A restarted module waits for nothing and would read data as commands.
        if self.owed == 0 {
            return None;
        }
        match self.say {
            Say::Data => {
                let at = data.len().checked_sub(self.owed.into())?;
                data.get(at).copied()
            }
            // A module that was not waiting for them says so.
            _ if self.outcome.is_some() => None,
            Say::Zeros => Some(0),
            Say::LineEnds if self.owed.is_multiple_of(2) => Some(b'\r'),
            Say::LineEnds => Some(b'\n'),
            _ => None,
        }
    }

    /// The byte that [`next_byte`](Self::next_byte) gave was sent.
    pub const fn data_sent(&mut self) {
        if matches!(self.say, Say::Data | Say::Zeros | Say::LineEnds) {
            self.owed = self.owed.saturating_sub(1);
        }
    }

    /// The byte that [`next_byte`](Self::next_byte) will give, while a command is in flight.
    pub fn unsent_byte(&self) -> Option<u8> {
        if self.expect == Expect::Nothing {
            return None;
        }
        let at = self.line.len().checked_sub(self.unsent.into())?;
        part(self.line.buffer, at, self.line.len()).first().copied()
    }

    /// Whether the command has been sent whole, so that an answer can be its own.
    const fn is_sent(&self) -> bool {
        self.unsent == 0
    }

    /// Whether the command in flight has announced data and was not asked for them yet.
    #[cfg(feature = "async")]
    pub fn awaits_prompt(&self) -> bool {
        self.expect == Expect::Prompt && self.is_sent()
    }

    /// How the command ended, or that a line is to be handed out; once.
    pub const fn outcome(&mut self) -> Option<Result<(), Failure>> {
        self.outcome.take()
    }

    /// The lines of the answer so far, each with LF.
    pub fn answer(&self) -> &[u8] {
        let len = usize::from(self.answer_len);
        part(self.line.buffer, 0, len)
    }

    /// Whether what is waited for is there.
    pub fn has(&mut self, awaited: Awaited) -> Option<Result<(), Failure>> {
        let is_there = match awaited {
            Awaited::Outcome => return self.outcome(),
            Awaited::Message => matches!(self.unread(false), Unread::Message(_)),
            Awaited::Event => self.lost.is_due() || self.unread(true) != Unread::Nothing,
            #[cfg(feature = "sockets")]
            Awaited::Data(link) => self.links.has_news(link),
        };
        is_there.then_some(Ok(()))
    }

    /// Whether a line of the answer did not fit.
    pub const fn is_answer_cut(&self) -> bool {
        self.answer_cut
    }

    /// Nobody takes the lines of the answer in flight one by one any more.
    #[cfg(feature = "async")]
    pub fn end_listing(&mut self) {
        if self.expect == Expect::Lines {
            self.expect = Expect::Final;
        }
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
        #[cfg(feature = "sockets")]
        if self.links.cut_datagram() {
            bump(&mut self.counters.datagrams_dropped);
        }
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
        // Most bytes are payload: nothing to look at before its end.
        if !self.framer.is_in_payload(self.queue.partial_len()) {
            self.digest();
        }
    }

    /// The UART reported an error while receiving. Returns whether it is gone; anything else is noise, and counted.
    pub fn is_gone(&mut self, error: ErrorKind) -> bool {
        let gone = is_fatal(error);
        if !gone {
            bump(&mut self.counters.uart_errors);
        }
        gone
    }

    /// What there is to read: a message or, if asked for, a line. What else is in front of it is dropped.
    pub fn unread(&mut self, lines: bool) -> Unread {
        loop {
            match self.queue.unread() {
                Unread::Line(count) if !lines => {
                    self.lost.advance(count);
                    self.queue.take(count);
                }
                unread => return unread,
            }
        }
    }

    /// The next event, if there is one: messages lost, when everything that came before them has been read; a message;
    /// a line.
    pub fn next(&mut self) -> Option<Next> {
        if let Some(lost) = self.lost.report() {
            return Some(Next::Lost(lost));
        }
        match self.unread(true) {
            Unread::Message(count) => Some(Next::Message(count)),
            Unread::Line(count) => Some(Next::Line(count)),
            Unread::Nothing => None,
        }
    }

    /// Takes what [`next`](Self::next) has found.
    pub fn take(&mut self, next: Next) -> Event<'_> {
        match next {
            Next::Lost(lost) => lost,
            Next::Message(count) => Event::Message(self.take_message(count)),
            Next::Line(count) => {
                self.lost.advance(count);
                let line = self.queue.take(count).trim_ascii_end();
                let malformed = Event::Malformed(SecretLine::new(line));
                Urc::parse(line).map_or(malformed, Event::from_urc)
            }
        }
    }

    /// Takes what [`unread`](Self::unread) has found, a message.
    pub fn take_message(&mut self, count: usize) -> Message<'_> {
        self.lost.advance(count);
        let (topic, payload) = self.queue.take_message(count);
        Message::new(topic, payload)
    }
}

/// Counts one more, wrapping around.
fn bump(counter: &mut u16) {
    *counter = counter.wrapping_add(1);
}

/// Errors after which a UART or what stands for it is gone; all others are noise on the line.
const fn is_fatal(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotConnected
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::PermissionDenied
            | ErrorKind::NotFound
    )
}
