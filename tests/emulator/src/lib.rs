//! Model of an ESP8266 AT + MQTT module's UART side, for testing host firmware on a PC.
//!
//! [`Module`] is the model itself: bytes in, bytes out, both with a time; no clock and no I/O of its own.
//! [`Bench`] puts it at the far end of a simulated UART on a virtual clock, with faults and a wire trace.

pub mod bench;
pub mod broker;
mod command;
pub mod fault;
pub mod module;
mod realtime;
pub mod settings;
pub mod trace;
mod wire;

pub use bench::{Action, Bench};
pub use broker::{Broker, MemoryBroker, Message, RealBroker};
pub use fault::{Fault, Reaction};
pub use module::Module;
pub use realtime::{RealTimePort, Server, StdDelay};
pub use settings::{AccessPoint, Firmware, InitialState, Settings};
pub use trace::Direction;
