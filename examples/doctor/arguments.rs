//! The command line.

use crate::{
    checks::Options,
    emulated::{Emulator, Trouble},
    secrets::Passwords,
};
use clap::Parser;
use esp8266_mqtt::BaudRate;

/// Finds out what is wrong with an ESP8266 MQTT module, its network or its broker, and says what to do.
///
/// Without --port the module is emulated. Passwords are asked for, or taken from the environment; on the command line they stay
/// in the shell's history.
#[derive(Parser)]
#[command(version)]
pub struct Arguments {
    /// Where the module is: a serial port such as /dev/ttyUSB0, or tcp://HOST:PORT
    #[arg(long, requires_all = ["ssid", "broker"])]
    pub port: Option<String>,
    /// Baud rate that your program uses; without it any rate is right
    #[arg(long, value_parser = rate)]
    pub baud: Option<BaudRate>,
    /// Name of the access point
    #[arg(long)]
    pub ssid: Option<String>,
    /// Its password
    #[arg(
        long,
        env = "WIFI_PASSWORD",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    pub password: Option<String>,
    /// MQTT broker, port 1883 unless given
    #[arg(long, value_name = "HOST[:PORT]", value_parser = broker)]
    pub broker: Option<(String, u16)>,
    /// MQTT user name
    #[arg(long, default_value = "")]
    pub user: String,
    /// MQTT password
    #[arg(
        long,
        env = "MQTT_PASSWORD",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    pub mqtt_password: Option<String>,
    /// MQTT client id; made from the module's MAC address unless given
    #[arg(long)]
    pub client_id: Option<String>,
    /// Topic to which a message is published that has to come back
    #[arg(long, default_value = "esp8266-mqtt/doctor")]
    pub topic: String,
    /// Show every line on the wire, secrets redacted
    #[arg(long)]
    pub trace: bool,
    /// Firmware of the emulated module
    #[arg(long, value_enum, default_value_t = Emulator::Vendor, conflicts_with = "port")]
    pub emulator: Emulator,
    /// What is wrong with the emulated module or around it
    #[arg(long, value_enum, conflicts_with = "port")]
    pub fault: Option<Trouble>,
}

fn rate(text: &str) -> Result<BaudRate, String> {
    let number = text.parse().map_err(|_| "not a number")?;
    BaudRate::new(number).ok_or_else(|| "no baud rate of the module".into())
}

fn broker(text: &str) -> Result<(String, u16), String> {
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, port.parse().map_err(|_| "the port is not a number")?),
        None => (text, 1883),
    };
    if host.is_empty() || host.contains('/') || port == 0 {
        return Err("not HOST or HOST:PORT".into());
    }
    Ok((host.into(), port))
}

impl Arguments {
    /// What was given, else what the emulated surroundings have.
    pub fn options<'a>(&'a self, passwords: &'a Passwords) -> Options<'a> {
        let emulated_rate = match self.emulator {
            Emulator::Vendor => BaudRate::B9600,
            Emulator::EspAt => BaudRate::B115200,
        };
        let emulated_port = match self.fault {
            Some(Trouble::Tls) => 8883,
            _ => 1883,
        };
        let (host, port) = match &self.broker {
            Some((host, port)) => (host.as_str(), *port),
            None => ("broker.emulated", emulated_port),
        };
        let is_emulated = self.port.is_none();
        Options {
            rate: self.baud.or(is_emulated.then_some(emulated_rate)),
            ssid: self.ssid.as_deref().unwrap_or("emulated-ap"),
            password: &passwords.wifi,
            host,
            port,
            username: &self.user,
            mqtt_password: &passwords.mqtt,
            client_id: self.client_id.as_deref(),
            topic: &self.topic,
        }
    }
}
