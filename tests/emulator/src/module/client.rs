//! The module's MQTT client: what is configured and how the link stands.

use core::time::Duration;
use std::collections::VecDeque;

use super::{Job, Module};
use crate::broker::{ConnectRequest, Message, Token};
use crate::command::code;
use crate::settings::Firmware;

/// Parameters of `AT+MQTTUSERCFG`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserConfig {
    /// 1 TCP … 10 WebSocket Secure with both certificates.
    pub scheme: u8,
    /// Client identifier.
    pub client_id: String,
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
    /// Resource path of WebSocket.
    pub path: String,
}

/// Parameters of `AT+MQTTCONNCFG`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionConfig {
    /// Keepalive, seconds.
    pub keepalive: u16,
    /// Whether the session starts clean.
    pub clean_session: bool,
    /// Last will.
    pub will: Option<Message>,
}

/// The state number that the module prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    #[default]
    Uninitialised = 0,
    UserConfigured = 1,
    ConnectionConfigured = 2,
    Disconnected = 3,
    Connected = 4,
    NothingSubscribed = 5,
    Subscribed = 6,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Link {
    #[default]
    Down,
    Connecting,
    Up,
}

/// Where `AT+MQTTCONN` leads to.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub host: String,
    pub port: u16,
    pub reconnect: bool,
    pub user: UserConfig,
    pub connection: Option<ConnectionConfig>,
}

/// What the command under way waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Connect,
    Publish,
    PublishRaw,
    Subscribe(String, u8),
    Unsubscribe(String),
}

/// A request that the vendor's firmware has accepted and not sent.
pub(crate) enum Queued {
    Publish(Message),
    Subscribe(String, u8),
    Unsubscribe(String),
}

/// What the timer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    Connect,
    GiveUp,
}

#[derive(Default)]
pub(crate) struct Client {
    pub state: State,
    pub link: Link,
    pub user: Option<UserConfig>,
    pub connection: Option<ConnectionConfig>,
    pub target: Option<Target>,
    pub subscriptions: Vec<(String, u8)>,
    /// `AT+MQTTALPN`.
    pub alpn: Vec<String>,
    /// `AT+MQTTSNI`.
    pub server_name: Option<String>,
    pub due: Option<Duration>,
    pub(super) wake: Option<Wake>,
    pub(super) held_disconnect: bool,
    pub(super) was_up: bool,
    pub(super) awaited: Token,
    pub(super) last_token: Token,
    pub(super) queue: VecDeque<Queued>,
}

impl Client {
    pub(super) fn wake_at(&mut self, at: Duration, wake: Wake) {
        self.due = Some(at);
        self.wake = Some(wake);
    }

    pub(super) fn new_token(&mut self) -> Token {
        self.last_token += 1;
        self.last_token
    }

    pub fn add_subscription(&mut self, topic: &str, qos: u8) {
        self.subscriptions.retain(|(known, _)| known != topic);
        self.subscriptions.push((topic.into(), qos));
    }

    /// Forgets a topic and says whether it was known.
    pub fn remove_subscription(&mut self, topic: &str) -> bool {
        let before = self.subscriptions.len();
        self.subscriptions.retain(|(known, _)| known != topic);
        self.subscriptions.len() < before
    }
}

impl Target {
    pub(super) fn request(&self) -> ConnectRequest {
        let connection = self.connection.clone().unwrap_or(ConnectionConfig {
            keepalive: 120,
            clean_session: true,
            will: None,
        });
        ConnectRequest {
            host: self.host.clone(),
            port: self.port,
            client_id: self.user.client_id.clone(),
            username: self.user.username.clone(),
            password: self.user.password.clone(),
            keepalive: connection.keepalive,
            clean_session: connection.clean_session,
            will: connection.will,
        }
    }
}

impl Module {
    /// The MQTT state number, 0..=6, that `AT+MQTTCONN?` prints.
    #[must_use]
    pub fn mqtt_state(&self) -> u8 {
        self.client.state as u8
    }

    /// Whether the broker has let the module in.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.client.link == Link::Up
    }

    /// Topic filters and QoS that the module remembers.
    #[must_use]
    pub fn subscriptions(&self) -> &[(String, u8)] {
        &self.client.subscriptions
    }

    /// What `AT+MQTTUSERCFG` and its kin have set.
    #[must_use]
    pub fn user_config(&self) -> Option<&UserConfig> {
        self.client.user.as_ref()
    }

    /// Protocols of `AT+MQTTALPN`.
    #[must_use]
    pub fn alpn(&self) -> &[String] {
        &self.client.alpn
    }

    /// Name of `AT+MQTTSNI`.
    #[must_use]
    pub fn server_name(&self) -> Option<&str> {
        self.client.server_name.as_deref()
    }

    /// What `AT+MQTTCONNCFG` has set.
    #[must_use]
    pub fn connection_config(&self) -> Option<&ConnectionConfig> {
        self.client.connection.as_ref()
    }

    /// Takes on a connection. The vendor's firmware only accepts it; ESP-AT answers when the broker has.
    pub(crate) fn start_connection(&mut self, target: Target) {
        self.client.target = Some(target);
        self.client.link = Link::Connecting;
        self.client.was_up = false;
        let at = self.now + self.settings.latency.mqtt_connect;
        if self.is_esp_at() {
            self.keep_busy(Job::Mqtt(Operation::Connect));
        } else {
            self.client.state = State::Disconnected;
            let accept = self.settings.latency.mqtt_accept;
            self.finish_after(accept);
        }
        self.client.wake_at(at, Wake::Connect);
        self.client_due_if_late();
    }

    fn client_due_if_late(&mut self) {
        if self.client.due.is_some_and(|due| due <= self.now) {
            self.client_due();
        }
    }

    pub(super) fn client_due(&mut self) {
        self.client.due = None;
        match self.client.wake.take() {
            Some(Wake::Connect) if self.station.has_ip() => {
                let Some(target) = &self.client.target else {
                    return;
                };
                let request = target.request();
                self.client.link = Link::Connecting;
                self.broker.connect(self.now, &request);
            }
            Some(Wake::Connect | Wake::GiveUp) => self.connection_failed(),
            None => {}
        }
    }

    /// One attempt has failed.
    pub(super) fn connection_failed(&mut self) {
        self.client.link = Link::Down;
        self.broker.cut(self.now);
        if self.firmware() == Firmware::Vendor {
            return self.retry_later();
        }
        self.announce_disconnect();
        if self.awaited() == Some(&Operation::Connect) {
            self.client.target = None;
            self.client.state = State::ConnectionConfigured;
            self.finish_with_error(code::mqtt(0x600b));
        } else {
            self.retry_later();
        }
    }

    /// The vendor's first connection is tried for as long as it takes, since `OK` came before Wi-Fi.
    pub(super) fn retry_later(&mut self) {
        let again = match &self.client.target {
            Some(target) => target.reconnect || !self.client.was_up,
            None => false,
        };
        if again {
            let at = self.now + self.settings.latency.mqtt_retry;
            self.client.wake_at(at, Wake::Connect);
        }
    }

    pub(super) fn announce_disconnect(&mut self) {
        if !self.settings.connection_urcs {
            return;
        }
        if self.is_typing_payload() && self.is_esp_at() {
            self.client.held_disconnect = true;
        } else {
            self.print_line("+MQTTDISCONNECTED:0");
        }
    }
}
