//! The stub's UART as if it were a TCP stream that is open.

use core::convert::Infallible;
use core::future::poll_fn;
use core::task::Poll;

use embedded_io::{ErrorType, Read as _, ReadReady as _, Write as _};
use embedded_io_async::{Read, Write};
use size_stub::Uart;

pub struct Stream;

impl ErrorType for Stream {
    type Error = Infallible;
}

impl Read for Stream {
    async fn read(&mut self, buf: &mut [u8]) -> Result<usize, Infallible> {
        // Asked again and again: the waker belongs to an interrupt, which the stub has not.
        poll_fn(|_| match Uart.read_ready() {
            Ok(true) => Poll::Ready(Uart.read(buf)),
            Ok(false) => Poll::Pending,
        })
        .await
    }
}

impl Write for Stream {
    async fn write(&mut self, buf: &[u8]) -> Result<usize, Infallible> {
        Uart.write(buf)
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        Uart.flush()
    }
}
