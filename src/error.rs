//! What can go wrong, grouped by what the caller can do about it.

use crate::command::CommandInfo;
use core::{fmt, num::NonZeroU32};

/// Why a driver method failed. `E` is the UART's own error.
///
/// Each variant says in which state the driver is left. None of them loses a message that had arrived whole.
/// What to do about them stands, by symptom, in [`guide::troubleshooting`](crate::guide::troubleshooting).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error<E> {
    /// The UART refused to send, or said that it is gone for good.
    ///
    /// A command may be half sent; the next one brings the module back in step before it starts.
    Uart(E),
    /// An argument cannot be sent. Nothing was written; the driver is as before the call.
    Argument(ArgumentError),
    /// No answer within the command's time. Check power, baud rate and that TX and RX are crossed.
    ///
    /// The module may still be at work on the command; the next call waits until it answers again.
    Timeout {
        /// The command.
        command: CommandName,
    },
    /// The module kept answering `busy`. The command was not executed; try again later.
    ///
    /// The driver has tried for about 5 s, or 32 s when it first had to get in step with the module ([`init`], or the call
    /// after a [`Timeout`](Self::Timeout)). That comes on top of the times that the methods name.
    ///
    /// [`init`]: crate::Esp8266Mqtt::init
    Busy,
    /// The module answered `ERROR`. The driver is ready for the next command.
    ///
    /// With `AT+SYSLOG=1` ESP-AT gives the reason as a code. Firmware without MQTT commands answers every one of
    /// them this way.
    Rejected(Option<ErrorCode>),
    /// The access point could not be joined. The driver is ready for the next command.
    Join(JoinError),
    /// The module took the message but could not publish it (`+MQTTPUB:FAIL`): the broker is gone. On ESP-AT `usercfg`
    /// comes before the next `connect`.
    PublishFailed,
    /// The module restarted during the command. It has forgotten its MQTT configuration and its connection.
    ModuleReset,
    /// The module answered `OK`, but the answer does not read as it should. The driver is ready for the next command.
    UnexpectedResponse {
        /// The command.
        command: CommandName,
    },
    /// The answer is longer than the transmit buffer, which also holds answers. Give a larger one.
    ResponseTooLong {
        /// The command.
        command: CommandName,
    },
    /// The UART has taken no byte for two seconds: flow control holds it.
    ///
    /// A command may be half sent; the next one brings the module back in step before it starts.
    WriteStalled,
    /// An earlier command was given up, or has not ended, and a command was [started](crate::Esp8266Mqtt::start), which may
    /// not wait for the module. Go on with the earlier one, or call `init`.
    OutOfStep,
    /// A socket cannot be used. The driver is ready for the next command.
    #[cfg(feature = "sockets")]
    Socket(crate::SocketError),
    /// The pin of `hard_reset` could not be driven.
    Pin,
    /// The [runner](crate::runner) was dropped before this request was done, or its `run` while it was being done.
    ///
    /// The module may have carried the request out.
    #[cfg(feature = "runner")]
    Stopped,
}

impl<E> From<ArgumentError> for Error<E> {
    fn from(error: ArgumentError) -> Self {
        Self::Argument(error)
    }
}

/// What has happened, a colon, and in a few words what to do.
impl<E: fmt::Display> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uart(error) => {
                write!(f, "the UART failed ({error}): check the port and its cable")
            }
            Self::Argument(error) => write!(f, "{error}: correct it, nothing was sent"),
            Self::Timeout { command } => write!(
                f,
                "no answer to {command}: check power, baud rate, and that TX and RX are crossed"
            ),
            Self::Busy => f.write_str("the module stays busy: try again later"),
            Self::Rejected(code) => {
                f.write_str("the module answered ERROR")?;
                if let Some(code) = code {
                    write!(f, " ({code})")?;
                }
                f.write_str(": not connected, not supported, or a value it does not take")
            }
            Self::Join(error) => error.fmt(f),
            Self::PublishFailed => f.write_str(
                "the module could not publish: the broker is gone, configure and connect again",
            ),
            Self::ModuleReset => f.write_str(
                "the module restarted: check its power, then configure and connect again",
            ),
            Self::UnexpectedResponse { command } => {
                write!(
                    f,
                    "the answer to {command} cannot be read: bytes were lost, or other firmware"
                )
            }
            Self::ResponseTooLong { command } => {
                write!(
                    f,
                    "the answer to {command} does not fit the transmit buffer: give a larger one"
                )
            }
            Self::WriteStalled => f.write_str("the UART takes no bytes: check flow control"),
            Self::OutOfStep => f.write_str("a command was given up: call init first"),
            #[cfg(feature = "sockets")]
            Self::Socket(error) => error.fmt(f),
            Self::Pin => f.write_str("the reset pin could not be driven: check its set-up"),
            #[cfg(feature = "runner")]
            Self::Stopped => f.write_str("the runner was stopped: start it again"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for Error<E> {}

/// Names a command in an [`Error`]: `AT+MQTTCONN`.
///
/// As wide as one pointer, which keeps every `Result` of the driver in two registers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CommandName(pub(crate) &'static CommandInfo);

impl CommandName {
    /// The name as the manual has it, with the plus sign and without `AT`: `+MQTTCONN`. Empty for `AT` itself.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        self.0.name
    }
}

impl fmt::Display for CommandName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AT{}", self.as_str())
    }
}

impl fmt::Debug for CommandName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for CommandName {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "AT{=str}", self.as_str());
    }
}

/// An argument that cannot be sent, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ArgumentError {
    /// Which argument.
    pub argument: Argument,
    /// What is wrong with it.
    pub reason: Reason,
}

impl fmt::Display for ArgumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { argument, reason } = self;
        match reason {
            Reason::TooLong { limit } => write!(f, "{argument:?} is longer than {limit} bytes"),
            Reason::TooShort { limit } => write!(f, "{argument:?} is shorter than {limit} bytes"),
            Reason::OutOfRange { min, max } => {
                write!(f, "{argument:?} is not between {min} and {max}")
            }
            Reason::Empty => write!(f, "{argument:?} is empty"),
            Reason::Unsendable => {
                write!(f, "{argument:?} has a character that cannot be sent in it")
            }
            Reason::Invalid => write!(f, "{argument:?} is not a value that the command takes"),
        }
    }
}

impl core::error::Error for ArgumentError {}

/// What is wrong with an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Reason {
    /// Longer than `limit` bytes. For [`Argument::CommandLine`] escapes count too.
    TooLong {
        /// The most that can be sent, in bytes.
        limit: u16,
    },
    /// A number outside of its range.
    OutOfRange {
        /// Smallest value.
        min: u16,
        /// Largest value.
        max: u16,
    },
    /// Shorter than `limit` bytes.
    TooShort {
        /// The least that can be sent, in bytes.
        limit: u16,
    },
    /// Must not be empty.
    Empty,
    /// Has CR, LF or NUL in it, which no quoted string can carry; or `:` in a host name.
    Unsendable,
    /// Not a value of this command: a multicast MAC address for an interface, the same pin twice.
    Invalid,
}

/// Names an argument in an [`ArgumentError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
#[allow(missing_docs)] // the names say it
pub enum Argument {
    /// The command as a whole, with escapes and CR LF; the module takes 255 bytes, less if the transmit buffer is shorter.
    CommandLine,
    /// Port of the module.
    LocalPort,
    /// How many bytes to send, or to fetch.
    Length,
    /// How many links a server takes.
    Connections,
    ServerTimeout,
    SslBuffer,
    /// Name of a time server, or how many there are.
    TimeServer,
    /// How many DNS servers there are.
    DnsServer,
    Ssid,
    WifiPassword,
    ClientId,
    Username,
    MqttPassword,
    Path,
    KeepAlive,
    WillTopic,
    WillMessage,
    Host,
    Port,
    ProductKey,
    DeviceName,
    DeviceSecret,
    Topic,
    Payload,
    Pin,
    RfPower,
    SupplyVoltage,
    Channel,
    ChannelCount,
    MaxStations,
    ScanTime,
    MinimumRssi,
    ReconnectInterval,
    ReconnectCount,
    ListenInterval,
    JoinTimeout,
    LeaseTime,
    MacAddress,
    IpAddress,
    Netmask,
    /// Which interfaces a command is about.
    Interface,
    Hostname,
    Service,
    CountryCode,
    Identity,
    WeChatAccount,
    DeviceType,
    Protocol,
    ProtocolCount,
    ServerName,
    Timeout,
}

/// Why an access point could not be joined, from `+CWJAP:<n>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum JoinError {
    /// 1: no connection in time, often a weak signal.
    TimedOut,
    /// 2: wrong password.
    WrongPassword,
    /// 3: no access point of that name in range.
    NotFound,
    /// 4 or no number: the attempt failed.
    Failed,
    /// A number that the manual does not list.
    Other(u8),
}

impl JoinError {
    pub(crate) const fn from_number(value: u8) -> Self {
        match value {
            1 => Self::TimedOut,
            2 => Self::WrongPassword,
            3 => Self::NotFound,
            4 => Self::Failed,
            other => Self::Other(other),
        }
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TimedOut => "joining the access point timed out: move closer to it",
            Self::WrongPassword => "the access point refused the password: check its spelling",
            Self::NotFound => {
                "no access point of that name is in range: check its spelling, 2.4 GHz only"
            }
            Self::Failed => "the access point could not be joined: check its settings",
            Self::Other(n) => {
                return write!(
                    f,
                    "joining the access point failed with code {n}: check its settings"
                );
            }
        })
    }
}

impl core::error::Error for JoinError {}

/// A reason given by ESP-AT as `ERR CODE:0x…` when `AT+SYSLOG=1` is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ErrorCode(pub NonZeroU32);

impl ErrorCode {
    /// The kind of failure, the second byte: 4..8 parameters, 9 unknown command, 0x0A execution failed, 0x0B busy.
    #[must_use]
    pub const fn kind(self) -> u8 {
        (self.0.get() >> 16) as u8
    }

    /// The module's own code when a command failed in execution, such as 0x6006 "no MQTT link".
    ///
    /// The list is in chapter "MQTT AT Error Codes" of the ESP-AT manual.
    #[must_use]
    pub const fn mqtt_code(self) -> Option<u16> {
        let code = self.0.get() as u16;
        if self.kind() == 0x0A && code >> 8 == 0x60 {
            Some(code)
        } else {
            None
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "code {:#010x}", self.0.get())
    }
}

impl core::error::Error for ErrorCode {}
