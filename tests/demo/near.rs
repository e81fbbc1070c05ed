//! The near end of a pseudo-terminal.

use serialport::TTYPort;
use std::io::{self, ErrorKind, Read, Write};

/// Reads do not block, nor fail while nobody has opened the far end.
pub struct Near(pub TTYPort);

impl Read for Near {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.0.read(buffer);
        result.map_err(|_| ErrorKind::WouldBlock.into())
    }
}

impl Write for Near {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
