//! The receive buffer: what has been received and not yet read, oldest first, then the frame that is arriving.
//!
//! ```text
//! 0 … head      free again
//! head … tail   records: messages and events
//! tail … fill   bytes not yet cut into frames
//! fill … end    where the UART writes
//! ```
//!
//! A record stays where its bytes arrived. Its header overwrites the fixed text at the start of the frame, so storing a
//! message costs no copy and no memory beyond the frame itself.

use crate::{framer::MessageFrame, message::Message, urc::Class};

/// Tag of a message; the tag of an event is the index of its class.
const MESSAGE: u8 = u8::MAX;

/// Received bytes, read and unread.
#[derive(Debug)]
pub(crate) struct Queue<'b> {
    buffer: &'b mut [u8],
    head: usize,
    tail: usize,
    fill: usize,
}

/// What the oldest record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Front {
    Message,
    Urc,
}

impl<'b> Queue<'b> {
    /// Record lengths are 16 bits wide, so more than 64 kB of `buffer` is not used.
    pub fn new(buffer: &'b mut [u8]) -> Self {
        let len = buffer.len().min(usize::from(u16::MAX));
        Self {
            buffer: buffer.get_mut(..len).unwrap_or_default(),
            head: 0,
            tail: 0,
            fill: 0,
        }
    }

    /// How long the frame that is arriving may become if it is kept.
    ///
    /// A quarter of the buffer, at most 160 bytes, stays free, so that answers are read when messages are not.
    pub fn room(&self) -> usize {
        let len = self.buffer.len();
        (len - (len / 4).min(160)).saturating_sub(self.queued())
    }

    /// Bytes in records.
    pub const fn queued(&self) -> usize {
        self.tail - self.head
    }

    /// Where the UART may write. Not empty unless [`is_full`](Self::is_full).
    pub fn space(&mut self) -> &mut [u8] {
        if self.fill == self.buffer.len() || self.head == self.fill {
            let head = self.head;
            self.move_down(head, 0);
            self.tail -= head;
            self.head = 0;
        }
        self.buffer.get_mut(self.fill..).unwrap_or_default()
    }

    /// Whether there is no room for another byte.
    pub const fn is_full(&self) -> bool {
        self.fill - self.head >= self.buffer.len()
    }

    /// `count` bytes were written to [`space`](Self::space).
    pub fn filled(&mut self, count: usize) {
        self.fill = (self.fill + count).min(self.buffer.len());
    }

    /// The bytes not yet cut into frames.
    pub fn partial(&self) -> &[u8] {
        self.buffer.get(self.tail..self.fill).unwrap_or_default()
    }

    /// Removes `count` bytes at the front of [`partial`](Self::partial).
    pub fn discard(&mut self, count: usize) {
        if self.head == self.tail {
            self.head += count;
            self.tail += count;
        } else {
            self.move_down(self.tail + count, self.tail);
        }
    }

    /// Keeps the first `consumed` bytes of [`partial`](Self::partial), a line of that class, as an event.
    pub fn keep_urc(&mut self, class: Class, consumed: usize) {
        let [low, high] = (consumed as u16).to_le_bytes();
        let link = class.link.unwrap_or(u8::MAX);
        // `ready` has five bytes; only segment results, which are longer, have a number.
        let header = [low, high, class.index, link, class.text_at];
        match class.segment {
            None => self.keep(consumed, header),
            Some(segment) => {
                let [a, b, c, d, e] = header;
                let [f, g] = segment.to_le_bytes();
                self.keep(consumed, [a, b, c, d, e, f, g]);
            }
        }
    }

    /// Keeps the first bytes of [`partial`](Self::partial) as a message.
    pub fn keep_message(&mut self, frame: MessageFrame) {
        let bytes = |value: usize| (value as u16).to_le_bytes();
        let [a, b] = bytes(frame.consumed);
        let [d, e] = bytes(frame.topic.0);
        let [f, g] = bytes(frame.topic.1);
        let [h, i] = bytes(frame.payload.0);
        let [j, k] = bytes(frame.payload.1);
        self.keep(frame.consumed, [a, b, MESSAGE, d, e, f, g, h, i, j, k]);
    }

    /// What the oldest record is, and how many bytes it takes.
    pub fn front(&self) -> Option<(Front, usize)> {
        let [low, high, tag] = *self.record()?.first_chunk()?;
        let front = if tag == MESSAGE {
            Front::Message
        } else {
            Front::Urc
        };
        Some((front, usize::from(u16::from_le_bytes([low, high]))))
    }

    /// Takes the oldest record out as a message.
    pub fn take_message(&mut self) -> Option<Message<'_>> {
        let record = self.take()?;
        let [_, _, _, d, e, f, g, h, i, j, k] = *record.first_chunk()?;
        let range = |a, b, c, d| {
            record.get(
                usize::from(u16::from_le_bytes([a, b]))..usize::from(u16::from_le_bytes([c, d])),
            )
        };
        Some(Message::new(range(d, e, f, g)?, range(h, i, j, k)?))
    }

    /// Takes the oldest record out as an event: its class and the text that follows the fixed part of the line.
    pub fn take_urc(&mut self) -> Option<(Class, &[u8])> {
        let record = self.take()?;
        let [_, _, index, link, text_at] = *record.first_chunk()?;
        let mut class = Class {
            index,
            link: (link != u8::MAX).then_some(link),
            segment: None,
            text_at,
        };
        if class.is_segment() {
            let [_, _, _, _, _, f, g] = *record.first_chunk()?;
            class.segment = Some(u16::from_le_bytes([f, g]));
        }
        Some((class, record.get(usize::from(text_at)..)?.trim_ascii_end()))
    }

    /// Drops the oldest record.
    pub fn drop_front(&mut self) {
        self.take();
    }

    fn record(&self) -> Option<&[u8]> {
        self.buffer.get(self.head..self.tail)
    }

    fn take(&mut self) -> Option<&[u8]> {
        let [a, b] = *self.record()?.first_chunk()?;
        let start = self.head;
        let end = start + usize::from(u16::from_le_bytes([a, b]));
        self.head = end.min(self.tail);
        self.buffer.get(start..self.head)
    }

    fn keep<const N: usize>(&mut self, consumed: usize, header: [u8; N]) {
        let start = self.buffer.get_mut(self.tail..).unwrap_or_default();
        if let Some(slot) = start.first_chunk_mut() {
            *slot = header;
        }
        self.tail += consumed;
    }

    /// Moves the bytes from `from` to the end of what was received down to `to`.
    fn move_down(&mut self, from: usize, to: usize) {
        if from <= self.fill && to <= from && self.fill <= self.buffer.len() {
            self.buffer.copy_within(from..self.fill, to);
            self.fill -= from - to;
        }
    }
}
