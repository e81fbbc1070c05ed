//! AT commands by hand or from a file: with an emulated module, a real one, or one behind a TCP port.
//!
//! ```sh
//! cargo run --example console                                      # emulated module
//! cargo run --example console -- --port /dev/ttyUSB0 --baud 9600   # or --tcp HOST:PORT
//! cargo run --example console -- play examples/console/publish.txt   # commands from a file
//! cargo run --example console -- --help
//! ```
//!
//! Tab completes the names of commands, the right arrow takes a hint, the up arrow brings back what was typed. What the
//! module says by itself appears above the line that is being typed. `play FILE` works there too.

mod answer;
mod arguments;
mod catalogue;
mod editor;
mod frames;
mod history;
mod interactive;
mod meaning;
mod module;
mod payload;
mod play;
mod port;
#[path = "../demo/redact.rs"]
mod redact;
mod script;
mod terminal;
mod values;

use arguments::{Action, Arguments};
use clap::Parser;
use failure::Failure;
use module::Module;
use std::process::ExitCode;

mod failure {
    /// What went wrong, in one sentence for the terminal.
    pub type Failure = String;
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Returns whether everything that was played went well.
fn run(arguments: &Arguments) -> Result<bool, Failure> {
    match &arguments.action {
        None => interactive::run(arguments),
        Some(Action::Play { file, stop }) => {
            // Before a byte is sent: a file with a mistake is not half played.
            let steps = script::read(file, &arguments.values())?;
            let mut module = Module::open(arguments.port(), |_| {})?;
            play::run(&mut module, &steps, *stop)
        }
    }
}
