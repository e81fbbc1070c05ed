//! The stub's UART and delay with the async traits.

use core::convert::Infallible;
use core::future::poll_fn;
use core::task::Poll;

use embedded_hal::delay::DelayNs as _;
use embedded_hal_async::delay::DelayNs;
use embedded_io::{ErrorType, Read as _, ReadReady as _, Write as _};
use embedded_io_async::{Read, Write};

pub struct Uart;

impl ErrorType for Uart {
    type Error = Infallible;
}

impl Read for Uart {
    async fn read(&mut self, buf: &mut [u8]) -> Result<usize, Infallible> {
        // Asked again and again: the waker belongs to an interrupt, which the stub has not.
        poll_fn(|_| match size_stub::Uart.read_ready() {
            Ok(true) => Poll::Ready(size_stub::Uart.read(buf)),
            Ok(false) => Poll::Pending,
        })
        .await
    }
}

impl Write for Uart {
    async fn write(&mut self, buf: &[u8]) -> Result<usize, Infallible> {
        size_stub::Uart.write(buf)
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        size_stub::Uart.flush()
    }
}

pub struct Delay;

impl DelayNs for Delay {
    async fn delay_ns(&mut self, ns: u32) {
        let mut left = ns;
        poll_fn(|_| {
            size_stub::Delay.delay_us(1);
            left = left.saturating_sub(1000);
            if left == 0 {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    async fn delay_us(&mut self, us: u32) {
        for _ in 0..us {
            self.delay_ns(1000).await;
        }
    }

    async fn delay_ms(&mut self, ms: u32) {
        for _ in 0..ms {
            self.delay_us(1000).await;
        }
    }
}
