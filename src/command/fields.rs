//! Takes the text of a response apart: lines, prefixes, numbers, quoted strings.

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

/// The number that `digits` starts with, below 4,000,000,000, and what follows it.
pub(crate) fn leading_number(digits: &[u8]) -> Option<(u32, &[u8])> {
    let mut value = 0_u32;
    let mut rest = digits;
    while let Some((&digit @ b'0'..=b'9', tail)) = rest.split_first() {
        value = value
            .checked_mul(10)?
            .checked_add(u32::from(digit - b'0'))?;
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
    fn empty_strings_and_trailing_text_are_told_apart() {
        let mut fields = Fields::new(b"0,\"\",12x");
        assert_eq!(fields.number(), Some(0));
        assert_eq!(fields.text(), Some(""));
        assert_eq!(fields.number(), None);
    }
}
