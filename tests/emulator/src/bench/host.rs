//! The host's UART hardware: FIFO, holding register, shift register.

use core::time::Duration;
use std::collections::VecDeque;

use crate::settings::Settings;

/// A byte in a shift register.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shift {
    /// `None` if it gets lost on the wire.
    pub value: Option<u8>,
    pub baud: u32,
    pub start: Duration,
    pub end: Duration,
    /// Whether the module restarts when it has passed.
    pub restart: bool,
}

pub(crate) struct Host {
    pub baud: u32,
    pub rx: VecDeque<u8>,
    pub rx_depth: usize,
    pub tx: VecDeque<u8>,
    pub tx_depth: usize,
    pub shift: Option<Shift>,
    pub call_cost: Duration,
    pub overruns: u64,
    pub overrun_pending: bool,
    pub bytes_read: u64,
    pub bytes_written: u64,
    /// The byte before which the reader finds nothing more, for how long, and until when.
    hold: Option<(u64, Duration, Option<Duration>)>,
}

impl Host {
    pub fn new(settings: &Settings) -> Self {
        Self {
            baud: settings.host.baud.unwrap_or(settings.baud),
            rx: VecDeque::new(),
            rx_depth: settings.host.rx_fifo,
            tx: VecDeque::new(),
            tx_depth: settings.host.tx_depth.max(1),
            shift: None,
            call_cost: settings.host.call_cost,
            overruns: 0,
            overrun_pending: false,
            bytes_read: 0,
            bytes_written: 0,
            hold: None,
        }
    }

    /// A byte has arrived from the wire.
    pub fn take_in(&mut self, byte: u8) {
        if self.rx.len() < self.rx_depth {
            self.rx.push_back(byte);
        } else {
            self.overruns += 1;
            self.overrun_pending = true;
        }
    }

    pub fn hold(&mut self, index: u64, time: Duration) {
        self.hold = Some((index, time, None));
    }

    /// How many of the received bytes can be read.
    pub fn readable(&mut self, now: Duration) -> usize {
        let received = self.rx.len();
        let Some((index, time, until)) = &mut self.hold else {
            return received;
        };
        let ahead = usize::try_from(index.saturating_sub(self.bytes_read)).unwrap_or(usize::MAX);
        if received <= ahead {
            return received;
        }
        let until = *until.get_or_insert(now + *time);
        if now < until {
            return ahead;
        }
        self.hold = None;
        received
    }

    pub fn can_write(&self) -> bool {
        self.tx.len() < self.tx_depth
    }

    pub fn is_sending(&self) -> bool {
        self.shift.is_some() || !self.tx.is_empty()
    }
}
