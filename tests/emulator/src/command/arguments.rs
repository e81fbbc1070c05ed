//! Parameters of a command line: quoting and escaping.

use super::code::{self, Code};

/// One parameter as the module's parser understood it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Nothing between two commas.
    Omitted,
    /// A plain decimal number.
    Number(i64),
    /// A quoted string, escapes removed.
    Text(Vec<u8>),
    /// Anything else without quotes.
    Word(Vec<u8>),
}

/// Cuts the text after `=` into parameters.
///
/// ESP-AT refuses an unescaped comma within quotes, NonOS AT takes it.
pub(crate) fn parse(text: &[u8], comma_needs_escape: bool) -> Result<Vec<Argument>, Code> {
    let mut arguments = Vec::new();
    let mut rest = text;
    loop {
        let index = arguments.len();
        let (argument, length) = match rest.first() {
            Some(b'"') => quoted(rest, comma_needs_escape).ok_or(code::parse_failure(index))?,
            _ => bare(rest).ok_or(code::parse_failure(index))?,
        };
        arguments.push(argument);
        rest = match rest[length..].split_first() {
            None => return Ok(arguments),
            Some((b',', tail)) => tail,
            Some(_) => return Err(code::parse_failure(index)),
        };
    }
}

fn quoted(text: &[u8], comma_needs_escape: bool) -> Option<(Argument, usize)> {
    let mut value = Vec::new();
    let mut bytes = text.iter().enumerate().skip(1);
    while let Some((at, &byte)) = bytes.next() {
        let literal = match byte {
            b'"' => return Some((Argument::Text(value), at + 1)),
            b'\\' => *bytes.next()?.1,
            b',' if comma_needs_escape => return None,
            _ => byte,
        };
        // The firmware handles lines as C strings, and a CR ends the line.
        if matches!(literal, 0 | b'\r') {
            return None;
        }
        value.push(literal);
    }
    None
}

fn bare(text: &[u8]) -> Option<(Argument, usize)> {
    let length = text
        .iter()
        .position(|&byte| byte == b',')
        .unwrap_or(text.len());
    let word = &text[..length];
    if word.contains(&b'"') || word.contains(&0) {
        return None;
    }
    let digits = word.strip_prefix(b"-").unwrap_or(word);
    let argument = if word.is_empty() {
        Argument::Omitted
    } else if !digits.is_empty() && digits.len() <= 12 && digits.iter().all(u8::is_ascii_digit) {
        Argument::Number(core::str::from_utf8(word).ok()?.parse().ok()?)
    } else {
        Argument::Word(word.to_vec())
    };
    Some((argument, length))
}

#[cfg(test)]
mod tests {
    use super::Argument::{Number, Omitted, Text, Word};
    use super::*;

    fn text(bytes: &[u8]) -> Argument {
        Text(bytes.to_vec())
    }

    #[test]
    fn an_escaped_byte_is_taken_literally() {
        let line = br#""ab\\\,c","0123456789\"\\""#;
        for strict in [true, false] {
            let expected = vec![text(br"ab\,c"), text(br#"0123456789"\"#)];
            assert_eq!(parse(line, strict), Ok(expected));
        }
    }

    #[test]
    fn backslash_letters_are_not_special() {
        assert_eq!(
            parse(br#""a\0b\n\r\x41""#, true),
            Ok(vec![text(b"a0bnrx41")])
        );
    }

    #[test]
    fn a_bare_comma_in_quotes_passes_only_on_nonos() {
        assert_eq!(
            parse(br#"1,"a,b""#, false),
            Ok(vec![Number(1), text(b"a,b")])
        );
        assert_eq!(parse(br#"1,"a,b""#, true), Err(code::parse_failure(1)));
    }

    #[test]
    fn empty_places_are_omitted_parameters() {
        assert_eq!(
            parse(b"1,,2,", true),
            Ok(vec![Number(1), Omitted, Number(2), Omitted])
        );
        assert_eq!(parse(b"", true), Ok(vec![Omitted]));
    }

    #[test]
    fn raw_json_an_open_quote_and_a_tail_are_refused() {
        for line in [
            &br#""{"a": 1}""#[..],
            br#""open"#,
            br#""a"b"#,
            br#"a"b""#,
            b"\"a\0b\"",
            b"\"a\rb\"",
            br#""a\"#,
        ] {
            for strict in [true, false] {
                assert!(parse(line, strict).is_err(), "{}", line.escape_ascii());
            }
        }
    }

    #[test]
    fn numbers_are_plain_decimal() {
        let expected = vec![Number(-3), Word(b"retain".to_vec()), Word(b"0x1".to_vec())];
        assert_eq!(parse(b"-3,retain,0x1", true), Ok(expected));
        assert_eq!(
            parse("\"é\"".as_bytes(), true),
            Ok(vec![text("é".as_bytes())])
        );
    }
}
