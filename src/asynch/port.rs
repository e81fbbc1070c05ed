//! The UART and the clock of the async face.

use super::driver::Esp8266Mqtt;
use crate::engine::{Awaited, Failure};
use core::{pin::pin, task::Poll};
use embassy_futures::{
    poll_once,
    select::{Either, select},
    yield_now,
};
use embedded_hal_async::delay::DelayNs;
use embedded_io_async::{Error as _, Read, Write};

/// How long a UART may refuse to take a byte.
const WRITE_MS: u32 = 2000;
/// More errors in a row than a FIFO of bytes can have.
const NOISE_LIMIT: u8 = 64;

/// What the driver needs of a UART; everything with these traits has it.
///
/// `read` must be cancel-safe: a future that is dropped before it is ready must not have taken bytes with it. The buffered,
/// interrupt-driven UARTs of the embassy HALs are; a bare DMA transfer is not.
pub trait Uart: Read + Write {}

impl<U: Read + Write> Uart for U {}

impl<U: Uart, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Sends one byte, then takes in what has arrived in the meantime.
    pub(super) async fn put(&mut self, byte: u8) -> Result<(), Failure> {
        let byte = [byte];
        let stalled = self.delay.delay_ms(WRITE_MS);
        match select(self.uart.write(&byte), stalled).await {
            Either::First(Ok(1..)) => self.pump().map(drop),
            Either::First(Ok(0)) | Either::Second(()) => Err(Failure::WriteStalled),
            Either::First(Err(error)) => {
                self.uart_error = Some(error);
                Err(Failure::Uart)
            }
        }
    }

    /// Takes in what the UART has at the moment. Returns how many bytes.
    pub(super) fn pump(&mut self) -> Result<u16, Failure> {
        for _ in 0..NOISE_LIMIT {
            match poll_once(self.uart.read(self.engine.space())) {
                Poll::Pending => break,
                Poll::Ready(Ok(count)) => {
                    self.engine.received(count);
                    return Ok(count as u16);
                }
                Poll::Ready(Err(error)) => {
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
    pub(super) async fn until(&mut self, awaited: Awaited, timeout_ms: u32) -> Result<(), Failure> {
        {
            let mut end = pin!(self.delay.delay_ms(timeout_ms));
            loop {
                if let Some(result) = self.engine.has(awaited) {
                    return result;
                }
                // The clock is asked first, so that a flood of bytes cannot hold up the time-out.
                let next = select(end.as_mut(), self.uart.read(self.engine.space())).await;
                match next {
                    Either::First(()) => break,
                    // What stands for a UART has come to its end, and would never let the clock run.
                    Either::Second(Ok(0)) => yield_now().await,
                    Either::Second(Ok(count)) => self.engine.received(count),
                    Either::Second(Err(error)) => {
                        if self.engine.is_gone(error.kind()) {
                            self.uart_error = Some(error);
                            return Err(Failure::Uart);
                        }
                    }
                }
            }
        }
        // What has just come counts, and no time at all is enough for it.
        self.pump()?;
        self.engine.has(awaited).unwrap_or(Err(Failure::Timeout))
    }

    /// A listing whose future was dropped must not hold up what comes behind it, nor data that was asked for.
    pub(super) fn end_dropped_listing(&mut self) {
        self.engine.end_listing();
        #[cfg(feature = "sockets")]
        self.engine.break_fetch();
    }

    /// Whether the future of a command that asks for data was dropped before the module has.
    pub(super) fn awaits_dropped_prompt(&mut self) -> bool {
        self.end_dropped_listing();
        self.engine.awaits_prompt()
    }
}
