//! Joining and leaving an access point.

use super::{Esp8266Mqtt, io::Request};
use crate::{
    command::{
        Command, Line, after, leading_number,
        wifi::{
            JoinAccessPoint, QueryAccessPoint, QueryMode, QuitAccessPoint, SetMode, WifiStatus,
        },
    },
    config::JoinOptions,
    error::{Error, JoinError},
    event::WifiLink,
    types::{Dialect, Store, WifiMode},
};
use embedded_hal::delay::DelayNs;
use embedded_io::{Read, ReadReady, Write};

impl<U: Read + ReadReady + Write, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Joins an access point and waits for an address: `AT+CWJAP` (`AT+CWJAP_CUR` on vendor firmware, so that nothing
    /// is written to flash).
    ///
    /// `ssid` has 1 to 32 bytes, `password` up to 64. Takes 2 to 7 s; a failure is reported after up to 15 s. A module
    /// that is not in a station mode is put into one first.
    ///
    /// # Errors
    /// [`Error::Join`] with the module's reason; [`Error::Argument`] for an argument over its limit;
    /// [`Error::Timeout`] after 20 s.
    pub fn connect_wifi(&mut self, ssid: &str, password: &str) -> Result<(), Error<U::Error>> {
        self.connect_wifi_with(&JoinOptions::new(ssid, password))
    }

    /// As [`connect_wifi`](Self::connect_wifi), with all options.
    ///
    /// # Errors
    /// As `connect_wifi`.
    pub fn connect_wifi_with(&mut self, options: &JoinOptions<'_>) -> Result<(), Error<U::Error>> {
        let store = options.store.unwrap_or(match self.dialect {
            Dialect::Vendor => Store::Current,
            Dialect::Auto | Dialect::EspAt => Store::Plain,
        });
        let join = JoinAccessPoint {
            ssid: options.ssid,
            password: options.password,
            bssid: options.bssid,
            store,
        };
        let write = |line: &mut Line<'_>| join.encode(line);
        let request = Request::of(&join, &write);
        self.write_command(&request)?;
        self.ensure_station(store)?;
        self.request(&request)
            .map_err(|error| match (error, self.join_error()) {
                (Error::Rejected(_), Some(reason)) => Error::Join(reason),
                (error, _) => error,
            })?;
        self.engine.link.wifi = WifiLink::Up;
        Ok(())
    }

    /// The reason in `+CWJAP:<n>`.
    fn join_error(&self) -> Option<JoinError> {
        let (number, _) = leading_number(after(self.engine.answer(), b"+CWJAP:")?)?;
        Some(JoinError::from_number(
            u8::try_from(number).unwrap_or(u8::MAX),
        ))
    }

    /// Leaves the access point: `AT+CWQAP`.
    ///
    /// # Errors
    /// [`Error::Rejected`], [`Error::Timeout`] after 2 s.
    pub fn disconnect_wifi(&mut self) -> Result<(), Error<U::Error>> {
        self.send(&QuitAccessPoint)?;
        self.engine.link.wifi = WifiLink::Down;
        Ok(())
    }

    /// Asks which access point the module has joined: `AT+CWJAP?`.
    ///
    /// # Errors
    /// [`Error::UnexpectedResponse`] if the answer cannot be read; [`Error::Timeout`] after 1 s.
    pub fn wifi_status(&mut self) -> Result<WifiStatus, Error<U::Error>> {
        self.send(&QueryAccessPoint(Store::Plain))
    }

    fn ensure_station(&mut self, store: Store) -> Result<(), Error<U::Error>> {
        let mode = match self.send(&QueryMode(Store::Plain))? {
            WifiMode::SoftAp => WifiMode::StationAndSoftAp,
            WifiMode::Off => WifiMode::Station,
            WifiMode::Station | WifiMode::StationAndSoftAp => return Ok(()),
        };
        self.send(&SetMode { mode, store })?;
        Ok(())
    }
}
