//! What a handle can ask for.

use super::{
    Handle,
    request::{Answer, Operation},
};
use crate::{
    config::{AliyunDevice, ConnectionConfig, JoinOptions, UserConfig},
    error::{Argument, Error},
    types::{ConnectionState, Firmware, QoS, Reconnect},
};
use embassy_sync::blocking_mutex::raw::RawMutex;
use embedded_io::ErrorKind;

impl<
    M: RawMutex,
    const MESSAGE: usize,
    const EVENTS: usize,
    const LISTENERS: usize,
    const REQUEST: usize,
    const QUEUE: usize,
> Handle<'_, M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>
{
    /// Publishes text or bytes, not retained.
    ///
    /// # Errors
    /// [`Error::PublishFailed`], [`Error::Rejected`] without a connection or for too long a payload, and others.
    pub async fn publish(
        &self,
        topic: &str,
        payload: impl AsRef<[u8]>,
        qos: QoS,
    ) -> Result<(), Error<ErrorKind>> {
        self.publish_bytes(topic, payload.as_ref(), qos, false)
            .await
    }

    /// As [`publish`](Self::publish), and the broker keeps the message for later subscribers.
    ///
    /// # Errors
    /// As `publish`.
    pub async fn publish_retained(
        &self,
        topic: &str,
        payload: impl AsRef<[u8]>,
        qos: QoS,
    ) -> Result<(), Error<ErrorKind>> {
        self.publish_bytes(topic, payload.as_ref(), qos, true).await
    }

    /// Publishes a value as JSON, not retained; `buffer` has room for its text.
    ///
    /// # Errors
    /// As `publish`, and [`Error::Argument`] if `buffer` is too short or the type cannot be written as JSON.
    #[cfg(feature = "json")]
    pub async fn publish_json<T: serde::Serialize>(
        &self,
        topic: &str,
        value: &T,
        qos: QoS,
        buffer: &mut [u8],
    ) -> Result<(), Error<ErrorKind>> {
        let payload = crate::json::write(value, buffer)?;
        self.publish(topic, payload, qos).await
    }

    async fn publish_bytes(
        &self,
        topic: &str,
        payload: &[u8],
        qos: QoS,
        retain: bool,
    ) -> Result<(), Error<ErrorKind>> {
        let texts = [
            (Argument::Topic, topic.as_bytes()),
            (Argument::Payload, payload),
        ];
        self.done(Operation::Publish { qos, retain }, &texts).await
    }

    /// Subscribes to a topic filter. Messages go to all [listeners](Self::listen).
    ///
    /// # Errors
    /// [`Error::Rejected`] without a connection or beyond the tenth topic, and others.
    pub async fn subscribe(&self, topic: &str, qos: QoS) -> Result<(), Error<ErrorKind>> {
        let texts = [(Argument::Topic, topic.as_bytes())];
        self.done(Operation::Subscribe(qos), &texts).await
    }

    /// Unsubscribes, for all listeners.
    ///
    /// # Errors
    /// [`Error::Rejected`] without a connection, and others.
    pub async fn unsubscribe(&self, topic: &str) -> Result<(), Error<ErrorKind>> {
        let texts = [(Argument::Topic, topic.as_bytes())];
        self.done(Operation::Unsubscribe, &texts).await
    }

    /// Gets in step with the module.
    ///
    /// # Errors
    /// [`Error::Timeout`] if the module is silent, and others.
    pub async fn init(&self) -> Result<Firmware, Error<ErrorKind>> {
        self.ask(Operation::Init, Answer::firmware).await
    }

    /// Restarts the module.
    ///
    /// # Errors
    /// [`Error::Timeout`] if the module is silent, and others.
    pub async fn restart(&self) -> Result<Firmware, Error<ErrorKind>> {
        self.ask(Operation::Restart, Answer::firmware).await
    }

    /// Joins an access point and waits for an address.
    ///
    /// # Errors
    /// [`Error::Join`] with the module's reason, and others.
    pub async fn connect_wifi(&self, ssid: &str, password: &str) -> Result<(), Error<ErrorKind>> {
        self.connect_wifi_with(&JoinOptions::new(ssid, password))
            .await
    }

    /// As [`connect_wifi`](Self::connect_wifi), with all options.
    ///
    /// # Errors
    /// As `connect_wifi`.
    pub async fn connect_wifi_with(
        &self,
        options: &JoinOptions<'_>,
    ) -> Result<(), Error<ErrorKind>> {
        let operation = Operation::ConnectWifi {
            bssid: options.bssid,
            store: options.store,
        };
        let texts = [
            (Argument::Ssid, options.ssid.as_bytes()),
            (Argument::WifiPassword, options.password.reveal().as_bytes()),
        ];
        self.done(operation, &texts).await
    }

    /// Leaves the access point.
    ///
    /// # Errors
    /// [`Error::Rejected`] and others.
    pub async fn disconnect_wifi(&self) -> Result<(), Error<ErrorKind>> {
        self.done(Operation::DisconnectWifi, &[]).await
    }

    /// Sets who connects.
    ///
    /// # Errors
    /// [`Error::Argument`] for a string over its limit, and others.
    pub async fn usercfg(&self, config: &UserConfig<'_>) -> Result<(), Error<ErrorKind>> {
        let texts = [
            (Argument::ClientId, config.client_id.as_bytes()),
            (Argument::Username, config.username.as_bytes()),
            (Argument::MqttPassword, config.password.reveal().as_bytes()),
            (Argument::Path, config.path.as_bytes()),
        ];
        self.done(Operation::UserConfig(config.scheme), &texts)
            .await
    }

    /// Sets keep-alive, session and will.
    ///
    /// # Errors
    /// [`Error::Argument`] for a value out of range, and others.
    pub async fn conncfg(&self, config: &ConnectionConfig<'_>) -> Result<(), Error<ErrorKind>> {
        let operation = Operation::ConnectionConfig {
            keep_alive: config.keep_alive,
            clean_session: config.clean_session,
            will: config.will.map(|will| (will.qos, will.retain)),
        };
        let (topic, message) = config
            .will
            .map_or(("", ""), |will| (will.topic, will.message));
        let texts = [
            (Argument::WillTopic, topic.as_bytes()),
            (Argument::WillMessage, message.as_bytes()),
        ];
        self.done(operation, &texts).await
    }

    /// Connects to a broker.
    ///
    /// # Errors
    /// [`Error::Rejected`] if the broker cannot be reached or refuses the login, and others.
    pub async fn connect(
        &self,
        host: &str,
        port: u16,
        reconnect: Reconnect,
    ) -> Result<(), Error<ErrorKind>> {
        let texts = [(Argument::Host, host.as_bytes())];
        self.done(Operation::Connect { port, reconnect }, &texts)
            .await
    }

    /// Connects to Alibaba Cloud's IoT platform; vendor firmware only.
    ///
    /// # Errors
    /// [`Error::Rejected`] from any other firmware, and others.
    pub async fn connect_aliyun(
        &self,
        host: &str,
        port: u16,
        device: &AliyunDevice<'_>,
    ) -> Result<(), Error<ErrorKind>> {
        let secret = device.device_secret.reveal();
        let texts = [
            (Argument::Host, host.as_bytes()),
            (Argument::ProductKey, device.product_key.as_bytes()),
            (Argument::DeviceName, device.device_name.as_bytes()),
            (Argument::DeviceSecret, secret.as_bytes()),
        ];
        self.done(Operation::ConnectAliyun { port }, &texts).await
    }

    /// Waits up to `timeout_ms` milliseconds for the broker. All other requests wait as well.
    ///
    /// # Errors
    /// As [`connection_state`](Self::connection_state).
    pub async fn wait_connected(
        &self,
        timeout_ms: u32,
    ) -> Result<ConnectionState, Error<ErrorKind>> {
        let operation = Operation::WaitConnected { timeout_ms };
        self.ask(operation, Answer::state).await
    }

    /// Asks for the state of the connection.
    ///
    /// # Errors
    /// [`Error::UnexpectedResponse`] if the answer cannot be read, and others.
    pub async fn connection_state(&self) -> Result<ConnectionState, Error<ErrorKind>> {
        self.ask(Operation::ConnectionState, Answer::state).await
    }

    /// Closes the connection and forgets its configuration.
    ///
    /// # Errors
    /// [`Error::Timeout`] and others.
    pub async fn disconnect(&self) -> Result<(), Error<ErrorKind>> {
        self.done(Operation::Disconnect, &[]).await
    }
}
