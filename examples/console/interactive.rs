//! Commands typed by hand.

use crate::{
    arguments::Arguments,
    catalogue,
    editor::{Line, editor},
    failure::Failure,
    lines::{Heard, Outcome, meaning},
    module::Module,
    payload, play,
    port::{self, Listener},
    script,
};
use rustyline::{ExternalPrinter, error::ReadlineError};
use std::{io::IsTerminal, path::Path};

const PROMPT: &str = "AT> ";

pub fn run(arguments: &Arguments) -> Result<bool, Failure> {
    let mut editor = editor(arguments)?;
    let mut module = Module::open(arguments, printer(&mut editor)?)?;
    match &arguments.port {
        Some(port) => println!("{port}. Ctrl-D ends."),
        None => println!(
            "An emulated module near the access point \"{}\", password \"{}\". Ctrl-D ends.",
            port::SSID,
            port::PASSWORD
        ),
    }
    loop {
        match editor.readline(PROMPT) {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => {
                let line = line.trim();
                remember(&mut editor, line, arguments)?;
                if let Some(file) = line.strip_prefix("play ") {
                    let script = script::read(Path::new(file.trim()), &arguments.values());
                    match script {
                        Ok(script) => {
                            play::run(&mut module, &script)?;
                        }
                        Err(mistake) => println!("{mistake}"),
                    }
                } else {
                    command(&mut editor, &mut module, line)?;
                }
            }
            // Ctrl-C gives up the line.
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => return Ok(true),
            Err(error) => return Err(Failure::from(format!("cannot read: {error}"))),
        }
    }
}

/// Shows everything that is heard above the line that is being typed.
fn printer(editor: &mut Line) -> Result<Listener, Failure> {
    if !std::io::stdin().is_terminal() {
        return Ok(Box::new(|heard| print!("{}", shown(heard))));
    }
    let mut printer = editor
        .create_external_printer()
        .map_err(|error| Failure::from(format!("cannot use the terminal: {error}")))?;
    // A terminal that is gone has nobody to show it to.
    Ok(Box::new(move |heard| {
        printer.print(shown(heard)).ok();
    }))
}

fn shown(heard: &Heard) -> String {
    match heard {
        Heard::Line(line) => match meaning(line) {
            Some(meaning) => format!("{line}   [{meaning}]\n"),
            None => format!("{line}\n"),
        },
        Heard::Prompt => ">\n".to_owned(),
        Heard::Gone(why) => format!("{why}\n"),
    }
}

fn remember(editor: &mut Line, line: &str, arguments: &Arguments) -> Result<(), Failure> {
    let failed = |error: ReadlineError| Failure::from(format!("cannot keep the history: {error}"));
    if catalogue::is_secret(line) {
        return Ok(());
    }
    editor.add_history_entry(line).map_err(failed)?;
    if let Some(path) = &arguments.history {
        editor.append_history(path).map_err(failed)?;
    }
    Ok(())
}

fn command(editor: &mut Line, module: &mut Module, line: &str) -> Result<(), Failure> {
    let reply = module.command(line)?;
    match reply.outcome {
        Outcome::Timeout => println!("(no answer in {} s)", reply.time.as_secs()),
        Outcome::Prompt => data(editor, module, payload::announced(line).unwrap_or_default())?,
        _ => {}
    }
    Ok(())
}

/// Asks for data until the module has all of it: nothing else can end its waiting.
fn data(editor: &mut Line, module: &mut Module, mut wanted: usize) -> Result<(), Failure> {
    while wanted > 0 {
        let typed = match editor.readline(&format!("{wanted} bytes> ")) {
            Ok(typed) => typed,
            Err(ReadlineError::Interrupted) => {
                println!("(the module waits for {wanted} bytes more: zeros fill them)");
                "\\0".repeat(wanted)
            }
            Err(error) => return Err(Failure::from(format!("cannot read: {error}"))),
        };
        match payload::parse(&typed) {
            Ok(bytes) if bytes.len() > wanted => {
                println!(
                    "({} bytes, the module takes {wanted}: type it again)",
                    bytes.len()
                );
            }
            Ok(bytes) => {
                wanted -= bytes.len();
                if let Some(reply) = module.data(bytes, wanted == 0)?
                    && reply.outcome == Outcome::Timeout
                {
                    println!("(no answer in {} s)", reply.time.as_secs());
                }
            }
            Err(mistake) => println!("({mistake})"),
        }
    }
    Ok(())
}
