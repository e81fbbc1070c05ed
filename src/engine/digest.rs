//! What each received frame means: part of an answer, the end of a command, an event, noise.

use super::{Engine, Expect, Failure, bump};
use crate::{
    bytes::part,
    framer::{MessageParts, Step},
    trace,
    types::WifiMode,
    urc::{Kind, classify},
};

impl Engine<'_> {
    /// Cuts what has been received into frames and deals with each.
    #[inline(never)]
    pub(super) fn digest(&mut self) {
        while !(self.expect == Expect::Lines && self.answer_len > 0) {
            let room = self.queue.room();
            match self.framer.next(self.queue.partial(), room) {
                Step::More => {
                    let len = self.queue.partial_len();
                    if self.queue.is_full() || (self.framer.in_header() && len > room) {
                        let spilled = self.framer.spill(len);
                        self.queue.discard(spilled);
                    }
                    return;
                }
                Step::Skip(count) => self.queue.discard(count),
                Step::Prompt => {
                    self.queue.discard(1);
                    trace::received_prompt();
                    if self.is_sent() {
                        // Not `Nothing`: a restart from here on means that no data may be sent.
                        self.settle(Ok(()));
                        self.expect = Expect::Published;
                        #[cfg(feature = "sockets")]
                        if self.for_link {
                            self.expect = Expect::Sent;
                        }
                        self.owed = self.announced;
                    }
                }
                #[cfg(feature = "sockets")]
                Step::DataHead(count) => self.data_head(count),
                #[cfg(feature = "sockets")]
                Step::Data(count) => {
                    if !self.data(count) {
                        return;
                    }
                }
                Step::Line(count) => self.line(count),
                Step::Overlong(count) => {
                    trace::long_line();
                    bump(&mut self.counters.stray_lines);
                    self.answer_cut |= self.expect != Expect::Nothing && self.is_sent();
                    self.queue.discard(count);
                }
                Step::Message(count) => {
                    let parts = self.framer.message(count);
                    self.trace_message(parts);
                    self.queue.keep_message(count, parts);
                }
                Step::Dropped(count) => {
                    trace::dropped_message(self.framer.dropped());
                    bump(&mut self.counters.messages_dropped);
                    self.lost.add(self.framer.dropped(), self.queue.queued());
                    self.queue.discard(count);
                }
            }
        }
    }

    #[inline(never)]
    fn line(&mut self, consumed: usize) {
        let line = self.queue.line(consumed);
        trace::received(line, self.line.hidden, || {
            self.expect != Expect::Nothing && self.is_sent()
        });
        match classify(line) {
            None => self.text_line(consumed),
            Some(kind) if kind.is_result() => self.finish(kind),
            Some(kind) => {
                // ESP-AT 2.2 prints `+MQTTDISCONNECTED:0+MQTTPUB:FAIL` when the link drops while a payload is sent.
                if kind == Kind::MqttDisconnected && line.ends_with(b"FAIL") {
                    self.finish(Kind::PublishFailed);
                }
                #[cfg(feature = "sockets")]
                if self.links.notice(self.queue.line(consumed)) {
                    self.queue.discard(consumed);
                    return;
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

    fn trace_message(&self, parts: MessageParts) {
        let (from, to) = parts.topic;
        let topic = part(self.queue.partial(), from, to);
        trace::received_message(topic, parts.payload.1.saturating_sub(parts.payload.0));
    }

    /// A line that ends a command.
    #[inline(never)]
    fn finish(&mut self, result: Kind) {
        if !self.is_sent() {
            return;
        }
        let outcome = match (self.expect, result) {
            (Expect::Nothing, _) => return,
            (Expect::Version, Kind::Ok) if self.answer_len == 0 => return,
            (Expect::Final | Expect::Lines | Expect::Done | Expect::Version, Kind::Ok) => Ok(()),
            (Expect::Published, Kind::Published) => Ok(()),
            #[cfg(feature = "sockets")]
            (Expect::Sent, Kind::Ok) => Ok(()),
            #[cfg(feature = "sockets")]
            (Expect::Sent, Kind::Busy) => return,
            (Expect::Published, Kind::PublishFailed) => Err(Failure::PublishFailed),
            // The module waits for its data from here on, whether the prompt is heard or lost.
            (Expect::Prompt, Kind::Ok) => {
                self.owed = self.announced;
                return;
            }
            // Bytes behind a payload, or a restart, are answered too; what is waited for still comes.
            (Expect::Published | Expect::Ready, Kind::Busy) => return,
            // Once a line has come the command was accepted, and something else was refused.
            (_, Kind::Busy) if self.answer_len == 0 => Err(Failure::Busy),
            (_, Kind::Refused) => Err(Failure::Rejected),
            _ => return,
        };
        self.settle(outcome);
    }

    #[inline(never)]
    fn settle(&mut self, outcome: Result<(), Failure>) {
        self.outcome = Some(outcome);
        self.framer.prompt = false;
        if self.expect == Expect::Prompt {
            self.owed = 0;
        }
        if outcome != Err(Failure::Busy) {
            self.expect = Expect::Nothing;
        }
    }

    fn unsolicited(&mut self, kind: Kind) {
        self.link.update(kind);
        if kind == Kind::Ready {
            self.owed = 0;
            self.join_mode = WifiMode::Station;
            #[cfg(feature = "sockets")]
            self.links.reset();
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
        if matches!(self.expect, Expect::Nothing | Expect::Published) || !self.is_sent() {
            bump(&mut self.counters.stray_lines);
            return;
        }
        if self.answer_len == 0 {
            if self.expect == Expect::Version {
                if !line.starts_with(b"AT version") {
                    // What is left of the answer to an earlier command, or a message with a gap; an echo begins with AT.
                    if line.first() != Some(&b'A') {
                        bump(&mut self.counters.stray_lines);
                    }
                    return;
                }
            } else if self.line.buffer.get(..self.line.len().saturating_sub(2)) == Some(line) {
                return;
            }
        }
        if self.expect == Expect::Version && self.line.len() > 0 {
            // The command that waits to be sent stays where it is.
            self.answer_len = 1;
            return;
        }
        if matches!(self.expect, Expect::Done | Expect::Prompt) {
            bump(&mut self.counters.stray_lines);
        }
        let mut end = usize::from(self.answer_len);
        if end + line.len() >= self.line.buffer.len() {
            self.answer_cut = true;
            return;
        }
        // Byte by byte, as in the queue: nothing else here would need `memcpy`, which has 330 bytes.
        for &byte in line {
            if let Some(slot) = self.line.buffer.get_mut(end) {
                *slot = byte;
                end += 1;
            }
        }
        if let Some(slot) = self.line.buffer.get_mut(end) {
            *slot = b'\n';
        }
        self.answer_len = end as u16 + 1;
        if self.expect == Expect::Lines {
            self.outcome = Some(Ok(()));
        }
    }
}
