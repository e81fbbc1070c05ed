//! Moves bytes and waits.

use super::Esp8266Mqtt;
use crate::{
    command::{Command, Line, lines},
    engine::{Expect, Outcome},
    error::{Error, ErrorCode},
};
use embedded_hal::delay::DelayNs;
use embedded_io::{Error as _, ErrorKind, Read, ReadReady, Write};

/// How long to sleep when nothing has come: the time of one byte at 921,600 baud.
const TICK_US: u32 = 10;
const TICKS_PER_MS: u32 = 1000 / TICK_US;
/// How long a UART may refuse a byte: 2 s.
const WRITE_TICKS: u32 = 2000 * TICKS_PER_MS;
const BUSY_PAUSE_MS: u32 = 250;
const BUSY_RETRIES: u8 = 20;

/// How a command is written, waited for and named.
///
/// Without the command's type, so that the code below exists once and not once for every command.
pub(super) struct Request<'c> {
    encode: &'c dyn Fn(&mut Line<'_>),
    expect: Expect,
    timeout_ms: u32,
    name: &'static str,
}

impl<'c> Request<'c> {
    /// A request for the command that `encode` writes. `C` gives name and time.
    pub fn of<C: Command>(_: &C, encode: &'c dyn Fn(&mut Line<'_>)) -> Self {
        Self {
            encode,
            expect: Expect::Final,
            timeout_ms: C::TIMEOUT_MS,
            name: C::NAME,
        }
    }

    /// Ends with something else than `OK`.
    pub fn expect(mut self, expect: Expect) -> Self {
        self.expect = expect;
        self
    }

    /// Takes another time than the command's own.
    pub fn timeout_ms(mut self, timeout_ms: u32) -> Self {
        self.timeout_ms = timeout_ms;
        self
    }
}

impl<U: Read + ReadReady + Write, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Sends any command and reads its response.
    ///
    /// Messages and events that arrive meanwhile are kept for [`poll`](Self::poll).
    ///
    /// # Errors
    /// All of [`Error`] but those of joining and publishing.
    pub fn send<C: Command>(&mut self, command: &C) -> Result<C::Response, Error<U::Error>> {
        self.request(&Request::of(command, &|line| command.encode(line)))?;
        if size_of::<C::Response>() > 0 && self.engine.is_answer_cut() {
            return Err(Error::ResponseTooLong { command: C::NAME });
        }
        command
            .decode(self.engine.answer())
            .ok_or(Error::UnexpectedResponse { command: C::NAME })
    }

    /// Sends a command and waits for what it expects. The answer is in the engine afterwards.
    pub(super) fn request(&mut self, request: &Request<'_>) -> Result<(), Error<U::Error>> {
        let mut len = self.write_command(request)?;
        if self.out_of_step {
            self.get_in_step()?;
            len = self.write_command(request)?;
        }
        self.transact(len, request)
    }

    /// As [`request`](Self::request), and hands each line of the answer to `each` as soon as it has come.
    pub(super) fn request_lines(
        &mut self,
        request: &Request<'_>,
        each: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Error<U::Error>> {
        self.engine.streaming = true;
        let mut result = self.request(request);
        while result.is_ok() && !self.engine.answer().is_empty() {
            each(self.engine.answer().trim_ascii_end());
            self.engine.next_line();
            let outcome = self.wait(request.timeout_ms)?;
            result = self.conclude(outcome, request.name);
        }
        self.engine.streaming = false;
        result
    }

    /// Writes the command into the engine's buffer, or says why it cannot be sent.
    pub(super) fn write_command(
        &mut self,
        request: &Request<'_>,
    ) -> Result<usize, Error<U::Error>> {
        let mut line = Line::new(self.engine.command_buffer(), self.dialect);
        (request.encode)(&mut line);
        Ok(line.finish()?)
    }

    /// Sends the command that was written, again when the module is busy, and waits for its end.
    pub(super) fn transact(
        &mut self,
        len: usize,
        request: &Request<'_>,
    ) -> Result<(), Error<U::Error>> {
        for _ in 0..=BUSY_RETRIES {
            self.engine.begin(len, request.expect);
            self.send_command()?;
            let mut outcome = self.wait(request.timeout_ms)?;
            if outcome == Some(Outcome::Busy) {
                // An answer may still come: the busy line can be about bytes before the command.
                outcome = match self.wait(BUSY_PAUSE_MS)? {
                    None | Some(Outcome::Busy) => continue,
                    other => other,
                };
            }
            return self.conclude(outcome, request.name);
        }
        self.engine.end();
        Err(Error::Busy)
    }

    pub(super) fn conclude(
        &mut self,
        outcome: Option<Outcome>,
        command: &'static str,
    ) -> Result<(), Error<U::Error>> {
        let error = match outcome {
            Some(Outcome::Done | Outcome::Line) => return Ok(()),
            Some(Outcome::Refused) => Error::Rejected(self.error_code()),
            Some(Outcome::Busy) => Error::Busy,
            Some(Outcome::PublishFailed) => Error::PublishFailed,
            Some(Outcome::Reset) => Error::ModuleReset,
            None => {
                self.out_of_step = true;
                Error::Timeout { command }
            }
        };
        self.engine.end();
        Err(error)
    }

    /// The last `ERR CODE:0x…` of the answer.
    fn error_code(&self) -> Option<ErrorCode> {
        let digits = lines(self.engine.answer())
            .filter_map(|line| line.strip_prefix(b"ERR CODE:0x"))
            .last()?;
        digits
            .iter()
            .try_fold(0_u32, |code, &digit| {
                Some(code << 4 | char::from(digit).to_digit(16)?)
            })
            .map(ErrorCode)
    }

    fn send_command(&mut self) -> Result<(), Error<U::Error>> {
        while let Some(byte) = self.engine.next_byte() {
            self.write_byte(byte)?;
        }
        Ok(())
    }

    /// Sends one byte, then takes in what has arrived in the meantime.
    pub(super) fn write_byte(&mut self, byte: u8) -> Result<(), Error<U::Error>> {
        for _ in 0..WRITE_TICKS {
            match self.uart.write(&[byte]) {
                Ok(0) => {}
                Ok(_) => return self.pump().map(|_| ()),
                Err(error) => return Err(self.broken_off(Error::Uart(error))),
            }
            self.pump()?;
            self.delay.delay_us(TICK_US);
        }
        Err(self.broken_off(Error::Timeout { command: "" }))
    }

    /// A command or its data was sent in part.
    fn broken_off(&mut self, error: Error<U::Error>) -> Error<U::Error> {
        self.out_of_step = true;
        self.engine.end();
        error
    }

    /// Takes in what the UART has at the moment. Returns how many bytes.
    pub(super) fn pump(&mut self) -> Result<usize, Error<U::Error>> {
        let received = match self.uart.read_ready() {
            Ok(true) => self.uart.read(self.engine.space()),
            Ok(false) => return Ok(0),
            Err(error) => Err(error),
        };
        match received {
            Ok(count) => {
                self.engine.received(count);
                Ok(count)
            }
            Err(error) if is_fatal(error.kind()) => Err(Error::Uart(error)),
            Err(_) => {
                let errors = &mut self.engine.counters.uart_errors;
                *errors = errors.wrapping_add(1);
                Ok(0)
            }
        }
    }

    /// Waits for the end of the command in flight; `None` when the time is over.
    ///
    /// Each byte counts as one tick, so that a flood of bytes cannot hold up the time-out.
    pub(super) fn wait(&mut self, timeout_ms: u32) -> Result<Option<Outcome>, Error<U::Error>> {
        let mut ticks = timeout_ms.saturating_mul(TICKS_PER_MS);
        loop {
            if let Some(outcome) = self.engine.outcome() {
                return Ok(Some(outcome));
            }
            if ticks == 0 {
                return Ok(None);
            }
            let received = self.pump()?;
            if received == 0 {
                self.delay.delay_us(TICK_US);
            }
            ticks = ticks.saturating_sub((received as u32).max(1));
        }
    }

    /// Receives for `ms` milliseconds; results that nobody waits for are dropped.
    pub(super) fn pause(&mut self, ms: u32) -> Result<(), Error<U::Error>> {
        self.engine.end();
        self.wait(ms)?;
        Ok(())
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
