//! Access points: those around, the module's own, and getting the name of one from a phone or a button.

use super::{DelayNs, Esp8266Mqtt, Uart, face};
use crate::{
    command::wifi::{
        AccessPoint, ListStations, QueryMode, Scan, ScanFor, ScannedAccessPoint, SetMode,
        SetSoftAp, SetWps, SmartConfig, SoftApSecurity, StartSmartConfig, Station, StopSmartConfig,
        WifiStatus, scanned_access_point, station,
    },
    engine::Expect,
    error::Error,
    secret::Secret,
    types::WifiMode,
};

#[face]
impl<U: Uart, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// The access point the station has joined, with channel and signal strength: `AT+CWJAP?`. `None` without one.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let is_weak = module.access_point()?.is_some_and(|joined| joined.rssi < -80);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnexpectedResponse`] if the answer cannot be read; [`Error::Timeout`] after 1 s.
    pub async fn access_point(&mut self) -> Result<Option<AccessPoint>, Error<U::Error>> {
        Ok(match self.wifi_status().await? {
            WifiStatus::Joined(access_point) => Some(access_point),
            _ => None,
        })
    }

    /// Looks for access points, `AT+CWLAP`, and calls `each` with every one. Takes about 2 s.
    ///
    /// The answer is read line by line, so that any number fits into a small transmit buffer; one takes up to 110 bytes. A
    /// module that is no station is put into station mode first.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let mut best = None;
    /// module.scan(|found| {
    ///     if best.as_ref().is_none_or(|(rssi, _)| *rssi < found.rssi) {
    ///         best = Some((found.rssi, found.ssid.clone()));
    ///     }
    /// })?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnexpectedResponse`] if a line cannot be read, [`Error::ResponseTooLong`] if one does not fit the transmit
    /// buffer (the others are delivered); [`Error::Timeout`] after 10 s without a line, up to twice that among noise.
    pub async fn scan(
        &mut self,
        mut each: impl FnMut(&ScannedAccessPoint),
    ) -> Result<(), Error<U::Error>> {
        self.enable(WifiMode::Station).await?;
        self.write(&Scan);
        self.list(&mut |line| scanned_access_point(line).map(|found| each(&found)))
            .await
    }

    /// Looks for certain access points: of one name, on one channel, for longer. Otherwise as [`scan`](Self::scan).
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart, command::wifi::ScanFor};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let what = ScanFor { ssid: Some("my-network"), ..ScanFor::default() };
    /// let mut is_there = false;
    /// module.scan_for(&what, |_| is_there = true)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As `scan`, with [`Error::Timeout`] after 30 s in place of 10 s; [`Error::Argument`] for an argument out of its limits.
    pub async fn scan_for(
        &mut self,
        what: &ScanFor<'_>,
        mut each: impl FnMut(&ScannedAccessPoint),
    ) -> Result<(), Error<U::Error>> {
        self.write(what);
        self.check()?;
        self.enable(WifiMode::Station).await?;
        self.write(what);
        self.list(&mut |line| scanned_access_point(line).map(|found| each(&found)))
            .await
    }

    /// Sets up the module's own access point, `AT+CWSAP` (`AT+CWSAP_CUR` on vendor firmware), and switches it on next to the
    /// station (`AT+CWMODE`).
    ///
    /// `ssid` has 1 to 32 bytes; `password` 8 to 64 for WPA2, or none for an open network; `channel` is 1 to 14. Send
    /// [`SetSoftAp`] for other encryption, a hidden name or a limit of stations.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// module.soft_ap("my-sensor", "12345678", 6)?;
    /// let mut guests = 0;
    /// module.soft_ap_stations(|_station| guests += 1)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Argument`] for an argument out of its limits.
    pub async fn soft_ap(
        &mut self,
        ssid: &str,
        password: &str,
        channel: u8,
    ) -> Result<(), Error<U::Error>> {
        let setup = SetSoftAp {
            ssid,
            password: Secret::new(password),
            channel,
            security: if password.is_empty() {
                SoftApSecurity::Open
            } else {
                SoftApSecurity::Wpa2Psk
            },
            max_stations: None,
            hidden: false,
            store: self.volatile(),
        };
        self.write(&setup);
        self.check()?;
        self.enable(WifiMode::SoftAp).await?;
        self.engine.join_mode = WifiMode::StationAndSoftAp;
        self.write(&setup);
        self.run(Expect::Final).await
    }

    /// Calls `each` with every station of the module's own access point: `AT+CWLIF`. Only those with an address by DHCP are
    /// known.
    ///
    /// # Errors
    /// [`Error::UnexpectedResponse`] if a line cannot be read, [`Error::ResponseTooLong`] if one does not fit the transmit
    /// buffer (the others are delivered); [`Error::Timeout`] after 1 s without a line, up to twice that among noise.
    pub async fn soft_ap_stations(
        &mut self,
        mut each: impl FnMut(&Station),
    ) -> Result<(), Error<U::Error>> {
        self.write(&ListStations);
        self.list(&mut |line| station(line).map(|found| each(&found)))
            .await
    }

    /// Waits for a phone to send name and password of a network, with ESP-TOUCH or AirKiss: `AT+CWSTARTSMART`.
    ///
    /// Returns at once. How it goes on comes as [`Event::Other`](crate::Event::Other) with the SmartConfig lines of
    /// [`Urc`](crate::Urc), from `SmartConfigType` to `SmartConfigDone` or `SmartConfigFailed`; call
    /// [`stop_smart_config`](Self::stop_smart_config) then, or to give up. A module that is no station is put into station
    /// mode first.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Event, SmartConfig, Uart, Urc};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// module.smart_config(SmartConfig::Both)?;
    /// while let Some(event) = module.next_event_within(120_000)? {
    ///     if matches!(event, Event::Other(Urc::SmartConfigDone | Urc::SmartConfigFailed)) {
    ///         break;
    ///     }
    /// }
    /// module.stop_smart_config()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Rejected`], [`Error::Timeout`] after 1 s.
    pub async fn smart_config(&mut self, kind: SmartConfig) -> Result<(), Error<U::Error>> {
        self.enable_only(WifiMode::Station).await?;
        self.write(&StartSmartConfig(Some(kind)));
        self.run(Expect::Final).await
    }

    /// Ends [`smart_config`](Self::smart_config), also after its success: `AT+CWSTOPSMART`.
    ///
    /// # Errors
    /// [`Error::Rejected`], [`Error::Timeout`] after 1 s.
    pub async fn stop_smart_config(&mut self) -> Result<(), Error<U::Error>> {
        self.write(&StopSmartConfig);
        self.run(Expect::Final).await
    }

    /// Joins the access point whose WPS button is pressed within 120 s, `AT+WPS=1`, or gives up, `AT+WPS=0`.
    ///
    /// Returns at once. How it goes on comes as [`Event::Other`](crate::Event::Other) with the WPS lines of
    /// [`Urc`](crate::Urc), then as Wi-Fi events. A module that is no station is put into station mode first.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Event, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// module.wps(true)?;
    /// while let Some(event) = module.next_event_within(120_000)? {
    ///     if event == Event::WifiGotIp {
    ///         return Ok(());
    ///     }
    /// }
    /// module.wps(false)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Rejected`], [`Error::Timeout`] after 1 s.
    pub async fn wps(&mut self, on: bool) -> Result<(), Error<U::Error>> {
        if on {
            self.enable(WifiMode::Station).await?;
        }
        self.write(&SetWps(on));
        self.run(Expect::Final).await
    }

    /// Switches the station or the soft access point on, next to the other.
    async fn enable(&mut self, wanted: WifiMode) -> Result<(), Error<U::Error>> {
        let store = self.volatile();
        let now = self.send(&QueryMode(store)).await?;
        if now == wanted || now == WifiMode::StationAndSoftAp {
            return Ok(());
        }
        let mode = if now == WifiMode::Off {
            wanted
        } else {
            WifiMode::StationAndSoftAp
        };
        self.write(&SetMode { mode, store });
        self.run(Expect::Final).await
    }

    async fn enable_only(&mut self, mode: WifiMode) -> Result<(), Error<U::Error>> {
        let store = self.volatile();
        if self.send(&QueryMode(store)).await? == mode {
            return Ok(());
        }
        self.write(&SetMode { mode, store });
        self.run(Expect::Final).await
    }
}
