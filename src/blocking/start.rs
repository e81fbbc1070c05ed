//! Commands without waiting, for programs that may not block: a main loop beside interrupts, RTIC tasks.

use super::{driver::Esp8266Mqtt, port::Uart};
use crate::{
    command::Command,
    engine::{Expect, Failure, Say},
    error::Error,
};
use embedded_hal::delay::DelayNs;

impl<U: Uart, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Starts a command and sends nothing yet. [`poll_response`](Self::poll_response) sends it, byte by byte, and reads
    /// the response.
    ///
    /// [`poll`](Self::poll) and [`poll_receive`](Self::poll_receive) may be called in between; any other method gives the
    /// command up. Another one can be started when this one has ended, or in its place as long as nothing of it was sent.
    ///
    /// For every command that ends with `OK`, which is all but `AT+RST` and those that are followed by data.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, QoS, Uart, command::mqtt::Publish};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let publish = Publish {
    ///     topic: "sensor/1",
    ///     payload: b"21.5",
    ///     qos: QoS::AtMostOnce,
    ///     retain: false,
    /// };
    /// module.start(&publish)?;
    /// let done = loop {
    ///     match module.poll_response(&publish) {
    ///         Err(nb::Error::WouldBlock) => { /* … the rest of your program */ }
    ///         done => break done,
    ///     }
    /// };
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Argument`] for an argument that cannot be sent. [`Error::OutOfStep`] while a command is under way, which goes
    /// on, or after one was given up: call [`init`](Self::init), which waits.
    pub fn start<C: Command>(&mut self, command: &C) -> Result<(), Error<U::Error>> {
        if self.engine.out_of_step {
            return Err(Error::OutOfStep);
        }
        self.write(command);
        self.check()?;
        self.engine.begin(Say::Command, Expect::Final);
        self.engine.trace_command();
        Ok(())
    }

    /// Goes on with the command that was started: sends one byte, takes in what has arrived, and reads the response when
    /// it is there. Blocks no longer than the UART takes to accept one byte.
    ///
    /// The driver keeps no time here: [`C::TIMEOUT_MS`](Command::TIMEOUT_MS) is how long the command may take; then call
    /// [`abandon`](Self::abandon).
    ///
    /// # Errors
    /// `WouldBlock` until the command has ended, and when none was started. [`Error::Busy`] at once: start the command
    /// again a little later. Everything else as [`send`](Self::send).
    pub fn poll_response<C: Command>(
        &mut self,
        command: &C,
    ) -> nb::Result<C::Response, Error<U::Error>> {
        let Some(result) = self.step() else {
            return Err(nb::Error::WouldBlock);
        };
        let done = self.conclude(result);
        self.report(done)?;
        Ok(self.response(command)?)
    }

    /// Gives up the command that was started. If the module has heard a part of it, `start` fails until `init` was called.
    pub fn abandon(&mut self) {
        self.engine.end();
    }

    fn step(&mut self) -> Option<Result<(), Failure>> {
        if let Some(byte) = self.engine.unsent_byte() {
            match self.uart.write(&[byte]) {
                Ok(0) => {}
                Ok(_) => {
                    self.engine.next_byte(&[]);
                    self.engine.out_of_step = true;
                }
                Err(error) => {
                    self.uart_error = Some(error);
                    return Some(Err(Failure::Uart));
                }
            }
        }
        match self.pump() {
            Ok(_) => self.engine.outcome(),
            Err(failure) => Some(Err(failure)),
        }
    }
}
