//! The faults of the wire and of the host's UART.

use std::collections::VecDeque;

use crate::fault::Fault;
use crate::trace::Direction;

/// What becomes of a byte.
pub(crate) struct Fate {
    /// `None` if it is lost.
    pub value: Option<u8>,
    /// Whether the module restarts when it has passed.
    pub restart: bool,
}

/// Faults and the positions that they count in.
#[derive(Default)]
pub(crate) struct WireFaults {
    list: Vec<Fault>,
    passed: [u64; 2],
    line_ends: u64,
    lines_checked: Option<u64>,
    inserted: VecDeque<u8>,
    pub silence: bool,
    garbage: Option<u32>,
}

impl WireFaults {
    pub fn add(&mut self, fault: Fault) {
        match fault {
            Fault::Silence => self.silence = true,
            Fault::Garbage => self.garbage = Some(0x1357_9bdf),
            other => {
                self.list.push(other);
                self.lines_checked = None;
            }
        }
    }

    fn take(&mut self, matches: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let index = self.list.iter().position(matches)?;
        Some(self.list.remove(index))
    }

    /// A byte that goes to the host before the module's next one.
    pub fn insertion(&mut self, module_has_more: bool) -> Option<u8> {
        if let Some(state) = &mut self.garbage {
            // xorshift32: any sequence does, as long as it is the same in each run.
            *state ^= *state << 13;
            *state ^= *state >> 17;
            *state ^= *state << 5;
            return state.to_le_bytes().first().copied();
        }
        if self.lines_checked != Some(self.line_ends) {
            self.lines_checked = Some(self.line_ends);
            let ends = self.line_ends;
            while let Some(Fault::InsertAtLine { bytes, .. }) = self
                .take(|fault| matches!(fault, Fault::InsertAtLine { line, .. } if *line == ends))
            {
                self.inserted.extend(bytes);
            }
        }
        if module_has_more {
            let next = self.passed[1];
            while let Some(Fault::InsertBytes { bytes, .. }) = self
                .take(|fault| matches!(fault, Fault::InsertBytes { index, .. } if *index == next))
            {
                self.inserted.extend(bytes);
            }
        }
        self.inserted.pop_front()
    }

    /// How many bytes of `direction` have passed.
    pub fn passed(&self, direction: Direction) -> u64 {
        self.passed[usize::from(direction == Direction::ToHost)]
    }

    /// What happens to the next byte of `direction`.
    pub fn pass(&mut self, direction: Direction, value: u8) -> Fate {
        let counter = &mut self.passed[usize::from(direction == Direction::ToHost)];
        let position = *counter;
        *counter += 1;
        if direction == Direction::ToHost && value == b'\n' {
            self.line_ends += 1;
        }
        let here = |way: &Direction, index: &u64| *way == direction && *index == position;
        let mut value = Some(value);
        while let Some(Fault::CorruptByte { mask, .. }) =
            self.take(|fault| matches!(fault, Fault::CorruptByte { direction, index, .. } if here(direction, index)))
        {
            value = value.map(|value| value ^ mask);
        }
        let dropped = self.take(
            |fault| matches!(fault, Fault::DropByte { direction, index } if here(direction, index)),
        );
        let restart =
            self.take(|fault| matches!(fault, Fault::RestartAtByte { direction, index } if here(direction, index)));
        Fate {
            value: value.filter(|_| dropped.is_none()),
            restart: restart.is_some(),
        }
    }

    pub fn has_write_error(&self, position: u64) -> bool {
        self.list.contains(&Fault::WriteError { index: position })
    }

    pub fn take_write_error(&mut self, position: u64) -> bool {
        self.take(|fault| *fault == Fault::WriteError { index: position })
            .is_some()
    }

    pub fn has_read_error(&self, position: u64) -> bool {
        self.list.contains(&Fault::ReadError { index: position })
    }

    pub fn take_read_error(&mut self, position: u64) -> bool {
        self.take(|fault| *fault == Fault::ReadError { index: position })
            .is_some()
    }
}
