//! The module in wall-clock time: a port for a program, and a loop that serves a byte stream.

use core::fmt;
use core::time::Duration;
use std::io::{self, ErrorKind, Read, Write};
use std::time::Instant;

use crate::bench::world::World;
use crate::bench::{Action, UartError, uart};
use crate::broker::{Broker, MemoryBroker};
use crate::fault::Fault;
use crate::module::Module;
use crate::network::Network;
use crate::settings::{AccessPoint, Settings};
use crate::trace::{Direction, Trace};

/// Longest sleep between two looks at the module.
const NAP: Duration = Duration::from_millis(1);

/// A module and its UART line, moved on by the wall clock whenever somebody looks.
struct RealTime {
    world: World,
    start: Instant,
}

impl RealTime {
    fn new(settings: Settings, broker: Box<dyn Broker>) -> Self {
        Self {
            world: World::new(settings, broker),
            start: Instant::now(),
        }
    }

    /// Lets everything happen that has become due.
    fn catch_up(&mut self) {
        let now = self.start.elapsed();
        self.world.run_until(now);
        // A broker behind a real network cannot announce its events.
        self.world.module.advance(now);
        self.world.start_shifts();
    }

    fn nap(&self) {
        let now = self.start.elapsed();
        let next = self
            .world
            .next_event()
            .map_or(NAP, |due| due.saturating_sub(now));
        std::thread::sleep(next.clamp(Duration::from_micros(20), NAP));
    }
}

/// A UART with a module behind it, in wall-clock time: the `embedded-io` traits, paced at the settings' baud.
///
/// A program that uses it sees what firmware sees on hardware, including the overrun of a FIFO that it does not read in
/// time.
pub struct RealTimePort(RealTime);

impl RealTimePort {
    /// Switches the module on.
    #[must_use]
    pub fn new(settings: Settings, broker: Box<dyn Broker>) -> Self {
        Self(RealTime::new(settings, broker))
    }

    /// Connects the module's TCP and UDP links to `network`. Without it there are no hosts.
    #[must_use]
    pub fn with_network(mut self, network: Box<dyn Network>) -> Self {
        self.0.world.module.set_network(network);
        self
    }

    /// The module, for a look at its state.
    #[must_use]
    pub fn module(&self) -> &Module {
        &self.0.world.module
    }

    /// Adds a fault.
    pub fn fault(&mut self, fault: Fault) {
        self.0.world.add_fault(fault);
    }

    /// Changes the baud of the host's UART, as a program does with a serial port.
    pub fn set_host_baud(&mut self, baud: u32) {
        self.0.catch_up();
        self.0.world.set_host_baud(baud);
    }

    /// Makes `action` happen `time` from now. Those of the memory broker have no effect.
    pub fn schedule_after(&mut self, time: Duration, action: Action) {
        self.0.catch_up();
        let at = self.0.world.now() + time;
        self.0.world.schedule(at, action, MemoryBroker::new());
    }

    /// How many bytes have passed, as faults count them.
    #[must_use]
    pub fn passed(&self, direction: Direction) -> u64 {
        self.0.world.faults.passed(direction)
    }

    /// Replaces the access points in range.
    pub fn set_access_points(&mut self, access_points: Vec<AccessPoint>) {
        self.0.catch_up();
        let now = self.0.world.now();
        self.0.world.module.set_access_points(now, access_points);
        self.0.world.start_shifts();
    }

    /// What passed over the wire since the last call.
    pub fn take_trace(&mut self) -> Trace {
        core::mem::take(&mut self.0.world.trace)
    }
}

impl fmt::Debug for RealTimePort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RealTimePort")
    }
}

impl embedded_io::ErrorType for RealTimePort {
    type Error = UartError;
}

impl embedded_io::ReadReady for RealTimePort {
    fn read_ready(&mut self) -> Result<bool, UartError> {
        self.0.catch_up();
        let host = &self.0.world.host;
        Ok(!host.rx.is_empty() || host.overrun_pending)
    }
}

impl embedded_io::Read for RealTimePort {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, UartError> {
        while !buffer.is_empty() {
            self.0.catch_up();
            let host = &mut self.0.world.host;
            if core::mem::take(&mut host.overrun_pending) {
                return Err(UartError::Overrun);
            }
            let count = host.rx.len().min(buffer.len());
            if count > 0 {
                buffer
                    .iter_mut()
                    .zip(host.rx.drain(..count))
                    .for_each(|(to, from)| *to = from);
                return Ok(count);
            }
            self.0.nap();
        }
        Ok(0)
    }
}

impl embedded_io::Write for RealTimePort {
    fn write(&mut self, buffer: &[u8]) -> Result<usize, UartError> {
        let Some(&first) = buffer.first() else {
            return Ok(0);
        };
        self.0.catch_up();
        while !self.0.world.host.can_write() {
            self.0.nap();
            self.0.catch_up();
        }
        uart::put_byte(&mut self.0.world, first)?;
        Ok(1)
    }

    fn flush(&mut self) -> Result<(), UartError> {
        self.0.catch_up();
        while self.0.world.host.is_sending() {
            self.0.nap();
            self.0.catch_up();
        }
        Ok(())
    }
}

/// `DelayNs` by sleeping.
#[derive(Clone, Copy, Debug, Default)]
pub struct StdDelay;

impl embedded_hal::delay::DelayNs for StdDelay {
    fn delay_ns(&mut self, ns: u32) {
        std::thread::sleep(Duration::from_nanos(u64::from(ns)));
    }
}

/// A module whose UART is a byte stream, for instance a TCP connection or a pseudo-terminal.
pub struct Server {
    real_time: RealTime,
    pending: Trace,
}

impl Server {
    /// Switches the module on.
    #[must_use]
    pub fn new(mut settings: Settings, broker: Box<dyn Broker>) -> Self {
        // The stream's reader has buffers of its own.
        settings.host.rx_fifo = usize::MAX;
        let mut real_time = RealTime::new(settings, broker);
        real_time.world.follow_baud = true;
        Self {
            real_time,
            pending: Trace::default(),
        }
    }

    /// Connects the module's TCP and UDP links to `network`. Without it there are no hosts.
    #[must_use]
    pub fn with_network(mut self, network: Box<dyn Network>) -> Self {
        self.real_time.world.module.set_network(network);
        self
    }

    /// Makes `action` happen `time` from now. `broker` is the one that actions of the broker are for.
    pub fn schedule_after(&mut self, time: Duration, action: Action, broker: &MemoryBroker) {
        self.real_time.catch_up();
        let world = &mut self.real_time.world;
        world.schedule(world.now() + time, action, broker.clone());
    }

    /// Moves bytes between `stream`, whose reads must not block, and the module until the stream ends.
    /// `show` gets each line that passed.
    ///
    /// # Errors
    ///
    /// Those of the stream, other than `WouldBlock` and `Interrupted`.
    pub fn serve(
        &mut self,
        stream: &mut (impl Read + Write),
        mut show: impl FnMut(&str),
    ) -> io::Result<()> {
        let mut outgoing: Vec<u8> = Vec::new();
        // What the module said while nobody listened is gone.
        self.real_time.catch_up();
        self.real_time.world.host.rx.clear();
        loop {
            let mut buffer = [0; 256];
            let idle = match stream.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => {
                    self.real_time.world.host.tx.extend(&buffer[..count]);
                    false
                }
                Err(error) if is_transient(&error) => true,
                Err(error) => return Err(error),
            };
            self.real_time.catch_up();
            outgoing.extend(self.real_time.world.host.rx.drain(..));
            if !outgoing.is_empty() {
                match stream.write(&outgoing) {
                    Ok(count) => drop(outgoing.drain(..count)),
                    Err(error) if is_transient(&error) => {}
                    Err(error) => return Err(error),
                }
            }
            self.show_trace(&mut show);
            if idle {
                self.real_time.nap();
            }
        }
    }

    fn show_trace(&mut self, show: &mut impl FnMut(&str)) {
        let new = core::mem::take(&mut self.real_time.world.trace);
        self.pending.append(&new);
        for line in self.pending.take_finished(self.real_time.world.now()) {
            show(&line.to_string());
        }
    }
}

fn is_transient(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

impl Trace {
    /// The lines that have ended, by LF or by 100 ms of silence.
    fn take_finished(&mut self, now: Duration) -> Vec<crate::trace::TraceLine> {
        let silence = Duration::from_millis(100);
        let quiet = self
            .bytes()
            .last()
            .is_some_and(|last| now.saturating_sub(last.at) > silence);
        let (finished, open): (Vec<_>, Vec<_>) = self
            .lines()
            .into_iter()
            .partition(|line| quiet || line.bytes.ends_with(b"\n"));
        if finished.is_empty() {
            return finished;
        }
        *self = Self::default();
        for line in open {
            for value in line.bytes {
                self.push(line.at, line.direction, value);
            }
        }
        finished
    }
}
