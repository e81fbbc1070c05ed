//! What a numbered message looks like, so that a damaged one is told from another number.

use std::hash::{DefaultHasher, Hash, Hasher};

/// The shortest payload, bytes.
pub const SHORTEST: usize = 16;

/// One topic in one direction, with one quality of service and numbers of its own. Its messages come in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// From the far client to the application.
    Down,
    /// From the application to the far client.
    Up,
}

/// A message is named by its way, its quality of service (0 or 1) and its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    pub way: Way,
    pub qos: usize,
    pub number: usize,
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} #{}", topic(self.way, self.qos), self.number)
    }
}

pub const fn topic(way: Way, qos: usize) -> &'static str {
    match (way, qos) {
        (Way::Down, 0) => "d/0",
        (Way::Down, _) => "d/1",
        (Way::Up, 0) => "u/0",
        (Way::Up, _) => "u/1",
    }
}

/// The payload of a message: its number, a check, and 0 to 39 bytes to make lengths differ.
pub fn write(name: Name) -> Vec<u8> {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    let check = hasher.finish() as u32;
    // What has to be escaped, and for every eighth message what `AT+MQTTPUB` cannot carry. Messages to the host are text
    // on one line: vendor firmware has no others.
    let filling: &[u8] = match (name.way, name.number % 8) {
        (Way::Up, 0) => b"\r\nOK\r\n\r\nERROR\r\n>",
        (Way::Up, _) => b"\",\\ {}a",
        (Way::Down, _) => b",:+>OK abc",
    };
    let mut payload = format!("{:06}.{check:08x}.", name.number).into_bytes();
    payload.extend(filling.iter().cycle().take(check as usize % 40));
    payload
}

/// Which message this is; `None` if it is damaged.
pub fn read(topic: &[u8], payload: &[u8]) -> Option<Name> {
    let (way, qos) = match topic {
        b"d/0" => (Way::Down, 0),
        b"d/1" => (Way::Down, 1),
        b"u/0" => (Way::Up, 0),
        b"u/1" => (Way::Up, 1),
        _ => return None,
    };
    let number = str::from_utf8(payload.get(..6)?).ok()?.parse().ok()?;
    let name = Name { way, qos, number };
    (write(name) == payload).then_some(name)
}
