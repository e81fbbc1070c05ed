//! Joining and leaving an access point.

use super::{DelayNs, Esp8266Mqtt, Uart, face};
use crate::{
    address::MacAddress,
    command::{
        after,
        wifi::{JoinAccessPoint, QueryAccessPoint, QuitAccessPoint, SetMode, WifiStatus},
    },
    config::JoinOptions,
    engine::Expect,
    error::{Error, JoinError},
    event::WifiLink,
    secret::Secret,
    types::Store,
};

#[face]
impl<U: Uart, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Joins an access point and waits for an address: `AT+CWJAP` (`AT+CWJAP_CUR` on vendor firmware, so that nothing
    /// is written to flash).
    ///
    /// `ssid` has 1 to 32 bytes, `password` up to 64. Takes 2 to 7 s; a failure is reported after up to 15 s. A module
    /// that refuses, perhaps because it is no station (it may be shipped as a soft access point), is put into station mode
    /// first: into that of both after [`soft_ap`](Self::soft_ap).
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, JoinError, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// match module.connect_wifi("my-network", "my-password") {
    ///     Err(Error::Join(JoinError::WrongPassword)) => { /* ask for another one */ }
    ///     joined => joined?,
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Join`] with the module's reason; [`Error::Argument`] for an argument over its limit;
    /// [`Error::Timeout`] after 20 s.
    pub async fn connect_wifi(
        &mut self,
        ssid: &str,
        password: &str,
    ) -> Result<(), Error<U::Error>> {
        self.join(ssid, Secret::new(password), None, None).await
    }

    /// As [`connect_wifi`](Self::connect_wifi), with all options.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, JoinOptions, MacAddress, Store, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// // One of several access points of that name, and the module joins it by itself from now on. The plain form of the
    /// // command writes flash on either firmware.
    /// let options = JoinOptions::new("my-network", "my-password")
    ///     .bssid(MacAddress([0xb0, 0xbe, 0x76, 0, 0, 1]))
    ///     .store(Store::Plain);
    /// module.connect_wifi_with(&options)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As `connect_wifi`; [`Error::Rejected`] from ESP-AT for [`Store::Current`] and [`Store::Flash`], which it does not
    /// know.
    pub async fn connect_wifi_with(
        &mut self,
        options: &JoinOptions<'_>,
    ) -> Result<(), Error<U::Error>> {
        let JoinOptions {
            ssid,
            password,
            bssid,
            store,
        } = *options;
        self.join(ssid, password, bssid, store).await
    }

    async fn join(
        &mut self,
        ssid: &str,
        password: Secret<'_>,
        bssid: Option<MacAddress>,
        store: Option<Store>,
    ) -> Result<(), Error<U::Error>> {
        let store = store.unwrap_or(self.volatile());
        let join = JoinAccessPoint {
            ssid,
            password,
            bssid,
            store,
        };
        let mut is_station = false;
        loop {
            self.write(&join);
            let done = self.run(Expect::Final).await;
            if !matches!(done, Err(Error::Rejected(_))) {
                if done.is_ok() {
                    self.engine.link.wifi = WifiLink::Up;
                }
                return done;
            }
            if let Some(reason) = self.join_error() {
                return Err(Error::Join(reason));
            }
            if is_station {
                return done;
            }
            let mode = self.engine.join_mode;
            self.write(&SetMode { mode, store });
            self.run(Expect::Final).await?;
            is_station = true;
        }
    }

    /// The reason in `+CWJAP:<n>`.
    fn join_error(&self) -> Option<JoinError> {
        match after(self.engine.answer(), b"+CWJAP:")? {
            [digit @ b'0'..=b'9', b'\n', ..] => Some(JoinError::from_number(digit - b'0')),
            _ => Some(JoinError::Failed),
        }
    }

    /// Leaves the access point: `AT+CWQAP`.
    ///
    /// # Errors
    /// [`Error::Rejected`], [`Error::Timeout`] after 2 s.
    pub async fn disconnect_wifi(&mut self) -> Result<(), Error<U::Error>> {
        self.write(&QuitAccessPoint);
        self.run(Expect::Final).await?;
        self.engine.link.wifi = WifiLink::Down;
        Ok(())
    }

    /// Asks which access point the module has joined: `AT+CWJAP?`.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart, WifiStatus};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// if let WifiStatus::NotJoined = module.wifi_status()? {
    ///     module.connect_wifi("my-network", "my-password")?;
    /// }
    /// module.disconnect_wifi()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnexpectedResponse`] if the answer cannot be read; [`Error::Timeout`] after 1 s.
    pub async fn wifi_status(&mut self) -> Result<WifiStatus, Error<U::Error>> {
        self.send(&QueryAccessPoint(Store::Plain)).await
    }
}
