//! Walks through everything that has to work between a module and its broker, and says what is wrong and what to do.
//!
//! ```sh
//! cargo run --example doctor                           # emulated module, all is well
//! cargo run --example doctor -- --fault wifi-password  # emulated module in trouble; --help lists the faults
//! cargo run --example doctor -- --port /dev/ttyUSB0 --ssid my-network --broker broker.example:1883
//! ```
//!
//! Passwords are asked for, or taken from `WIFI_PASSWORD` and `MQTT_PASSWORD`. Exit code 0 if all is well, 1 if not, 2 for
//! wrong arguments. The module stays joined to the network; ESP-AT also remembers it.

mod advice;
mod arguments;
mod broker;
mod checks;
#[path = "../demo/delay.rs"]
mod delay;
mod diagnosis;
mod emulated;
mod places;
#[path = "../demo/port/mod.rs"]
mod port;
mod rate;
#[path = "../demo/redact.rs"]
mod redact;
mod screen;
mod secrets;
#[path = "../demo/trace.rs"]
mod trace;

use crate::{
    arguments::Arguments,
    checks::{Options, examine},
    delay::PacedDelay,
    diagnosis::{Diagnosis, Problem},
    rate::Rate,
    screen::Screen,
    secrets::Passwords,
    trace::{Traced, Wire},
};
use clap::Parser;
use embedded_io::{Read, ReadReady, Write};
use esp8266_mqtt::BaudRate;
use std::{
    io::{self, IsTerminal},
    process::ExitCode,
    rc::Rc,
};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let passwords = match Passwords::collect(&arguments) {
        Ok(passwords) => passwords,
        Err(error) => {
            eprintln!("error: cannot ask for a password: {error}");
            return ExitCode::from(2);
        }
    };
    let is_seen = io::stdout().is_terminal() && io::stderr().is_terminal();
    let screen = Screen::new(is_seen && !arguments.trace);
    let options = arguments.options(&passwords);
    let problems = run(&arguments, &options, &screen);
    advice::conclude(&problems);
    if problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn run(arguments: &Arguments, options: &Options<'_>, screen: &Screen) -> Vec<Problem> {
    let Some(place) = arguments.port.as_deref() else {
        screen.passed("port", "emulated module");
        let port = places::switch_on(arguments.emulator, arguments.fault, options);
        return walk(port, arguments, options, screen);
    };
    let opened = match place.strip_prefix("tcp://") {
        Some(address) => port::Tcp::connect(address)
            .map(|port| walk_from(place, port, arguments, options, screen)),
        None => {
            let rate = options.rate.unwrap_or(BaudRate::B9600);
            port::Serial::open(place, rate.get())
                .map(|port| walk_from(place, port, arguments, options, screen))
        }
    };
    opened.unwrap_or_else(|why| {
        let problem = Diagnosis::Port.because(why);
        screen.failed("port", &problem);
        vec![problem]
    })
}

fn walk_from<P: Read + ReadReady + Write + Rate>(
    place: &str,
    port: P,
    arguments: &Arguments,
    options: &Options<'_>,
    screen: &Screen,
) -> Vec<Problem> {
    screen.passed("port", place);
    walk(port, arguments, options, screen)
}

fn walk<P: Read + ReadReady + Write + Rate>(
    port: P,
    arguments: &Arguments,
    options: &Options<'_>,
    screen: &Screen,
) -> Vec<Problem> {
    let wire = Rc::new(Wire::new(arguments.trace));
    let uart = Traced::new(port, Rc::clone(&wire));
    examine(uart, PacedDelay::new(), options, &wire, screen)
}
