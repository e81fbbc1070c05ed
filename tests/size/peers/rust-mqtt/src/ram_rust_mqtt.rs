//! Carries the size of rust-mqtt's client beside its buffer.
#![no_std]
#![no_main]

use rust_mqtt::buffer::BumpBuffer;
use rust_mqtt::client::Client;
use size_peer::Stream;

// What it stores, as in the session.
type Stored = Client<'static, 'static, Stream, BumpBuffer<'static>, 1, 1, 0, 0, 0, 0, 0>;

size_peer::carry_size!((Stored, BumpBuffer<'static>));
