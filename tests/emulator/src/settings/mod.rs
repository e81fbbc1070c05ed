//! What kind of module is emulated, what surrounds it, and how quick it is.

use core::time::Duration;

mod access_point;
mod latency;

pub use access_point::{AccessPoint, Addresses, Joining, SmartConfig, SmartConfigKind};
pub use latency::Latency;

/// The AT firmware that the emulated module runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Firmware {
    /// The vendor's firmware: NonOS AT 1.7.2 with MQTT commands added.
    Vendor,
    /// ESP-AT 2.2.1 for ESP8266.
    EspAt,
    /// Espressif's own NonOS AT 1.7.4, which has no MQTT commands.
    StockNonOs,
}

impl Firmware {
    /// Whether this is one of the NonOS AT 1.x firmwares.
    #[must_use]
    pub fn is_nonos(self) -> bool {
        self != Self::EspAt
    }
}

/// Release of ESP-AT; the commands of MQTT differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum EspAtRelease {
    /// 2.1.0: queries of the credentials; no `AT+CIPSTATE`.
    V2_1,
    /// 2.2.1, the last common one for ESP8266.
    V2_2,
    /// 2.3.0: `AT+MQTTLONG…` instead of `AT+MQTTCLIENTID` and its kin, `AT+MQTTALPN`.
    V2_3,
    /// 3.3.0, which exists for the ESP32 family only: `AT+MQTTSNI`.
    V3_3,
}

/// How the module stands when the emulation begins.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InitialState {
    /// Booted long ago and waiting for commands.
    Ready,
    /// As [`Ready`](Self::Ready), in station mode and joined to the first access point.
    Joined,
    /// Power is applied at time zero.
    PowerUp,
    /// In the data mode of `AT+MQTTPUBRAW`, with so many payload bytes still to come.
    DataMode(usize),
    /// Part of a command line was received and not ended.
    HalfLine(Vec<u8>),
    /// In passthrough mode, which only `+++` alone ends.
    Passthrough,
}

/// What reaches the host between a reset and `ready`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BootNoise {
    /// Nothing.
    None,
    /// The boot ROM's text, sent at 74880 baud whatever the session's baud is.
    RomText,
    /// These bytes, at the session's baud.
    Bytes(Vec<u8>),
}

/// What the vendor's firmware does with `AT+MQTTCONN?`, which was never seen on hardware.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectionQuery {
    /// `ERROR`.
    Refused,
    /// The answer starts with `+MQTTCONN:`.
    Plain,
    /// The answer starts with `AT+MQTTCONN:`, as the vendor's manual prints it.
    WithAt,
}

/// What ends the line `OK` of `AT+MQTTPUBRAW` and asks for the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Prompt {
    /// `\r\n>`, as ESP-AT does.
    Line,
    /// `> `, as `AT+CIPSEND` of NonOS AT does.
    Space,
}

/// The host's UART on the virtual bench.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Host {
    /// Baud of the host; the module's own at the start if `None`.
    pub baud: Option<u32>,
    /// Bytes that the receive FIFO holds; one that arrives into a full FIFO is lost.
    pub rx_fifo: usize,
    /// Bytes that wait for the transmitter's shift register; `write` blocks while it is full.
    pub tx_depth: usize,
    /// Time that each call of a UART method takes, so that polling loops make progress.
    pub call_cost: Duration,
}

/// Everything that can be chosen about an emulated module and its surroundings.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// Firmware of the module.
    pub firmware: Firmware,
    /// Which ESP-AT, if it is one.
    pub release: EspAtRelease,
    /// Whether the firmware was built with WPA2-Enterprise (`AT+CWJEAP`).
    pub enterprise: bool,
    /// Baud stored in the module.
    pub baud: u32,
    /// Times.
    pub latency: Latency,
    /// The host's UART (virtual bench only).
    pub host: Host,
    /// Access points in range.
    pub access_points: Vec<AccessPoint>,
    /// Addresses of the module.
    pub addresses: Addresses,
    /// Whether the module echoes in its initial state; a reset always turns the echo on.
    pub echo: bool,
    /// How the module stands at the start.
    pub initial: InitialState,
    /// What a reset puts on the wire before `ready`.
    pub boot_noise: BootNoise,
    /// `AT+CWMODE` of a module fresh from the factory.
    pub wifi_mode: u8,
    /// Answer to `AT+MQTTCONN?` of the vendor's firmware.
    pub connection_query: ConnectionQuery,
    /// Whether `+MQTTCONNECTED` and `+MQTTDISCONNECTED` are printed.
    pub connection_urcs: bool,
    /// Whether the port is printed in quotes (`"1883"`), as all logs show and the manuals do not.
    pub quoted_port: bool,
    /// Whether the firmware subscribes again by itself after a reconnect.
    pub resubscribes: bool,
    /// Prompt of `AT+MQTTPUBRAW`.
    pub prompt: Prompt,
    /// `AT+SYSRAM?`, bytes.
    pub free_memory: u32,
    /// `AT+SYSADC?`, in 1/1024 V.
    pub analog: u16,
    /// Supply voltage that the module measures, in 1/1024 V.
    pub supply: u16,
    /// Whether the timer's pin is wired to the reset input, so that deep sleep ends by itself.
    pub wakes_from_sleep: bool,
    /// Unix time at the start of the emulation, as time servers tell it; `None` if none answers.
    pub unix_time: Option<u64>,
    /// Whether data that came before the peer closed can be fetched afterwards in passive receive mode.
    pub keeps_unread: bool,
    /// Size of the MQTT packet buffer, bytes; limits raw publishes and splits long messages.
    pub mqtt_buffer: usize,
}

impl Settings {
    /// Name of the access point that is in range by default.
    pub const SSID: &str = "Workshop";
    /// Password of the access point that is in range by default.
    pub const PASSWORD: &str = "password";

    /// The vendor's module as shipped: 9600 baud.
    #[must_use]
    pub fn vendor() -> Self {
        Self::of(Firmware::Vendor, 9600)
    }

    /// ESP-AT 2.2.1 for ESP8266 at 115200 baud.
    #[must_use]
    pub fn esp_at() -> Self {
        Self {
            boot_noise: BootNoise::Bytes(vec![0xe9, 0x83, 0xb3, b'0']),
            connection_urcs: true,
            resubscribes: true,
            mqtt_buffer: 512,
            ..Self::of(Firmware::EspAt, 115_200)
        }
    }

    /// NonOS AT 1.7.4 without MQTT commands at 115200 baud.
    #[must_use]
    pub fn stock_nonos() -> Self {
        Self::of(Firmware::StockNonOs, 115_200)
    }

    fn of(firmware: Firmware, baud: u32) -> Self {
        Self {
            firmware,
            release: EspAtRelease::V2_2,
            enterprise: false,
            baud,
            latency: Latency::typical(firmware),
            host: Host {
                baud: None,
                rx_fifo: 256,
                tx_depth: 1,
                call_cost: Duration::from_micros(1),
            },
            access_points: vec![AccessPoint::new(Self::SSID, Self::PASSWORD)],
            addresses: Addresses::default(),
            echo: true,
            initial: InitialState::Ready,
            boot_noise: BootNoise::RomText,
            wifi_mode: 2,
            connection_query: ConnectionQuery::Plain,
            connection_urcs: false,
            quoted_port: true,
            resubscribes: false,
            prompt: Prompt::Line,
            free_memory: 33_000,
            analog: 512,
            supply: 3379,
            wakes_from_sleep: true,
            // 2021-10-18 20:12:27 UTC, the example of the manual.
            unix_time: Some(1_634_587_947),
            keeps_unread: firmware == Firmware::EspAt,
            mqtt_buffer: 1024,
        }
    }

    /// Replaces the release of ESP-AT.
    #[must_use]
    pub fn with_release(mut self, release: EspAtRelease) -> Self {
        self.release = release;
        self
    }

    /// The same module without any waiting besides the UART's.
    #[must_use]
    pub fn fast(mut self) -> Self {
        self.latency = Latency::zero();
        self
    }

    /// Finds and loses access points sooner than the real module, for people who watch.
    #[must_use]
    pub fn brisk(mut self) -> Self {
        let millis = Duration::from_millis;
        let latency = &mut self.latency;
        latency.associate = millis(300);
        latency.dhcp = millis(200);
        latency.join_failure = millis(1000);
        latency.join_poll = latency.join_poll.min(millis(100));
        self
    }

    /// Replaces the baud stored in the module.
    #[must_use]
    pub fn with_baud(mut self, baud: u32) -> Self {
        self.baud = baud;
        self
    }

    /// Replaces the initial state.
    #[must_use]
    pub fn with_initial(mut self, initial: InitialState) -> Self {
        self.initial = initial;
        self
    }

    /// Starts with the echo on or off.
    #[must_use]
    pub fn with_echo(mut self, echo: bool) -> Self {
        self.echo = echo;
        self
    }

    /// Replaces the access points in range.
    #[must_use]
    pub fn with_access_points(mut self, access_points: Vec<AccessPoint>) -> Self {
        self.access_points = access_points;
        self
    }

    /// Replaces the depth of the host's receive FIFO, bytes.
    #[must_use]
    pub fn with_rx_fifo(mut self, bytes: usize) -> Self {
        self.host.rx_fifo = bytes;
        self
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::vendor()
    }
}
