//! One event at trace level for every line on the wire, by the features `defmt` and `log`; without them, nothing.
//!
//! Commands are shown without their secrets. Of what is received, `<redacted>` stands for everything that may be the echo
//! of a secret, the answer to a question for one, or what noise has left of either.

#[cfg(any(feature = "defmt", feature = "log"))]
mod shown;

/// Where the secrets stand in a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hidden {
    #[cfg(any(feature = "defmt", feature = "log"))]
    from: u8,
    #[cfg(any(feature = "defmt", feature = "log"))]
    to: u8,
}

#[cfg(not(any(feature = "defmt", feature = "log")))]
mod events {
    use super::Hidden;

    impl Hidden {
        pub const NONE: Self = Self {};

        pub const fn add(&mut self, _: usize, _: usize) {}
    }

    pub const fn sent(_: &[u8], _: Hidden) {}
    pub const fn sent_data(_: usize) {}
    pub fn received(_: &[u8], _: Hidden, _: impl FnOnce() -> bool) {}
    pub const fn received_prompt() {}
    pub const fn received_message(_: &[u8], _: usize) {}
    pub const fn dropped_message(_: u16) {}
    pub const fn long_line() {}
}

#[cfg(any(feature = "defmt", feature = "log"))]
mod events {
    use super::{Hidden, shown::Shown};

    impl Hidden {
        pub const NONE: Self = Self { from: 0, to: 0 };

        /// Hides the bytes `from..to` of a command, and those between them and others that are hidden.
        pub fn add(&mut self, from: usize, to: usize) {
            let (from, to) = (from.min(255) as u8, to.min(255) as u8);
            if self.to == 0 {
                self.from = from;
            }
            self.to = to;
        }

        pub const fn is_none(self) -> bool {
            self.to == 0
        }

        pub fn range(self) -> core::ops::Range<usize> {
            self.from.into()..self.to.into()
        }
    }

    /// The same text for both loggers.
    macro_rules! event {
        ($format:literal $(, $argument:expr)*) => {{
            #[cfg(feature = "defmt")]
            defmt::trace!($format $(, $argument)*);
            #[cfg(feature = "log")]
            log::trace!($format $(, $argument)*);
        }};
    }

    pub fn sent(command: &[u8], hidden: Hidden) {
        event!("> {}", Shown::command(command, hidden));
    }

    pub fn sent_data(len: usize) {
        event!("> {} bytes of data", len);
    }

    /// A line; `answers` tells whether it may be part of an answer.
    pub fn received(line: &[u8], hidden: Hidden, answers: impl FnOnce() -> bool) {
        let shown = Shown::received(line, answers(), hidden);
        event!("< {}", shown);
    }

    pub fn received_prompt() {
        event!("< >");
    }

    pub fn received_message(topic: &[u8], len: usize) {
        event!("< message of {} bytes, {}", len, Shown::text(topic));
    }

    pub fn dropped_message(len: u16) {
        event!("< message of {} bytes, dropped", len);
    }

    pub fn long_line() {
        event!("< a line longer than the buffer");
    }
}

pub(crate) use events::*;
