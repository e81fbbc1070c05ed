//! The session of `session_full.rs` with atat's decoupled client: an interrupt feeds an `Ingress`, which hands over answers
//! and unsolicited lines.
//!
//! It receives, but does less. The digester takes a line that no empty line comes before for an echo: of messages that come
//! one after another, every other one is lost. A payload with a line end in it ends there for the digester, and for
//! `LengthDelimited` too early, which panics. Strings are not escaped as ESP-AT wants them. Getting in step with a module
//! in an unknown state is not tried, and the version is only found while the module echoes. Before a binary publish the
//! prompt is not waited for, as the client cannot see one that follows an `OK`: the 20 ms that it leaves between commands
//! have to do; whether the publish went well remains unknown.
//!
//! Its buffers are statics, because the interrupt shares them.
#![no_std]
#![no_main]

#[path = "../../../yardstick/src/commands.rs"]
mod commands;
#[path = "../../../yardstick/src/commands_full.rs"]
mod commands_full;

use core::hint::black_box;

use atat::atat_derive::{AtatResp, AtatUrc};
use atat::blocking::Client;
use atat::heapless::String;
use atat::serde_at::de::length_delimited::LengthDelimited;
use atat::{AtDigester, AtatIngress, Config, Error, Ingress, ResponseSlot, UrcChannel};
use cortex_m::singleton;
use cortex_m_rt::exception;
use embedded_io::{Read, ReadReady};
use size_stub::Uart;

const ANSWER: usize = 256;
const URCS: usize = 2;

#[derive(Clone, AtatResp)]
struct Message {
    _link: u8,
    topic: String<64>,
    payload: LengthDelimited<256>,
}

#[derive(Clone, AtatUrc)]
enum Urc {
    #[at_urc("+MQTTSUBRECV")]
    Message(Message),
}

static ANSWERS: ResponseSlot<ANSWER> = ResponseSlot::new();
static CHANNEL: UrcChannel<Urc, URCS, 1> = UrcChannel::new();

#[exception]
fn SysTick() {
    static mut INGRESS: Option<Ingress<'static, AtDigester<Urc>, Urc, ANSWER, URCS, 1>> = None;

    if INGRESS.is_none() {
        *INGRESS = singleton!(: [u8; 512] = [0; 512])
            .map(|buf| Ingress::new(AtDigester::new(), buf, &ANSWERS, &CHANNEL));
    }
    let Some(ingress) = INGRESS else { return };
    while let Ok(true) = Uart.read_ready() {
        let buf = ingress.write_buf();
        if buf.is_empty() {
            ingress.clear();
            continue;
        }
        let Ok(count) = Uart.read(buf);
        black_box(ingress.try_advance(count).is_ok());
    }
}

fn session(buf: &mut [u8]) -> Result<(), Error> {
    let mut urcs = CHANNEL.subscribe().map_err(|_| Error::Error)?;
    let mut client = Client::new(Uart, &ANSWERS, buf, Config::new());
    black_box(commands_full::init(&mut client)?.major);
    commands::configure(&mut client)?;
    commands_full::set_will(&mut client)?;
    commands::connect_and_publish(&mut client)?;
    let payload = [0, b'\r', b'\n', 0xff];
    commands_full::announce_raw(&mut client, payload.len())?;
    commands_full::send_raw(&mut client, &payload)?;
    loop {
        if let Some(Urc::Message(message)) = urcs.try_next_message_pure() {
            black_box(message.topic.as_str());
            black_box(message.payload.bytes.as_slice());
        }
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    size_stub::touch();
    size_peer::start_receiving();
    let mut buf = [0; 256];
    black_box(session(&mut buf).is_ok());
    loop {}
}
