//! The command line.

use crate::{
    port::{self, Port},
    values::Values,
};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// A console for ESP8266 MQTT modules: AT commands by hand or from a file.
///
/// Without --port and --tcp the module is emulated and its MQTT broker runs inside the process.
#[derive(Parser)]
#[command(version)]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// A value for $NAME in files; given more than once for more names. The environment has the others
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = name_and_value, global = true)]
    set: Vec<(String, String)>,
    /// Where to keep what was typed, without passwords [default: .esp8266-mqtt-history in the home directory]
    #[arg(long, value_name = "FILE")]
    pub history: Option<PathBuf>,
    /// Keep what was typed nowhere
    #[arg(long, conflicts_with = "history")]
    pub no_history: bool,
    #[command(subcommand)]
    pub action: Option<Action>,
}

/// Where the module is.
#[derive(Args)]
struct Place {
    /// Where the module is: a serial port such as /dev/ttyUSB0, or tcp://HOST:PORT
    #[arg(long, value_name = "DEVICE", global = true)]
    port: Option<String>,
    /// Baud rate of the serial port (9600 unless given) or of the emulated module
    #[arg(long, value_parser = clap::value_parser!(u32).range(110..=5_000_000), global = true)]
    #[arg(conflicts_with = "tcp")]
    baud: Option<u32>,
    /// The same as --port tcp://HOST:PORT
    #[arg(long, value_name = "HOST:PORT", conflicts_with = "port", global = true)]
    tcp: Option<String>,
    /// Firmware of the emulated module
    #[arg(long, value_enum, default_value_t = Emulator::Vendor, global = true)]
    #[arg(conflicts_with_all = ["port", "tcp"])]
    emulator: Emulator,
}

#[derive(Subcommand)]
pub enum Action {
    /// Sends the commands of a file and says for each what came back
    Play {
        /// One command in a line; see examples/console/publish.txt
        file: PathBuf,
        /// End at the first command that fails
        #[arg(long)]
        stop: bool,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Emulator {
    /// The vendor's firmware, AT 1.7
    Vendor,
    /// Espressif's ESP-AT 2.x
    EspAt,
}

impl Arguments {
    pub fn port(&self) -> Port {
        let place = &self.place;
        match (&place.port, &place.tcp) {
            (Some(port), _) => match port.strip_prefix("tcp://") {
                Some(address) => Port::Tcp(address.to_owned()),
                None => Port::Serial(port.clone(), place.baud.unwrap_or(9600)),
            },
            (_, Some(address)) => Port::Tcp(address.clone()),
            (None, None) => Port::Emulated(place.emulator, place.baud),
        }
    }

    pub fn values(&self) -> Values {
        let surroundings: &[_] = match self.port() {
            Port::Emulated(..) => &port::SURROUNDINGS,
            Port::Serial(..) | Port::Tcp(..) => &[],
        };
        Values::new(&self.set, surroundings)
    }
}

fn name_and_value(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("not NAME=VALUE")?;
    if !Values::is_name(name) {
        return Err("a name has letters, digits and _ only");
    }
    Ok((name.to_owned(), value.to_owned()))
}
