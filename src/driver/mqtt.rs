//! MQTT: configure, connect, publish, subscribe.

use super::{DelayNs, Esp8266Mqtt, Uart, face};
use crate::{
    command::mqtt::{
        self, Clean, Connect, ConnectAliyun, Publish, PublishRaw, QueryConnection,
        QuerySubscriptions, Subscribe, Unsubscribe,
    },
    config::{AliyunDevice, ConnectionConfig, UserConfig},
    engine::Expect,
    error::{Argument, Error},
    event::MqttLink,
    types::{ConnectionState, Dialect, QoS, Reconnect},
};

/// How long a raw publish may take once all its bytes are sent.
pub(super) const PUBLISH_MS: u32 = 20_000;
/// Between two questions whether the broker has accepted.
const CONNECTION_PAUSE_MS: u32 = 500;

#[face]
impl<U: Uart, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Sets who connects: `AT+MQTTUSERCFG`. Call it before [`connect`](Self::connect), after every restart of the
    /// module.
    ///
    /// ESP-AT refuses it while a client exists; the driver then closes that one (`AT+MQTTCLEAN`) and tries again.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart, UserConfig};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// module.usercfg(&UserConfig::new("client-id").credentials("user", "password"))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Argument`] for a string over its limit, or for [`Argument::CommandLine`] when all of them together are
    /// too long. [`Error::Rejected`] also from firmware that has no MQTT commands.
    pub async fn usercfg(&mut self, config: &UserConfig<'_>) -> Result<(), Error<U::Error>> {
        let mut is_clean = false;
        loop {
            self.write(config);
            match self.run(Expect::Final).await {
                Err(Error::Rejected(_)) if !is_clean => self.disconnect().await?,
                done => return done,
            }
            is_clean = true;
        }
    }

    /// Sets keep-alive, session and will: `AT+MQTTCONNCFG`, between [`usercfg`](Self::usercfg) and
    /// [`connect`](Self::connect).
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{ConnectionConfig, Error, Esp8266Mqtt, Uart, Will};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let config = ConnectionConfig::new().keep_alive(60).will(Will::new("sensor/state", "gone").retained());
    /// module.conncfg(&config)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Argument`] for a keep-alive out of range or a will over its limits; [`Error::Rejected`] without
    /// `usercfg`.
    pub async fn conncfg(&mut self, config: &ConnectionConfig<'_>) -> Result<(), Error<U::Error>> {
        self.write(config);
        self.run(Expect::Final).await
    }

    /// Connects to a broker: `AT+MQTTCONN`.
    ///
    /// `host` is a name or an address of 1 to 128 bytes, `port` 1 to 65535, usually 1883. On ESP-AT the broker has
    /// accepted when this returns, after up to 30 s; vendor firmware answers when it has taken the request, so ask
    /// [`connection_state`](Self::connection_state).
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Reconnect, Uart, UserConfig};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// module.connect_wifi("my-network", "my-password")?;
    /// module.usercfg(&UserConfig::new("client-id"))?;
    /// module.connect("broker.example", 1883, Reconnect::Off)?;
    /// // At once on ESP-AT.
    /// if !module.wait_connected(10_000)?.may_be_connected() {
    ///     return Err(Error::Rejected(None));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Rejected`] if the broker cannot be reached or refuses the login, or if there is a connection already; on
    /// ESP-AT also after one was lost, until [`usercfg`](Self::usercfg) is sent again.
    /// [`Error::Timeout`] after 30 s.
    pub async fn connect(
        &mut self,
        host: &str,
        port: u16,
        reconnect: Reconnect,
    ) -> Result<(), Error<U::Error>> {
        self.write(&Connect {
            host,
            port,
            reconnect,
        });
        self.run(Expect::Final).await?;
        self.connect_answered();
        Ok(())
    }

    /// Connects to Alibaba Cloud's IoT platform: `AT+ALIYUN_MQTTCONN`, vendor firmware only.
    ///
    /// Feature `aliyun` has `connect_aliyun_signed` for all other firmware.
    ///
    /// The module computes client id, user name and signature from `device`. As with [`connect`](Self::connect) on this
    /// firmware, `Ok` means that the request was taken.
    ///
    /// `host` and the three texts of `device` have 1 to 128 bytes each, and all of them share one command of 255 bytes.
    /// `port` is 1 to 65535, usually 1883.
    ///
    /// [`keep`](Self::keep) does not use this command. What keeps such a connection is the login of
    /// `AliyunDevice::login` (feature `aliyun`) as the user of [`Wishes`](crate::Wishes), on any firmware.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{AliyunDevice, Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let device = AliyunDevice::new("product-key", "device-name", "device-secret");
    /// module.connect_aliyun("product-key.iot-as-mqtt.cn-shanghai.aliyuncs.com", 1883, &device)?;
    /// if !module.wait_connected(10_000)?.may_be_connected() {
    ///     return Err(Error::Rejected(None));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Rejected`] from any other firmware; [`Error::Argument`] for an empty or too long argument.
    pub async fn connect_aliyun(
        &mut self,
        host: &str,
        port: u16,
        device: &AliyunDevice<'_>,
    ) -> Result<(), Error<U::Error>> {
        self.write(&ConnectAliyun {
            host,
            port,
            product_key: device.product_key,
            device_name: device.device_name,
            device_secret: device.device_secret,
        });
        self.run(Expect::Final).await?;
        self.connect_answered();
        Ok(())
    }

    /// Connects to Alibaba Cloud's IoT platform with a login computed on the host: [`usercfg`](Self::usercfg) and
    /// [`connect`](Self::connect), on any firmware.
    ///
    /// The client id is the `DeviceName`, signed with HMAC-SHA256, without a timestamp. For another choice, and for
    /// [`keep`](Self::keep), see [`AliyunDevice::login`].
    ///
    /// `DeviceName` and `ProductKey` have 1 byte or more and together up to 63; `host` and `port` are those of `connect`.
    ///
    /// # Errors
    /// [`Error::Argument`] for an empty or too long argument; otherwise as `usercfg` and `connect`.
    #[cfg(feature = "aliyun")]
    pub async fn connect_aliyun_signed(
        &mut self,
        host: &str,
        port: u16,
        device: &AliyunDevice<'_>,
        reconnect: Reconnect,
    ) -> Result<(), Error<U::Error>> {
        let login = device
            .login(device.device_name, crate::AliyunSignature::default(), None)
            .map_err(Error::Argument)?;
        self.usercfg(&login.user_config()).await?;
        self.connect(host, port, reconnect).await
    }

    fn connect_answered(&mut self) {
        if self.engine.link.mqtt != MqttLink::Up {
            self.engine.link.mqtt = if self.dialect() == Dialect::EspAt {
                MqttLink::Up
            } else {
                MqttLink::Requested
            };
        }
    }

    /// Asks for the state of the connection: `AT+MQTTCONN?`.
    ///
    /// Vendor firmware may not know the command; the state is then what the driver has seen, with
    /// [`ConnectionState::Accepted`] for "the module has taken the request".
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let is_connected = module.connection_state()?.is_connected();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnexpectedResponse`] if the answer cannot be read; [`Error::Timeout`] after 1 s.
    pub async fn connection_state(&mut self) -> Result<ConnectionState, Error<U::Error>> {
        self.write(&QueryConnection);
        match self.run(Expect::Final).await {
            Ok(()) => {}
            Err(Error::Rejected(_)) if self.dialect() != Dialect::EspAt => {
                return Ok(match self.engine.link.mqtt {
                    MqttLink::Down => ConnectionState::Disconnected,
                    MqttLink::Requested => ConnectionState::Accepted,
                    MqttLink::Up => ConnectionState::Connected,
                });
            }
            Err(error) => return Err(error),
        }
        mqtt::connection_state(self.engine.answer()).ok_or(self.unexpected())
    }

    /// Waits up to `timeout_ms` milliseconds for the broker: after [`connect`](Self::connect) on vendor firmware, or
    /// while the module connects again by itself.
    ///
    /// Asks as [`connection_state`](Self::connection_state) does, twice a second, and returns the last state: a connected
    /// one, or what it still was when the time was over. [`ConnectionState::Accepted`] comes back at once: firmware
    /// that answers so does not tell more.
    ///
    /// The half seconds between the questions count, not the questions: each may take up to 1 s on top, so that a module
    /// that is slow to answer can make it three times as long, and a busy one longer ([`Error::Busy`]).
    ///
    /// # Errors
    /// As `connection_state`.
    pub async fn wait_connected(
        &mut self,
        timeout_ms: u32,
    ) -> Result<ConnectionState, Error<U::Error>> {
        let mut left = timeout_ms;
        loop {
            let state = self.connection_state().await?;
            if left == 0 || state.may_be_connected() {
                return Ok(state);
            }
            let pause = left.min(CONNECTION_PAUSE_MS);
            left -= pause;
            self.pause(pause).await?;
        }
    }

    /// Subscribes to a topic filter of 1 to 128 bytes (64 on vendor firmware): `AT+MQTTSUB`.
    ///
    /// The module keeps 10. Subscribing again to the same topic is allowed.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, QoS, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// module.subscribe("sensor/+/set", QoS::AtLeastOnce)?;
    /// module.unsubscribe("sensor/+/set")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Rejected`] without a connection or beyond the tenth topic; [`Error::Timeout`] after 20 s.
    pub async fn subscribe(&mut self, topic: &str, qos: QoS) -> Result<(), Error<U::Error>> {
        self.write(&Subscribe { topic, qos });
        self.run(Expect::Final).await
    }

    /// Unsubscribes: `AT+MQTTUNSUB`. A topic that was not subscribed is no error.
    ///
    /// # Errors
    /// [`Error::Rejected`] without a connection; [`Error::Timeout`] after 20 s.
    pub async fn unsubscribe(&mut self, topic: &str) -> Result<(), Error<U::Error>> {
        self.write(&Unsubscribe(topic));
        self.run(Expect::Final).await
    }

    /// Asks what is subscribed, `AT+MQTTSUB?`, and calls `each` with every topic filter and its quality of service.
    ///
    /// The answer is read line by line, so that any number fits into a small transmit buffer.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let mut count = 0;
    /// module.subscriptions(|_filter, _qos| count += 1)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnexpectedResponse`] if a line cannot be read, [`Error::ResponseTooLong`] if one does not fit the transmit
    /// buffer (the others are delivered); [`Error::Rejected`] where the firmware does not know the command;
    /// [`Error::Timeout`] after 1 s without a line, up to twice that among noise.
    pub async fn subscriptions(
        &mut self,
        mut each: impl FnMut(&str, QoS),
    ) -> Result<(), Error<U::Error>> {
        self.write(&QuerySubscriptions);
        self.list(&mut |line| {
            let mut read = Some(());
            for subscription in mqtt::subscriptions(line) {
                match subscription {
                    Some((topic, qos)) if !topic.is_empty() => each(topic, qos),
                    Some(_) => {}
                    None => read = None,
                }
            }
            read
        })
        .await
    }

    /// Publishes text or bytes, not retained.
    ///
    /// `topic` has 1 to 128 bytes (64 on vendor firmware). A payload that a quoted string can carry and that fits into
    /// one command with the topic goes out with `AT+MQTTPUB`; any other, of up to 65,535 bytes, with `AT+MQTTPUBRAW`. How
    /// much the module takes is up to its memory; an ESP8266 with ESP-AT takes 512 bytes including the topic.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, QoS, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// module.publish("sensor/1", "21.5", QoS::AtMostOnce)?;
    /// module.publish("sensor/1/raw", [0x00, 0xff, 0x0d, 0x0a], QoS::AtLeastOnce)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Argument`] before anything is sent; [`Error::Rejected`] without a connection, for too long a payload, and
    /// from ESP-AT for an empty one;
    /// [`Error::PublishFailed`] if the broker is gone; [`Error::Timeout`] after 20 s.
    ///
    /// If the UART fails in the middle of a raw payload, the next call first sends the missing bytes as zeros,
    /// because the module would take a command as payload.
    pub async fn publish(
        &mut self,
        topic: &str,
        payload: impl AsRef<[u8]>,
        qos: QoS,
    ) -> Result<(), Error<U::Error>> {
        let done = self
            .publish_bytes(topic, payload.as_ref(), qos, false)
            .await;
        // That may be all that shows a lost connection.
        self.engine.publish_failed = done.is_err();
        done
    }

    /// As [`publish`](Self::publish), and the broker keeps the message for later subscribers.
    ///
    /// An empty payload would remove it, but ESP-AT refuses to publish one.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, QoS, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// module.publish_retained("sensor/state", "here", QoS::AtLeastOnce)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As `publish`.
    pub async fn publish_retained(
        &mut self,
        topic: &str,
        payload: impl AsRef<[u8]>,
        qos: QoS,
    ) -> Result<(), Error<U::Error>> {
        let done = self.publish_bytes(topic, payload.as_ref(), qos, true).await;
        // That may be all that shows a lost connection.
        self.engine.publish_failed = done.is_err();
        done
    }

    /// Publishes a value as JSON, not retained; `buffer` has room for its text.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, QoS, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// #[derive(serde::Serialize)]
    /// struct Reading {
    ///     celsius: f32,
    /// }
    ///
    /// let mut text = [0; 64];
    /// module.publish_json("sensor/1", &Reading { celsius: 21.5 }, QoS::AtMostOnce, &mut text)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Argument`] if `buffer` is too short or the type cannot be written as JSON; otherwise as
    /// [`publish`](Self::publish).
    #[cfg(feature = "json")]
    pub async fn publish_json<T: serde::Serialize>(
        &mut self,
        topic: &str,
        value: &T,
        qos: QoS,
        buffer: &mut [u8],
    ) -> Result<(), Error<U::Error>> {
        let payload = crate::json::write(value, buffer).map_err(Error::Argument)?;
        self.publish(topic, payload, qos).await
    }

    pub(super) async fn publish_bytes(
        &mut self,
        topic: &str,
        payload: &[u8],
        qos: QoS,
        retain: bool,
    ) -> Result<(), Error<U::Error>> {
        self.write(&Publish {
            topic,
            payload,
            qos,
            retain,
        });
        match self.run(Expect::Done).await {
            Err(Error::Argument(error))
                if matches!(error.argument, Argument::Payload | Argument::CommandLine)
                    && !payload.is_empty() => {}
            done => return done,
        }
        // Longer ones are refused like one of the length 0, which `PublishRaw` does not allow.
        let length = u16::try_from(payload.len()).unwrap_or(0);
        self.write(&PublishRaw {
            topic,
            length,
            qos,
            retain,
        });
        self.engine.announce(length);
        self.run(Expect::Prompt).await?;
        self.go_on(payload, PUBLISH_MS).await
    }

    /// Closes the connection and forgets its configuration: `AT+MQTTCLEAN`. No error if there was none.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// module.disconnect()?;
    /// module.disconnect_wifi()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Timeout`] after 10 s.
    pub async fn disconnect(&mut self) -> Result<(), Error<U::Error>> {
        self.write(&Clean);
        match self.run(Expect::Final).await {
            Ok(()) | Err(Error::Rejected(_)) => {
                self.engine.link.mqtt = MqttLink::Down;
                Ok(())
            }
            done => done,
        }
    }
}
