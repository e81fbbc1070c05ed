#![doc = include_str!("../README.md")]
//!
//! # Layers
//!
//! ```text
//!                your firmware
//!                      |
//!                 Esp8266Mqtt       driver/   moves bytes, keeps time, orders the steps of a method
//!                      |
//!                   Engine          engine    one command in flight, link state, counters; no I/O, no clock
//!                  /      \
//!           command/      Framer    framer    text out, frames in
//!                  \      /
//!                   Queue           queue     the receive buffer: what is unread, then what is arriving
//!                      |
//!                    UART           embedded-io, or NbSerial around embedded-hal-nb
//! ```
//!
//! [`command`] has every AT command as a struct, one file per chapter of the manual. [`Urc`] has every unsolicited line.
//! Both, with [`Digester`], also work with atat's own clients; the driver needs nothing of atat but its traits.
#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod address;
mod bytes;
pub mod command;
mod config;
mod digester;
mod driver;
mod engine;
mod error;
mod event;
mod framer;
mod message;
mod nb_serial;
mod queue;
mod secret;
mod types;
mod urc;

pub use address::{MacAddress, MacAddressError};
pub use command::wifi::{AccessPoint, WifiStatus};
pub use config::{AliyunDevice, ConnectionConfig, JoinOptions, UserConfig, Will};
pub use digester::{Digester, UrcBuffer};
pub use driver::{Buffers, Esp8266Mqtt};
pub use error::{Argument, ArgumentError, CommandName, Error, ErrorCode, JoinError, Reason};
pub use event::{Counters, Event, LinkState, MqttLink, WifiLink};
pub use message::Message;
pub use nb_serial::{NbError, NbSerial};
pub use secret::{Secret, SecretBuffer};
pub use types::{
    ConnectionState, Dialect, Firmware, QoS, Reconnect, Scheme, Store, Version, WifiMode,
};
pub use urc::Urc;
