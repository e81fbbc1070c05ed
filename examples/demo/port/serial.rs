//! A serial port, usually a USB adapter: `--port /dev/ttyUSB0 --baud 9600`.

use super::is_transient;
use embedded_io::{ErrorType, Read, ReadReady, Write};
use serialport::SerialPort;
use std::{
    io::{self, ErrorKind},
    time::Duration,
};

const PATIENCE: Duration = Duration::from_millis(20);

/// A serial port, 8N1 without flow control.
pub struct Serial(pub Box<dyn SerialPort>);

impl Serial {
    pub fn open(path: &str, baud: u32) -> Result<Self, String> {
        let port = serialport::new(path, baud).timeout(PATIENCE).open();
        port.map(Self)
            .map_err(|error| format!("cannot open the port {path}: {error}"))
    }
}

/// A serial port that fails has been unplugged, whatever the system calls it.
fn gone(error: io::Error) -> io::Error {
    io::Error::new(ErrorKind::NotConnected, error)
}

impl ErrorType for Serial {
    type Error = io::Error;
}

impl ReadReady for Serial {
    fn read_ready(&mut self) -> io::Result<bool> {
        let waiting = self.0.bytes_to_read();
        waiting
            .map(|count| count > 0)
            .map_err(|error| gone(error.into()))
    }
}

impl Read for Serial {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(buffer) {
                Ok(0) if !buffer.is_empty() => return Err(ErrorKind::NotConnected.into()),
                Err(error) if is_transient(error.kind()) => {}
                other => return other.map_err(gone),
            }
        }
    }
}

impl Write for Serial {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if is_transient(error.kind()) => Ok(0),
            other => other.map_err(gone),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(gone)
    }
}
