//! The command line.

use clap::{Parser, Subcommand, ValueEnum};
use std::{collections::HashMap, path::PathBuf};

/// A console for ESP8266 MQTT modules: AT commands by hand or from a file.
///
/// Without --port the module is emulated and its MQTT broker runs inside the process.
#[derive(Parser)]
#[command(version)]
pub struct Arguments {
    /// Where the module is: a serial port such as /dev/ttyUSB0, or tcp://HOST:PORT
    #[arg(long)]
    pub port: Option<String>,
    /// Baud rate of the serial port
    #[arg(long, default_value_t = 9600, value_parser = clap::value_parser!(u32).range(110..=5_000_000))]
    pub baud: u32,
    /// Firmware of the emulated module
    #[arg(long, value_enum, default_value_t = Emulated::Vendor, conflicts_with = "port")]
    pub emulator: Emulated,
    /// A value for $NAME in files to play; the environment's is used otherwise
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = name_and_value)]
    values: Vec<(String, String)>,
    /// Where to keep what was typed, without lines that hold passwords; nowhere unless given
    #[arg(long, value_name = "FILE")]
    pub history: Option<PathBuf>,
    #[command(subcommand)]
    pub action: Option<Action>,
}

#[derive(Subcommand)]
pub enum Action {
    /// Sends the commands of a file and says for each what came back
    Play {
        /// One command in a line; see examples/console/publish.txt
        file: PathBuf,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Emulated {
    /// The vendor's firmware, AT 1.7
    Vendor,
    /// Espressif's ESP-AT 2.x
    EspAt,
}

impl Arguments {
    pub fn values(&self) -> HashMap<String, String> {
        self.values.iter().cloned().collect()
    }
}

fn name_and_value(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("not NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
