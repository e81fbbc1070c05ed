//! The UART and the clock of the blocking face.

use super::driver::Esp8266Mqtt;
use crate::engine::{Awaited, Failure};
use embedded_hal::delay::DelayNs;
use embedded_io::{Error as _, Read, ReadReady, Write};

/// How long to sleep when nothing has come: less than a byte takes at 921,600 baud.
const TICK_US: u32 = 8;
const TICKS_PER_MS: u32 = 1000 / TICK_US;
/// How long a UART may refuse to take a byte.
const WRITE_TICKS: u32 = 2000 * TICKS_PER_MS;
/// More errors in a row than a FIFO of bytes can have.
const NOISE_LIMIT: u8 = 64;

/// What the driver needs of a UART; everything with these traits has it.
pub trait Uart: Read + ReadReady + Write {}

impl<U: Read + ReadReady + Write> Uart for U {}

impl<U: Uart, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Sends one byte and takes in what has arrived in the meantime.
    pub(super) fn put(&mut self, byte: u8) -> Result<(), Failure> {
        let mut ticks = WRITE_TICKS;
        loop {
            match self.uart.write(&[byte]) {
                Ok(0) if ticks == 0 => return Err(Failure::WriteStalled),
                Ok(0) => {}
                Ok(_) => return self.pump().map(drop),
                Err(error) => {
                    self.uart_error = Some(error);
                    return Err(Failure::Uart);
                }
            }
            ticks -= 1;
            self.pump()?;
            self.delay.delay_us(TICK_US);
        }
    }

    /// Takes in what the UART has at the moment. Returns how many bytes.
    ///
    /// Goes on behind an error that is only noise: the bytes after it are good.
    pub(super) fn pump(&mut self) -> Result<u16, Failure> {
        for _ in 0..NOISE_LIMIT {
            let received = match self.uart.read_ready() {
                Ok(true) => self.uart.read(self.engine.space()),
                Ok(false) => break,
                Err(error) => Err(error),
            };
            match received {
                Ok(count) => {
                    self.engine.received(count);
                    return Ok(count as u16);
                }
                Err(error) => {
                    if self.engine.is_gone(error.kind()) {
                        self.uart_error = Some(error);
                        return Err(Failure::Uart);
                    }
                }
            }
        }
        Ok(0)
    }

    /// Receives until that is there, at most so long.
    ///
    /// Each byte counts as one tick, so that a flood of bytes cannot hold up the time-out.
    pub(super) fn until(&mut self, awaited: Awaited, timeout_ms: u32) -> Result<(), Failure> {
        let mut ticks = timeout_ms * TICKS_PER_MS;
        loop {
            if let Some(result) = self.engine.has(awaited) {
                return result;
            }
            let received = self.pump()?;
            if ticks == 0 {
                // What has just come counts, and no time at all is enough for it.
                return self.engine.has(awaited).unwrap_or(Err(Failure::Timeout));
            }
            if received == 0 {
                self.delay.delay_us(TICK_US);
            }
            ticks = ticks.saturating_sub(u32::from(received.max(1)));
        }
    }

    /// Only futures can be dropped.
    #[allow(clippy::unused_self, reason = "the async face has work here")]
    pub(super) const fn end_dropped_listing(&mut self) {}

    /// Only futures can be dropped.
    #[allow(clippy::unused_self, reason = "the async face has work here")]
    pub(super) const fn awaits_dropped_prompt(&mut self) -> bool {
        false
    }
}
