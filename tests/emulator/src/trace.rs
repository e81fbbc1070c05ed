//! What passed over the wire, and when.

use core::fmt;
use core::time::Duration;

/// Which way a byte goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// From the host to the module.
    ToModule,
    /// From the module to the host.
    ToHost,
}

/// One byte that passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TracedByte {
    /// End of its stop bit.
    pub at: Duration,
    /// Which way it went.
    pub direction: Direction,
    /// Its value.
    pub value: u8,
}

/// Consecutive bytes of one direction, up to a line end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceLine {
    /// When the first byte had arrived.
    pub at: Duration,
    /// Which way it went.
    pub direction: Direction,
    /// The bytes, line end included.
    pub bytes: Vec<u8>,
}

impl fmt::Display for TraceLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arrow = match self.direction {
            Direction::ToModule => ">>",
            Direction::ToHost => "<<",
        };
        let millis = self.at.as_secs_f64() * 1000.0;
        write!(f, "{millis:>12.3} ms  {arrow} ")?;
        let text = self.bytes.strip_suffix(b"\r\n").unwrap_or(&self.bytes);
        write!(f, "{}", text.escape_ascii())
    }
}

/// Everything that passed, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    bytes: Vec<TracedByte>,
}

impl Trace {
    pub(crate) fn push(&mut self, at: Duration, direction: Direction, value: u8) {
        self.bytes.push(TracedByte {
            at,
            direction,
            value,
        });
    }

    /// Adds what passed later.
    pub fn append(&mut self, later: &Self) {
        self.bytes.extend_from_slice(&later.bytes);
    }

    /// The single bytes.
    #[must_use]
    pub fn bytes(&self) -> &[TracedByte] {
        &self.bytes
    }

    /// All bytes of one direction.
    #[must_use]
    pub fn one_way(&self, direction: Direction) -> Vec<u8> {
        let matching = self.bytes.iter().filter(|byte| byte.direction == direction);
        matching.map(|byte| byte.value).collect()
    }

    /// The lines of both directions, in the order in which they began. The echo of a line and the line itself are
    /// kept apart although their bytes alternate.
    #[must_use]
    pub fn lines(&self) -> Vec<TraceLine> {
        let mut lines: Vec<TraceLine> = Vec::new();
        let mut open: [Option<usize>; 2] = [None, None];
        for byte in &self.bytes {
            let slot = &mut open[usize::from(byte.direction == Direction::ToHost)];
            let index = *slot.get_or_insert_with(|| {
                lines.push(TraceLine {
                    at: byte.at,
                    direction: byte.direction,
                    bytes: Vec::new(),
                });
                lines.len() - 1
            });
            lines[index].bytes.push(byte.value);
            if byte.value == b'\n' {
                *slot = None;
            }
        }
        lines
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines()
            .iter()
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}
