//! Cuts what the module says into lines, and knows which of them end a command.

use esp8266_mqtt::Urc;

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    Line(String),
    /// `>`: the module waits for data.
    Prompt,
    /// The port is gone.
    Gone(String),
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// `OK`, `SEND OK`, `+MQTTPUB:OK`.
    Done(String),
    /// `ERROR`, `FAIL` and their like.
    Refused(String),
    /// `busy p...`.
    Busy(String),
    /// The module waits for data.
    Prompt,
    /// Nothing came in time.
    Timeout,
}

impl Outcome {
    pub const fn is_good(&self) -> bool {
        matches!(self, Self::Done(_))
    }

    pub fn text(&self) -> &str {
        match self {
            Self::Done(line) | Self::Refused(line) | Self::Busy(line) => line,
            Self::Prompt => "waits for data",
            Self::Timeout => "no answer",
        }
    }
}

/// Whether a line ends a command.
pub fn outcome(line: &str) -> Option<Outcome> {
    let text = line.to_owned();
    match line {
        "OK" | "SEND OK" | "+MQTTPUB:OK" => Some(Outcome::Done(text)),
        "ERROR" | "FAIL" | "SEND FAIL" | "+MQTTPUB:FAIL" => Some(Outcome::Refused(text)),
        _ if line.starts_with("busy ") => Some(Outcome::Busy(text)),
        _ => None,
    }
}

/// What a line that came by itself means; `None` for any other.
pub fn meaning(line: &str) -> Option<String> {
    let urc = Urc::parse(line.as_bytes())?;
    // The text in parentheses is in the line already.
    let name = format!("{urc:?}");
    Some(name.split(['(', ' ']).next().unwrap_or(&name).to_owned())
}

/// Received bytes that are not a line yet.
#[derive(Default)]
pub struct Cutter {
    bytes: Vec<u8>,
    /// Whether `>` at the start of a line is a prompt.
    pub expects_prompt: bool,
}

impl Cutter {
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub fn next(&mut self) -> Option<Heard> {
        let blank = self
            .bytes
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n' | b' '))
            .count();
        self.bytes.drain(..blank);
        if self.expects_prompt && self.bytes.first() == Some(&b'>') {
            self.expects_prompt = false;
            self.bytes.remove(0);
            return Some(Heard::Prompt);
        }
        let end = match message_len(&self.bytes) {
            Some(len) if self.bytes.len() < len => return None,
            Some(len) => len,
            None => self.bytes.iter().position(|byte| *byte == b'\n')?,
        };
        let line: Vec<u8> = self.bytes.drain(..end).collect();
        Some(Heard::Line(readable(line.trim_ascii_end())))
    }
}

/// The length of a message that carries its length: `+MQTTSUBRECV:0,"topic",3,…`.
fn message_len(bytes: &[u8]) -> Option<usize> {
    let rest = bytes.strip_prefix(b"+MQTTSUBRECV:")?;
    let topic = rest.iter().position(|byte| *byte == b'"')?;
    if topic == 0 || !rest[..topic].ends_with(b",") {
        return None;
    }
    let after = topic
        + 1
        + rest[topic + 1..]
            .windows(2)
            .position(|pair| pair == b"\",")?
        + 2;
    let digits = rest[after..].iter().position(|byte| *byte == b',')?;
    let len: usize = std::str::from_utf8(&rest[after..after + digits])
        .ok()?
        .parse()
        .ok()?;
    Some(bytes.len() - rest.len() + after + digits + 1 + len)
}

/// UTF-8 as it is, everything else as `\xhh`.
fn readable(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_control() {
                text.extend(character.escape_default());
            } else {
                text.push(character);
            }
        }
        text.push_str(&chunk.invalid().escape_ascii().to_string());
    }
    text
}
