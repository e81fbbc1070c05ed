//! Every message is delivered or reported lost: the rules, and the books.
//!
//! Messages of one [`Way`] and quality of service come in their order, so a loss shows as a gap when the
//! next one arrives. The gap is closed by what the driver has told its application, and by nothing else:
//!
//! | what was told | which missing numbers it explains |
//! | --- | --- |
//! | `Kept::Lost` (or the start) … `Kept::Ready` | to the application: those that the broker took at most [`UNNOTICED`] before the application last heard that all is well, or [`UNTOLD`] where it may not have been told, and that were sent at most [`SUBSCRIBING`] after `Ready`. From it: the last [`IN_FLIGHT`] that `publish` said `Ok` to before `Lost`; at QoS 1 on ESP-AT, whose `Ok` is the broker's word, only if the broker was killed |
//! | `Event::MessagesDropped` | as many as it says, or as fit into its bytes: a damaged length skips whole lines |
//! | `Event::Malformed`, `Counters::stray_lines` | one each |
//! | a message that is none of those sent | one, and one more for each line it has swallowed |
//! | `Counters::uart_errors` | one gap of any length per quality of service, of messages sent before it was told |
//! | an error of `publish` | that message |
//! | a message at the far end that is none of those sent | one that was published within [`UNNOTICED`] of it: what is damaged on the way to the module only the far end can see |
//!
//! What a line or an event explains must be missing before the next [`REACH`] messages have been delivered (UART errors:
//! [`UART_REACH`]), because only so many can have been in the buffers ahead of it. Nothing is explained twice, and `Ready`
//! forgets what is left. Everything else fails the soak: a number that is missing without such a word, one that comes
//! twice although it was sent once, one that comes late, one that was never sent.

use std::time::Duration;

use crate::payload::{SHORTEST, Way};
use crate::stream::{Fault, Sent, Stream};

/// Time since the start.
pub type Time = Duration;

/// Receive buffer of the driver and FIFO of the UART, bytes.
pub const BUFFER: usize = 1024;
pub const FIFO: usize = 4096;
/// The shortest line that brings a message: `+MQTTSUBRECV:d/0,`, payload, line end.
const SHORTEST_LINE: usize = 17 + SHORTEST + 2;
pub const REACH: u64 = (BUFFER / SHORTEST_LINE) as u64 + 1;
pub const UART_REACH: u64 = ((BUFFER + FIFO) / SHORTEST_LINE) as u64 + 1;
/// A loss is on the wire before the application asks.
pub const UNNOTICED: Time = Duration::from_millis(500);
/// How long a loss may be unnoticed if the module does not tell: vendor firmware never tells that the broker is lost; and any
/// loss can go unheard if the line was damaged, the driver has said so, and no good message has come since. The module is
/// asked after 30 s.
pub const UNTOLD: Time = Duration::from_secs(30);
/// The module has said `OK` to a subscription that is still on its way to the broker.
pub const SUBSCRIBING: Time = Duration::from_millis(500);
/// More publishes than the application ever has on the way to the far end.
pub const IN_FLIGHT: u64 = 32;

/// What has closed a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    Outage,
    Dropped,
    Garbled,
    UartError,
    PublishError,
}

impl Report {
    pub const ALL: [Self; 5] = [
        Self::Outage,
        Self::Dropped,
        Self::Garbled,
        Self::UartError,
        Self::PublishError,
    ];
}

/// From `Kept::Lost` to `Kept::Ready { again: true }`, or from the start to the first `Ready`.
#[derive(Clone, Debug, Default)]
pub struct Outage {
    /// When the application last heard that all is well.
    pub well: Time,
    pub told: Time,
    pub ready: Option<Time>,
    /// How long a loss may have been unnoticed before `well`.
    pub unnoticed: Time,
    pub broker_killed: bool,
    /// How many publishes had said `Ok` when it was told.
    pub published: u64,
}

/// What explains a few messages, until so many have been delivered.
#[derive(Debug)]
struct Word {
    report: Report,
    left: usize,
    until: u64,
}

/// A UART error: one gap in each stream, of messages sent before it was told.
#[derive(Debug)]
struct UartError {
    told: Time,
    until: u64,
    /// Behind which number the gap is.
    gap: [Option<usize>; 2],
}

/// What was told of the line to the host.
#[derive(Debug, Default)]
struct Wire {
    /// How many messages have come.
    delivered: u64,
    words: Vec<Word>,
    uart_errors: Vec<UartError>,
}

impl Wire {
    /// What explains one of `missing` numbers that are missing before number `end` of a stream.
    fn explain(&mut self, sent: &Sent, qos: usize, end: usize, missing: usize) -> Option<Report> {
        let left: usize = self.words.iter().map(|word| word.left).sum();
        let error = self
            .uart_errors
            .iter_mut()
            .find(|error| error.gap[qos].is_none_or(|gap| gap == end) && sent.at <= error.told);
        // Not spent on what a few words explain.
        if let Some(error) = error.filter(|error| error.gap[qos].is_some() || left < missing) {
            error.gap[qos] = Some(end);
            return Some(Report::UartError);
        }
        let word = self.words.iter_mut().find(|word| word.left > 0)?;
        word.left -= 1;
        Some(word.report)
    }

    fn delivered(&mut self) {
        self.delivered += 1;
        let now = self.delivered;
        self.words.retain(|word| word.until >= now && word.left > 0);
        self.uart_errors.retain(|error| error.until >= now);
    }
}

/// The books of both ways.
#[derive(Debug, Default)]
pub struct Account {
    /// To the application, by quality of service.
    pub down: [Stream; 2],
    /// From the application.
    pub up: [Stream; 2],
    pub outages: Vec<Outage>,
    /// How many publishes have said `Ok`.
    pub published: u64,
    /// Whether `Ok` of a publish at QoS 1 means that the broker has it.
    pub firm: bool,
    /// A damaged line was told of, and no good message has come since.
    pub in_doubt: bool,
    wire: Wire,
    /// When damaged messages came to the far end.
    damaged_up: Vec<Time>,
}

impl Account {
    pub fn new(firm: bool) -> Self {
        Self {
            firm,
            ..Self::default()
        }
    }

    /// The driver has said that up to `messages` are lost.
    pub fn told(&mut self, report: Report, messages: usize) {
        if messages > 0 {
            self.in_doubt |= report == Report::Garbled;
            self.wire.words.push(Word {
                report,
                left: messages,
                until: self.wire.delivered + REACH,
            });
        }
    }

    pub fn told_uart_error(&mut self, at: Time) {
        self.in_doubt = true;
        self.wire.uart_errors.push(UartError {
            told: at,
            until: self.wire.delivered + UART_REACH,
            gap: [None; 2],
        });
    }

    pub fn ready(&mut self, at: Time) {
        // Before the first time everything was away.
        if self.outages.is_empty() {
            self.outages.push(Outage::default());
        }
        if let Some(outage) = self.outages.last_mut() {
            outage.ready.get_or_insert(at);
        }
        self.in_doubt = false;
        self.wire.words.clear();
        self.wire.uart_errors.clear();
    }

    /// A message has been delivered to the application.
    pub fn delivered(&mut self, qos: usize, number: usize, at: Time) -> Result<(), Fault> {
        self.in_doubt = false;
        self.wire.delivered();
        let Self {
            down,
            outages,
            wire,
            ..
        } = self;
        let missing = number.saturating_sub(down[qos].next);
        down[qos].arrived(number, at, |sent, last| {
            in_outage(sent, last, outages).or_else(|| wire.explain(sent, qos, number, missing))
        })
    }

    /// `publish` has returned.
    pub fn publish_done(&mut self, qos: usize, number: usize, ok: bool, at: Time) {
        if ok {
            self.published += 1;
        }
        let sent = &mut self.up[qos].sent[number];
        sent.failed = !ok;
        sent.taken = Some(at);
        sent.ordinal = self.published;
    }

    /// A message has come to the far end.
    pub fn arrived(&mut self, qos: usize, number: usize, at: Time) -> Result<(), Fault> {
        let Self {
            up,
            outages,
            damaged_up,
            firm,
            ..
        } = self;
        let firm = *firm && qos > 0;
        up[qos].arrived(number, at, |sent, _| {
            explain_up(sent, firm, outages, damaged_up)
        })
    }

    /// A message that is none of those sent has come to the far end.
    pub fn arrived_damaged(&mut self, at: Time) {
        self.damaged_up.push(at);
    }

    /// Nothing more will come.
    pub fn finish(&mut self) -> Result<(), (Way, usize, Fault)> {
        for qos in 0..2 {
            let Self {
                down,
                up,
                outages,
                wire,
                damaged_up,
                firm,
                ..
            } = self;
            let end = down[qos].sent.len();
            let missing = end - down[qos].next;
            down[qos]
                .close(end, |sent, last| {
                    in_outage(sent, last, outages).or_else(|| wire.explain(sent, qos, end, missing))
                })
                .map_err(|fault| (Way::Down, qos, fault))?;
            let firm = *firm && qos > 0;
            let end = up[qos].sent.len();
            up[qos]
                .close(end, |sent, _| explain_up(sent, firm, outages, damaged_up))
                .map_err(|fault| (Way::Up, qos, fault))?;
        }
        Ok(())
    }
}

/// Whether a message to the application is missing because of an outage since the last arrival.
fn in_outage(sent: &Sent, last_arrival: Time, outages: &[Outage]) -> Option<Report> {
    let is_in = |outage: &Outage| {
        let is_new = outage.ready.is_none_or(|ready| ready >= last_arrival);
        let began = outage.well.saturating_sub(outage.unnoticed);
        let was_there = sent.taken.is_none_or(|taken| taken >= began);
        let came_back = outage
            .ready
            .is_none_or(|ready| sent.at <= ready + SUBSCRIBING);
        is_new && was_there && came_back
    };
    outages
        .iter()
        .rev()
        .take(2)
        .any(is_in)
        .then_some(Report::Outage)
}

fn explain_up(
    sent: &Sent,
    firm: bool,
    outages: &[Outage],
    damaged: &mut Vec<Time>,
) -> Option<Report> {
    let done = sent.taken?;
    if sent.failed {
        return Some(Report::PublishError);
    }
    let in_outage = outages.iter().rev().any(|outage| {
        done <= outage.told
            && outage.published - sent.ordinal.min(outage.published) < IN_FLIGHT
            && (!firm || outage.broker_killed)
    });
    if in_outage {
        return Some(Report::Outage);
    }
    let near = damaged
        .iter()
        .position(|at| at.abs_diff(done) <= UNNOTICED)?;
    damaged.remove(near);
    Some(Report::Garbled)
}
