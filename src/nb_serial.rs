//! Adapter from `embedded-hal-nb` serial ports to `embedded-io`.

use embedded_hal_nb::serial::{self, ErrorKind};
use embedded_io::{ErrorType, Read, ReadReady, Write};

/// Makes an `embedded_io` UART of an `embedded_hal_nb` serial port.
///
/// Many HALs implement only the latter for reading. `nb` cannot tell whether a byte is there without taking it, so one
/// byte is kept here between [`ReadReady::read_ready`] and [`Read::read`].
#[derive(Debug)]
pub struct NbSerial<S: serial::ErrorType> {
    serial: S,
    /// What the port gave and nobody has taken yet.
    peeked: Option<Result<u8, S::Error>>,
}

impl<S: serial::ErrorType> NbSerial<S> {
    /// Wraps `serial`.
    pub const fn new(serial: S) -> Self {
        Self {
            serial,
            peeked: None,
        }
    }

    /// The port, for [`set_baud`](crate::Esp8266Mqtt::set_baud) and [`find_baud`](crate::Esp8266Mqtt::find_baud).
    pub const fn serial_mut(&mut self) -> &mut S {
        &mut self.serial
    }

    /// Gives the port back; a byte that was received but not read is lost.
    pub fn release(self) -> S {
        self.serial
    }
}

/// Error of the wrapped port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NbError<E>(
    /// The port's own error.
    pub E,
);

impl<E: serial::Error> core::fmt::Display for NbError<E> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl<E: serial::Error> core::error::Error for NbError<E> {}

impl<E: serial::Error> embedded_io::Error for NbError<E> {
    fn kind(&self) -> embedded_io::ErrorKind {
        match self.0.kind() {
            ErrorKind::FrameFormat | ErrorKind::Parity | ErrorKind::Noise => {
                embedded_io::ErrorKind::InvalidData
            }
            _ => embedded_io::ErrorKind::Other,
        }
    }
}

impl<S: serial::ErrorType> ErrorType for NbSerial<S> {
    type Error = NbError<S::Error>;
}

impl<S: serial::Read<u8>> NbSerial<S> {
    fn next(&mut self) -> Result<Option<u8>, NbError<S::Error>> {
        let next = match self.peeked.take() {
            Some(peeked) => peeked.map_err(nb::Error::Other),
            None => self.serial.read(),
        };
        match next {
            Ok(byte) => Ok(Some(byte)),
            Err(nb::Error::WouldBlock) => Ok(None),
            Err(nb::Error::Other(error)) => Err(NbError(error)),
        }
    }
}

impl<S: serial::Read<u8>> ReadReady for NbSerial<S> {
    fn read_ready(&mut self) -> Result<bool, Self::Error> {
        self.peeked = self.next()?.map(Ok);
        Ok(self.peeked.is_some())
    }
}

impl<S: serial::Read<u8>> Read for NbSerial<S> {
    /// Takes what is there, waiting only for the first byte. An error in the middle is reported by the next call.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Self::Error> {
        let mut count = 0;
        for slot in buffer {
            let byte = loop {
                match self.next() {
                    Ok(None) if count == 0 => {}
                    Err(error) if count == 0 => return Err(error),
                    Ok(byte) => break byte,
                    Err(NbError(error)) => {
                        self.peeked = Some(Err(error));
                        break None;
                    }
                }
            };
            let Some(byte) = byte else { break };
            *slot = byte;
            count += 1;
        }
        Ok(count)
    }
}

impl<S: serial::Write<u8>> Write for NbSerial<S> {
    /// Waits until the port takes the first byte and writes no other.
    fn write(&mut self, buffer: &[u8]) -> Result<usize, Self::Error> {
        let Some(&byte) = buffer.first() else {
            return Ok(0);
        };
        nb::block!(self.serial.write(byte)).map_err(NbError)?;
        Ok(1)
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        nb::block!(self.serial.flush()).map_err(NbError)
    }
}
