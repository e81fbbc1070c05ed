//! Takes the text of a response apart: lines, prefixes, numbers, quoted strings, addresses.

use crate::{address::MacAddress, types::Store};
use core::net::Ipv4Addr;

/// The lines of a response without their line ends, empty ones left out.
pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii_end)
        .filter(|line| !line.is_empty())
}

/// What follows `prefix` in the first line that starts with it, up to the end of the text.
pub(crate) fn after<'t>(text: &'t [u8], prefix: &[u8]) -> Option<&'t [u8]> {
    let mut rest = text;
    loop {
        if let Some(found) = rest.strip_prefix(prefix) {
            return Some(found);
        }
        let end = rest.iter().position(|&byte| byte == b'\n')?;
        rest = rest.get(end + 1..)?;
    }
}

/// What follows `<name>:` in each line that starts so; `_CUR` or `_DEF` may follow the name, `AT` may stand before it.
pub(crate) fn answers<'t>(text: &'t [u8], name: &str) -> impl Iterator<Item = &'t [u8]> {
    lines(text).filter_map(move |line| {
        let rest = line
            .strip_prefix(b"AT")
            .unwrap_or(line)
            .strip_prefix(name.as_bytes())?;
        [Store::Current, Store::Flash]
            .into_iter()
            .find_map(|store| rest.strip_prefix(store.suffix().as_bytes()))
            .unwrap_or(rest)
            .strip_prefix(b":")
    })
}

/// The number that `digits` starts with, below 4,000,000,000, and what follows it.
pub(crate) fn leading_number(digits: &[u8]) -> Option<(u32, &[u8])> {
    let mut value = 0_u32;
    let mut rest = digits;
    while let Some((&digit @ b'0'..=b'9', tail)) = rest.split_first() {
        // Not `checked_mul`, which is a multiplication of 64 bits on a Cortex-M0.
        if value >= 400_000_000 {
            return None;
        }
        value = value * 10 + u32::from(digit - b'0');
        rest = tail;
    }
    (rest.len() < digits.len()).then_some((value, rest))
}

/// A cursor over the comma-separated fields of one line.
///
/// The module prints strings raw: a quote or comma inside one is not escaped. A quoted field therefore ends at a quote
/// that is followed by a comma or the end of the line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'t>(&'t [u8]);

impl<'t> Fields<'t> {
    pub(crate) const fn new(line: &'t [u8]) -> Self {
        Self(line)
    }

    /// The next field as a number, with or without quotes.
    pub(crate) fn number(&mut self) -> Option<u32> {
        match leading_number(self.bare()?)? {
            (value, []) => Some(value),
            _ => None,
        }
    }

    /// The next field as 0 or 1.
    pub(crate) fn flag(&mut self) -> Option<bool> {
        match self.number()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    /// The next field as a signed number.
    pub(crate) fn signed(&mut self) -> Option<i32> {
        let field = self.bare()?;
        let (digits, negative) = match field.strip_prefix(b"-") {
            Some(digits) => (digits, true),
            None => (field, false),
        };
        let (value, rest) = leading_number(digits)?;
        let value = i32::try_from(value).ok().filter(|_| rest.is_empty())?;
        Some(if negative { -value } else { value })
    }

    /// The next field as a number of a smaller type.
    pub(crate) fn small<T: TryFrom<u32>>(&mut self) -> Option<T> {
        T::try_from(self.number()?).ok()
    }

    /// The next field as an IP address, with or without quotes.
    pub(crate) fn address(&mut self) -> Option<Ipv4Addr> {
        let mut octets = [0; 4];
        let mut groups = self.bare()?.split(|&byte| byte == b'.');
        for octet in &mut octets {
            let (value, rest) = leading_number(groups.next()?)?;
            *octet = u8::try_from(value).ok().filter(|_| rest.is_empty())?;
        }
        groups.next().is_none().then_some(Ipv4Addr::from(octets))
    }

    /// The next field as a MAC address, with or without quotes.
    pub(crate) fn mac(&mut self) -> Option<MacAddress> {
        MacAddress::parse(self.bare()?)
    }

    /// The next field as text.
    pub(crate) fn text(&mut self) -> Option<&'t str> {
        core::str::from_utf8(self.bare()?).ok()
    }

    /// The next field without its quotes.
    pub(crate) fn bare(&mut self) -> Option<&'t [u8]> {
        let Some(quoted) = self.0.strip_prefix(b"\"") else {
            return self.until(|_, byte| byte == b',');
        };
        let end = (0..quoted.len()).find(|&i| {
            quoted.get(i) == Some(&b'"') && matches!(quoted.get(i + 1), None | Some(b','))
        })?;
        let field = quoted.get(..end)?;
        self.0 = quoted.get(end + 2..).unwrap_or_default();
        Some(field)
    }

    /// What has not been taken, as it is.
    pub(crate) const fn rest(&self) -> &'t [u8] {
        self.0
    }

    /// Whether every field has been taken.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn until(&mut self, ends: impl Fn(usize, u8) -> bool) -> Option<&'t [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let end = (0..self.0.len())
            .find(|&i| self.0.get(i).is_some_and(|&byte| ends(i, byte)))
            .unwrap_or(self.0.len());
        let field = self.0.get(..end)?;
        self.0 = self.0.get(end + 1..).unwrap_or_default();
        Some(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_drop_line_ends_and_blanks() {
        let all: [&[u8]; 2] = [b"a", b"b c"];
        assert!(lines(b"a\r\n\r\nb c\r\n").eq(all));
        assert_eq!(lines(b"\r\n").count(), 0);
    }

    #[test]
    fn numbers_need_a_digit_and_fit_32_bits() {
        assert_eq!(leading_number(b"15,x"), Some((15, b",x".as_slice())));
        assert_eq!(leading_number(b",x"), None);
        assert_eq!(leading_number(b"4294967296"), None);
    }

    #[test]
    fn fields_keep_raw_quotes_and_commas_inside_strings() {
        let mut fields = Fields::new(b"\"my \"home\", yes\"x\",-71,3");
        assert_eq!(fields.text(), Some("my \"home"));
        let mut fields = Fields::new(b"\"a,b\"c\",-71,\"1883\"");
        assert_eq!(fields.text(), Some("a,b\"c"));
        assert_eq!(fields.signed(), Some(-71));
        assert_eq!(fields.number(), Some(1883));
        assert!(fields.is_empty());
        assert_eq!(fields.number(), None);
    }

    #[test]
    fn addresses_with_and_without_quotes() {
        let mut fields = Fields::new(b"\"192.168.4.1\",10.0.0.255,18:fe:35:98:d3:7b");
        assert_eq!(fields.address(), Some(Ipv4Addr::new(192, 168, 4, 1)));
        assert_eq!(fields.address(), Some(Ipv4Addr::new(10, 0, 0, 255)));
        assert_eq!(
            fields.mac(),
            Some(MacAddress([0x18, 0xfe, 0x35, 0x98, 0xd3, 0x7b]))
        );
        for broken in ["", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2..4", "1.2.3.4x"] {
            assert_eq!(Fields::new(broken.as_bytes()).address(), None, "{broken}");
        }
    }

    #[test]
    fn answers_with_the_names_firmware_prints() {
        let text = b"+CWDHCP:1\r\n+CWDHCP_CUR:2\r\nAT+CWDHCP_DEF:3\r\n+CWDHCPS:4\r\n+CWDHCP=5\r\n";
        let all: [&[u8]; 3] = [b"1", b"2", b"3"];
        assert!(answers(text, "+CWDHCP").eq(all));
    }

    #[test]
    fn empty_strings_and_trailing_text_are_told_apart() {
        let mut fields = Fields::new(b"0,\"\",12x");
        assert_eq!(fields.number(), Some(0));
        assert_eq!(fields.text(), Some(""));
        assert_eq!(fields.number(), None);
    }
}
