//! Instructions that atat's digester takes for the same bytes, called after each chunk as atat's ingress does.
//!
//! What is counted ends where the line is found: it is neither taken apart nor kept for a reader.
#![no_std]
#![no_main]

use core::hint::black_box;

use atat::atat_derive::AtatUrc;
use atat::{AtDigester, DigestResult, Digester};
use size_cost::{
    CHUNKS, LINE_441, LINE_4096, figure_of, finish, instructions, instructions_of_uart, timer,
};

/// The most that its derive can say of the line of a message without taking it apart.
#[derive(Clone, AtatUrc)]
enum Urc {
    #[at_urc("+MQTTSUBRECV")]
    Message,
    #[at_urc("WIFI DISCONNECT")]
    WifiDisconnected,
    #[at_urc("+MQTTDISCONNECTED")]
    Disconnected,
}

fn receive(buffer: &mut [u8], line: &'static [u8], chunk: usize) -> u32 {
    let mut digester = AtDigester::<Urc>::new();
    // The digester takes a line for unsolicited only behind a line end.
    buffer[..2].copy_from_slice(b"\r\n");
    let mut fill = 2;
    let mut received = 0;
    let count = instructions(|| {
        for part in line.chunks(chunk) {
            buffer[fill..fill + part.len()].copy_from_slice(part);
            fill += part.len();
            let (result, consumed) = digester.digest(&buffer[..fill]);
            if let DigestResult::Urc(line) = result {
                received += black_box(line).len();
            }
            buffer.copy_within(consumed..fill, 0);
            fill -= consumed;
        }
    });
    assert!(received > 0);
    count - instructions_of_uart(line, chunk, &mut [0; 128])
}

#[cortex_m_rt::entry]
fn main() -> ! {
    timer::start();
    let mut buffer = [0; 4608];
    for chunk in CHUNKS {
        let count = receive(&mut buffer, &LINE_441, chunk);
        figure_of("atat.receive_441.chunk", chunk, count);
        let count = receive(&mut buffer, &LINE_4096, chunk);
        figure_of("atat.receive_4096.chunk", chunk, count);
    }
    finish()
}
