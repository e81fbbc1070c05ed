//! The module itself: bytes in, bytes out, both with a time.

use core::time::Duration;

use crate::broker::Broker;
use crate::fault::Reaction;
use crate::network::{MemoryNetwork, Network};
use crate::settings::{Firmware, InitialState, Settings};

mod boot;
mod client;
mod clock;
mod config;
mod execute;
mod flash;
mod input;
mod job;
mod link;
mod long_field;
mod output;
mod payload;
mod pins;
mod provision;
mod record;
mod scan;
mod sockets;
mod soft_ap;
mod station;
mod time;
mod update;

pub use crate::command::{Argument, Form};
pub(crate) use client::{Client, Link, Operation, State, Target};
pub use client::{ConnectionConfig, UserConfig};
pub(crate) use clock::{Clock, Sntp};
pub(crate) use config::{Config, Country, Ipv4, Leases, SoftAp};
pub(crate) use flash::{Enterprise, Flash, StoredStation};
pub(crate) use link::packet_header;
pub(crate) use long_field::{Field, LongField};
pub(crate) use payload::Payload;
pub(crate) use pins::{Pins, gpio_function};
pub(crate) use provision::Provision;
pub use record::{Refusal, Refused, Understood};
pub(crate) use scan::{Scan, ScanOptions};
pub(crate) use sockets::{LINKS, SavedLink, SendKind, Sending, Sockets, UdpPeer};
pub(crate) use soft_ap::SoftApClient;
pub(crate) use station::{Phase as StationPhase, Station};

pub(crate) use job::{Answer, Job};

use input::LineReader;
use job::Mode;
use output::{Marker, Next, Output};
use record::Record;
pub(crate) use time::PACKET_GAP;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Power {
    /// The reset pin is low.
    Held,
    Booting {
        ready_at: Duration,
    },
    On,
    /// Deep sleep, with the time of the wake-up if there will be one.
    Asleep {
        until: Option<Duration>,
    },
}

pub(crate) struct CommandFault {
    pub name: String,
    pub countdown: u32,
    pub reaction: Reaction,
}

/// An ESP8266 module with AT firmware, seen from its UART.
///
/// It has no clock and does no I/O: [`receive`](Self::receive) takes a byte from the host,
/// [`transmit`](Self::transmit) gives the next byte for it, [`advance`](Self::advance) lets time pass up to
/// [`next_due`](Self::next_due) or less.
pub struct Module {
    pub(crate) settings: Settings,
    pub(crate) now: Duration,
    power: Power,
    pub(crate) flash: Flash,
    pub(crate) baud: u32,
    pub(crate) echo: bool,
    pub(crate) syslog: bool,
    /// `AT+SYSSTORE` of ESP-AT.
    pub(crate) store: bool,
    /// `AT+CIPMUX`.
    pub(crate) multiple_links: bool,
    /// `AT+SLEEP`.
    pub(crate) sleep_mode: u8,
    /// `AT+RFPOWER`, in 0.25 dBm.
    pub(crate) rf_power: u8,
    /// `AT+RFVDD`, in 1/1024 V.
    pub(crate) supply: u16,
    pub(crate) pins: Pins,
    pub(crate) clock: Clock,
    /// `AT+CWHOSTNAME`.
    pub(crate) host_name: Option<String>,
    /// `AT+MDNS`: host, service, port.
    pub(crate) mdns: Option<(String, String, u16)>,
    /// `AT+CWJAPTO`, seconds.
    pub(crate) join_timeout: Option<u16>,
    /// `AT+CWRECONNCFG`: seconds between attempts, 0 for none at all, and how many there are, 0 for no end.
    pub(crate) rejoin: (u16, u16),
    pub(crate) scan_options: ScanOptions,
    pub(crate) soft_ap_clients: Vec<SoftApClient>,
    pub(crate) provision: Provision,
    /// Settings in force; those in flash are in [`Flash`].
    pub(crate) config: Config,
    reader: LineReader,
    mode: Mode,
    job: Option<Job>,
    /// The line typed while a command runs; only `AT+RST` in it matters.
    refused_line: Vec<u8>,
    output: Output,
    pub(crate) station: Station,
    pub(crate) client: Client,
    pub(crate) broker: Box<dyn Broker>,
    pub(crate) network: Box<dyn Network>,
    pub(crate) sockets: Sockets,
    record: Record,
    faults: Vec<CommandFault>,
    publish_fails: bool,
}

impl Module {
    /// A module whose MQTT connection goes to `broker`, in a network without other hosts.
    #[must_use]
    pub fn new(settings: Settings, broker: Box<dyn Broker>) -> Self {
        let flash = Flash::factory(&settings);
        let mut module = Self {
            now: Duration::ZERO,
            power: Power::On,
            baud: settings.baud,
            echo: settings.echo,
            syslog: false,
            store: true,
            multiple_links: false,
            sleep_mode: 2,
            rf_power: 82,
            supply: settings.supply,
            pins: Pins::default(),
            clock: Clock::default(),
            host_name: None,
            mdns: None,
            join_timeout: None,
            rejoin: REJOIN,
            scan_options: ScanOptions::default(),
            soft_ap_clients: Vec::new(),
            provision: Provision::default(),
            config: flash.config.clone(),
            reader: LineReader::new(settings.firmware),
            mode: Mode::Commands,
            job: None,
            refused_line: Vec::new(),
            output: Output::default(),
            station: Station::new(flash.wifi_mode),
            client: Client::default(),
            broker,
            network: Box::new(MemoryNetwork::new().port()),
            sockets: Sockets::default(),
            record: Record::default(),
            faults: Vec::new(),
            publish_fails: false,
            flash,
            settings,
        };
        module.enter_initial_state();
        module
    }

    /// Connects the links of `AT+CIPSTART` to `network`.
    pub fn set_network(&mut self, network: Box<dyn Network>) {
        self.network = network;
    }

    fn enter_initial_state(&mut self) {
        match self.settings.initial.clone() {
            InitialState::Ready => {}
            InitialState::Joined => self.start_joined(),
            InitialState::PowerUp => self.boot(1),
            InitialState::DataMode(owed) => self.mode = Mode::Payload(Payload::abandoned(owed)),
            InitialState::HalfLine(bytes) => {
                for byte in bytes {
                    self.reader.push(byte);
                }
            }
            InitialState::Passthrough => {
                self.mode = Mode::Passthrough {
                    typed: Vec::new(),
                    since: Duration::ZERO,
                }
            }
        }
    }

    /// The firmware that it runs.
    #[must_use]
    pub fn firmware(&self) -> Firmware {
        self.settings.firmware
    }

    pub(crate) fn is_esp_at(&self) -> bool {
        self.settings.firmware == Firmware::EspAt
    }

    /// A byte from the host has arrived.
    pub fn receive(&mut self, now: Duration, byte: u8) {
        self.advance(now);
        if self.power != Power::On {
            return;
        }
        if let Mode::Passthrough { typed, since } = &mut self.mode {
            typed.push(byte);
            *since = now;
            return;
        }
        if matches!(self.mode, Mode::Field(_)) {
            return self.field_byte(byte);
        }
        if matches!(self.mode, Mode::Sending(_)) {
            return self.data_byte(byte);
        }
        if matches!(self.mode, Mode::Payload(_)) {
            return self.payload_byte(byte);
        }
        if self.echo {
            self.print(&[byte]);
        }
        if self.job.is_some() {
            self.refuse_byte(byte);
        } else if let Some(line) = self.reader.push(byte) {
            self.command_line(line);
        }
    }

    /// The transmitter is free: the next byte to send and its baud.
    pub fn transmit(&mut self, now: Duration) -> Option<(u8, u32)> {
        self.advance(now);
        loop {
            match self.output.next()? {
                Next::Byte(byte, baud) => return Some((byte, baud)),
                Next::Marker(Marker::Baud(baud)) => self.baud = baud,
                Next::Marker(Marker::Restart) => self.restart(now, 2),
                Next::Marker(Marker::Sleep(millis)) => self.sleep(millis),
            }
        }
    }

    /// Whether [`transmit`](Self::transmit) has something to do.
    #[must_use]
    pub fn has_output(&self) -> bool {
        !self.output.is_empty()
    }

    /// Holds the module in reset, or lets it boot.
    pub fn set_reset(&mut self, now: Duration, held: bool) {
        self.advance(now);
        if held {
            self.drop_everything();
            self.power = Power::Held;
        } else if self.power == Power::Held {
            self.boot(2);
        }
    }

    /// Restarts the module as a watchdog or a short loss of power would. `cause` is the number that the boot ROM prints:
    /// 1 power on, 2 reset pin or software, 4 hardware watchdog.
    pub fn restart(&mut self, now: Duration, cause: u8) {
        self.advance(now);
        self.drop_everything();
        self.boot(cause);
    }

    /// Prints bytes as if the firmware had; they follow what is queued already.
    pub fn inject(&mut self, now: Duration, bytes: &[u8]) {
        self.advance(now);
        self.print(bytes);
    }

    pub(crate) fn add_fault(&mut self, fault: CommandFault) {
        self.faults.push(fault);
    }

    pub(crate) fn print(&mut self, bytes: &[u8]) {
        self.output.print(bytes, self.baud);
    }

    pub(crate) fn print_line(&mut self, line: &str) {
        self.print(line.as_bytes());
        self.print(b"\r\n");
    }
}

/// Rejoins once a second, without end.
const REJOIN: (u16, u16) = (1, 0);
