//! What the firmware under test holds: UART, delay, reset pin.

use core::convert::Infallible;
use core::fmt;
use core::time::Duration;
use std::cell::RefCell;
use std::rc::Rc;

use super::world::World;

/// Error of the host's UART.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UartError {
    /// At least one byte was lost since the last call because the FIFO was full.
    Overrun,
    /// [`Fault::ReadError`](crate::Fault::ReadError) or [`Fault::WriteError`](crate::Fault::WriteError).
    Injected,
    /// A blocking `read` that would wait for ever: the module has nothing to send and nothing is planned.
    WouldWaitForever,
}

impl fmt::Display for UartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Overrun => "receive FIFO overrun",
            Self::Injected => "injected fault",
            Self::WouldWaitForever => "nothing will ever be received",
        })
    }
}

impl core::error::Error for UartError {}

impl embedded_io::Error for UartError {
    fn kind(&self) -> embedded_io::ErrorKind {
        match self {
            Self::WouldWaitForever => embedded_io::ErrorKind::TimedOut,
            Self::Overrun | Self::Injected => embedded_io::ErrorKind::Other,
        }
    }
}

impl embedded_hal_nb::serial::Error for UartError {
    fn kind(&self) -> embedded_hal_nb::serial::ErrorKind {
        match self {
            Self::Overrun => embedded_hal_nb::serial::ErrorKind::Overrun,
            Self::Injected | Self::WouldWaitForever => embedded_hal_nb::serial::ErrorKind::Other,
        }
    }
}

/// One call of a UART method takes its time.
pub(super) fn call(world: &mut World) {
    let until = world.now() + world.host.call_cost;
    world.run_until(until);
}

/// An error that the next `read` must report.
fn read_error(world: &mut World) -> Option<UartError> {
    if core::mem::take(&mut world.host.overrun_pending) {
        return Some(UartError::Overrun);
    }
    let position = world.host.bytes_read;
    let fails = readable(world) > 0 && world.faults.take_read_error(position);
    fails.then_some(UartError::Injected)
}

fn readable(world: &mut World) -> usize {
    let now = world.now();
    world.host.readable(now)
}

fn take_byte(world: &mut World) -> Option<u8> {
    if readable(world) == 0 {
        return None;
    }
    let byte = world.host.rx.pop_front()?;
    world.host.bytes_read += 1;
    Some(byte)
}

/// What a `read` returns without waiting; `None` if nothing has come.
pub(crate) fn read_now(world: &mut World, buffer: &mut [u8]) -> Option<Result<usize, UartError>> {
    if let Some(error) = read_error(world) {
        return Some(Err(error));
    }
    let mut count = 0;
    // An error waits for the call that has nothing else to return.
    while count < buffer.len()
        && !world.faults.has_read_error(world.host.bytes_read)
        && let Some(byte) = take_byte(world)
    {
        buffer[count] = byte;
        count += 1;
    }
    (count > 0).then_some(Ok(count))
}

/// Puts a byte into the holding register, which must have room.
pub(crate) fn put_byte(world: &mut World, byte: u8) -> Result<(), UartError> {
    let position = world.host.bytes_written;
    if world.faults.take_write_error(position) {
        return Err(UartError::Injected);
    }
    world.host.bytes_written += 1;
    world.host.tx.push_back(byte);
    world.start_shifts();
    Ok(())
}

/// Takes `first`, for which there must be room, and as many bytes of `rest` as fit.
pub(crate) fn write_now(world: &mut World, first: u8, rest: &[u8]) -> Result<usize, UartError> {
    put_byte(world, first)?;
    let mut count = 1;
    for byte in rest {
        if !world.host.can_write() || world.faults.has_write_error(world.host.bytes_written) {
            break;
        }
        put_byte(world, *byte)?;
        count += 1;
    }
    Ok(count)
}

macro_rules! handle {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name {
            pub(super) world: Rc<RefCell<World>>,
        }

        impl $name {
            pub(crate) fn new(world: Rc<RefCell<World>>) -> Self {
                Self { world }
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    };
}

handle!(
    /// The host's UART: blocking `Read` and `Write` and `ReadReady` of `embedded-io`, `Read` and `Write` of
    /// `embedded-io-async`.
    Uart
);

impl embedded_io::ErrorType for Uart {
    type Error = UartError;
}

impl embedded_io::ReadReady for Uart {
    fn read_ready(&mut self) -> Result<bool, UartError> {
        let mut world = self.world.borrow_mut();
        call(&mut world);
        Ok(readable(&mut world) > 0 || world.host.overrun_pending)
    }
}

impl embedded_io::Read for Uart {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, UartError> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let mut world = self.world.borrow_mut();
        call(&mut world);
        loop {
            if let Some(result) = read_now(&mut world, buffer) {
                return result;
            }
            if !world.run_to_next_event() {
                return Err(UartError::WouldWaitForever);
            }
        }
    }
}

impl embedded_io::Write for Uart {
    fn write(&mut self, buffer: &[u8]) -> Result<usize, UartError> {
        let Some((&first, rest)) = buffer.split_first() else {
            return Ok(0);
        };
        let mut world = self.world.borrow_mut();
        call(&mut world);
        while !world.host.can_write() {
            world.run_to_next_event();
        }
        write_now(&mut world, first, rest)
    }

    fn flush(&mut self) -> Result<(), UartError> {
        let mut world = self.world.borrow_mut();
        call(&mut world);
        while world.host.is_sending() {
            world.run_to_next_event();
        }
        Ok(())
    }
}

handle!(
    /// The host's UART: non-blocking `Read<u8>` and `Write<u8>` of `embedded-hal-nb`.
    Serial
);

impl embedded_hal_nb::serial::ErrorType for Serial {
    type Error = UartError;
}

impl embedded_hal_nb::serial::Read<u8> for Serial {
    fn read(&mut self) -> nb::Result<u8, UartError> {
        let mut world = self.world.borrow_mut();
        call(&mut world);
        if let Some(error) = read_error(&mut world) {
            return Err(nb::Error::Other(error));
        }
        take_byte(&mut world).ok_or(nb::Error::WouldBlock)
    }
}

impl embedded_hal_nb::serial::Write<u8> for Serial {
    fn write(&mut self, byte: u8) -> nb::Result<(), UartError> {
        let mut world = self.world.borrow_mut();
        call(&mut world);
        if !world.host.can_write() {
            return Err(nb::Error::WouldBlock);
        }
        put_byte(&mut world, byte).map_err(nb::Error::Other)
    }

    fn flush(&mut self) -> nb::Result<(), UartError> {
        let mut world = self.world.borrow_mut();
        call(&mut world);
        if world.host.is_sending() {
            return Err(nb::Error::WouldBlock);
        }
        Ok(())
    }
}

handle!(
    /// `DelayNs` of `embedded-hal` and `embedded-hal-async` that advances the virtual clock.
    Delay
);

impl embedded_hal::delay::DelayNs for Delay {
    fn delay_ns(&mut self, ns: u32) {
        let mut world = self.world.borrow_mut();
        let until = world.now() + Duration::from_nanos(u64::from(ns));
        world.run_until(until);
    }
}

handle!(
    /// The pin at the module's reset input.
    ResetPin
);

impl embedded_hal::digital::ErrorType for ResetPin {
    type Error = Infallible;
}

impl ResetPin {
    fn set(&mut self, held: bool) {
        let mut world = self.world.borrow_mut();
        let now = world.now();
        world.module.set_reset(now, held);
        world.start_shifts();
    }
}

impl embedded_hal::digital::OutputPin for ResetPin {
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.set(true);
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        self.set(false);
        Ok(())
    }
}
