//! A queue between a UART's receive interrupt and the driver.

use core::{
    fmt,
    sync::atomic::{AtomicU32, Ordering},
};
use embedded_io::{Error, ErrorKind, ErrorType, Read, ReadReady, Write};
use heapless::spsc::{Consumer, Producer, Queue};

/// Room for `N - 1` bytes that the receive interrupt has taken and the driver has not, for a UART that has no buffer of
/// its own.
///
/// At 9600 baud one byte comes per millisecond, at 115,200 baud eleven: choose `N` for the longest time that your program
/// looks away from the driver.
///
/// ```
/// use esp8266_mqtt::RxQueue;
///
/// # let tx = &mut [0_u8; 8][..];
/// let mut queue = RxQueue::<128>::new(); // firmware has it in a static, see `static_cell`
/// let (mut writer, uart) = queue.split(tx);
/// // In the interrupt, for each byte that the UART has:
/// writer.push(b'O');
/// // `uart` goes to `Esp8266Mqtt::new`.
/// # drop(uart);
/// ```
#[derive(Debug, Default)]
pub struct RxQueue<const N: usize> {
    bytes: Queue<u8, N>,
    lost: AtomicU32,
}

impl<const N: usize> RxQueue<N> {
    /// An empty queue.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            bytes: Queue::new(),
            lost: AtomicU32::new(0),
        }
    }

    /// The end for the interrupt, and the UART for the driver; `tx` is the transmitting half of the real one.
    pub fn split<W>(&mut self, tx: W) -> (RxWriter<'_>, QueuedUart<'_, W>) {
        let (writer, reader) = self.bytes.split();
        let lost = &self.lost;
        let uart = QueuedUart {
            reader,
            lost,
            reported: lost.load(Ordering::Relaxed),
            tx,
        };
        (
            RxWriter {
                bytes: writer,
                lost,
            },
            uart,
        )
    }
}

/// The interrupt's end of an [`RxQueue`].
pub struct RxWriter<'a> {
    bytes: Producer<'a, u8>,
    lost: &'a AtomicU32,
}

impl RxWriter<'_> {
    /// Queues a received byte. When the queue is full, the byte is lost and counted. Never waits.
    pub fn push(&mut self, byte: u8) {
        if self.bytes.enqueue(byte).is_err() {
            self.overrun();
        }
    }

    /// Counts a loss that the UART itself has noticed.
    pub fn overrun(&mut self) {
        // The only writer: Cortex-M0 has no atomic increment.
        let lost = self.lost.load(Ordering::Relaxed);
        self.lost.store(lost.saturating_add(1), Ordering::Relaxed);
    }
}

impl fmt::Debug for RxWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RxWriter").finish_non_exhaustive()
    }
}

/// A UART that receives from an [`RxQueue`] and transmits by `W`.
pub struct QueuedUart<'a, W> {
    reader: Consumer<'a, u8>,
    lost: &'a AtomicU32,
    reported: u32,
    tx: W,
}

impl<W> QueuedUart<'_, W> {
    /// How many times something was lost, since the queue was made.
    #[must_use]
    pub fn overruns(&self) -> u32 {
        self.lost.load(Ordering::Relaxed)
    }

    /// The transmitting half, for [`set_baud`](crate::Esp8266Mqtt::set_baud) and [`find_baud`](crate::Esp8266Mqtt::find_baud).
    pub const fn tx_mut(&mut self) -> &mut W {
        &mut self.tx
    }

    /// Gives back the transmitting half. Bytes that were not read are lost.
    pub fn release(self) -> W {
        self.tx
    }
}

impl<W: fmt::Debug> fmt::Debug for QueuedUart<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueuedUart")
            .field("tx", &self.tx)
            .finish_non_exhaustive()
    }
}

/// Error of a [`QueuedUart`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum QueuedError<E> {
    /// Bytes were lost: the queue was full, or the UART itself lost them. Those that are queued can still be read.
    Overrun,
    /// The error of the transmitting half.
    Tx(E),
}

impl<E: fmt::Display> fmt::Display for QueuedError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overrun => f.write_str("received bytes were lost"),
            Self::Tx(error) => error.fmt(f),
        }
    }
}

impl<E: Error> core::error::Error for QueuedError<E> {}

impl<E: Error> Error for QueuedError<E> {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Overrun => ErrorKind::Other,
            Self::Tx(error) => error.kind(),
        }
    }
}

impl<W: ErrorType> ErrorType for QueuedUart<'_, W> {
    type Error = QueuedError<W::Error>;
}

impl<W: ErrorType> ReadReady for QueuedUart<'_, W> {
    /// Whether there is a byte to read or a loss to report.
    fn read_ready(&mut self) -> Result<bool, Self::Error> {
        Ok(self.overruns() != self.reported || self.reader.ready())
    }
}

impl<W: ErrorType> Read for QueuedUart<'_, W> {
    /// Takes what is there, waiting only for the first byte. A loss is reported once, before what is queued.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Self::Error> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let lost = self.overruns();
            if lost != self.reported {
                self.reported = lost;
                return Err(QueuedError::Overrun);
            }
            let mut count = 0;
            for (slot, byte) in buffer
                .iter_mut()
                .zip(core::iter::from_fn(|| self.reader.dequeue()))
            {
                *slot = byte;
                count += 1;
            }
            if count > 0 {
                return Ok(count);
            }
            core::hint::spin_loop();
        }
    }
}

impl<W: Write> Write for QueuedUart<'_, W> {
    fn write(&mut self, buffer: &[u8]) -> Result<usize, Self::Error> {
        self.tx.write(buffer).map_err(QueuedError::Tx)
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        self.tx.flush().map_err(QueuedError::Tx)
    }
}
