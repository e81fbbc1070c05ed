//! An adapter around any port that counts bytes and, with `--trace`, shows every line that passes.

use crate::redact::{is_confidential, redacted};
use embedded_io::{ErrorType, Read, ReadReady, Write};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::{Duration, Instant},
};

/// A line that has not ended after so long is shown as it is: a prompt, or payload.
const QUIET: Duration = Duration::from_millis(100);

/// What has passed over the wire.
pub struct Wire {
    start: Instant,
    to_module: Direction,
    to_host: Direction,
    /// `None` without `--trace`.
    printer: Option<RefCell<Printer>>,
}

struct Direction {
    arrow: &'static str,
    count: Cell<u64>,
    line: RefCell<Line>,
}

#[derive(Default)]
struct Line {
    bytes: Vec<u8>,
    first: Duration,
    last: Duration,
}

impl Wire {
    pub fn new(shown: bool) -> Self {
        Self {
            start: Instant::now(),
            to_module: Direction::new(">>"),
            to_host: Direction::new("<<"),
            printer: shown.then(RefCell::default),
        }
    }

    pub fn sent(&self) -> u64 {
        self.to_module.count.get()
    }

    pub fn received(&self) -> u64 {
        self.to_host.count.get()
    }

    fn pass(&self, direction: &Direction, bytes: &[u8]) {
        direction
            .count
            .set(direction.count.get() + bytes.len() as u64);
        let Some(printer) = &self.printer else {
            return;
        };
        let now = self.start.elapsed();
        let mut line = direction.line.borrow_mut();
        for &byte in bytes {
            if line.bytes.is_empty() {
                line.first = now;
            }
            line.last = now;
            line.bytes.push(byte);
            if byte == b'\n' {
                let line = std::mem::take(&mut *line);
                printer.borrow_mut().print(direction.arrow, &line);
            }
        }
    }

    /// Nothing has come: shows what is not going to end as a line.
    fn idle(&self) {
        let Some(printer) = &self.printer else {
            return;
        };
        let now = self.start.elapsed();
        for direction in [&self.to_module, &self.to_host] {
            let mut line = direction.line.borrow_mut();
            // Half a secret could not be recognised.
            if now.saturating_sub(line.last) > QUIET && !is_confidential(&line.bytes) {
                let line = std::mem::take(&mut *line);
                printer.borrow_mut().print(direction.arrow, &line);
            }
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if let Some(printer) = &self.printer {
            let mut printer = printer.borrow_mut();
            for direction in [&self.to_module, &self.to_host] {
                printer.print(direction.arrow, &direction.line.take());
            }
            printer.end_repetition();
        }
    }
}

impl Direction {
    fn new(arrow: &'static str) -> Self {
        Self {
            arrow,
            count: Cell::new(0),
            line: RefCell::default(),
        }
    }
}

/// Prints lines to standard error, the same line again and again only once.
#[derive(Default)]
struct Printer {
    text: String,
    repeated: u32,
}

impl Printer {
    fn print(&mut self, arrow: &str, line: &Line) {
        if line.bytes.is_empty() {
            return;
        }
        let mut text = format!("{arrow} ");
        for byte in redacted(&line.bytes) {
            match byte {
                b' '..=b'~' => text.push(byte.into()),
                _ => text.extend(byte.escape_ascii().map(char::from)),
            }
        }
        if text == self.text {
            self.repeated += 1;
            return;
        }
        self.end_repetition();
        eprintln!("{:>9.3} s {text}", line.first.as_secs_f64());
        self.text = text;
    }

    fn end_repetition(&mut self) {
        let repeated = std::mem::take(&mut self.repeated);
        if repeated > 0 {
            eprintln!("            {repeated} times more");
        }
    }
}

/// A port whose traffic goes past a [`Wire`].
pub struct Traced<P> {
    pub port: P,
    wire: Rc<Wire>,
}

impl<P> Traced<P> {
    pub fn new(port: P, wire: Rc<Wire>) -> Self {
        Self { port, wire }
    }
}

impl<P: ErrorType> ErrorType for Traced<P> {
    type Error = P::Error;
}

impl<P: Read> Read for Traced<P> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, P::Error> {
        let count = self.port.read(buffer)?;
        self.wire.pass(&self.wire.to_host, &buffer[..count]);
        Ok(count)
    }
}

impl<P: ReadReady> ReadReady for Traced<P> {
    fn read_ready(&mut self) -> Result<bool, P::Error> {
        let ready = self.port.read_ready()?;
        if !ready {
            self.wire.idle();
        }
        Ok(ready)
    }
}

impl<P: Write> Write for Traced<P> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, P::Error> {
        let count = self.port.write(bytes)?;
        self.wire.pass(&self.wire.to_module, &bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> Result<(), P::Error> {
        self.port.flush()
    }
}
