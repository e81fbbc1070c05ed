//! The blocking driver: moves bytes, keeps time, and puts the steps of each method in order.
//!
//! Everything that can be decided without a UART and a clock is decided in the engine.

mod init;
mod io;
mod mqtt;
mod receive;
mod wifi;

use crate::{
    command::{CommandInfo, basic::Attention, info},
    engine::Engine,
    error::{Argument, ArgumentError, Reason},
    event::{Counters, LinkState},
    types::Dialect,
};
use embedded_io::ErrorType;

/// The two buffers the driver works in. Nothing grows; both are yours.
///
/// | use | receive | transmit |
/// | --- | --- | --- |
/// | small: short messages, read often | 256 | 128 |
/// | usual | 1024 | 256 |
/// | large: bursts while the application is busy | 4096 | 256 |
///
/// The **receive** buffer holds unread messages and events, then the frame that is arriving. A message takes its payload,
/// its topic and about 20 bytes. A quarter, at most 160 bytes, is kept for answers; a message that does not fit into the
/// rest is skipped byte by byte, counted and reported as [`Event::MessagesDropped`](crate::Event::MessagesDropped).
///
/// The **transmit** buffer holds one command and then the answer to it. 256 bytes are enough for any command; with less,
/// long ones are refused as [`Argument::CommandLine`](crate::Argument::CommandLine).
#[derive(Debug)]
pub struct Buffers<'b> {
    rx: &'b mut [u8],
    tx: &'b mut [u8],
}

impl<'b> Buffers<'b> {
    /// Buffers of any length; more than 65,535 bytes are not used.
    pub const fn new(rx: &'b mut [u8], tx: &'b mut [u8]) -> Self {
        Self { rx, tx }
    }
}

/// Driver for one module. `U` is the UART, `D` the delay.
///
/// `U` is anything with `embedded_io::{Read, ReadReady, Write}`; [`NbSerial`](crate::NbSerial) makes one of an
/// `embedded-hal-nb` serial port. Commands are written byte by byte and the receiver is read in between, so that a UART
/// without any buffer loses nothing while a command goes out. `flush` is never called.
#[derive(Debug)]
pub struct Esp8266Mqtt<'b, U: ErrorType, D> {
    dialect: Dialect,
    /// A command was given up: the module may still answer it.
    out_of_step: bool,
    engine: Engine<'b>,
    /// Details of the last failure: which command, which argument, what the UART said.
    command: &'static CommandInfo,
    argument: ArgumentError,
    uart_error: Option<U::Error>,
    uart: U,
    delay: D,
}

impl<'b, U: ErrorType, D> Esp8266Mqtt<'b, U, D> {
    /// Takes the UART at the module's baud rate (9600 or 115200 as shipped), a delay and the buffers. Sends nothing.
    pub fn new(uart: U, delay: D, buffers: Buffers<'b>) -> Self {
        Self {
            uart,
            delay,
            engine: Engine::new(buffers.rx, buffers.tx, Dialect::Auto),
            dialect: Dialect::Auto,
            out_of_step: false,
            command: info::<Attention>(),
            argument: ArgumentError {
                argument: Argument::CommandLine,
                reason: Reason::Empty,
            },
            uart_error: None,
        }
    }

    /// Fixes the dialect instead of detecting it.
    #[must_use]
    pub fn with_dialect(mut self, dialect: Dialect) -> Self {
        self.engine.set_message_dialect(dialect);
        self.dialect = dialect;
        self
    }

    /// The dialect in use: as fixed, or as [`init`](Self::init) found it, else [`Dialect::Auto`].
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What is known of Wi-Fi and MQTT without asking the module.
    pub const fn link_state(&self) -> LinkState {
        self.engine.link
    }

    /// How much was lost, dropped or noise since the driver was made.
    pub const fn counters(&self) -> Counters {
        self.engine.counters
    }

    /// The UART, to change its baud rate or read its own state. Bytes read here are missing in the driver.
    pub const fn uart_mut(&mut self) -> &mut U {
        &mut self.uart
    }

    /// Gives back UART and delay. Unread messages are lost.
    pub fn release(self) -> (U, D) {
        (self.uart, self.delay)
    }
}
