//! Cuts what the module says into lines, messages and data, and shows them as text.

use atat::{DigestResult, Digester as _};
use esp8266_mqtt::Digester;

/// A piece of what the module says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A line without its end, or data of a link with its header.
    Line(Vec<u8>),
    /// A message, without the line end behind it.
    Message(Vec<u8>),
    /// `>`: the module waits for data.
    Prompt,
}

const MESSAGE: &[u8] = b"+MQTTSUBRECV:";
/// `+IPD,4,65535,"255.255.255.255",65535:`.
const LONGEST_HEAD: usize = 40;

/// Received bytes that are not a frame yet.
#[derive(Default)]
pub struct Frames {
    bytes: Vec<u8>,
    /// Whether `>` at the start of a line is a prompt.
    pub expects_prompt: bool,
}

impl Frames {
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub fn next(&mut self) -> Option<Frame> {
        let is_blank = |byte: &&u8| matches!(**byte, b'\r' | b'\n' | b' ');
        let blanks = self.bytes.iter().take_while(is_blank).count();
        self.bytes.drain(..blanks);
        if self.expects_prompt && self.bytes.first() == Some(&b'>') {
            self.expects_prompt = false;
            self.bytes.remove(0);
            return Some(Frame::Prompt);
        }
        if self.bytes.starts_with(MESSAGE) {
            return self.message();
        }
        match data_len(&self.bytes) {
            Some(len) if self.bytes.len() < len => None,
            Some(len) => Some(Frame::Line(self.bytes.drain(..len).collect())),
            None => self.line(),
        }
    }

    /// Whether something has come that is not a whole frame.
    pub fn is_incomplete(&self) -> bool {
        self.bytes.iter().any(|byte| !byte.is_ascii_whitespace())
    }

    /// What has come and will not go on: text without a line end, or a message whose length is wrong.
    pub fn flush(&mut self) -> Option<Frame> {
        self.is_incomplete().then(|| {
            self.line()
                .unwrap_or_else(|| Frame::Line(std::mem::take(&mut self.bytes)))
        })
    }

    fn line(&mut self) -> Option<Frame> {
        let end = self.bytes.iter().position(|byte| *byte == b'\n')?;
        let line: Vec<u8> = self.bytes.drain(..=end).collect();
        Some(Frame::Line(line.trim_ascii_end().to_vec()))
    }

    /// The crate knows both forms of messages, and where each ends.
    fn message(&mut self) -> Option<Frame> {
        match Digester::new().digest(&self.bytes) {
            (DigestResult::Urc(frame), count)
                if frame.starts_with(MESSAGE) && count == frame.len() =>
            {
                let frame = frame.strip_suffix(b"\r\n").filter(|_| !is_counted(frame));
                let end = frame.map_or(count, <[u8]>::len);
                let bytes: Vec<u8> = self.bytes.drain(..count).collect();
                Some(Frame::Message(bytes[..end].to_vec()))
            }
            (DigestResult::None, 0) => None,
            // No message after all.
            _ => self.line(),
        }
    }
}

/// Whether a message carries its length, so that a line end at its end belongs to it.
fn is_counted(frame: &[u8]) -> bool {
    let rest = &frame[MESSAGE.len()..];
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && rest[digits..].starts_with(b",\"")
}

/// Length of header and data of a link: `+IPD,[<link>,]<length>[,<ip>,<port>]:…`, `+CIPRECVDATA,<length>:…` and
/// `+CIPRECVDATA:<length>,…`. `None` if it is something else or cannot be told yet.
fn data_len(bytes: &[u8]) -> Option<usize> {
    let head_end = |from: usize, end: u8| {
        let head = bytes.iter().take(LONGEST_HEAD).skip(from);
        let len = head
            .take_while(|byte| **byte != end && **byte != b'\n')
            .count();
        (bytes.get(from + len) == Some(&end)).then_some(from + len)
    };
    let number = |text: &[u8]| std::str::from_utf8(text).ok()?.parse::<usize>().ok();
    if bytes.starts_with(b"+IPD,") {
        let end = head_end(5, b':')?;
        let fields: Vec<_> = bytes[5..end].split(|byte| *byte == b',').collect();
        let len = match fields.as_slice() {
            [len] | [len, _, _] | [_, len] | [_, len, _, _] => number(len)?,
            _ => return None,
        };
        return Some(end + 1 + len);
    }
    let name = b"+CIPRECVDATA";
    let end = match bytes.strip_prefix(name)?.first()? {
        b',' => head_end(name.len() + 1, b':')?,
        b':' => head_end(name.len() + 1, b',')?,
        _ => return None,
    };
    Some(end + 1 + number(&bytes[name.len() + 1..end])?)
}

/// UTF-8 as it is, everything else as `\xhh`. What the boot loader says at another baud rate is not shown at all.
pub fn readable(bytes: &[u8]) -> String {
    let is_odd = |byte: &&u8| byte.is_ascii_control() && !matches!(**byte, b'\r' | b'\n' | b'\t');
    let invalid: usize = bytes.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
    let odd = invalid + bytes.iter().filter(is_odd).count();
    if odd > 2 && odd * 4 > bytes.len() && !bytes.starts_with(b"+") {
        return format!("({} bytes that are no text)", bytes.len());
    }
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match u8::try_from(character) {
                Ok(byte) if byte.is_ascii_control() => {
                    text.push_str(&byte.escape_ascii().to_string());
                }
                _ if character.is_control() => text.extend(character.escape_default()),
                _ => text.push(character),
            }
        }
        text.push_str(&chunk.invalid().escape_ascii().to_string());
    }
    text
}
