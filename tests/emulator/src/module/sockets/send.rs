//! The data mode of `AT+CIPSEND` and its kin, and passthrough.

use core::net::SocketAddrV4;
use core::time::Duration;

use super::segments::Pending;
use crate::module::{Job, Mode, Module, PACKET_GAP};
use crate::network::{LinkToken, Transport};

/// Largest packet of passthrough, bytes.
const PACKET: usize = 2048;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SendKind {
    /// `AT+CIPSEND`.
    Counted,
    /// `AT+CIPSENDEX`: `\0` ends the data early.
    Escaped,
    /// `AT+CIPSENDBUF`.
    Buffered,
}

/// Data that is being typed.
#[derive(Debug)]
pub(crate) struct Sending {
    link: LinkToken,
    id: usize,
    kind: SendKind,
    length: usize,
    to: Option<SocketAddrV4>,
    typed: Vec<u8>,
    backslash: bool,
    last: Duration,
}

impl Sending {
    pub fn new(
        link: LinkToken,
        id: usize,
        kind: SendKind,
        length: usize,
        to: Option<SocketAddrV4>,
    ) -> Self {
        Self {
            link,
            id,
            kind,
            length,
            to,
            typed: Vec::new(),
            backslash: false,
            last: Duration::ZERO,
        }
    }

    /// When `+++` alone counts as a wish to stop.
    pub fn due(&self) -> Option<Duration> {
        (self.typed == b"+++").then_some(self.last + PACKET_GAP)
    }

    /// Takes a byte; true if the data is complete.
    fn push(&mut self, byte: u8) -> bool {
        if self.kind != SendKind::Escaped {
            self.typed.push(byte);
            return self.typed.len() >= self.length;
        }
        if core::mem::take(&mut self.backslash) {
            match byte {
                b'0' => return true,
                b'\\' => self.typed.push(b'\\'),
                _ => self.typed.extend([b'\\', byte]),
            }
        } else if byte == b'\\' {
            self.backslash = true;
        } else {
            self.typed.push(byte);
        }
        self.typed.len() >= self.length
    }
}

impl Module {
    /// `OK` now, the prompt a moment later.
    pub(crate) fn ask_for_data(&mut self, sending: Sending) {
        self.print(b"\r\nOK\r\n");
        let at = self.now + self.settings.latency.prompt;
        self.keep_busy(Job::DataPrompt(sending, at));
        self.job_due();
    }

    pub(in crate::module) fn prompt_for_data(&mut self, sending: Sending) {
        self.print(if self.is_esp_at() { b"\r\n>" } else { b"> " });
        self.mode = Mode::Sending(sending);
    }

    pub(in crate::module) fn data_byte(&mut self, byte: u8) {
        let now = self.now;
        let Mode::Sending(sending) = &mut self.mode else {
            return;
        };
        sending.last = now;
        if !sending.push(byte) {
            return;
        }
        if let Mode::Sending(sending) = core::mem::replace(&mut self.mode, Mode::Commands) {
            self.send_typed(&sending);
        }
    }

    fn send_typed(&mut self, sending: &Sending) {
        let Sending {
            link,
            id,
            kind,
            to,
            typed,
            ..
        } = sending;
        self.print(format!("\r\nRecv {} bytes\r\n", typed.len()).as_bytes());
        let (now, length) = (self.now, typed.len());
        let open = self.sockets.get_mut(*id).filter(|open| open.token == *link);
        let Some(open) = open else {
            return self.send_failed();
        };
        open.last_used = now;
        if *kind == SendKind::Buffered {
            open.segments.push_segment(length);
        } else {
            open.segments.push_plain();
            self.keep_busy(Job::Sending(*link));
        }
        self.network.send(now, *link, typed, *to);
    }

    /// Ends the send under way.
    pub(super) fn send_failed(&mut self) {
        self.finish_with(if self.is_esp_at() {
            b"\r\nSEND FAIL\r\n"
        } else {
            // NonOS AT leaves the empty line out.
            b"SEND FAIL\r\n"
        });
    }

    /// The oldest that waits for an acknowledgement on this link has it, or never will.
    pub(super) fn sent(&mut self, id: usize, well: bool) {
        let prefix = self.link_prefix(id);
        let Some(link) = self.sockets.links[id].as_mut() else {
            return;
        };
        let token = link.token;
        match link.segments.pop(well) {
            Some(Pending::Segment(number, _)) => {
                let word = if well { "OK" } else { "FAIL" };
                let line = format!("\r\n{prefix}{number},SEND {word}\r\n");
                self.print(line.as_bytes());
            }
            Some(Pending::Plain) => {
                let awaited = matches!(&self.job, Some(Job::Sending(link)) if *link == token);
                match (awaited, well) {
                    (true, true) => self.finish_with(b"\r\nSEND OK\r\n"),
                    (true, false) => self.send_failed(),
                    (false, _) => {}
                }
            }
            None => {}
        }
    }

    /// `+++` alone, then silence.
    pub(in crate::module) fn cancel_sending(&mut self) {
        self.mode = Mode::Commands;
        self.print(b"\r\nSEND Canceled\r\n");
    }

    /// A pause in passthrough: the packet is complete.
    pub(in crate::module) fn passthrough_packet(&mut self) {
        let Mode::Passthrough { typed, .. } = &mut self.mode else {
            return;
        };
        let packet = core::mem::take(typed);
        if packet == b"+++" {
            self.mode = Mode::Commands;
            if self.config.messages & 1 == 1 {
                self.print(if self.is_esp_at() {
                    b"\r\n+QUITT\r\n"
                } else {
                    b"+QUITT\r\n"
                });
            }
            return;
        }
        let now = self.now;
        if let Some(link) = self.sockets.get_mut(0) {
            let token = link.token;
            for piece in packet.chunks(PACKET) {
                self.network.send(now, token, piece, None);
            }
        }
        self.touch(0, now);
    }

    /// Whether passthrough is possible: one link, TCP or UDP with a fixed peer.
    pub(crate) fn can_pass_through(&self) -> bool {
        let fixed = |link: &super::Socket| {
            link.transport != Transport::Udp || link.udp_peer == super::UdpPeer::Fixed
        };
        self.sockets.get(0).is_some_and(fixed)
    }
}
