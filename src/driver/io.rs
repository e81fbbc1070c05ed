//! Moves bytes and waits.

use super::Esp8266Mqtt;
use crate::{
    command::{AnyCommand, Command, Line, after},
    engine::{Expect, Failure},
    error::{CommandName, Error, ErrorCode},
};
use core::num::NonZeroU32;
use embedded_hal::delay::DelayNs;
use embedded_io::{Error as _, ErrorKind, Read, ReadReady, Write};

/// How long to sleep when nothing has come: the time of one byte at 921,600 baud.
const TICK_US: u32 = 10;
const TICKS_PER_MS: u32 = 1000 / TICK_US;
/// How long a UART may refuse to take a byte.
const WRITE_TICKS: u32 = 2000 * TICKS_PER_MS;
/// More errors in a row than a FIFO of bytes can have.
const NOISE_LIMIT: u8 = 64;
const BUSY_PAUSE_MS: u32 = 250;
const BUSY_RETRIES: u8 = 20;

impl<U: Read + ReadReady + Write, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Sends any command and reads its response.
    ///
    /// Messages and events that arrive meanwhile are kept for [`poll`](Self::poll).
    ///
    /// # Errors
    /// All of [`Error`] but those of joining and publishing.
    pub fn send<C: Command>(&mut self, command: &C) -> Result<C::Response, Error<U::Error>> {
        self.run(command)?;
        if size_of::<C::Response>() > 0 && self.engine.is_answer_cut() {
            let command = CommandName(self.command);
            return Err(Error::ResponseTooLong { command });
        }
        let response = command.decode(self.engine.answer());
        response.ok_or(self.unexpected())
    }

    /// The error for an answer to the last command that does not read as it should.
    pub(super) const fn unexpected(&self) -> Error<U::Error> {
        Error::UnexpectedResponse {
            command: CommandName(self.command),
        }
    }

    /// Sends a command that ends with `OK`, and gives its failure with all details.
    #[inline(never)]
    pub(super) fn run(&mut self, command: &dyn AnyCommand) -> Result<(), Error<U::Error>> {
        let done = self.execute(command);
        self.report(done)
    }

    /// Adds the details to a failure.
    #[inline(never)]
    pub(super) fn report(&mut self, result: Result<(), Failure>) -> Result<(), Error<U::Error>> {
        let Err(failure) = result else {
            return Ok(());
        };
        Err(match failure {
            Failure::Argument => Error::Argument(self.argument),
            Failure::Rejected => Error::Rejected(self.error_code()),
            Failure::Busy => Error::Busy,
            Failure::PublishFailed => Error::PublishFailed,
            Failure::Reset => Error::ModuleReset,
            Failure::WriteStalled => Error::WriteStalled,
            Failure::Uart | Failure::Timeout => match self.uart_error.take() {
                Some(error) => Error::Uart(error),
                None => Error::Timeout {
                    command: CommandName(self.command),
                },
            },
        })
    }

    /// Sends a command that ends with `OK`. The answer is in the engine afterwards.
    #[inline(never)]
    pub(super) fn execute(&mut self, command: &dyn AnyCommand) -> Result<(), Failure> {
        self.request(command, Expect::Final)
    }

    /// Sends a command and waits for what is expected.
    #[inline(never)]
    pub(super) fn request(
        &mut self,
        command: &dyn AnyCommand,
        expect: Expect,
    ) -> Result<(), Failure> {
        if self.out_of_step {
            self.write_command(command)?;
            self.get_in_step()?;
        }
        self.transact(command, expect, None)
    }

    /// As [`execute`](Self::execute), and hands each line of the answer to `each` as soon as it has come.
    pub(super) fn execute_lines(
        &mut self,
        command: &dyn AnyCommand,
        each: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Failure> {
        self.engine.streaming = true;
        let mut result = self.execute(command);
        while result.is_ok() && !self.engine.answer().is_empty() {
            each(self.engine.answer().trim_ascii_end());
            self.engine.next_line();
            result = self.wait(self.command.timeout_ms);
        }
        self.engine.streaming = false;
        self.conclude(result)
    }

    /// Sends a command, again when the module is busy, and waits for its end, for its own time or another one.
    pub(super) fn transact(
        &mut self,
        command: &dyn AnyCommand,
        expect: Expect,
        timeout_ms: Option<u32>,
    ) -> Result<(), Failure> {
        let mut retries = BUSY_RETRIES;
        loop {
            self.write_command(command)?;
            self.engine.begin(expect);
            while let Some(byte) = self.engine.next_byte() {
                self.write_byte(byte)?;
            }
            let mut result = self.wait(timeout_ms.unwrap_or(self.command.timeout_ms));
            if result == Err(Failure::Busy) && retries > 0 {
                retries -= 1;
                // An answer may still come: the busy line can be about bytes before the command.
                result = self.wait(BUSY_PAUSE_MS);
                if matches!(result, Err(Failure::Busy | Failure::Timeout)) {
                    continue;
                }
            }
            return self.conclude(result);
        }
    }

    /// Ends the command in flight.
    pub(super) fn conclude(&mut self, result: Result<(), Failure>) -> Result<(), Failure> {
        if result.is_err() {
            self.engine.end();
            self.out_of_step |= result == Err(Failure::Timeout);
        }
        result
    }

    /// Writes a command into the engine's buffer.
    fn write_command(&mut self, command: &dyn AnyCommand) -> Result<(), Failure> {
        let buffer = self.engine.command_buffer();
        let mut line = Line::new(buffer, self.dialect);
        command.write(&mut line);
        self.command = line.info();
        match line.finish() {
            Ok(len) => {
                self.engine.command_written(len);
                Ok(())
            }
            Err(error) => {
                self.argument = error;
                Err(Failure::Argument)
            }
        }
    }

    /// The first `ERR CODE:0x…` of the answer: the reason; what follows it are consequences.
    fn error_code(&self) -> Option<ErrorCode> {
        let digits = after(self.engine.answer(), b"ERR CODE:0x")?;
        let mut code = 0;
        for &digit in digits {
            let value = match digit {
                b'0'..=b'9' => digit - b'0',
                b'a'..=b'f' => digit - b'a' + 10,
                _ => break,
            };
            code = code << 4 | u32::from(value);
        }
        NonZeroU32::new(code).map(ErrorCode)
    }

    /// Sends one byte, then takes in what has arrived in the meantime.
    pub(super) fn write_byte(&mut self, byte: u8) -> Result<(), Failure> {
        let mut ticks = WRITE_TICKS;
        let failure = loop {
            match self.uart.write(&[byte]) {
                Ok(0) if ticks == 0 => break Failure::WriteStalled,
                Ok(0) => {}
                Ok(_) => {
                    self.pump()?;
                    return Ok(());
                }
                Err(error) => {
                    self.uart_error = Some(error);
                    break Failure::Uart;
                }
            }
            ticks -= 1;
            self.pump()?;
            self.delay.delay_us(TICK_US);
        };
        // The command, or its data, was sent in part.
        self.out_of_step = true;
        self.engine.end();
        Err(failure)
    }

    /// Takes in what the UART has at the moment. Returns how many bytes.
    ///
    /// Goes on behind an error that is only noise: the bytes after it are good.
    pub(super) fn pump(&mut self) -> Result<u16, Failure> {
        for _ in 0..NOISE_LIMIT {
            let received = match self.uart.read_ready() {
                Ok(true) => self.uart.read(self.engine.space()),
                Ok(false) => break,
                Err(error) => Err(error),
            };
            match received {
                Ok(count) => {
                    self.engine.received(count);
                    return Ok(count as u16);
                }
                Err(error) if is_fatal(error.kind()) => {
                    self.uart_error = Some(error);
                    return Err(Failure::Uart);
                }
                Err(_) => {
                    let errors = &mut self.engine.counters.uart_errors;
                    *errors = errors.wrapping_add(1);
                }
            }
        }
        Ok(0)
    }

    /// Waits for the end of the command in flight.
    ///
    /// Each byte counts as one tick, so that a flood of bytes cannot hold up the time-out.
    pub(super) fn wait(&mut self, timeout_ms: u32) -> Result<(), Failure> {
        let mut ticks = timeout_ms * TICKS_PER_MS;
        loop {
            if let Some(outcome) = self.engine.outcome() {
                return outcome;
            }
            if ticks == 0 {
                return Err(Failure::Timeout);
            }
            let received = self.pump()?;
            if received == 0 {
                self.delay.delay_us(TICK_US);
            }
            ticks = ticks.saturating_sub(u32::from(received.max(1)));
        }
    }

    /// Receives for `ms` milliseconds; results that nobody waits for are dropped.
    #[inline(never)]
    pub(super) fn pause(&mut self, ms: u32) -> Result<(), Failure> {
        self.engine.end();
        match self.wait(ms) {
            Err(Failure::Timeout) => Ok(()),
            other => other,
        }
    }
}

/// Errors after which a UART or what stands for it is gone; all others are noise on the line.
const fn is_fatal(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotConnected
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::PermissionDenied
            | ErrorKind::NotFound
    )
}
