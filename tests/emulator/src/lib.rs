#![doc = include_str!("../README.md")]

pub mod bench;
pub mod broker;
mod command;
pub mod fault;
pub mod module;
pub mod network;
mod realtime;
pub mod settings;
pub mod trace;
mod wire;

pub use bench::{Action, Bench};
pub use broker::{Broker, MemoryBroker, Message, RealBroker};
pub use fault::{Fault, Reaction};
pub use module::Module;
pub use network::{MemoryNetwork, Network, RealNetwork};
pub use realtime::{RealTimePort, Server, StdDelay};
pub use settings::{AccessPoint, Firmware, InitialState, Settings};
pub use trace::Direction;
