//! The near end of a pseudo-terminal.

use esp8266_mqtt_emulator::Server;
use serialport::{SerialPort, TTYPort};
use std::{
    io::{self, ErrorKind, Read, Write},
    thread::spawn,
    time::Duration,
};

/// The near end, whose reads wait so long, and the path of the far end, which is closed: a program wants it for itself.
pub fn pair(patience: Duration) -> (TTYPort, String) {
    let (mut near, far) = TTYPort::pair().expect("a pseudo-terminal");
    near.set_timeout(patience).expect("set");
    let path = far.name().expect("a path");
    (near, path)
}

/// A module at the near end. Returns the path of the far end.
pub fn served(server: impl FnOnce() -> Server + Send + 'static) -> String {
    let (near, path) = pair(Duration::from_millis(1));
    spawn(move || server().serve(&mut Near(near), |_| {}));
    path
}

/// Reads do not block, nor fail while nobody has opened the far end.
struct Near(TTYPort);

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
