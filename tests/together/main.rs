//! The tests of a session in one program: for `.ci/mutants`, which links it once for every mutant.
//!
//! Not built by `cargo test`, which has them one by one.
#![allow(clippy::duplicate_mod, reason = "each of them has its own `common`")]

#[path = "../aliyun.rs"]
mod aliyun;
#[path = "../asynch.rs"]
mod asynch;
#[path = "../datagrams.rs"]
mod datagrams;
#[path = "../digester.rs"]
mod digester;
#[path = "../hal_mock.rs"]
mod hal_mock;
#[path = "../hal_mock_messages.rs"]
mod hal_mock_messages;
#[path = "../injection.rs"]
mod injection;
#[path = "../interrupt.rs"]
mod interrupt;
#[path = "../json.rs"]
mod json;
#[path = "../keeper.rs"]
mod keeper;
#[path = "../keeper_publish.rs"]
mod keeper_publish;
#[path = "../methods_network.rs"]
mod methods_network;
#[path = "../methods_system.rs"]
mod methods_system;
#[path = "../polled.rs"]
mod polled;
#[path = "../printed.rs"]
mod printed;
#[path = "../round_trip.rs"]
mod round_trip;
#[path = "../round_trip_incoming.rs"]
mod round_trip_incoming;
#[path = "../secrets.rs"]
mod secrets;
#[path = "../session.rs"]
mod session;
#[path = "../session_buffers.rs"]
mod session_buffers;
#[path = "../session_errors.rs"]
mod session_errors;
#[path = "../session_events.rs"]
mod session_events;
#[path = "../session_fifo.rs"]
mod session_fifo;
#[path = "../session_init.rs"]
mod session_init;
#[path = "../session_messages.rs"]
mod session_messages;
#[path = "../session_mqtt.rs"]
mod session_mqtt;
#[path = "../session_restart.rs"]
mod session_restart;
#[path = "../session_wifi.rs"]
mod session_wifi;
#[path = "../sockets.rs"]
mod sockets;
#[path = "../sockets_emulated.rs"]
mod sockets_emulated;
#[path = "../start.rs"]
mod start;
#[path = "../urc.rs"]
mod urc;
#[path = "../vendor_cases.rs"]
mod vendor_cases;
#[path = "../vendor_cases_commands.rs"]
mod vendor_cases_commands;
#[path = "../vendor_cases_results.rs"]
mod vendor_cases_results;
