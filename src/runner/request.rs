//! What a handle asks the runner for, copied out of the caller's memory, and what comes back.

use crate::{
    address::MacAddress,
    asynch::{Esp8266Mqtt, Uart},
    config::{AliyunDevice, ConnectionConfig, JoinOptions, UserConfig, Will},
    error::{Argument, ArgumentError, Error, Reason},
    secret::Secret,
    types::{ConnectionState, Firmware, QoS, Reconnect, Scheme, Store},
};
use core::str::from_utf8;
use embedded_hal_async::delay::DelayNs;
use embedded_io::ErrorKind;
use heapless::Vec;

/// The most texts that one request has.
const PARTS: usize = 4;

/// A method of the driver with those of its arguments that have a fixed size. The texts are parts of the request.
#[derive(Clone, Copy)]
pub(super) enum Operation {
    Init,
    Restart,
    /// SSID, password.
    ConnectWifi {
        bssid: Option<MacAddress>,
        store: Option<Store>,
    },
    DisconnectWifi,
    /// Client id, user name, password, path.
    UserConfig(Scheme),
    /// Topic and message of the will.
    ConnectionConfig {
        keep_alive: u16,
        clean_session: bool,
        will: Option<(QoS, bool)>,
    },
    /// Host.
    Connect {
        port: u16,
        reconnect: Reconnect,
    },
    /// Host, product key, device name, device secret.
    ConnectAliyun {
        port: u16,
    },
    WaitConnected {
        timeout_ms: u32,
    },
    ConnectionState,
    Disconnect,
    /// Topic.
    Subscribe(QoS),
    /// Topic.
    Unsubscribe,
    /// Topic, payload.
    Publish {
        qos: QoS,
        retain: bool,
    },
}

/// What a request gives.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    Done,
    Firmware(Firmware),
    State(ConnectionState),
}

impl Answer {
    pub fn firmware(self) -> Option<Firmware> {
        match self {
            Self::Firmware(firmware) => Some(firmware),
            _ => None,
        }
    }

    pub fn state(self) -> Option<ConnectionState> {
        match self {
            Self::State(state) => Some(state),
            _ => None,
        }
    }
}

pub(super) type Outcome = Result<Answer, Error<ErrorKind>>;

/// A text of a request and what it is called when it is too long.
pub(super) type Part<'a> = (Argument, &'a [u8]);

/// Nothing but the names of what has no room.
pub(super) fn check(parts: &[Part<'_>], limit: usize) -> Result<(), ArgumentError> {
    let mut room = limit;
    for &(argument, text) in parts {
        let Some(left) = room.checked_sub(text.len()) else {
            let limit = u16::try_from(room).unwrap_or(u16::MAX);
            let reason = Reason::TooLong { limit };
            return Err(ArgumentError { argument, reason });
        };
        room = left;
    }
    Ok(())
}

/// A request with its texts, one behind the other.
///
/// No `Debug`: there are passwords in it.
#[derive(Clone)]
pub(super) struct Request<const N: usize> {
    operation: Operation,
    ends: [usize; PARTS],
    texts: Vec<u8, N>,
}

impl<const N: usize> Request<N> {
    pub const fn new() -> Self {
        Self {
            operation: Operation::Init,
            ends: [0; PARTS],
            texts: Vec::new(),
        }
    }

    /// Becomes the request for `operation`. The texts have passed [`check`].
    pub fn set(&mut self, operation: Operation, parts: &[Part<'_>]) {
        self.operation = operation;
        self.texts.clear();
        for (end, (_, text)) in self.ends.iter_mut().zip(parts) {
            let _ = self.texts.extend_from_slice(text);
            *end = self.texts.len();
        }
    }

    fn bytes(&self, part: usize) -> &[u8] {
        let start = match part.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or_default(),
            None => 0,
        };
        let end = self.ends.get(part).copied().unwrap_or_default();
        self.texts.get(start..end).unwrap_or_default()
    }

    /// A part that was a `str`.
    fn text(&self, part: usize) -> &str {
        from_utf8(self.bytes(part)).unwrap_or_default()
    }

    /// Calls the driver.
    pub async fn perform<U: Uart, D: DelayNs>(
        &self,
        module: &mut Esp8266Mqtt<'_, U, D>,
    ) -> Result<Answer, Error<U::Error>> {
        match self.operation {
            Operation::Init => return module.init().await.map(Answer::Firmware),
            Operation::Restart => return module.restart().await.map(Answer::Firmware),
            Operation::ConnectWifi { bssid, store } => {
                let options = JoinOptions {
                    ssid: self.text(0),
                    password: Secret::new(self.text(1)),
                    bssid,
                    store,
                };
                module.connect_wifi_with(&options).await?;
            }
            Operation::DisconnectWifi => module.disconnect_wifi().await?,
            Operation::UserConfig(scheme) => {
                let config = UserConfig {
                    scheme,
                    client_id: self.text(0),
                    username: self.text(1),
                    password: Secret::new(self.text(2)),
                    path: self.text(3),
                };
                module.usercfg(&config).await?;
            }
            Operation::ConnectionConfig {
                keep_alive,
                clean_session,
                will,
            } => {
                let config = ConnectionConfig {
                    keep_alive,
                    clean_session,
                    will: will.map(|(qos, retain)| Will {
                        topic: self.text(0),
                        message: self.text(1),
                        qos,
                        retain,
                    }),
                };
                module.conncfg(&config).await?;
            }
            Operation::Connect { port, reconnect } => {
                module.connect(self.text(0), port, reconnect).await?;
            }
            Operation::ConnectAliyun { port } => {
                let device = AliyunDevice::new(self.text(1), self.text(2), self.text(3));
                module.connect_aliyun(self.text(0), port, &device).await?;
            }
            Operation::WaitConnected { timeout_ms } => {
                return module.wait_connected(timeout_ms).await.map(Answer::State);
            }
            Operation::ConnectionState => {
                return module.connection_state().await.map(Answer::State);
            }
            Operation::Disconnect => module.disconnect().await?,
            Operation::Subscribe(qos) => module.subscribe(self.text(0), qos).await?,
            Operation::Unsubscribe => module.unsubscribe(self.text(0)).await?,
            Operation::Publish { qos, retain } => {
                let (topic, payload) = (self.text(0), self.bytes(1));
                if retain {
                    module.publish_retained(topic, payload, qos).await?;
                } else {
                    module.publish(topic, payload, qos).await?;
                }
            }
        }
        Ok(Answer::Done)
    }
}

/// The error without the UART's own type, so that the handles need not know it.
pub(super) fn by_kind<E: embedded_io::Error>(error: Error<E>) -> Error<ErrorKind> {
    match error {
        Error::Uart(error) => Error::Uart(error.kind()),
        Error::Argument(error) => Error::Argument(error),
        Error::Timeout { command } => Error::Timeout { command },
        Error::Busy => Error::Busy,
        Error::Rejected(code) => Error::Rejected(code),
        Error::Join(error) => Error::Join(error),
        Error::PublishFailed => Error::PublishFailed,
        Error::ModuleReset => Error::ModuleReset,
        Error::UnexpectedResponse { command } => Error::UnexpectedResponse { command },
        Error::ResponseTooLong { command } => Error::ResponseTooLong { command },
        Error::WriteStalled => Error::WriteStalled,
        Error::OutOfStep => Error::OutOfStep,
        #[cfg(feature = "sockets")]
        Error::Socket(error) => Error::Socket(error),
        Error::Pin => Error::Pin,
        Error::Stopped => Error::Stopped,
    }
}
