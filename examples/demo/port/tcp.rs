//! A module behind a socket, for instance a serial-to-network adapter or the emulator: `--port tcp://HOST:PORT`.

use super::is_transient;
use embedded_io::{ErrorType, Read, ReadReady, Write};
use std::{
    io::{self, ErrorKind, Read as _, Write as _},
    net::{TcpStream, ToSocketAddrs},
    thread::sleep,
    time::Duration,
};

const CONNECT_TIME: Duration = Duration::from_secs(5);
const NAP: Duration = Duration::from_millis(1);

/// A TCP connection.
pub struct Tcp(TcpStream);

impl Tcp {
    pub fn connect(address: &str) -> Result<Self, String> {
        let failed = |error| format!("cannot connect to tcp://{address}: {error}");
        open(address).map(Self).map_err(failed)
    }
}

fn open(address: &str) -> io::Result<TcpStream> {
    let mut result = Err(io::Error::new(ErrorKind::NotFound, "no such host"));
    for address in address.to_socket_addrs()? {
        result = TcpStream::connect_timeout(&address, CONNECT_TIME);
        if result.is_ok() {
            break;
        }
    }
    let stream = result?;
    stream.set_nodelay(true)?;
    stream.set_nonblocking(true)?;
    Ok(stream)
}

fn closed() -> io::Error {
    io::Error::new(ErrorKind::ConnectionReset, "closed by the other side")
}

impl ErrorType for Tcp {
    type Error = io::Error;
}

impl ReadReady for Tcp {
    fn read_ready(&mut self) -> io::Result<bool> {
        match self.0.peek(&mut [0]) {
            Ok(0) => Err(closed()),
            Ok(_) => Ok(true),
            Err(error) if is_transient(error.kind()) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Read for Tcp {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(buffer) {
                Ok(0) if !buffer.is_empty() => return Err(closed()),
                Err(error) if is_transient(error.kind()) => sleep(NAP),
                other => return other,
            }
        }
    }
}

impl Write for Tcp {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if is_transient(error.kind()) => Ok(0),
            other => other,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
