//! What the Arduino board is to its sketch: a serial port with the module on it, and the time.
//!
//! Without arguments the module is emulated, and somebody publishes "hello" to every topic that it subscribes to. A real one
//! is at `--port /dev/ttyUSB0`, or `--port tcp://HOST:PORT`.

#[path = "../demo/delay.rs"]
mod delay;
#[path = "../demo/port/mod.rs"]
mod port;

pub use delay::PacedDelay;

use clap::Parser;
use embedded_io::{ErrorType, Read, ReadReady, Write};
use esp8266_mqtt_emulator::{AccessPoint, MemoryBroker, Message, RealTimePort, Settings};
use std::{io, process::ExitCode, thread, time::Duration};

/// The driver's error on this board.
pub type Error = esp8266_mqtt::Error<io::Error>;

/// An Arduino program of the module's product page. It runs until Ctrl-C.
///
/// Network, broker and topics are constants in its source.
#[derive(Parser)]
struct Arguments {
    /// Where the module is: a serial port such as /dev/ttyUSB0, or tcp://HOST:PORT. Without it the module is emulated
    #[arg(long)]
    port: Option<String>,
}

/// Runs the sketch and says why it ended.
pub fn run(sketch: fn() -> Result<(), Error>) -> ExitCode {
    match sketch() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The serial port.
pub enum Serial {
    Emulated(Box<RealTimePort>),
    Tcp(port::Tcp),
    Real(port::Serial),
}

/// `SoftwareSerial.begin(baud)`. `network` is what the emulated module is surrounded by: an access point and its password.
pub fn serial(baud: u32, network: (&str, &str)) -> Result<Serial, Error> {
    let opened = match Arguments::parse().port {
        None => Ok(Serial::Emulated(Box::new(emulated(network)))),
        Some(path) => match path.strip_prefix("tcp://") {
            Some(address) => port::Tcp::connect(address).map(Serial::Tcp),
            None => port::Serial::open(&path, baud).map(Serial::Real),
        },
    };
    opened.map_err(|why| Error::Uart(io::Error::other(why)))
}

/// The module as shipped, but quicker in joining.
fn emulated((ssid, password): (&str, &str)) -> RealTimePort {
    let broker = MemoryBroker::new();
    let link = Box::new(broker.link());
    thread::spawn(move || {
        loop {
            thread::sleep(Duration::from_secs(1));
            for client in broker.clients() {
                for (topic, _) in broker.subscriptions(&client) {
                    broker.publish(Message::new(topic, "hello"));
                }
            }
        }
    });
    let access_points = vec![AccessPoint::new(ssid, password)];
    let settings = Settings::vendor().brisk().with_access_points(access_points);
    RealTimePort::new(settings, link)
}

impl ErrorType for Serial {
    type Error = io::Error;
}

impl ReadReady for Serial {
    fn read_ready(&mut self) -> io::Result<bool> {
        match self {
            Self::Emulated(port) => port.read_ready().map_err(io::Error::other),
            Self::Tcp(port) => port.read_ready(),
            Self::Real(port) => port.read_ready(),
        }
    }
}

impl Read for Serial {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Emulated(port) => port.read(buffer).map_err(io::Error::other),
            Self::Tcp(port) => port.read(buffer),
            Self::Real(port) => port.read(buffer),
        }
    }
}

impl Write for Serial {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Emulated(port) => port.write(bytes).map_err(io::Error::other),
            Self::Tcp(port) => port.write(bytes),
            Self::Real(port) => port.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Emulated(port) => port.flush().map_err(io::Error::other),
            Self::Tcp(port) => port.flush(),
            Self::Real(port) => port.flush(),
        }
    }
}
