//! What `.ci/bench` measures on the host, the comparison with the figures of last time, and the tables of the READMEs.

mod figures;
mod peers;
mod table;
mod wire;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use figures::Figures;

/// Part of `.ci/bench`.
#[derive(Parser)]
enum Command {
    /// Measures the wire on the virtual clock and prints the figures.
    Wire,
    /// Compares new figures with old ones.
    Check { old: PathBuf, new: PathBuf },
    /// Writes the tables between the markers of a README.
    Write {
        figures: PathBuf,
        readme: Vec<PathBuf>,
    },
}

fn main() -> ExitCode {
    match run(&Command::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run(command: &Command) -> Result<bool, String> {
    match command {
        Command::Wire => {
            for (name, value) in wire::figures() {
                println!("{name} {value}");
            }
            Ok(true)
        }
        Command::Check { old, new } => {
            let drifts = Figures::read(old)?.drifts(&Figures::read(new)?);
            for drift in &drifts {
                println!("{drift}");
            }
            Ok(drifts.is_empty())
        }
        Command::Write { figures, readme } => {
            let figures = Figures::read(figures)?;
            for path in readme {
                table::write(&figures, path)?;
            }
            Ok(true)
        }
    }
}
