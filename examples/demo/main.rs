//! The whole session from `init` to a received message, on an emulated module or a real one.
//!
//! ```sh
//! cargo run --example demo                      # emulated module, MQTT broker inside the process
//! cargo run --example demo -- --trace           # with every line on the wire, secrets redacted
//! cargo run --example demo -- --port /dev/ttyUSB0 --ssid my-network --password my-password --host broker.example
//! cargo run --example demo -- --help
//! ```
//!
//! The part to learn from is `session.rs`; the other files are about arguments, ports and printing.

mod arguments;
mod delay;
mod emulated;
mod failure;
mod port;
mod receive;
mod redact;
mod session;
mod steps;
mod trace;

use crate::{
    arguments::{Arguments, Port},
    delay::PacedDelay,
    failure::Failure,
    steps::Steps,
    trace::{Traced, Wire},
};
use clap::Parser;
use embedded_io::{Read, ReadReady, Write};
use std::{process::ExitCode, rc::Rc};

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    match arguments.port() {
        Port::Emulated => drive(emulated::switch_on(arguments)?, arguments),
        Port::Tcp(address) => drive(port::Tcp::connect(address)?, arguments),
        Port::Serial(path) => drive(
            port::Serial::open(path, arguments.serial_baud())?,
            arguments,
        ),
    }
}

fn drive<U: Read + ReadReady + Write>(uart: U, arguments: &Arguments) -> Result<(), Failure> {
    let wire = Rc::new(Wire::new(arguments.trace));
    let uart = Traced::new(uart, Rc::clone(&wire));
    session::run(
        uart,
        PacedDelay::new(),
        &arguments.options(),
        Steps::new(wire),
    )
}
