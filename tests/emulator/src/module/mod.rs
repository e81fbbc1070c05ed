//! The module itself: bytes in, bytes out, both with a time.

use core::time::Duration;

use crate::broker::{Broker, BrokerEvent};
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
pub(crate) use station::Station;

pub(crate) use job::{Answer, Job};

use input::LineReader;
use job::Mode;
use output::{Marker, Next, Output};
use record::Record;

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

    /// When something will happen by itself; `None` if only the outside can change anything.
    #[must_use]
    pub fn next_due(&self) -> Option<Duration> {
        let job = self.job.as_ref().and_then(Job::due);
        let power = match self.power {
            Power::Booting { ready_at } => Some(ready_at),
            Power::Asleep { until } => until,
            Power::Held | Power::On => None,
        };
        [
            job,
            power,
            self.pause_due(),
            self.station.due,
            self.client.due,
            self.provision.due(),
            self.broker.next_due(),
            self.sockets.due(),
            self.clock.due,
            self.network.next_due(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Lets time pass.
    pub fn advance(&mut self, now: Duration) {
        while let Some(due) = self.next_due().filter(|due| *due <= now) {
            self.now = self.now.max(due);
            self.run_due();
        }
        self.now = self.now.max(now);
        // A real network cannot tell when its next event comes.
        self.poll_network();
    }

    /// When a pause of the host means something: in passthrough, and after `+++`.
    fn pause_due(&self) -> Option<Duration> {
        match &self.mode {
            Mode::Passthrough { typed, since } if !typed.is_empty() => Some(*since + PACKET_GAP),
            Mode::Sending(sending) => sending.due(),
            _ => None,
        }
    }

    fn poll_network(&mut self) {
        while let Some(event) = self.broker.poll(self.now) {
            self.broker_event(event);
        }
        while let Some(event) = self.network.poll(self.now) {
            if self.power == Power::On {
                self.network_event(event);
            }
        }
    }

    fn run_due(&mut self) {
        let now = self.now;
        match self.power {
            Power::Booting { ready_at } if ready_at <= now => self.become_ready(),
            Power::Asleep { until: Some(until) } if until <= now => self.boot(2),
            _ => {}
        }
        self.poll_network();
        if self.station.due.is_some_and(|due| due <= now) {
            self.station_due();
        }
        if self.client.due.is_some_and(|due| due <= now) {
            self.client_due();
        }
        self.provision_due();
        if self.pause_due().is_some_and(|due| due <= now) {
            match &self.mode {
                Mode::Sending(_) => self.cancel_sending(),
                _ => self.passthrough_packet(),
            }
        }
        self.sockets_due();
        self.clock_due();
        self.job_due();
    }

    fn broker_event(&mut self, event: BrokerEvent) {
        if self.power == Power::On {
            self.mqtt_event(event);
        }
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

/// Silence that ends a packet in passthrough mode.
pub(crate) const PACKET_GAP: Duration = Duration::from_millis(20);
