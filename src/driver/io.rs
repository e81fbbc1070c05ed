//! Commands and what has become of them.

use super::{DelayNs, Esp8266Mqtt, Uart, face};
use crate::{
    command::{Command, after},
    engine::{Expect, Failure},
    error::{CommandName, Error, ErrorCode},
    types::{Dialect, Store},
};
use core::num::NonZeroU32;

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
        self.write(command);
        self.run(Expect::Final).await?;
        self.response(command)
    }

    /// Reads the answer to the last command.
    pub(in super::super) fn response<C: Command>(
        &self,
        command: &C,
    ) -> Result<C::Response, Error<U::Error>> {
        if size_of::<C::Response>() > 0 && self.engine.is_answer_cut() {
            let command = self.command();
            return Err(Error::ResponseTooLong { command });
        }
        let response = command.decode(self.engine.answer());
        response.ok_or(self.unexpected())
    }

    /// The last command.
    pub(super) const fn command(&self) -> CommandName {
        CommandName(self.engine.line.info())
    }

    /// The error for an answer to the last command that does not read as it should.
    pub(super) const fn unexpected(&self) -> Error<U::Error> {
        Error::UnexpectedResponse {
            command: self.command(),
        }
    }

    /// Adds the details to a failure.
    #[inline(never)]
    pub(in super::super) fn report(
        &mut self,
        result: Result<(), Failure>,
    ) -> Result<(), Error<U::Error>> {
        result.map_err(|failure| match failure {
            Failure::Argument => Error::Argument(self.engine.line.error()),
            Failure::Rejected => Error::Rejected(self.error_code()),
            Failure::Busy => Error::Busy,
            Failure::PublishFailed => Error::PublishFailed,
            Failure::Reset => Error::ModuleReset,
            Failure::WriteStalled => Error::WriteStalled,
            Failure::Uart | Failure::Timeout => match self.uart_error.take() {
                Some(error) => Error::Uart(error),
                None => Error::Timeout {
                    command: self.command(),
                },
            },
        })
    }

    /// Sends the command that was written and hands the lines of its answer, each as soon as it has come, to `each`, which
    /// gives `None` for one that it cannot read.
    ///
    /// Each line that may be of the answer has the command's whole time. Any other leaves half of what there was, so that
    /// noise cannot hold up the time-out.
    pub(super) async fn list(
        &mut self,
        each: &mut dyn FnMut(&[u8]) -> Option<()>,
    ) -> Result<(), Error<U::Error>> {
        let mut broken = false;
        let mut time_ms = self.engine.line.info().timeout_ms;
        self.run(Expect::Lines).await?;
        while let Some(first) = self.engine.answer().first() {
            time_ms = match first {
                b'+' | b'A' | b'0'..=b'9' => self.engine.line.info().timeout_ms,
                _ => time_ms / 2,
            };
            broken |= each(self.engine.answer().trim_ascii_end()).is_none();
            self.engine.next_line();
            self.go_on(&[], time_ms).await?;
        }
        if self.engine.is_answer_cut() {
            let command = self.command();
            return Err(Error::ResponseTooLong { command });
        }
        if broken {
            return Err(self.unexpected());
        }
        Ok(())
    }

    /// Whether the command that was written can be sent, before another one is.
    pub(in super::super) fn check(&mut self) -> Result<(), Error<U::Error>> {
        let can_be_sent = self.engine.line.finish();
        self.report(if can_be_sent {
            Ok(())
        } else {
            Err(Failure::Argument)
        })
    }

    /// The form of commands that writes no flash where there is a choice.
    pub(super) const fn volatile(&self) -> Store {
        match self.dialect() {
            Dialect::Vendor => Store::Current,
            Dialect::Auto | Dialect::EspAt => Store::Plain,
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
}
