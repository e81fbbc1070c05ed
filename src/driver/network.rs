//! Addresses, names and the time.

use super::{DelayNs, Esp8266Mqtt, Uart, face};
use crate::{
    address::MacAddress,
    command::{
        tcpip::{DateTime, EnableSntp, Ping, QueryTime, Resolve, TimeZone},
        wifi::{IpInfo, QueryStationIp, QueryStationMac, SetHostname, SetStationIp, StaticIp},
    },
    engine::Expect,
    error::Error,
};
use core::net::Ipv4Addr;

#[face]
impl<U: Uart, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Address, gateway and mask of the station: `AT+CIPSTA?` (`AT+CIPSTA_CUR?` on vendor firmware). All zero until it has
    /// joined an access point.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let own = module.ip_info()?.ip;
    /// let serial_number = module.mac()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnexpectedResponse`] if the answer cannot be read; [`Error::Timeout`] after 1 s.
    pub async fn ip_info(&mut self) -> Result<IpInfo, Error<U::Error>> {
        let store = self.volatile();
        self.send(&QueryStationIp(store)).await
    }

    /// MAC address of the station: `AT+CIPSTAMAC?` (`AT+CIPSTAMAC_CUR?` on vendor firmware). A good client id.
    ///
    /// # Errors
    /// As [`ip_info`](Self::ip_info).
    pub async fn mac(&mut self) -> Result<MacAddress, Error<U::Error>> {
        let store = self.volatile();
        self.send(&QueryStationMac(store)).await
    }

    /// Gives the station a fixed address and turns its DHCP off: `AT+CIPSTA` (`AT+CIPSTA_CUR` on vendor firmware, so that
    /// nothing is written to flash).
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, StaticIp, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// use core::net::Ipv4Addr;
    ///
    /// module.set_hostname("my-sensor")?;
    /// module.set_static_ip(StaticIp {
    ///     ip: Ipv4Addr::new(192, 168, 1, 50),
    ///     network: Some((Ipv4Addr::new(192, 168, 1, 1), Ipv4Addr::new(255, 255, 255, 0))),
    /// })?;
    /// module.connect_wifi("my-network", "my-password")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Rejected`] for an address the firmware does not take, or unless the module is a station.
    pub async fn set_static_ip(&mut self, address: StaticIp) -> Result<(), Error<U::Error>> {
        let store = self.volatile();
        self.write(&SetStationIp { address, store });
        self.run(Expect::Final).await
    }

    /// Sets the name by which the station asks for its address, 1 to 32 bytes: `AT+CWHOSTNAME`. Not stored; before joining.
    ///
    /// # Errors
    /// [`Error::Argument`] for an empty or too long name; [`Error::Rejected`] unless the module is a station.
    pub async fn set_hostname(&mut self, name: &str) -> Result<(), Error<U::Error>> {
        self.write(&SetHostname(name));
        self.run(Expect::Final).await
    }

    /// Sends one echo request to a name or an address of 1 to 63 bytes, `AT+PING`, and gives the time of its answer in
    /// milliseconds; `None` if none has come, or the name is not known.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let address = module.resolve("broker.example")?;
    /// let is_there = module.ping("broker.example")?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnexpectedResponse`] if the answer cannot be read; [`Error::Timeout`] after 10 s.
    pub async fn ping(&mut self, host: &str) -> Result<Option<u32>, Error<U::Error>> {
        match self.send(&Ping(host)).await {
            Ok(time) => Ok(Some(time.ms)),
            Err(Error::Rejected(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Asks the DNS server for the address of a name of 1 to 63 bytes: `AT+CIPDOMAIN`.
    ///
    /// # Errors
    /// [`Error::Rejected`] if the name is not known or no server answers; [`Error::Timeout`] after 10 s.
    pub async fn resolve(&mut self, name: &str) -> Result<Ipv4Addr, Error<U::Error>> {
        Ok(self.send(&Resolve(name)).await?.0)
    }

    /// Has the module set its clock from the network: `AT+CIPSNTPCFG=1`. Up to three `servers`; none for the firmware's own.
    /// Not stored.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, TimeZone, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// module.sntp_configure(TimeZone::hours(8).unwrap_or_default(), &["ntp.example"])?;
    /// // Some seconds later:
    /// if let Some(now) = module.sntp_time()? {
    ///     let _is_night = now.hour < 6;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Argument`] for too many servers or an empty or too long one.
    pub async fn sntp_configure(
        &mut self,
        time_zone: TimeZone,
        servers: &[&str],
    ) -> Result<(), Error<U::Error>> {
        self.write(&EnableSntp { time_zone, servers });
        self.run(Expect::Final).await
    }

    /// The module's time in its time zone: `AT+CIPSNTPTIME?`. `None` until the network has told it, some seconds after
    /// [`sntp_configure`](Self::sntp_configure).
    ///
    /// # Errors
    /// [`Error::UnexpectedResponse`] if the answer cannot be read; [`Error::Rejected`] without `sntp_configure`.
    pub async fn sntp_time(&mut self) -> Result<Option<DateTime>, Error<U::Error>> {
        let time = self.send(&QueryTime).await?;
        Ok(Some(time).filter(DateTime::is_set))
    }
}
