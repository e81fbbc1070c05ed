//! How received bytes become command lines.

use crate::settings::Firmware;

/// Bytes that the command buffer holds.
const BUFFER: usize = 256;

/// Why a line is not a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// LF without CR before it, or no line end within the buffer.
    LineEnd,
    /// No `AT`.
    Prefix,
}

/// Collects command lines: ESP-AT takes whole lines, NonOS AT looks for `AT` anywhere.
#[derive(Debug)]
pub(crate) struct LineReader {
    nonos: bool,
    buffer: Option<Vec<u8>>,
    last: u8,
    overlong: bool,
}

impl LineReader {
    pub fn new(firmware: Firmware) -> Self {
        Self {
            nonos: firmware.is_nonos(),
            buffer: None,
            last: 0,
            overlong: false,
        }
    }

    pub fn clear(&mut self) {
        self.buffer = None;
        self.last = 0;
        self.overlong = false;
    }

    /// The text after `AT`, without the line end, when `byte` completes a line.
    pub fn push(&mut self, byte: u8) -> Option<Result<Vec<u8>, Malformed>> {
        if self.nonos {
            self.push_nonos(byte)
        } else {
            self.push_esp_at(byte)
        }
    }

    fn push_nonos(&mut self, byte: u8) -> Option<Result<Vec<u8>, Malformed>> {
        if self
            .buffer
            .as_ref()
            .is_some_and(|buffer| buffer.len() == BUFFER)
        {
            self.clear();
        }
        let Some(buffer) = &mut self.buffer else {
            let last = core::mem::replace(&mut self.last, byte);
            match (last, byte) {
                (_, b'\n') => return Some(Err(Malformed::Prefix)),
                (b'A', b'T') | (b'a', b't') => self.buffer = Some(Vec::new()),
                _ => {}
            }
            return None;
        };
        buffer.push(byte);
        if byte != b'\n' {
            return None;
        }
        let mut line = core::mem::take(buffer);
        self.clear();
        if !line.ends_with(b"\r\n") {
            return Some(Err(Malformed::LineEnd));
        }
        line.truncate(line.len() - 2);
        Some(Ok(line))
    }

    fn push_esp_at(&mut self, byte: u8) -> Option<Result<Vec<u8>, Malformed>> {
        let buffer = self.buffer.get_or_insert_default();
        if buffer.len() < BUFFER {
            buffer.push(byte);
        } else {
            self.overlong = true;
        }
        if byte != b'\n' {
            return None;
        }
        let line = core::mem::take(buffer);
        let overlong = self.overlong;
        self.clear();
        if overlong || !line.ends_with(b"\r\n") {
            return Some(Err(Malformed::LineEnd));
        }
        if line.len() < 4 || !line[..2].eq_ignore_ascii_case(b"AT") {
            return Some(Err(Malformed::Prefix));
        }
        Some(Ok(line[2..line.len() - 2].to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(firmware: Firmware, bytes: &[u8]) -> Vec<Result<Vec<u8>, Malformed>> {
        let mut reader = LineReader::new(firmware);
        bytes.iter().filter_map(|byte| reader.push(*byte)).collect()
    }

    #[test]
    fn nonos_finds_the_prefix_behind_junk() {
        let lines = lines(Firmware::Vendor, b"\xff\0xAAT+GMR\r\nat\r\nAt\r\n");
        assert_eq!(
            lines,
            [Ok(b"+GMR".to_vec()), Ok(vec![]), Err(Malformed::Prefix)]
        );
    }

    #[test]
    fn esp_at_wants_the_prefix_first_in_any_case() {
        let lines = lines(Firmware::EspAt, b"aT+gmr\r\n xAT\r\n\r\n");
        let bad = Err(Malformed::Prefix);
        assert_eq!(lines, [Ok(b"+gmr".to_vec()), bad.clone(), bad]);
    }

    #[test]
    fn a_line_feed_alone_runs_nothing() {
        for firmware in [Firmware::Vendor, Firmware::EspAt] {
            assert_eq!(lines(firmware, b"AT\n"), [Err(Malformed::LineEnd)]);
        }
    }

    #[test]
    fn an_overlong_nonos_line_is_dropped_and_its_tail_is_searched() {
        let mut text = b"AT".to_vec();
        text.extend([b'x'; 256]);
        text.extend(b"xAT+GMR\r\n");
        assert_eq!(lines(Firmware::Vendor, &text), [Ok(b"+GMR".to_vec())]);
        text.truncate(2 + 256 + 1);
        text.extend(b"\r\n");
        assert_eq!(lines(Firmware::Vendor, &text), [Err(Malformed::Prefix)]);
    }

    #[test]
    fn the_longest_line_passes() {
        let mut text = b"AT".to_vec();
        text.extend([b'x'; 254]);
        text.extend(b"\r\n");
        assert_eq!(lines(Firmware::Vendor, &text), [Ok(vec![b'x'; 254])]);
        assert_eq!(lines(Firmware::EspAt, &text), [Err(Malformed::LineEnd)]);
        text.drain(2..4);
        assert_eq!(lines(Firmware::EspAt, &text), [Ok(vec![b'x'; 252])]);
    }
}
