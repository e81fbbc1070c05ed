//! What stands before data of TCP and UDP links.

use super::{Framer, State, Step};
use crate::{
    bytes::part,
    command::{
        Fields,
        tcpip::{HeaderError, data_header},
    },
};

const PUSHED: &[u8] = b"+IPD,";
const FETCHED: &[u8] = b"+CIPRECVDATA";
/// `+IPD,4,65535,"255.255.255.255",65535:`.
const LONGEST: usize = 37;

/// Where data comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DataSource {
    /// `+IPD,<link>,<length>:<data>`: it came by itself.
    Pushed(u8),
    /// `+CIPRECVDATA,<length>:<data>` or `+CIPRECVDATA:<length>,<data>`: it was asked for.
    Fetched,
}

/// What the bytes since the start of the line are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DataHead {
    /// The beginning of a header.
    Incomplete,
    /// Something else.
    No,
    /// A header; so many bytes of data follow.
    Complete(DataSource, u16),
}

impl Framer {
    /// Where the data of the last [`Step::DataHead`] comes from, and how long it is.
    pub const fn data_source(&self) -> (DataSource, u16) {
        (self.source, self.need)
    }

    /// `count` bytes of data were removed.
    pub const fn data_taken(&mut self, count: usize) {
        self.need = self.need.saturating_sub(count as u16);
        if self.need == 0 {
            self.state = State::Start;
        }
    }

    /// The data at hand.
    pub(super) fn data(&self, buffer: &[u8]) -> Step {
        match buffer.len().min(self.need.into()) {
            0 => Step::More,
            count => Step::Data(count),
        }
    }

    /// Looks at the line so far. `None` if it has nothing to do with data, otherwise the step it makes, if any.
    pub(super) fn data_head(&mut self, buffer: &[u8]) -> Option<Option<Step>> {
        let line = part(buffer, 0, self.scanned);
        match self.state {
            State::DataHead => {}
            State::Head if begins(line) => {}
            _ => return None,
        }
        self.state = match read(line) {
            DataHead::Incomplete => State::DataHead,
            DataHead::No => State::Line,
            DataHead::Complete(source, len) => {
                self.source = source;
                self.need = len;
                self.state = State::Data;
                // There may be none at all.
                self.data_taken(0);
                return Some(Some(Step::DataHead(line.len())));
            }
        };
        Some(None)
    }
}

/// Whether `line` may become a header: it ends with the last byte of the name, and what separates it.
fn begins(line: &[u8]) -> bool {
    line == PUSHED || matches!(line, [name @ .., b',' | b':'] if name == FETCHED)
}

/// Reads a line for which [`begins`] was true once.
fn read(line: &[u8]) -> DataHead {
    if let Some(fields) = line.strip_prefix(PUSHED) {
        return pushed(fields);
    }
    match data_header(line, false) {
        Ok(header) => match u16::try_from(header.data_len) {
            Ok(len) => DataHead::Complete(DataSource::Fetched, len),
            Err(_) => DataHead::No,
        },
        Err(HeaderError::Incomplete) => DataHead::Incomplete,
        Err(HeaderError::Invalid) => DataHead::No,
    }
}

/// `<link>,<length>:`, with address and port of the sender before the colon after `AT+CIPDINFO=1`.
///
/// Without a colon, `+IPD` only tells that data waits.
fn pushed(fields: &[u8]) -> DataHead {
    let (fields, is_complete) = match fields {
        [fields @ .., b':'] => (fields, true),
        _ => (fields, false),
    };
    let is_field = |byte: &u8| matches!(byte, b'0'..=b'9' | b',' | b'.' | b'"');
    if !fields.iter().all(is_field) || fields.len() > LONGEST {
        return DataHead::No;
    }
    if !is_complete {
        return DataHead::Incomplete;
    }
    let mut fields = Fields::new(fields);
    let link = fields.number().and_then(|link| u8::try_from(link).ok());
    let len = fields.number().and_then(|len| u16::try_from(len).ok());
    match (link, len) {
        (Some(link), Some(len)) => DataHead::Complete(DataSource::Pushed(link), len),
        _ => DataHead::No,
    }
}
