//! The receive buffer: what has been received and not yet read, oldest first, then the frame that is arriving.
//!
//! ```text
//! 0 … head      free again
//! head … tail   unread: messages and events
//! tail … fill   bytes not yet cut into frames
//! fill … end    where the UART writes
//! ```
//!
//! What is kept stays where it arrived: a line as it is, a message with a header in place of `+MQTTSUBRECV:`. Storing a
//! message therefore costs no copy, and no memory beyond its frame.

use crate::{
    bytes::{half_word, part},
    framer::MessageParts,
};

/// First byte of a message's header of 11 bytes; no line that is kept begins with it.
const MESSAGE: u8 = 0xFF;

/// What is at the front of the queue, and how many bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unread {
    Nothing,
    Line(usize),
    Message(usize),
}

/// Received bytes, read and unread.
pub(crate) struct Queue<'b> {
    buffer: &'b mut [u8],
    head: usize,
    tail: usize,
    fill: usize,
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

    /// Bytes kept and not read.
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

    /// How many bytes are not yet cut into frames.
    pub const fn partial_len(&self) -> usize {
        self.fill - self.tail
    }

    /// The bytes not yet cut into frames.
    pub fn partial(&self) -> &[u8] {
        part(self.buffer, self.tail, self.fill)
    }

    /// The first `consumed` bytes of [`partial`](Self::partial) without their line end.
    #[inline(never)]
    pub fn line(&self, consumed: usize) -> &[u8] {
        let line = part(self.buffer, self.tail, self.tail + consumed);
        line.trim_ascii_end()
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

    /// Keeps `count` bytes at the front of [`partial`](Self::partial) for the reader.
    pub const fn keep(&mut self, count: usize) {
        self.tail += count;
    }

    /// Keeps `count` bytes, which are a message.
    #[inline(always)]
    pub fn keep_message(&mut self, count: usize, parts: MessageParts) {
        let MessageParts { topic, payload } = parts;
        let header = [count, topic.0, topic.1, payload.0, payload.1];
        let mut at = self.tail;
        self.put(at, MESSAGE);
        for value in header {
            let [low, high] = (value as u16).to_le_bytes();
            self.put(at + 1, low);
            self.put(at + 2, high);
            at += 2;
        }
        self.keep(count);
    }

    /// What the oldest unread bytes are.
    pub fn unread(&self) -> Unread {
        if self.head == self.tail {
            return Unread::Nothing;
        }
        let unread = part(self.buffer, self.head, self.tail);
        match unread {
            [] => Unread::Nothing,
            [MESSAGE, ..] => Unread::Message(half_word(unread, 1)),
            _ => {
                let line_end = unread.iter().position(|&byte| byte == b'\n');
                Unread::Line(line_end.map_or(unread.len(), |end| end + 1))
            }
        }
    }

    /// Takes the oldest `count` bytes, a message. Topic and payload can be read until more is received.
    pub fn take_message(&mut self, count: usize) -> (&[u8], &[u8]) {
        let bytes = self.take(count);
        let [topic, topic_end, payload, payload_end] = [3, 5, 7, 9].map(|at| half_word(bytes, at));
        (
            part(bytes, topic, topic_end),
            part(bytes, payload, payload_end),
        )
    }

    /// Takes the oldest `count` bytes. They can be read until more is received.
    pub fn take(&mut self, count: usize) -> &[u8] {
        let start = self.head;
        self.head = (start + count).min(self.tail);
        part(self.buffer, start, self.head)
    }

    /// Moves the bytes from `from` to the end of what was received down to `to`.
    ///
    /// Byte by byte: the few bytes that usually move do not pay for the 770 bytes of flash of `memmove`.
    fn move_down(&mut self, mut from: usize, mut to: usize) {
        let moved = from - to;
        while let (true, Some(&byte)) = (from < self.fill, self.buffer.get(from)) {
            self.put(to, byte);
            from += 1;
            to += 1;
        }
        self.fill -= moved;
    }

    fn put(&mut self, at: usize, byte: u8) {
        if let Some(slot) = self.buffer.get_mut(at) {
            *slot = byte;
        }
    }
}
