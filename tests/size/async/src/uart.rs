//! The stub's UART and delay with the async traits.

use core::convert::Infallible;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use embedded_hal::delay::DelayNs as _;
use embedded_hal_async::delay::DelayNs;
use embedded_io::{ErrorType, Read as _, ReadReady as _, Write as _};
use embedded_io_async::{Read, Write};

pub struct Uart;

impl ErrorType for Uart {
    type Error = Infallible;
}

/// Asked again and again: the waker belongs to an interrupt, which the stub has not.
struct Reading<'b>(&'b mut [u8]);

// `inline(never)`, here and below, as in the stub: the same few instructions would count against every caller.
impl Future for Reading<'_> {
    type Output = Result<usize, Infallible>;

    #[inline(never)]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        match size_stub::Uart.read_ready() {
            Ok(true) => Poll::Ready(size_stub::Uart.read(self.0)),
            Ok(false) => Poll::Pending,
        }
    }
}

impl Read for Uart {
    fn read(&mut self, buf: &mut [u8]) -> impl Future<Output = Result<usize, Infallible>> {
        Reading(buf)
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

/// How often it is still to be polled.
struct Waiting(u32);

impl Future for Waiting {
    type Output = ();

    #[inline(never)]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        size_stub::Delay.delay_us(1);
        self.0 = self.0.saturating_sub(1);
        if self.0 == 0 {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

impl DelayNs for Delay {
    fn delay_ns(&mut self, ns: u32) -> impl Future<Output = ()> {
        Waiting(ns >> 10)
    }

    fn delay_us(&mut self, us: u32) -> impl Future<Output = ()> {
        Waiting(us)
    }

    fn delay_ms(&mut self, ms: u32) -> impl Future<Output = ()> {
        Waiting(ms.wrapping_mul(1024))
    }
}
