//! Getting in step with the module, whatever state it is in.

use super::{DelayNs, Esp8266Mqtt, Uart, face};
use crate::{
    command::{
        Command,
        basic::{QueryVersion, Restart, SetEcho},
        info,
        mqtt::QueryConnection,
    },
    engine::{Expect, Failure},
    error::Error,
    trace::Hidden,
    types::{Dialect, Firmware},
};
use embedded_hal::digital::OutputPin;

/// How often the module is asked before it counts as silent.
const ATTEMPTS: u8 = 6;
/// Long enough for the version text at 9600 baud.
const ATTEMPT_MS: u32 = 600;
/// The most that `AT+MQTTPUBRAW` of a forgotten session can still be waiting for.
const FILLER: u16 = 1024;
/// For what the module still has to say to earlier bytes.
const BREATH_MS: u32 = 300;
const RESET_MS: u32 = 10;
/// From the reset to `ready`.
const START_MS: u32 = 5_000;

#[face]
impl<U: Uart, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Gets in step with the module, switches its echo off and finds out what firmware it runs.
    ///
    /// Works in any state the module may be in: echo on or off, half a command pending, waiting for data, transparent
    /// transmission, still starting. Sends `AT+GMR` until it is answered, `ATE0`, and on ESP-AT `AT+MQTTCONN?`, which
    /// firmware without MQTT commands refuses. The module's Wi-Fi and MQTT state stay as they are.
    ///
    /// Takes well under a second when the module is ready, about 8 s to give up on a silent one.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Dialect, Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let firmware = module.init()?;
    /// let _can_receive_any_bytes = firmware.dialect() == Dialect::EspAt;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Timeout`] if the module is silent: wrong baud rate, TX and RX swapped, no power.
    /// [`Error::Rejected`] if the firmware has no MQTT commands (ESP-AT) or knows no `AT+GMR`.
    pub async fn init(&mut self) -> Result<Firmware, Error<U::Error>> {
        let mut done = self.await_dropped_prompt().await;
        if done.is_ok() {
            done = self.get_in_step().await;
        }
        self.report(done)?;
        let Some(firmware) = QueryVersion.decode(self.engine.answer()) else {
            return Err(self.unexpected());
        };
        if self.dialect == Dialect::Auto {
            self.dialect = firmware.dialect();
        }
        let mut done = self.execute(&SetEcho(false)).await;
        if done.is_ok() && self.dialect == Dialect::EspAt {
            done = self.execute(&QueryConnection).await;
        }
        self.report(done)?;
        Ok(firmware)
    }

    /// Restarts the module with `AT+RST`, waits for `ready`, then does what [`init`](Self::init) does.
    ///
    /// Takes 1 to 3 s. Wi-Fi, MQTT configuration and subscriptions are gone afterwards, and
    /// [`Event::ModuleRestarted`](crate::Event::ModuleRestarted) is reported.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// // Rejoin and connect after this.
    /// module.restart()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Timeout`] if `ready` does not come within 5 s, else as `init`.
    pub async fn restart(&mut self) -> Result<Firmware, Error<U::Error>> {
        let done = self.request(&Restart, Expect::Ready).await;
        self.report(done)?;
        self.init().await
    }

    /// Resets the module with a pin on its RST input, active low for 10 ms, waits for `ready`, then does what
    /// [`init`](Self::init) does.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>, reset: &mut impl embedded_hal::digital::OutputPin) -> Result<(), Error<U::Error>> {
    /// if module.init().is_err() {
    ///     // Not even a restart by command would be heard.
    ///     module.hard_reset(reset)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Pin`] if the pin cannot be driven; [`Error::Timeout`] if `ready` does not come within 5 s; else as
    /// `init`.
    pub async fn hard_reset<P: OutputPin>(
        &mut self,
        pin: &mut P,
    ) -> Result<Firmware, Error<U::Error>> {
        let pin_error = |_| Error::Pin;
        pin.set_low().map_err(pin_error)?;
        let mut done = self.pause(RESET_MS).await;
        self.engine.give_up_message();
        self.engine.owed = 0;
        self.out_of_step = false;
        self.command = info::<Restart>();
        self.engine.command_written(0, Hidden::NONE);
        self.engine.begin(Expect::Ready);
        pin.set_high().map_err(pin_error)?;
        if done.is_ok() {
            done = self.wait(START_MS).await;
        }
        done = self.conclude(done);
        self.report(done)?;
        self.init().await
    }

    /// Asks for the version until the module answers; that answer can only be mistaken for one to an earlier such question.
    pub(super) async fn get_in_step(&mut self) -> Result<(), Failure> {
        let may_be_earlier = core::mem::replace(&mut self.version_asked, true);
        let mut result = Ok(());
        for attempt in 0..ATTEMPTS {
            if attempt == 2 {
                self.leave_passthrough().await?;
            }
            let (count, filler) = match attempt {
                0 => (self.engine.owed, *b"\0\0"),
                4 => (FILLER, *b"\r\n"),
                _ => (0, *b"\0\0"),
            };
            self.feed(count, filler).await?;
            result = self
                .transact(&QueryVersion, Expect::Version, ATTEMPT_MS)
                .await;
            if result.is_err() && attempt > 0 {
                self.engine.give_up_message();
            }
            if result.is_err() || attempt > 0 || may_be_earlier {
                // Answers to earlier bytes may still be on their way.
                self.out_of_step = true;
                self.pause(BREATH_MS).await?;
            }
            if result.is_ok() {
                self.out_of_step = false;
                self.version_asked = false;
                break;
            }
        }
        result
    }

    /// Transparent transmission ends with `+++` alone, then a second of silence.
    async fn leave_passthrough(&mut self) -> Result<(), Failure> {
        self.pause(50).await?;
        for _ in 0..3 {
            self.put(b'+').await?;
        }
        self.pause(1000).await
    }

    /// Sends up to `count` bytes to a module that waits for data: it listens to commands when all of it has come.
    ///
    /// One that does not wait answers `ERROR` to the first line end, which does no harm.
    async fn feed(&mut self, count: u16, [even, odd]: [u8; 2]) -> Result<(), Failure> {
        self.engine.command_written(0, Hidden::NONE);
        self.engine.begin(Expect::Published);
        for i in 0..count {
            if self.engine.outcome().is_some() {
                break;
            }
            self.put(if i % 2 == 0 { even } else { odd }).await?;
            self.engine.owed = self.engine.owed.saturating_sub(1);
        }
        self.engine.owed = 0;
        if count > 0 {
            self.pause(BREATH_MS).await?;
        }
        Ok(())
    }
}
