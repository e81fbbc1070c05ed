//! The command line.

use crate::{
    emulated,
    session::{Login, Options},
};
use clap::{Parser, ValueEnum};
use esp8266_mqtt::{AliyunDevice, Dialect, UserConfig};

/// A whole session with an ESP8266 MQTT module: join Wi-Fi, connect, subscribe, publish, receive.
///
/// Without --port the module is emulated and the MQTT broker runs inside the process.
#[derive(Parser)]
#[command(version)]
pub struct Arguments {
    /// Where the module is: a serial port such as /dev/ttyUSB0, or tcp://HOST:PORT
    #[arg(long, requires_all = ["ssid", "host"])]
    port: Option<String>,
    /// Baud rate of the serial port (9600 unless given) or of the emulated module
    #[arg(long, value_parser = clap::value_parser!(u32).range(110..=5_000_000))]
    pub baud: Option<u32>,
    /// Firmware of the module; also chooses the emulated one
    #[arg(long, value_enum, default_value_t = DialectChoice::Auto)]
    pub dialect: DialectChoice,
    /// Name of the access point
    #[arg(long)]
    ssid: Option<String>,
    /// Password of the access point
    #[arg(long)]
    password: Option<String>,
    /// MQTT broker, a name or an address
    #[arg(long)]
    host: Option<String>,
    /// Port of the MQTT broker
    #[arg(long, default_value_t = 1883, value_parser = clap::value_parser!(u16).range(1..))]
    mqtt_port: u16,
    /// MQTT client id
    #[arg(long, default_value = "esp8266-demo")]
    client_id: String,
    /// MQTT user name
    #[arg(long)]
    username: Option<String>,
    /// MQTT password
    #[arg(long)]
    mqtt_password: Option<String>,
    /// Connect to Alibaba Cloud instead (vendor firmware only)
    #[arg(long, value_name = "PRODUCT_KEY,DEVICE_NAME,DEVICE_SECRET")]
    #[arg(conflicts_with_all = ["username", "mqtt_password"])]
    pub aliyun: Option<Device>,
    /// Topic to subscribe to and to publish to
    #[arg(long, default_value = "esp8266-mqtt/demo")]
    topic: String,
    /// What to publish
    #[arg(long, default_value = "hello from Rust")]
    message: String,
    /// Publish so many messages, numbered
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    count: Option<u32>,
    /// Show every line on the wire, secrets redacted
    #[arg(long)]
    pub trace: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DialectChoice {
    /// As AT+GMR says; the vendor's firmware is emulated
    Auto,
    /// The vendor's firmware, AT 1.7
    Vendor,
    /// Espressif's ESP-AT 2.x
    EspAt,
}

/// A device of Alibaba Cloud's IoT platform.
#[derive(Clone)]
pub struct Device {
    product_key: String,
    device_name: String,
    device_secret: String,
}

impl std::str::FromStr for Device {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<_> = text.split(',').map(String::from).collect();
        let [product_key, device_name, device_secret] = parts
            .try_into()
            .map_err(|_| "not three values separated by commas")?;
        Ok(Self {
            product_key,
            device_name,
            device_secret,
        })
    }
}

/// Where the module is.
pub enum Port<'a> {
    Emulated,
    Tcp(&'a str),
    Serial(&'a str),
}

impl Arguments {
    pub fn port(&self) -> Port<'_> {
        let Some(port) = self.port.as_deref() else {
            return Port::Emulated;
        };
        match port.strip_prefix("tcp://") {
            Some(address) => Port::Tcp(address),
            None => Port::Serial(port),
        }
    }

    pub fn serial_baud(&self) -> u32 {
        self.baud.unwrap_or(9600)
    }

    /// What was given, else what the emulated surroundings need, else nothing.
    pub fn options(&self) -> Options<'_> {
        let fallback = |emulated| if self.port.is_none() { emulated } else { "" };
        let login = match &self.aliyun {
            Some(device) => Login::Aliyun(AliyunDevice::new(
                &device.product_key,
                &device.device_name,
                &device.device_secret,
            )),
            None => Login::User(
                UserConfig::new(&self.client_id).credentials(
                    self.username
                        .as_deref()
                        .unwrap_or(fallback(emulated::USERNAME)),
                    self.mqtt_password
                        .as_deref()
                        .unwrap_or(fallback(emulated::MQTT_PASSWORD)),
                ),
            ),
        };
        let numbered = |count| {
            (1..=count)
                .map(|n| format!("{} {n}", self.message))
                .collect()
        };
        Options {
            dialect: match self.dialect {
                DialectChoice::Auto => Dialect::Auto,
                DialectChoice::Vendor => Dialect::Vendor,
                DialectChoice::EspAt => Dialect::EspAt,
            },
            ssid: self.ssid.as_deref().unwrap_or(fallback(emulated::SSID)),
            password: self
                .password
                .as_deref()
                .unwrap_or(fallback(emulated::PASSWORD)),
            host: self.host.as_deref().unwrap_or(fallback(emulated::HOST)),
            port: self.mqtt_port,
            login,
            topic: &self.topic,
            messages: self
                .count
                .map_or_else(|| vec![self.message.clone()], numbered),
        }
    }
}
