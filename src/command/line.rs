//! Writes one command line: ESP-AT escaping, limits, CR LF.

use crate::{
    error::{Argument, ArgumentError, Reason},
    secret::Secret,
    types::Dialect,
};

/// The longest line the module takes, with CR LF. Its buffer has 256 bytes; the MQTT chapter asks for "less than 256".
pub const MAX_LINE: usize = 255;

/// A command line being written.
///
/// The first problem sticks and is what [`finish`](Self::finish) returns, so that a command is one chain of calls.
#[derive(Debug)]
pub struct Line<'a> {
    buffer: &'a mut [u8],
    len: usize,
    dialect: Dialect,
    error: Option<ArgumentError>,
}

impl<'a> Line<'a> {
    /// Starts with `AT`. At most [`MAX_LINE`] bytes of `buffer` are used.
    ///
    /// `dialect` decides about limits that differ between firmware generations; [`Dialect::Auto`] means the widest.
    pub fn new(buffer: &'a mut [u8], dialect: Dialect) -> Self {
        let limit = buffer.len().min(MAX_LINE);
        let mut line = Self {
            buffer: buffer.get_mut(..limit).unwrap_or_default(),
            len: 0,
            dialect,
            error: None,
        };
        line.text("AT");
        line
    }

    /// The dialect the line is written for.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Appends `text` as it is.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for &byte in text.as_bytes() {
            self.push(byte);
        }
        self
    }

    /// Appends a number as a parameter.
    pub fn number(&mut self, value: impl Into<u32>) -> &mut Self {
        self.decimal(value.into())
    }

    /// Appends a number as a parameter if it is between `min` and `max`.
    pub fn ranged(&mut self, argument: Argument, value: u16, min: u16, max: u16) -> &mut Self {
        if value < min || value > max {
            self.fail(argument, Reason::OutOfRange { min, max });
        }
        self.decimal(value.into())
    }

    /// Appends a quoted and escaped string of at most `limit` bytes as a parameter.
    pub fn quoted(&mut self, argument: Argument, text: impl AsRef<[u8]>, limit: u16) -> &mut Self {
        self.string(argument, text.as_ref(), limit)
    }

    /// As [`quoted`](Self::quoted), but an empty string is an error.
    pub fn required(
        &mut self,
        argument: Argument,
        text: impl AsRef<[u8]>,
        limit: u16,
    ) -> &mut Self {
        let text = text.as_ref();
        if text.is_empty() {
            self.fail(argument, Reason::Empty);
        }
        self.string(argument, text, limit)
    }

    /// Appends a secret as a quoted parameter.
    pub fn secret(&mut self, argument: Argument, secret: Secret<'_>, limit: u16) -> &mut Self {
        self.string(argument, secret.reveal().as_bytes(), limit)
    }

    /// Records an error unless there is one already.
    pub fn fail(&mut self, argument: Argument, reason: Reason) -> &mut Self {
        self.error.get_or_insert(ArgumentError { argument, reason });
        self
    }

    /// Ends the line with CR LF and gives its length.
    ///
    /// # Errors
    /// The first argument that could not be sent.
    pub fn finish(mut self) -> Result<usize, ArgumentError> {
        self.text("\r\n");
        match self.error {
            Some(error) => Err(error),
            None => Ok(self.len),
        }
    }

    fn string(&mut self, argument: Argument, text: &[u8], limit: u16) -> &mut Self {
        if text.len() > usize::from(limit) {
            self.fail(argument, Reason::TooLong { limit });
        }
        self.separate();
        self.push(b'"');
        for &byte in text {
            match byte {
                b'\r' | b'\n' | 0 => {
                    self.fail(argument, Reason::Unsendable);
                }
                b'"' | b'\\' | b',' => self.push(b'\\'),
                _ => {}
            }
            self.push(byte);
        }
        self.push(b'"');
        self
    }

    // By subtraction: Cortex-M0 has no divider, and the routine would cost more than this loop.
    fn decimal(&mut self, mut value: u32) -> &mut Self {
        self.separate();
        let mut place = 1_000_000_000_u32;
        let mut started = false;
        while place > 0 {
            let mut digit = b'0';
            while value >= place {
                value -= place;
                digit += 1;
            }
            started |= digit != b'0' || place == 1;
            if started {
                self.push(digit);
            }
            place /= 10;
        }
        self
    }

    fn separate(&mut self) {
        let last = self.len.checked_sub(1).and_then(|i| self.buffer.get(i));
        if !matches!(last, Some(b'=')) {
            self.push(b',');
        }
    }

    fn push(&mut self, byte: u8) {
        if let Some(slot) = self.buffer.get_mut(self.len) {
            *slot = byte;
            self.len += 1;
        } else {
            let limit = self.buffer.len() as u16;
            self.fail(Argument::CommandLine, Reason::TooLong { limit });
        }
    }
}
