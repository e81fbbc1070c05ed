//! The module itself: its firmware, its UART, its radio, its sleep.

use super::{DelayNs, Esp8266Mqtt, Uart, face};
use crate::{
    command::{
        Command, Line,
        basic::{
            Attention, BaudRate, DeepSleep, EspAtSleepMode, QueryVersion, Restore, RfPower,
            SetEspAtSleepMode, SetRfPower, SetSleepMode, SetUart, SleepMode, UartConfig,
        },
        info,
    },
    engine::Expect,
    error::Error,
    event::LinkState,
    types::{Dialect, Firmware, Store},
};

/// For both UARTs to settle at a new rate.
const SETTLE_MS: u32 = 20;
/// The first question at a new rate may be the end of a line of noise.
const ATTENTION_ATTEMPTS: u8 = 3;

#[face]
impl<U: Uart, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Asks for the firmware's version: `AT+GMR`.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let firmware = module.firmware_version()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnexpectedResponse`] if it is not AT firmware of Espressif's family; [`Error::Timeout`] after 2 s.
    pub async fn firmware_version(&mut self) -> Result<Firmware, Error<U::Error>> {
        self.send(&QueryVersion).await
    }

    /// Changes the baud rate until the next restart: `AT+UART_CUR=<to>,8,1,0,0`.
    ///
    /// `apply` sets the host's UART to a rate, and is called with `to` when the module has agreed. If the module does not
    /// answer then, it is told to go back, `apply` is called with `from`, the rate in use at the call, and the driver is
    /// ready at that rate. For a rate that lasts send [`SetUart`] with [`Store::Flash`].
    ///
    /// A module that restarts, by itself too, is back at its stored rate and the host's UART is not: everything times out from
    /// then on. [`find_baud`](Self::find_baud) finds it again; then call [`init`](Self::init) and `set_baud`.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{BaudRate, Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>, set_rate: impl Fn(&mut U, u32)) -> Result<(), Error<U::Error>> {
    /// module.set_baud(BaudRate::B9600, BaudRate::B115200, |uart, rate| set_rate(uart, rate.get()))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Rejected`] if the module does not take the rate; [`Error::Timeout`] if it does not answer at the new one,
    /// and the old rate is in use, or at neither.
    pub async fn set_baud(
        &mut self,
        from: BaudRate,
        to: BaudRate,
        mut apply: impl FnMut(&mut U, BaudRate),
    ) -> Result<(), Error<U::Error>> {
        self.write(&uart(to));
        self.run(Expect::Final).await?;
        apply(&mut self.uart, to);
        let done = self.answers().await;
        if is_silent(&done) {
            // The module may hear the host, even if the host does not hear the module.
            self.engine.out_of_step = false;
            self.write(&AtOnce(uart(from)));
            self.run(Expect::Final).await.ok();
            apply(&mut self.uart, from);
            self.get_in_step().await?;
        }
        done
    }

    /// Finds the module's baud rate: asks with `AT` at each of `rates`, then once more with more patience, as
    /// [`init`](Self::init) does. Usual are [`BaudRate::COMMON`].
    ///
    /// `apply` sets the host's UART to a rate. The one that is found is in use afterwards. Takes about half a second for each
    /// rate that it is not, and 8 s more for each if the module answers at none of them.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{BaudRate, Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>, set_rate: impl Fn(&mut U, u32)) -> Result<(), Error<U::Error>> {
    /// let rate = module.find_baud(&BaudRate::COMMON, |uart, rate| set_rate(uart, rate.get()))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Timeout`] if the module answers at none: no power, TX and RX swapped, not AT firmware.
    pub async fn find_baud(
        &mut self,
        rates: &[BaudRate],
        mut apply: impl FnMut(&mut U, BaudRate),
    ) -> Result<BaudRate, Error<U::Error>> {
        self.end_dropped_listing();
        self.engine.line.clear(info::<Attention>());
        for is_patient in [false, true] {
            for &rate in rates {
                apply(&mut self.uart, rate);
                let done = if is_patient {
                    self.get_in_step().await
                } else {
                    self.answers().await
                };
                if !is_silent(&done) {
                    return done.map(|()| rate);
                }
            }
        }
        let command = self.command();
        Err(Error::Timeout { command })
    }

    /// Whether the module answers at the rate that the UART has.
    async fn answers(&mut self) -> Result<(), Error<U::Error>> {
        let mut done = Ok(());
        self.pause(SETTLE_MS).await?;
        for _ in 0..ATTENTION_ATTEMPTS {
            self.engine.owed = 0;
            self.engine.out_of_step = false;
            self.write(&AtOnce(Attention));
            done = self.run(Expect::Final).await;
            if !is_silent(&done) {
                break;
            }
        }
        match done {
            // Noise before the command: it is not understood, but the rate is right.
            Err(Error::Rejected(_) | Error::Busy) => Ok(()),
            done => done,
        }
    }

    /// Lets the module sleep while there is nothing to do: `AT+SLEEP`. Not stored.
    ///
    /// The numbers differ between firmwares; this sends the right one. Light sleep needs a way to wake the module, see
    /// [`SetWakeUpPin`](crate::command::basic::SetWakeUpPin), and loses what is sent to its UART meanwhile.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, SleepMode, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// module.sleep_mode(SleepMode::Modem)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Rejected`] unless the module is a station.
    pub async fn sleep_mode(&mut self, mode: SleepMode) -> Result<(), Error<U::Error>> {
        if self.dialect() != Dialect::EspAt {
            self.write(&SetSleepMode(mode));
            return self.run(Expect::Final).await;
        }
        let mode = match mode {
            SleepMode::Off => EspAtSleepMode::Off,
            SleepMode::Light => EspAtSleepMode::Light,
            SleepMode::Modem => EspAtSleepMode::ModemDtim,
        };
        self.write(&SetEspAtSleepMode(mode));
        self.run(Expect::Final).await
    }

    /// Switches the module off for `ms` milliseconds: `AT+GSLP`. It starts again by itself if GPIO16 is wired to RST.
    ///
    /// [`Event::ModuleRestarted`](crate::Event::ModuleRestarted) tells that it has; until then commands time out. Wi-Fi, MQTT
    /// configuration and subscriptions are gone.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Event, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// module.deep_sleep(60_000)?;
    /// while module.next_event()? != Event::ModuleRestarted {}
    /// module.init()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Rejected`] for a time the firmware does not take; [`Error::Timeout`] after 1 s.
    pub async fn deep_sleep(&mut self, ms: u32) -> Result<(), Error<U::Error>> {
        self.write(&DeepSleep { ms });
        self.run(Expect::Final).await?;
        self.engine.link = LinkState::new();
        Ok(())
    }

    /// Limits the transmit power: `AT+RFPOWER`, in steps of 0.25 dBm from 0 to 82; ESP-AT takes 40 to 82. Not stored.
    ///
    /// A module that restarts when it sends has a weak supply; less power helps.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, RfPower, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// // 10 dBm
    /// module.rf_power(RfPower(40))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Argument`] out of that range.
    pub async fn rf_power(&mut self, power: RfPower) -> Result<(), Error<U::Error>> {
        self.write(&SetRfPower(power));
        self.run(Expect::Final).await
    }

    /// Puts all settings in flash back to what the firmware ships with, `AT+RESTORE`, waits for `ready`, then does what
    /// [`init`](Self::init) does.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let firmware = module.restore()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`restart`](Self::restart). A module whose baud rate was a stored setting answers at the firmware's own rate now,
    /// and this times out: see [`find_baud`](Self::find_baud).
    pub async fn restore(&mut self) -> Result<Firmware, Error<U::Error>> {
        self.write(&Restore);
        self.run(Expect::Ready).await?;
        self.init().await
    }
}

const fn is_silent<E>(done: &Result<(), Error<E>>) -> bool {
    matches!(done, Err(Error::Timeout { .. }))
}

/// A command whose answer comes at once or not at all.
struct AtOnce<C>(C);

impl<C: Command> Command for AtOnce<C> {
    type Response = C::Response;
    const NAME: &'static str = C::NAME;
    /// For `OK` at 9600 baud, and a module that has something else to say before.
    const TIMEOUT_MS: u32 = 150;

    fn encode(&self, line: &mut Line<'_>) {
        self.0.encode(line);
    }

    fn decode(&self, text: &[u8]) -> Option<Self::Response> {
        self.0.decode(text)
    }
}

const fn uart(rate: BaudRate) -> SetUart {
    SetUart {
        config: UartConfig::new(rate),
        store: Store::Current,
    }
}
