//! Getting in step with the module, whatever state it is in.

use super::{DelayNs, Esp8266Mqtt, Uart, face};
use crate::{
    command::{
        Command,
        basic::{QueryVersion, Restart, SetEcho},
        info,
        mqtt::QueryConnection,
    },
    engine::{Expect, Say},
    error::Error,
    types::{Dialect, Firmware},
};
use embedded_hal::digital::OutputPin;

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
    /// Takes well under a second when the module is ready, about 8 s to give up on a silent one, 32 s on one that stays busy.
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
    /// [`Error::Busy`] if it stays busy.
    /// [`Error::Rejected`] if the firmware has no MQTT commands (ESP-AT) or knows no `AT+GMR`.
    pub async fn init(&mut self) -> Result<Firmware, Error<U::Error>> {
        self.get_in_step().await?;
        let Some(firmware) = QueryVersion.decode(self.engine.answer()) else {
            return Err(self.unexpected());
        };
        if self.dialect() == Dialect::Auto {
            self.engine.line.dialect = firmware.dialect();
        }
        self.write(&SetEcho(false));
        self.run(Expect::Final).await?;
        if self.dialect() == Dialect::EspAt {
            self.write(&QueryConnection);
            self.run(Expect::Final).await?;
        }
        Ok(firmware)
    }

    /// Restarts the module with `AT+RST`, waits for `ready`, then does what [`init`](Self::init) does.
    ///
    /// Takes 1 to 3 s. Wi-Fi, MQTT configuration and subscriptions are gone afterwards, and
    /// [`Event::ModuleRestarted`](crate::Event::ModuleRestarted) is reported.
    ///
    /// A rate of [`set_baud`](Self::set_baud) is gone too: the module is back at its stored one, and this times out. Go back to
    /// that with `set_baud` before, or call [`find_baud`](Self::find_baud) afterwards.
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
        self.write(&Restart);
        self.run(Expect::Ready).await?;
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
        let paused = self.pause(RESET_MS).await;
        self.engine.give_up_message();
        self.engine.owed = 0;
        self.engine.out_of_step = false;
        self.engine.line.clear(info::<Restart>());
        self.engine.begin(Say::Nothing, Expect::Ready);
        pin.set_high().map_err(pin_error)?;
        paused?;
        self.go_on(&[], START_MS).await?;
        self.init().await
    }
}
