//! Carries the size of atat's own client beside its buffer.
#![no_std]
#![no_main]

mod urc;

use atat::AtDigester;
use atat::blocking::SimpleClient;
use size_stub::Uart;
use urc::Urc;

size_peer::carry_size!(SimpleClient<'static, Uart, AtDigester<Urc>>);
