//! The driver's clock on a PC.

use embedded_hal::delay::DelayNs;
use std::{
    thread::sleep,
    time::{Duration, Instant},
};

/// Below this a sleep takes far longer than asked for.
const SHORTEST_SLEEP: Duration = Duration::from_micros(500);
/// Time that the caller may have used for itself between two delays.
const LARGEST_LAG: Duration = Duration::from_millis(20);

/// Delays that are right on average: the driver polls with delays of 10 µs and counts them to know when a time-out is
/// over, and to sleep 60 µs for each would make a time-out of 20 s last two minutes.
pub struct PacedDelay {
    due: Instant,
}

impl PacedDelay {
    pub fn new() -> Self {
        Self {
            due: Instant::now(),
        }
    }
}

impl DelayNs for PacedDelay {
    fn delay_ns(&mut self, ns: u32) {
        let now = Instant::now();
        if now.saturating_duration_since(self.due) > LARGEST_LAG {
            self.due = now;
        }
        self.due += Duration::from_nanos(ns.into());
        let ahead = self.due.saturating_duration_since(now);
        if ahead >= SHORTEST_SLEEP {
            sleep(ahead);
        }
    }
}
