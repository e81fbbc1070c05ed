//! The module's idea of the time of day.

use core::time::Duration;

use super::Module;

/// When the module learned the time, and what it was.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    /// Emulated time and Unix time of the same moment.
    set: Option<(Duration, u64)>,
}

impl Module {
    /// Seconds since 1970 by the module's own clock, which counts from its start.
    pub(crate) fn timestamp(&self) -> u64 {
        match self.clock.set {
            Some((at, unix)) => unix + (self.now.saturating_sub(at)).as_secs(),
            None => self.now.as_secs(),
        }
    }

    pub(crate) fn set_timestamp(&mut self, unix: u64) {
        self.clock.set = Some((self.now, unix));
    }
}
