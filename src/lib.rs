//! Driver for ESP8266 modules whose AT firmware speaks MQTT.
//!
//! # Layers
//!
//! ```text
//!                firmware
//!                   |
//!              Esp8266Mqtt      driver/: moves bytes, keeps time
//!                   |
//!                engine         one command in flight, unread messages, link state
//!               /      \
//!         command/    framer    text out, frames in
//!               \      /
//!                 UART
//! ```
#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

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

pub use command::wifi::{AccessPoint, WifiStatus};
pub use config::{AliyunDevice, ConnectionConfig, JoinOptions, UserConfig, Will};
pub use digester::{Digester, UrcBuffer};
pub use driver::{Buffers, Esp8266Mqtt};
pub use error::{Argument, ArgumentError, CommandName, Error, ErrorCode, JoinError, Reason};
pub use event::{Counters, Event, LinkState, MqttLink, WifiLink};
pub use message::Message;
pub use nb_serial::{NbError, NbSerial};
pub use secret::Secret;
pub use types::{
    ConnectionState, Dialect, Firmware, QoS, Reconnect, Scheme, Store, Version, WifiMode,
};
pub use urc::Urc;
