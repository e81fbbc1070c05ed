//! AT commands by hand: against an emulated module, a real one, or one behind a TCP port.
//!
//! ```sh
//! cargo run --example console                                        # emulated module
//! cargo run --example console -- --port /dev/ttyUSB0 --baud 9600
//! cargo run --example console -- play examples/console/publish.txt   # commands from a file
//! cargo run --example console -- --help
//! ```
//!
//! Tab completes the names of commands, the right arrow takes a hint, the up arrow brings back what was typed. What the
//! module says by itself is shown as it comes. `play FILE` also works at the prompt.

mod arguments;
mod catalogue;
mod editor;
#[path = "../demo/failure.rs"]
#[allow(dead_code, reason = "the demo has more to say")]
mod failure;
mod interactive;
mod lines;
mod module;
mod payload;
mod play;
mod port;
mod script;

use arguments::{Action, Arguments};
use clap::Parser;
use failure::Failure;
use module::Module;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
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
        Some(Action::Play { file }) => {
            // Before a byte is sent: a file with a mistake is not half played.
            let script = script::read(file, &arguments.values())?;
            let mut module = Module::open(arguments, Box::new(|_| {}))?;
            play::run(&mut module, &script)
        }
    }
}
