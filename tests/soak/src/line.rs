//! The serial line with the emulated module at its end, and the driver's clock.

use std::cell::{RefCell, RefMut};
use std::rc::Rc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use embedded_hal::delay::DelayNs;
use embedded_io::{ErrorType, Read, ReadReady, Write};
use esp8266_mqtt_emulator::RealTimePort;

/// How much faster than the wall clock the driver's runs. Vendor firmware leaves it in the dark for 30 s when the broker
/// is gone; the module, the line and the broker are quick enough for shorter seconds.
pub const SPEED: u32 = 10;

/// The port, shared between the driver that uses it and the script that disturbs it.
#[derive(Clone)]
pub struct Line(Rc<RefCell<RealTimePort>>);

impl Line {
    pub fn new(port: RealTimePort) -> Self {
        Self(Rc::new(RefCell::new(port)))
    }

    pub fn port(&self) -> RefMut<'_, RealTimePort> {
        self.0.borrow_mut()
    }
}

impl ErrorType for Line {
    type Error = <RealTimePort as ErrorType>::Error;
}

impl Read for Line {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Self::Error> {
        self.port().read(buffer)
    }
}

impl ReadReady for Line {
    fn read_ready(&mut self) -> Result<bool, Self::Error> {
        self.port().read_ready()
    }
}

impl Write for Line {
    fn write(&mut self, buffer: &[u8]) -> Result<usize, Self::Error> {
        self.port().write(buffer)
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        self.port().flush()
    }
}

/// Sleeps for a part of the time. What a sleep took too long is made up for by the next ones.
pub struct Hurried(Instant);

impl Hurried {
    pub fn new() -> Self {
        Self(Instant::now())
    }
}

impl DelayNs for Hurried {
    fn delay_ns(&mut self, ns: u32) {
        let now = Instant::now();
        let behind = now.checked_sub(Duration::from_micros(200)).unwrap_or(now);
        self.0 = self.0.max(behind) + Duration::from_nanos(u64::from(ns / SPEED));
        sleep(self.0.saturating_duration_since(now));
    }
}
