//! One command as typed, and access to its parameters.

use core::net::Ipv4Addr;
use core::ops::RangeInclusive;

use super::Form;
use super::arguments::{self, Argument};
use super::code::{self, Code};

/// A command line, taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// Name without `AT+`; `AT` and `ATE` for these two.
    pub name: String,
    pub form: Form,
    /// The text after `=`, or the digit after `ATE`.
    pub text: Vec<u8>,
    pub arguments: Result<Vec<Argument>, Code>,
}

impl Call {
    /// Takes the text after `AT` apart; `None` if it is no command at all.
    pub fn new(line: &[u8], nonos: bool) -> Option<Self> {
        let (name, form, text) = split(line)?;
        let name = String::from_utf8(name.to_vec()).ok()?;
        let name = if nonos {
            name
        } else {
            name.to_ascii_uppercase()
        };
        let arguments = match form {
            Form::Set => arguments::parse(text, !nonos),
            _ => Ok(Vec::new()),
        };
        Some(Self {
            name,
            form,
            text: text.to_vec(),
            arguments,
        })
    }

    fn list(&self) -> Result<&[Argument], Code> {
        self.arguments.as_deref().map_err(|code| *code)
    }

    /// Checks the number of parameters; omitted ones at the end do not count.
    pub fn count(&self, allowed: RangeInclusive<usize>) -> Result<usize, Code> {
        let list = self.list()?;
        let tail = list
            .iter()
            .rev()
            .take_while(|argument| **argument == Argument::Omitted);
        let given = list.len() - tail.count();
        if allowed.contains(&given) {
            Ok(given)
        } else {
            Err(code::count(*allowed.start(), given))
        }
    }

    fn at(&self, index: usize) -> Result<&Argument, Code> {
        Ok(self.list()?.get(index).unwrap_or(&Argument::Omitted))
    }

    pub fn is_omitted(&self, index: usize) -> bool {
        matches!(self.at(index), Ok(Argument::Omitted))
    }

    /// A number without quotes within `range`.
    pub fn number(&self, index: usize, range: RangeInclusive<i64>) -> Result<i64, Code> {
        match self.at(index)? {
            Argument::Number(value) if range.contains(value) => Ok(*value),
            Argument::Number(_) => Err(code::invalid(index)),
            _ => Err(code::kind(index)),
        }
    }

    /// A number of one byte.
    pub fn small(&self, index: usize, range: RangeInclusive<i64>) -> Result<u8, Code> {
        let value = self.number(index, range)?;
        u8::try_from(value).map_err(|_| code::invalid(index))
    }

    /// 0 or 1.
    pub fn flag(&self, index: usize) -> Result<bool, Code> {
        Ok(self.number(index, 0..=1)? == 1)
    }

    /// A port number.
    pub fn port(&self, index: usize) -> Result<u16, Code> {
        let value = self.number(index, 1..=65_535)?;
        u16::try_from(value).map_err(|_| code::invalid(index))
    }

    /// An IPv4 address in quotes.
    pub fn ip(&self, index: usize) -> Result<Ipv4Addr, Code> {
        let text = self.string(index, 7..=15)?;
        text.parse().map_err(|_| code::invalid(index))
    }

    /// A MAC address in quotes, `aa:bb:cc:dd:ee:ff`, in lower case.
    pub fn mac(&self, index: usize) -> Result<String, Code> {
        let text = self.string(index, 17..=17)?.to_ascii_lowercase();
        let is_byte = |part: &str| part.len() == 2 && u8::from_str_radix(part, 16).is_ok();
        if text.split(':').count() == 6 && text.split(':').all(is_byte) {
            Ok(text)
        } else {
            Err(code::invalid(index))
        }
    }

    /// A number that may be left out.
    pub fn number_or(
        &self,
        index: usize,
        range: RangeInclusive<i64>,
        default: i64,
    ) -> Result<i64, Code> {
        if self.is_omitted(index) {
            Ok(default)
        } else {
            self.number(index, range)
        }
    }

    /// A quoted string of `length` bytes, escapes not counted.
    pub fn text(&self, index: usize, length: RangeInclusive<usize>) -> Result<&[u8], Code> {
        match self.at(index)? {
            Argument::Text(text) if length.contains(&text.len()) => Ok(text),
            Argument::Text(_) => Err(code::length(index)),
            _ => Err(code::kind(index)),
        }
    }

    /// The same as UTF-8, which MQTT demands of all its strings.
    pub fn string(&self, index: usize, length: RangeInclusive<usize>) -> Result<String, Code> {
        let text = self.text(index, length)?;
        String::from_utf8(text.to_vec()).map_err(|_| code::invalid(index))
    }
}

fn split(line: &[u8]) -> Option<(&[u8], Form, &[u8])> {
    match line {
        [] => return Some((b"AT", Form::Execute, b"")),
        [b'E' | b'e', digits @ ..] => return Some((b"ATE", Form::Set, digits)),
        _ => {}
    }
    let line = line.strip_prefix(b"+")?;
    let end = line.iter().position(|byte| matches!(byte, b'=' | b'?'));
    let (name, tail) = line.split_at(end.unwrap_or(line.len()));
    match tail {
        b"" => Some((name, Form::Execute, b"")),
        b"?" => Some((name, Form::Query, b"")),
        b"=?" => Some((name, Form::Test, b"")),
        [b'=', text @ ..] => Some((name, Form::Set, text)),
        _ => None,
    }
}
