//! Which lines end a command, and how.

use atat::{DigestResult, Digester as _};
use esp8266_mqtt::{Digester, Urc};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// `OK`, `SEND OK`, `+MQTTPUB:OK`.
    Done,
    /// `ERROR`, `FAIL` and their like.
    Refused,
    /// `busy p...`: the module did not even look at it.
    Busy,
    /// The module waits for data.
    Prompt,
    /// `ready` that was not asked for.
    Restarted,
    /// Nothing came in time.
    Silence,
}

/// What kind of line it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    End(Outcome),
    /// The module says it by itself.
    Unsolicited,
    /// A part of an answer.
    Part,
}

/// Finds out what a line without its end is, as the driver would.
pub fn kind(line: &[u8]) -> Kind {
    match Urc::parse(line) {
        Some(Urc::Ready) => return Kind::End(Outcome::Restarted),
        // ESP-AT 2.2 says both in one line.
        Some(Urc::MqttDisconnected) if line.ends_with(b"+MQTTPUB:FAIL") => {
            return Kind::End(Outcome::Refused);
        }
        Some(_) => return Kind::Unsolicited,
        None => {}
    }
    let mut whole = line.to_vec();
    whole.extend(b"\r\n");
    match Digester::new().digest(&whole) {
        (DigestResult::Response(Ok(_)), _) => Kind::End(Outcome::Done),
        (DigestResult::Response(Err(_)), _) if line.starts_with(b"busy ") => {
            Kind::End(Outcome::Busy)
        }
        (DigestResult::Response(Err(_)), _) => Kind::End(Outcome::Refused),
        (DigestResult::Urc(_), _) => Kind::Unsolicited,
        _ => Kind::Part,
    }
}
