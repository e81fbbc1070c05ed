//! Writes one command line: ESP-AT escaping, limits, CR LF.

use super::{CommandInfo, basic::Attention, info};
use crate::{
    address::MacAddress,
    error::{Argument, ArgumentError, Reason},
    secret::Secret,
    trace::Hidden,
    types::Dialect,
};
use core::{fmt, net::Ipv4Addr};

/// The longest line the module takes, with CR LF. Its buffer has 256 bytes; the MQTT chapter asks for "less than 256".
pub const MAX_LINE: usize = 255;

/// What a parameter may be: the length of a string in bytes, or the value of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    argument: Argument,
    min: u8,
    vendor_min: u8,
    max: u16,
    vendor_max: u16,
}

impl Field {
    /// Between `min` and `max`, on any firmware.
    #[must_use]
    pub const fn new(argument: Argument, min: u8, max: u16) -> Self {
        Self {
            argument,
            min,
            max,
            vendor_min: min,
            vendor_max: max,
        }
    }

    /// Between `min` and `max` on vendor firmware.
    #[must_use]
    pub const fn vendor(mut self, min: u8, max: u16) -> Self {
        self.vendor_min = min;
        self.vendor_max = max;
        self
    }

    const fn limits(&self, dialect: Dialect) -> (u16, u16) {
        match dialect {
            Dialect::Vendor => (self.vendor_min as u16, self.vendor_max),
            Dialect::Auto | Dialect::EspAt => (self.min as u16, self.max),
        }
    }
}

/// A command line being written.
///
/// The first problem sticks and is what the command fails with, so that a command is one chain of calls.
pub struct Line<'a> {
    /// The command; in the driver later its answer.
    pub(crate) buffer: &'a mut [u8],
    info: &'static CommandInfo,
    error: Option<ArgumentError>,
    len: u8,
    pub(crate) dialect: Dialect,
    /// Where its secrets are.
    pub(crate) hidden: Hidden,
}

/// Without the text, which may hold a password.
impl fmt::Debug for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line")
            .field("command", &self.info.name)
            .field("dialect", &self.dialect)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl<'a> Line<'a> {
    /// An empty line. At most [`MAX_LINE`] bytes of `buffer` are used.
    ///
    /// `dialect` decides about limits that differ between firmware generations; [`Dialect::Auto`] means the widest.
    pub(crate) fn new(buffer: &'a mut [u8], dialect: Dialect) -> Self {
        Self {
            buffer,
            info: info::<Attention>(),
            error: None,
            len: 0,
            dialect,
            hidden: Hidden::NONE,
        }
    }

    /// Starts again, with `AT` and the name of the command.
    #[inline(never)]
    pub(crate) fn start(&mut self, info: &'static CommandInfo) {
        self.clear(info);
        self.text("AT").text(info.name);
    }

    /// Nothing is written for that command.
    pub(crate) const fn clear(&mut self, info: &'static CommandInfo) {
        self.info = info;
        self.error = None;
        self.len = 0;
        self.hidden = Hidden::NONE;
    }

    /// How many bytes are written.
    pub(crate) fn len(&self) -> usize {
        self.len.into()
    }

    /// The command that was started.
    pub(crate) const fn info(&self) -> &'static CommandInfo {
        self.info
    }

    /// Appends `text` as it is.
    #[inline(never)]
    pub fn text(&mut self, text: &str) -> &mut Self {
        for &byte in text.as_bytes() {
            self.push(byte);
        }
        self
    }

    /// Appends a number as a parameter.
    pub fn number(&mut self, value: u32) -> &mut Self {
        self.separate();
        self.digits(value)
    }

    /// Appends a number without a comma before it.
    #[inline(always)] // most firmware has `number` alone
    pub(crate) fn digits(&mut self, mut value: u32) -> &mut Self {
        // By subtraction: Cortex-M0 has no divider, and the routine would cost more than this loop.
        let mut started = false;
        for &place in &PLACES {
            let mut digit = b'0';
            while value >= place {
                value -= place;
                digit += 1;
            }
            started |= digit != b'0' || place == 1;
            if started {
                self.push(digit);
            }
        }
        self
    }

    /// Appends a number as a parameter if the field allows it.
    pub fn ranged(&mut self, field: &Field, value: u16) -> &mut Self {
        let (min, max) = field.limits(self.dialect);
        if value < min || value > max {
            self.fail(field.argument, Reason::OutOfRange { min, max });
        }
        self.number(value.into())
    }

    /// Fails if the field does not allow that many of something. Writes nothing.
    pub fn count(&mut self, field: &Field, count: usize) -> &mut Self {
        let (min, max) = field.limits(self.dialect);
        if count < usize::from(min) || count > usize::from(max) {
            self.fail(field.argument, Reason::OutOfRange { min, max });
        }
        self
    }

    /// Appends 0 or 1 as a parameter.
    pub fn flag(&mut self, value: bool) -> &mut Self {
        self.number(value.into())
    }

    /// Appends a number as a parameter if it is between `min` and `max`.
    pub fn between(&mut self, argument: Argument, value: u16, min: u16, max: u16) -> &mut Self {
        if value < min || value > max {
            self.fail(argument, Reason::OutOfRange { min, max });
        }
        self.number(value.into())
    }

    /// Appends a signed number as a parameter.
    pub fn signed(&mut self, value: i32) -> &mut Self {
        self.separate();
        if value < 0 {
            self.push(b'-');
        }
        self.digits(value.unsigned_abs())
    }

    /// Appends an IP address as a quoted parameter.
    pub fn address(&mut self, address: Ipv4Addr) -> &mut Self {
        self.separate();
        self.push(b'"');
        let [first, rest @ ..] = address.octets();
        self.digits(first.into());
        for octet in rest {
            self.push(b'.');
            self.digits(octet.into());
        }
        self.text("\"")
    }

    /// Appends a MAC address as a quoted parameter.
    pub fn mac(&mut self, address: MacAddress) -> &mut Self {
        self.separate();
        self.bare_mac(address)
    }

    /// Appends a MAC address in quotes, without a comma before it.
    pub(crate) fn bare_mac(&mut self, address: MacAddress) -> &mut Self {
        self.push(b'"');
        let [first, rest @ ..] = address.0;
        self.hex(first);
        for byte in rest {
            self.push(b':');
            self.hex(byte);
        }
        self.text("\"")
    }

    /// Leaves out a parameter, not the first one; a later one has to follow.
    pub fn omit(&mut self) -> &mut Self {
        self.separate();
        self
    }

    /// Appends a quoted and escaped string as a parameter if the field allows it.
    pub fn quoted(&mut self, field: &Field, text: impl AsRef<[u8]>) -> &mut Self {
        self.string(field, text.as_ref())
    }

    /// Appends a secret as a quoted parameter.
    pub fn secret(&mut self, field: &Field, secret: Secret<'_>) -> &mut Self {
        let from = self.len();
        self.string(field, secret.reveal().as_bytes());
        // The comma and the quotes are shown.
        self.hidden.add(from + 2, self.len().saturating_sub(1));
        self
    }

    /// Records an error unless there is one already.
    #[inline(never)]
    pub fn fail(&mut self, argument: Argument, reason: Reason) -> &mut Self {
        self.error.get_or_insert(ArgumentError { argument, reason });
        self
    }

    /// Ends the line with CR LF. Returns whether it can be sent.
    pub(crate) fn finish(&mut self) -> bool {
        self.text("\r\n");
        self.error.is_none()
    }

    /// The first argument that could not be sent.
    pub(crate) fn error(&self) -> ArgumentError {
        self.error.unwrap_or(ArgumentError {
            argument: Argument::CommandLine,
            reason: Reason::Empty,
        })
    }

    fn string(&mut self, field: &Field, text: &[u8]) -> &mut Self {
        let (min, limit) = field.limits(self.dialect);
        if text.len() > usize::from(limit) {
            self.fail(field.argument, Reason::TooLong { limit });
        }
        if text.len() < usize::from(min) {
            self.fail(field.argument, Reason::Empty);
        }
        self.separate();
        self.push(b'"');
        for &byte in text {
            match byte {
                b'\r' | b'\n' | 0 => {
                    self.fail(field.argument, Reason::Unsendable);
                }
                b'"' | b'\\' | b',' => self.push(b'\\'),
                _ => {}
            }
            self.push(byte);
        }
        self.push(b'"');
        self
    }

    fn hex(&mut self, byte: u8) {
        for digit in [byte >> 4, byte & 15] {
            self.push(if digit < 10 {
                b'0' + digit
            } else {
                b'a' + digit - 10
            });
        }
    }

    /// A comma, except before the first parameter.
    fn separate(&mut self) {
        let last = self.len().checked_sub(1).and_then(|i| self.buffer.get(i));
        if last != Some(&b'=') {
            self.push(b',');
        }
    }

    #[inline(never)]
    fn push(&mut self, byte: u8) {
        let at = self.len();
        match self.buffer.get_mut(at) {
            Some(slot) if at < MAX_LINE => {
                *slot = byte;
                self.len += 1;
            }
            _ => {
                let limit = self.buffer.len().min(MAX_LINE) as u16;
                self.fail(Argument::CommandLine, Reason::TooLong { limit });
            }
        }
    }
}

static PLACES: [u32; 10] = [
    1_000_000_000,
    100_000_000,
    10_000_000,
    1_000_000,
    100_000,
    10_000,
    1_000,
    100,
    10,
    1,
];
