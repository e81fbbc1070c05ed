//! The yardstick: the session of `session.rs` with atat's own client, digester and derived commands.
//!
//! It does less. Unsolicited lines are dropped, so it cannot receive a message, and strings are not escaped as ESP-AT
//! wants them.
#![no_std]
#![no_main]

mod commands;
mod urc;

use core::hint::black_box;

use atat::blocking::SimpleClient;
use atat::{AtDigester, Config, Error};
use size_peer as _;
use size_stub::Uart;
use urc::Urc;

fn session(buf: &mut [u8]) -> Result<(), Error> {
    let mut client = SimpleClient::new(Uart, AtDigester::<Urc>::new(), buf, Config::new());
    commands::configure(&mut client)?;
    commands::connect_and_publish(&mut client)
}

#[cortex_m_rt::entry]
fn main() -> ! {
    size_stub::touch();
    let mut buf = [0; 768];
    black_box(session(&mut buf).is_ok());
    loop {}
}
