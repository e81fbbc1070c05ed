//! The session of `session_full.rs` with atat's own client, digester and derived commands.
//!
//! It does less. Unsolicited lines are dropped, so it cannot receive a message. Strings are not escaped as ESP-AT wants
//! them. Getting in step with a module in an unknown state is not tried. The version is only found while the module
//! echoes, the prompt only if no read brings it together with the `OK` before it, and whether the binary publish went
//! well remains unknown.
#![no_std]
#![no_main]

mod commands;
mod commands_full;
mod urc;

use core::hint::black_box;

use atat::atat_derive::AtatCmd;
use atat::blocking::{AtatClient, SimpleClient};
use atat::{AtDigester, Config, Error};
use commands::NoResponse;
use size_peer as _;
use size_stub::Uart;
use urc::Urc;

/// Sends nothing: `SimpleClient` takes the prompt for an answer.
#[derive(Clone, AtatCmd)]
#[at_cmd("", NoResponse, timeout_ms = 5000)]
struct Prompt;

fn session(buf: &mut [u8]) -> Result<(), Error> {
    let mut client = SimpleClient::new(Uart, AtDigester::<Urc>::new(), buf, Config::new());
    black_box(commands_full::init(&mut client)?.major);
    commands::configure(&mut client)?;
    commands_full::set_will(&mut client)?;
    commands::connect_and_publish(&mut client)?;
    let payload = [0, b'\r', b'\n', 0xff];
    commands_full::announce_raw(&mut client, payload.len())?;
    client.send_with(&Prompt, |_| Ok(()))?;
    commands_full::send_raw(&mut client, &payload)
}

#[cortex_m_rt::entry]
fn main() -> ! {
    size_stub::touch();
    let mut buf = [0; 768];
    black_box(session(&mut buf).is_ok());
    loop {}
}
