//! Text from the wire as a log may show it.

use super::Hidden;
use crate::{bytes::part, urc::classify};
use core::fmt::{self, Write as _};

/// What stands before a password, anywhere in a line: bytes that were lost may have glued two lines together.
///
/// With `=` where answers of that name hold no secret.
const BEFORE_SECRETS: [&[u8]; 9] = [
    b"MQTTUSERCFG",
    b"MQTTPASSWORD",
    b"ALIYUN_MQTTCONN",
    b"CWJAP=",
    b"CWJAP_CUR=",
    b"CWJAP_DEF=",
    b"CWSAP",
    b"CWJEAP",
    b"password:",
];

const REDACTED: &str = "<redacted>";

/// Two pieces of text and whether something was left out between them.
pub(crate) struct Shown<'a> {
    start: &'a [u8],
    redacted: bool,
    end: &'a [u8],
}

impl<'a> Shown<'a> {
    /// All of it.
    pub const fn text(text: &'a [u8]) -> Self {
        Self {
            start: text,
            redacted: false,
            end: b"",
        }
    }

    /// A command, without its secrets.
    pub fn command(command: &'a [u8], hidden: Hidden) -> Self {
        if hidden.is_none() {
            return Self::text(command);
        }
        let range = hidden.range();
        Self {
            start: part(command, 0, range.start),
            redacted: true,
            end: part(command, range.end, command.len()),
        }
    }

    /// A received line; `answers` a command, or may at least.
    pub fn received(line: &'a [u8], answers: bool, hidden: Hidden) -> Self {
        let named = BEFORE_SECRETS.iter().find_map(|name| {
            // `windows` would panic for a name without a length.
            let is_behind = |end: &usize| part(line, 0, *end).ends_with(name);
            (0..=line.len()).find(is_behind)
        });
        let shown = if let Some(end) = named {
            end
        } else if classify(line).is_some()
            || answers && (is_answer(line) || hidden.is_none() && line.iter().all(is_printable))
        {
            line.len()
        } else {
            // The echo of a command, or what noise has left of a line.
            0
        };
        Self {
            start: part(line, 0, shown),
            redacted: shown < line.len(),
            end: b"",
        }
    }
}

/// Noise has left its traces in a line where this is not so.
fn is_printable(byte: &u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// Whether the line is `+NAME:…`.
fn is_answer(line: &[u8]) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_uppercase() || *byte == b'_';
    line.strip_prefix(b"+").is_some_and(|line| {
        let end = line.iter().position(|byte| !is_name(byte));
        end.and_then(|end| line.get(end)) == Some(&b':')
    })
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        readable(self.start, f)?;
        if self.redacted {
            f.write_str(REDACTED)?;
        }
        readable(self.end, f)
    }
}

fn readable(text: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for byte in text {
        if is_printable(byte) {
            f.write_char(char::from(*byte))?;
        } else {
            write!(f, "{}", byte.escape_ascii())?;
        }
    }
    Ok(())
}

#[cfg(feature = "defmt")]
impl defmt::Format for Shown<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        let gap = if self.redacted { REDACTED } else { "" };
        defmt::write!(f, "{=[u8]:a}{=str}{=[u8]:a}", self.start, gap, self.end);
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use std::string::ToString;

    #[test]
    fn secrets_of_commands_are_left_out() {
        let mut hidden = Hidden::NONE;
        let line = b"AT+X=\"a\",\"secret\",\"b\"";
        assert_eq!(
            Shown::command(line, hidden).to_string(),
            r#"AT+X="a","secret","b""#
        );
        hidden.add(10, 16);
        assert_eq!(
            Shown::command(line, hidden).to_string(),
            r#"AT+X="a","<redacted>","b""#
        );
    }

    #[test]
    fn echoes_and_answers_with_secrets_are_left_out() {
        let mut hidden = Hidden::NONE;
        hidden.add(1, 2);
        for (line, shown) in [
            ("OK", "OK"),
            ("+CWJAP:1", "+CWJAP:1"),
            ("WIFI GOT IP", "WIFI GOT IP"),
            ("password:secret", "password:<redacted>"),
            ("+MQTTUSERCFG:0,1,secret", "+MQTTUSERCFG<redacted>"),
            ("+CWSAP_CUR:ap,secret", "+CWSAP<redacted>"),
            ("+CW+MQTTPASSWORD:0,secret", "+CW+MQTTPASSWORD<redacted>"),
            ("+CWJAP=ap,secret", "+CWJAP=<redacted>"),
            ("AT+CWJAP_CUR=ap,secret", "AT+CWJAP_CUR=<redacted>"),
            (
                "AT+ALIYUN_MQTTCONN=h,1,k,n,secret",
                "AT+ALIYUN_MQTTCONN<redacted>",
            ),
            ("secret", "<redacted>"),
        ] {
            let text = Shown::received(line.as_bytes(), true, hidden).to_string();
            assert_eq!(text, shown);
        }
        for (answers, shown) in [(true, "AT version:1.7"), (false, "<redacted>")] {
            let text = Shown::received(b"AT version:1.7", answers, Hidden::NONE);
            assert_eq!(text.to_string(), shown);
        }
    }
}
