// The README's links are to files of the repository. The first definition of a link is the one that counts.
#![doc = include_str!("pictures.md")]
//! [chinese]: https://docs.rs/crate/esp8266-mqtt/latest/source/README.zh-CN.md
//! [troubleshooting]: guide::troubleshooting
//! [buffers]: guide::buffers
//! [arduino]: guide::arduino
//! [testing]: guide::testing
//! [examples]: https://docs.rs/crate/esp8266-mqtt/latest/source/examples/README.md
//! [rp2040]: https://docs.rs/crate/esp8266-mqtt/latest/source/examples/README.md
//! [stm32]: https://docs.rs/crate/esp8266-mqtt/latest/source/examples/README.md
//! [microbit]: https://docs.rs/crate/esp8266-mqtt/latest/source/examples/README.md
//! [nrf52840]: https://docs.rs/crate/esp8266-mqtt/latest/source/examples/README.md
//! [arduino_basic]: https://docs.rs/crate/esp8266-mqtt/latest/source/examples/arduino_basic.rs
//! [arduino_aliyun]: https://docs.rs/crate/esp8266-mqtt/latest/source/examples/arduino_aliyun.rs
//! [emulator]: https://docs.rs/crate/esp8266-mqtt/latest/source/
//! [tests]: https://docs.rs/crate/esp8266-mqtt/latest/source/tests/README.md
//!
#![doc = include_str!("../README.md")]
//!
//! # Layers
//!
//! ```text
//!                your firmware
//!               /             \
//!      Esp8266Mqtt      asynch::Esp8266Mqtt     blocking, asynch    the UART and the clock, waiting or async
//!               \             /
//!                  methods           driver/   the steps of each method; one source, compiled for both faces
//!                      |
//!                   Engine          engine/    one command in flight, link state, counters; no I/O, no clock
//!                  /      \
//!           command/      Framer    framer     text out, frames in
//!                  \      /
//!                   Queue           queue      the receive buffer: what is unread, then what is arriving
//! ```
//!
//! [`command`] has every AT command as a struct, one file per chapter of the manual. [`Urc`] has every unsolicited line.
//! Both, with [`Digester`], also work with atat's own clients; the driver needs nothing of atat but its traits.
#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod address;
#[cfg(feature = "aliyun")]
mod aliyun;
#[cfg(feature = "async")]
pub mod asynch;
mod blocking;
mod buffers;
mod bytes;
pub mod command;
mod config;
mod digester;
mod engine;
mod error;
mod event;
mod framer;
pub mod guide;
#[cfg(feature = "interrupt")]
mod interrupt;
#[cfg(feature = "json")]
mod json;
mod keeper;
mod message;
mod nb_serial;
mod queue;
#[cfg(feature = "runner")]
pub mod runner;
mod secret;
#[cfg(feature = "sockets")]
mod socket;
mod trace;
mod types;
mod urc;

pub use address::{MacAddress, MacAddressError};
#[cfg(feature = "aliyun")]
pub use aliyun::{AliyunLogin, AliyunSignature};
pub use blocking::{Esp8266Mqtt, Uart};
#[cfg(feature = "sockets")]
pub use blocking::{NalSocket, Sockets};
pub use buffers::Buffers;
pub use command::{
    basic::{BaudRate, RfPower, SleepMode},
    tcpip::{DateTime, TimeZone},
    wifi::{AccessPoint, IpInfo, ScannedAccessPoint, SmartConfig, StaticIp, Station, WifiStatus},
};
pub use config::{AliyunDevice, ConnectionConfig, JoinOptions, UserConfig, Will};
pub use digester::{Digester, UrcBuffer};
pub use error::{Argument, ArgumentError, CommandName, Error, ErrorCode, JoinError, Reason};
pub use event::{Counters, Event, LinkState, MqttLink, WifiLink};
#[cfg(feature = "interrupt")]
pub use interrupt::{QueuedError, QueuedUart, RxQueue, RxWriter};
#[cfg(feature = "json")]
pub use json::JsonError;
pub use keeper::{Keeper, Kept, Loss, Publication, Stop, Trouble, Unpublished, Wishes};
pub use message::{Message, Received};
pub use nb_serial::{NbError, NbSerial};
pub use secret::{Secret, SecretBuffer, SecretLine};
#[cfg(feature = "sockets")]
pub use socket::{Socket, SocketError};
pub use types::{
    ConnectionState, Dialect, Firmware, QoS, Reconnect, Scheme, Store, Version, WifiMode,
};
pub use urc::Urc;
