//! The numbered pieces of `AT+CIPSENDBUF`.

use std::collections::VecDeque;

/// The firmware remembers so many segments.
const REMEMBERED: u32 = 32;
/// How many segments can wait.
const QUEUE: usize = 7;
/// Bytes of the send buffer.
const BUFFER: usize = 2920;

/// What waits for its acknowledgement: a segment with its number, or a plain send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pending {
    Plain,
    Segment(u32, usize),
}

/// Segments of one link.
#[derive(Debug)]
pub(crate) struct Segments {
    /// Number of the next one.
    pub next: u32,
    /// Number of the last one handed to TCP.
    pub sent: u32,
    /// Number of the last one that was acknowledged.
    pub acknowledged: u32,
    pending: VecDeque<Pending>,
}

impl Default for Segments {
    fn default() -> Self {
        Self {
            next: 1,
            sent: 0,
            acknowledged: 0,
            pending: VecDeque::new(),
        }
    }
}

impl Segments {
    fn waiting(&self) -> impl Iterator<Item = usize> {
        self.pending.iter().filter_map(|pending| match pending {
            Pending::Segment(_, length) => Some(*length),
            Pending::Plain => None,
        })
    }

    /// Room in the buffer, bytes.
    pub fn free(&self) -> usize {
        BUFFER.saturating_sub(self.waiting().sum())
    }

    /// Room in the queue, segments.
    pub fn queue(&self) -> usize {
        QUEUE.saturating_sub(self.waiting().count())
    }

    /// Whether nothing waits.
    pub fn is_idle(&self) -> bool {
        self.pending.is_empty()
    }

    /// Whether the firmware still knows `segment`.
    pub fn knows(&self, segment: u32) -> bool {
        segment > 0 && segment < self.next && segment + REMEMBERED >= self.next
    }

    pub fn reset(&mut self) {
        *self = Self::default();
    }

    pub fn push_plain(&mut self) {
        self.pending.push_back(Pending::Plain);
    }

    pub fn push_segment(&mut self, length: usize) {
        self.pending.push_back(Pending::Segment(self.next, length));
        self.sent = self.next;
        self.next += 1;
    }

    /// The oldest that waits is done.
    pub fn pop(&mut self, acknowledged: bool) -> Option<Pending> {
        let done = self.pending.pop_front()?;
        if let (Pending::Segment(number, _), true) = (done, acknowledged) {
            self.acknowledged = number;
        }
        Some(done)
    }
}
