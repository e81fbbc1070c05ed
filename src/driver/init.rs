//! Getting in step with the module, whatever state it is in.

use super::{Esp8266Mqtt, io::Request};
use crate::{
    command::{
        Command, Line,
        basic::{QueryVersion, Restart, SetEcho},
        mqtt::QueryConnection,
    },
    engine::Expect,
    error::Error,
    types::{Dialect, Firmware},
};
use embedded_hal::{delay::DelayNs, digital::OutputPin};
use embedded_io::{Read, ReadReady, Write};

/// How often the module is asked before it counts as silent.
const ATTEMPTS: u8 = 6;
/// Long enough for the version text at 9600 baud.
const ATTEMPT_MS: u32 = 600;
/// The most that `AT+MQTTPUBRAW` of a forgotten session can still be waiting for.
const FILLER: u16 = 1024;
/// From the reset to `ready`.
const START_MS: u32 = 5_000;
/// For what the module says to the last filler bytes.
const BREATH_MS: u32 = 50;

impl<U: Read + ReadReady + Write, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Gets in step with the module, switches its echo off and finds out what firmware it runs.
    ///
    /// Works in any state the module may be in: echo on or off, half a command pending, waiting for data, transparent
    /// transmission, still starting. Sends `AT+GMR` until it is answered, `ATE0`, and on ESP-AT `AT+MQTTCONN?`, which
    /// firmware without MQTT commands refuses. The module's Wi-Fi and MQTT state stay as they are.
    ///
    /// Takes well under a second when the module is ready, about 9 s to give up on a silent one.
    ///
    /// # Errors
    /// [`Error::Timeout`] if the module is silent: wrong baud rate, TX and RX swapped, no power.
    /// [`Error::Rejected`] if the firmware has no MQTT commands (ESP-AT) or knows no `AT+GMR`.
    pub fn init(&mut self) -> Result<Firmware, Error<U::Error>> {
        let firmware = self.get_in_step()?;
        if self.dialect == Dialect::Auto {
            self.dialect = firmware.dialect();
        }
        self.send(&SetEcho(false))?;
        if self.dialect == Dialect::EspAt {
            self.request(&Request::of(&QueryConnection, &|line| {
                QueryConnection.encode(line);
            }))?;
        }
        Ok(firmware)
    }

    /// Restarts the module with `AT+RST`, waits for `ready`, then does what [`init`](Self::init) does.
    ///
    /// Takes 1 to 3 s. Wi-Fi, MQTT configuration and subscriptions are gone afterwards, and
    /// [`Event::ModuleRestarted`](crate::Event::ModuleRestarted) is reported.
    ///
    /// # Errors
    /// [`Error::Timeout`] if `ready` does not come within 5 s, else as `init`.
    pub fn restart(&mut self) -> Result<Firmware, Error<U::Error>> {
        self.request(&Request::of(&Restart, &|line| Restart.encode(line)).expect(Expect::Ready))?;
        self.init()
    }

    /// Resets the module with a pin on its RST input, active low for 10 ms, waits for `ready`, then does what
    /// [`init`](Self::init) does.
    ///
    /// # Errors
    /// [`Error::Pin`] if the pin cannot be driven; [`Error::Timeout`] if `ready` does not come within 5 s; else as
    /// `init`.
    pub fn hard_reset<P: OutputPin>(&mut self, pin: &mut P) -> Result<Firmware, Error<U::Error>> {
        pin.set_low().map_err(|_| Error::Pin)?;
        self.pause(10)?;
        self.engine.owed = 0;
        self.out_of_step = false;
        self.engine.begin(0, Expect::Ready);
        pin.set_high().map_err(|_| Error::Pin)?;
        let outcome = self.wait(START_MS)?;
        self.conclude(outcome, Restart::NAME)?;
        self.init()
    }

    /// Asks for the version until the module answers; that answer cannot be mistaken for one to an earlier command.
    pub(super) fn get_in_step(&mut self) -> Result<Firmware, Error<U::Error>> {
        self.pay_owed()?;
        let write = |line: &mut Line<'_>| QueryVersion.encode(line);
        let request = Request::of(&QueryVersion, &write)
            .expect(Expect::Version)
            .timeout_ms(ATTEMPT_MS);
        let mut last = Error::Timeout {
            command: QueryVersion::NAME,
        };
        for attempt in 0..ATTEMPTS {
            match attempt {
                2 => self.leave_passthrough()?,
                4 => self.feed_filler()?,
                _ => {}
            }
            self.out_of_step = false;
            let len = self.write_command(&request)?;
            match self.transact(len, &request) {
                Ok(()) => {
                    let firmware = QueryVersion.decode(self.engine.answer());
                    if attempt > 0 {
                        // Answers to the earlier attempts may still be on their way.
                        self.pause(ATTEMPT_MS / 2)?;
                    }
                    return firmware.ok_or(Error::UnexpectedResponse {
                        command: QueryVersion::NAME,
                    });
                }
                Err(error @ (Error::Timeout { .. } | Error::Rejected(_) | Error::ModuleReset)) => {
                    last = error;
                }
                Err(error) => {
                    self.out_of_step = true;
                    return Err(error);
                }
            }
        }
        self.out_of_step = true;
        Err(last)
    }

    /// Sends the data bytes that an interrupted publish still owes, so that the module listens to commands again.
    fn pay_owed(&mut self) -> Result<(), Error<U::Error>> {
        if self.engine.owed == 0 {
            return Ok(());
        }
        self.engine.begin(0, Expect::Published);
        while self.engine.owed > 0 {
            self.engine.owed -= 1;
            self.write_byte(0)?;
        }
        self.wait(START_MS)?;
        self.engine.end();
        Ok(())
    }

    /// Transparent transmission ends with `+++` alone, then a second of silence.
    fn leave_passthrough(&mut self) -> Result<(), Error<U::Error>> {
        self.pause(50)?;
        for byte in *b"+++" {
            self.write_byte(byte)?;
        }
        self.pause(1000)
    }

    /// A module that waits for data takes anything; line ends do no harm to one that does not.
    fn feed_filler(&mut self) -> Result<(), Error<U::Error>> {
        let heard = self.engine.counters.stray_lines;
        for i in 0..FILLER {
            if self.engine.counters.stray_lines != heard {
                break;
            }
            self.write_byte(if i % 2 == 0 { b'\r' } else { b'\n' })?;
        }
        self.pause(BREATH_MS)
    }
}
