//! The electrical side of a UART line: what a receiver makes of bytes sent at another baud.

use core::time::Duration;

/// Time that `bits` take at `baud`.
pub(crate) fn bit_time(baud: u32, half_bits: u64) -> Duration {
    Duration::from_nanos(half_bits * 500_000_000 / u64::from(baud.max(1)))
}

/// Time of one byte with start and stop bit (8N1).
pub(crate) fn byte_time(baud: u32) -> Duration {
    bit_time(baud, 20)
}

/// Samples a line as an 8N1 receiver does.
#[derive(Debug, Default)]
pub(crate) struct Sampler {
    frame: Option<Frame>,
    line_was_low: bool,
}

#[derive(Debug)]
struct Frame {
    start: Duration,
    baud: u32,
    bits: u64,
    value: u8,
}

impl Frame {
    fn next_sample(&self) -> Duration {
        self.start + bit_time(self.baud, 2 * self.bits + 3)
    }
}

impl Sampler {
    /// Whether a frame has begun that is not complete.
    pub fn is_busy(&self) -> bool {
        self.frame.is_some()
    }

    /// When the frame under way is complete if the line stays idle.
    pub fn next_due(&self) -> Option<Duration> {
        self.frame
            .as_ref()
            .map(|frame| frame.start + bit_time(frame.baud, 19))
    }

    /// The line is idle up to `until`.
    pub fn idle(&mut self, until: Duration) -> Option<u8> {
        let got = self.sample(true, until);
        self.line_was_low = false;
        got
    }

    /// A byte sent at `sender` baud, from `start` on, to a receiver set to `receiver` baud.
    pub fn byte(&mut self, value: u8, start: Duration, sender: u32, receiver: u32) -> Vec<u8> {
        let mut received = Vec::new();
        received.extend(self.idle(start));
        let levels = (u16::from(value) << 1) | 0x200;
        for bit in 0..10u64 {
            let from = start + bit_time(sender, 2 * bit);
            let until = start + bit_time(sender, 2 * bit + 2);
            let high = levels >> bit & 1 == 1;
            if self.frame.is_none() && !high && !self.line_was_low {
                self.frame = Some(Frame {
                    start: from,
                    baud: receiver,
                    bits: 0,
                    value: 0,
                });
            }
            received.extend(self.sample(high, until));
            self.line_was_low = !high;
        }
        received
    }

    fn sample(&mut self, high: bool, until: Duration) -> Option<u8> {
        let frame = self.frame.as_mut()?;
        while frame.next_sample() <= until {
            if frame.bits == 8 {
                let value = frame.value;
                self.frame = None;
                return Some(value);
            }
            frame.value |= u8::from(high) << frame.bits;
            frame.bits += 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transfer(bytes: &[u8], sender: u32, receiver: u32) -> Vec<u8> {
        let mut sampler = Sampler::default();
        let mut now = Duration::ZERO;
        let mut received = Vec::new();
        for byte in bytes {
            received.extend(sampler.byte(*byte, now, sender, receiver));
            now += byte_time(sender);
        }
        received.extend(sampler.idle(now + Duration::from_secs(1)));
        received
    }

    #[test]
    fn the_same_baud_gives_the_same_bytes() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(transfer(&all, 9600, 9600), all);
    }

    #[test]
    fn two_percent_of_difference_do_no_harm() {
        assert_eq!(transfer(b"AT+GMR\r\n", 9600, 9780), b"AT+GMR\r\n");
    }

    #[test]
    fn another_baud_gives_garbage() {
        let text = b"ets Jan  8 2013,rst cause:1, boot mode:(3,0)\r\n";
        let slow = transfer(text, 74_880, 9600);
        assert!(!slow.is_empty() && slow.len() < text.len() / 4, "{slow:?}");
        let quick = transfer(text, 74_880, 115_200);
        assert!(quick.len() > text.len() / 2 && quick != text, "{quick:?}");
    }
}
