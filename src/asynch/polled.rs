//! The async face without an executor.

use core::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, Waker},
};
use embedded_hal_async::delay::DelayNs;
use embedded_io::{ErrorType, ReadReady};

/// Goes on with any method of the async face, for programs that may not block and have no executor: a main loop beside
/// interrupts.
///
/// The method's UART is a [`PolledUart`], its clock a [`PolledDelay`]. A call sends at most one byte and takes in what has
/// arrived. Between calls the future keeps the driver borrowed; drop it to give the method up, see
/// [dropping a future](super#dropping-a-future).
///
/// ```no_run
/// use core::pin::pin;
/// use embedded_io::{Read, ReadReady, Write};
/// use esp8266_mqtt::asynch::{Esp8266Mqtt, PolledDelay, PolledUart, poll};
/// use esp8266_mqtt::{Buffers, Error, Event, Keeper, Kept};
///
/// fn run<U: Read + ReadReady + Write>(uart: U, millis: fn() -> u32, mut keeper: Keeper<'_>) -> Result<(), Error<U::Error>> {
///     let (mut rx, mut tx) = ([0; 1024], [0; 256]);
///     let buffers = Buffers::new(&mut rx, &mut tx);
///     let mut module = Esp8266Mqtt::new(PolledUart::new(uart), PolledDelay(millis), buffers);
///     loop {
///         let mut keeping = pin!(module.keep(&mut keeper, 1_000));
///         let kept = loop {
///             match poll(keeping.as_mut()) {
///                 Ok(kept) => break kept,
///                 Err(nb::Error::WouldBlock) => { /* the rest of your program */ }
///                 Err(nb::Error::Other(error)) => return Err(error),
///             }
///         };
///         if let Kept::Event(Event::Message(message)) = kept {
///             let _led_on = message.payload() == b"on";
///         }
///     }
/// }
/// ```
///
/// # Errors
/// `WouldBlock` until the method has ended; then its own.
pub fn poll<T, E>(future: Pin<&mut impl Future<Output = Result<T, E>>>) -> nb::Result<T, E> {
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result.map_err(nb::Error::Other),
        Poll::Pending => Err(nb::Error::WouldBlock),
    }
}

/// Not yet. Nothing will wake an executor, if there is one after all: it has to ask again.
fn again<T>(context: &Context<'_>) -> Poll<T> {
    context.waker().wake_by_ref();
    Poll::Pending
}

/// A UART of the blocking face for [`poll`]: `embedded_io::{Read, ReadReady, Write}`.
///
/// Between two bytes, and after each read, the future is pending once, so that no poll takes longer than the UART takes to
/// accept a byte.
#[derive(Debug)]
pub struct PolledUart<U> {
    uart: U,
    has_read: bool,
    has_written: bool,
}

impl<U> PolledUart<U> {
    /// Takes the UART.
    pub const fn new(uart: U) -> Self {
        Self {
            uart,
            has_read: false,
            has_written: false,
        }
    }

    /// The UART, to change its baud rate or read its own state.
    pub const fn uart_mut(&mut self) -> &mut U {
        &mut self.uart
    }

    /// Gives back the UART.
    pub fn release(self) -> U {
        self.uart
    }
}

impl<U: ErrorType> ErrorType for PolledUart<U> {
    type Error = U::Error;
}

impl<U: embedded_io::Read + ReadReady> embedded_io_async::Read for PolledUart<U> {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, U::Error> {
        poll_fn(|context| {
            if core::mem::take(&mut self.has_read) {
                return again(context);
            }
            match self.uart.read_ready() {
                Ok(true) => {
                    self.has_read = true;
                    Poll::Ready(self.uart.read(buffer))
                }
                Ok(false) => again(context),
                Err(error) => Poll::Ready(Err(error)),
            }
        })
        .await
    }
}

impl<U: embedded_io::Write> embedded_io_async::Write for PolledUart<U> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, U::Error> {
        poll_fn(|context| {
            if core::mem::take(&mut self.has_written) {
                return again(context);
            }
            match self.uart.write(bytes.get(..1).unwrap_or_default()) {
                Ok(0) if !bytes.is_empty() => again(context),
                written => {
                    self.has_written = true;
                    Poll::Ready(written)
                }
            }
        })
        .await
    }

    async fn flush(&mut self) -> Result<(), U::Error> {
        self.uart.flush()
    }
}

/// A clock for [`poll`]: a function that gives the milliseconds since any moment; it may wrap around.
#[derive(Debug)]
pub struct PolledDelay<F>(pub F);

impl<F: FnMut() -> u32> DelayNs for PolledDelay<F> {
    async fn delay_ns(&mut self, ns: u32) {
        self.delay_ms(ns.div_ceil(1_000_000)).await;
    }

    async fn delay_us(&mut self, us: u32) {
        self.delay_ms(us.div_ceil(1_000)).await;
    }

    async fn delay_ms(&mut self, ms: u32) {
        let start = (self.0)();
        poll_fn(|context| {
            // The first millisecond may have been nearly over.
            let is_over = ms == 0 || (self.0)().wrapping_sub(start) > ms;
            if is_over {
                Poll::Ready(())
            } else {
                again(context)
            }
        })
        .await;
    }
}
