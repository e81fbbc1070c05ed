//! Sends commands and waits for their answers.

use super::{DelayNs, Esp8266Mqtt, Uart, face};
use crate::{
    command::{AnyCommand, Command, Line, after, basic::QueryVersion},
    engine::{Expect, Failure},
    error::{CommandName, Error, ErrorCode},
    types::{Dialect, Store},
};
use core::num::NonZeroU32;

const BUSY_PAUSE_MS: u32 = 250;
const BUSY_RETRIES: u8 = 20;

#[face]
impl<U: Uart, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Sends any command and reads its response.
    ///
    /// Messages and events that arrive meanwhile are kept for [`poll`](Self::poll).
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart, command::basic::QueryMemory};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let memory = module.send(&QueryMemory)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// All of [`Error`] but those of joining and publishing.
    pub async fn send<C: Command>(&mut self, command: &C) -> Result<C::Response, Error<U::Error>> {
        self.note_version_question::<C>();
        self.run(command).await?;
        self.response(command)
    }

    /// Decided when compiling.
    pub(in super::super) fn note_version_question<C: Command>(&mut self) {
        if C::NAME == QueryVersion::NAME {
            self.version_asked = true;
        }
    }

    /// Reads the answer to the last command.
    pub(in super::super) fn response<C: Command>(
        &self,
        command: &C,
    ) -> Result<C::Response, Error<U::Error>> {
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
    pub(super) async fn run(&mut self, command: &dyn AnyCommand) -> Result<(), Error<U::Error>> {
        let done = self.execute(command).await;
        self.report(done)
    }

    /// Adds the details to a failure.
    #[inline(never)]
    pub(in super::super) fn report(
        &mut self,
        result: Result<(), Failure>,
    ) -> Result<(), Error<U::Error>> {
        match result {
            Ok(()) => Ok(()),
            Err(failure) => Err(self.error(failure)),
        }
    }

    #[inline(always)] // into `report`
    pub(super) fn error(&mut self, failure: Failure) -> Error<U::Error> {
        match failure {
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
        }
    }

    /// Sends a command that ends with `OK`. The answer is in the engine afterwards.
    #[inline(never)]
    pub(super) async fn execute(&mut self, command: &dyn AnyCommand) -> Result<(), Failure> {
        self.request(command, Expect::Final).await
    }

    /// Sends a command and waits for what is expected.
    #[inline(never)]
    pub(super) async fn request(
        &mut self,
        command: &dyn AnyCommand,
        expect: Expect,
    ) -> Result<(), Failure> {
        if self.out_of_step {
            self.await_dropped_prompt().await?;
            self.write_command(command)?;
            self.get_in_step().await?;
        }
        self.transact(command, expect, u32::MAX).await
    }

    /// As [`execute`](Self::execute), and hands each line of the answer to `each` as soon as it has come.
    pub(super) async fn execute_lines(
        &mut self,
        command: &dyn AnyCommand,
        each: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Failure> {
        self.engine.streaming = true;
        let mut result = self.execute(command).await;
        while result.is_ok() && !self.engine.answer().is_empty() {
            each(self.engine.answer().trim_ascii_end());
            self.engine.next_line();
            result = self.wait(self.command.timeout_ms).await;
        }
        self.engine.streaming = false;
        self.conclude(result)
    }

    /// Sends a command and hands the lines of its answer to `each`, which gives `None` for one that it cannot read.
    pub(super) async fn list(
        &mut self,
        command: &dyn AnyCommand,
        each: &mut dyn FnMut(&[u8]) -> Option<()>,
    ) -> Result<(), Error<U::Error>> {
        let mut broken = false;
        let done = self
            .execute_lines(command, &mut |line| broken |= each(line).is_none())
            .await;
        self.report(done)?;
        if self.engine.is_answer_cut() {
            let command = CommandName(self.command);
            return Err(Error::ResponseTooLong { command });
        }
        if broken {
            return Err(self.unexpected());
        }
        Ok(())
    }

    /// Sends a command, again when the module is busy, and waits for its end, for its own time, at most `limit_ms`.
    pub(super) async fn transact(
        &mut self,
        command: &dyn AnyCommand,
        expect: Expect,
        limit_ms: u32,
    ) -> Result<(), Failure> {
        let mut retries = BUSY_RETRIES;
        loop {
            self.write_command(command)?;
            let mut result = self.attempt(expect, limit_ms).await;
            if result == Err(Failure::Busy) && retries > 0 {
                retries -= 1;
                // An answer may still come: the busy line can be about bytes before the command.
                result = self.wait(BUSY_PAUSE_MS).await;
                if matches!(result, Err(Failure::Busy | Failure::Timeout)) {
                    continue;
                }
            }
            return self.conclude(result);
        }
    }

    /// Sends the command that was written, once.
    async fn attempt(&mut self, expect: Expect, limit_ms: u32) -> Result<(), Failure> {
        // Until the command is concluded: a future may be dropped from here on.
        self.out_of_step = true;
        self.engine.begin(expect);
        self.engine.trace_command();
        while let Some(byte) = self.engine.next_byte() {
            self.put(byte).await?;
        }
        self.wait(self.command.timeout_ms.min(limit_ms)).await
    }

    /// Ends the command in flight.
    #[inline(never)]
    pub(in super::super) fn conclude(
        &mut self,
        result: Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.out_of_step = matches!(
            result,
            Err(Failure::Timeout | Failure::Uart | Failure::WriteStalled)
        );
        if result.is_err() {
            self.engine.end();
        }
        result
    }

    /// Whether a command can be sent, before another one is.
    pub(super) fn check(&mut self, command: &dyn AnyCommand) -> Result<(), Error<U::Error>> {
        let written = self.write_command(command);
        self.report(written)
    }

    /// The form of commands that writes no flash where there is a choice.
    pub(super) const fn volatile(&self) -> Store {
        match self.dialect {
            Dialect::Vendor => Store::Current,
            Dialect::Auto | Dialect::EspAt => Store::Plain,
        }
    }

    /// Writes a command into the engine's buffer.
    pub(in super::super) fn write_command(
        &mut self,
        command: &dyn AnyCommand,
    ) -> Result<(), Failure> {
        let buffer = self.engine.command_buffer();
        let mut line = Line::new(buffer, self.dialect);
        command.write(&mut line);
        self.command = line.info();
        let hidden = line.hidden();
        match line.finish() {
            Ok(len) => {
                self.engine.command_written(len, hidden);
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

    /// Waits for the end of the command in flight.
    pub(super) async fn wait(&mut self, timeout_ms: u32) -> Result<(), Failure> {
        self.until(timeout_ms, |engine| engine.outcome()).await
    }

    /// Receives for `ms` milliseconds; results that nobody waits for are dropped.
    #[inline(never)]
    pub(super) async fn pause(&mut self, ms: u32) -> Result<(), Failure> {
        self.engine.end();
        match self.wait(ms).await {
            Err(Failure::Timeout) => Ok(()),
            other => other,
        }
    }
}
