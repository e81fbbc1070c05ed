//! Command line of the emulator: a module behind a TCP port or a pseudo-terminal.

mod script;

use std::fmt::Display;
use std::fs::{self, File};
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Parser, ValueEnum};
use esp8266_mqtt_emulator::{
    AccessPoint, Action, Broker, InitialState, MemoryBroker, RealBroker, RealNetwork, Server,
    Settings,
};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

/// Emulates the UART side of an ESP8266 module with AT + MQTT firmware.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Where the host connects: tcp://ADDRESS:PORT (port 0: a free one) or pty
    #[arg(long, default_value = "pty")]
    listen: String,
    /// Where MQTT goes: HOST:PORT, `dns` (the hosts that the commands name), `memory` or `embedded`
    #[arg(long, default_value = "memory")]
    broker: String,
    /// Firmware of the module
    #[arg(long, value_enum, default_value_t = Dialect::Vendor)]
    dialect: Dialect,
    /// Baud that paces the bytes
    #[arg(long, value_parser = clap::value_parser!(u32).range(110..=5_000_000))]
    baud: Option<u32>,
    /// Name of the access point in range
    #[arg(long, default_value = Settings::SSID)]
    ssid: String,
    /// Its password
    #[arg(long, default_value = Settings::PASSWORD)]
    wifi_password: String,
    /// What goes wrong, and when: a file with a line for each, see the README
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
    /// Starts with power-up instead of a module that is ready
    #[arg(long)]
    power_up: bool,
    /// Prints every line that passes, with its time, to standard error
    #[arg(long)]
    trace: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Dialect {
    /// The vendor's NonOS AT 1.7.2 with MQTT commands
    Vendor,
    /// ESP-AT 2.2.1 for ESP8266
    EspAt,
    /// NonOS AT 1.7.4 without MQTT commands
    Nonos,
}

/// What went wrong, in words for the terminal.
struct Failure(String);

fn failed<E: Display>(what: impl Display) -> impl FnOnce(E) -> Failure {
    move |error| Failure(format!("{what}: {error}"))
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(message)) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let memory = MemoryBroker::new();
    let broker = broker(&arguments.broker, &memory)?;
    let mut server =
        Server::new(settings(arguments), broker).with_network(Box::new(RealNetwork::new()));
    if let Some(path) = &arguments.faults {
        for entry in faults(path, &arguments.broker)? {
            server.schedule_after(entry.at, entry.action, &memory);
        }
    }
    let show = |line: &str| {
        if arguments.trace {
            eprintln!("{line}");
        }
    };
    if arguments.listen == "pty" {
        let (mut terminal, _client, path) =
            open_terminal().map_err(failed("cannot open a pseudo-terminal"))?;
        println!("{path}");
        return server.serve(&mut terminal, show).map_err(failed(path));
    }
    let address = arguments.listen.strip_prefix("tcp://").ok_or_else(|| {
        Failure(format!(
            "--listen {}: neither pty nor tcp://ADDRESS:PORT",
            arguments.listen
        ))
    })?;
    let listener =
        TcpListener::bind(address).map_err(failed(format!("cannot listen on {address}")))?;
    let address = listener.local_addr().map_err(failed("no local address"))?;
    println!("tcp://{address}");
    loop {
        let (mut stream, peer) = listener.accept().map_err(failed("cannot accept"))?;
        stream.set_nonblocking(true).map_err(failed(peer))?;
        stream.set_nodelay(true).map_err(failed(peer))?;
        // Like the wire, the module stays on when the host goes away and comes back.
        if let Err(error) = server.serve(&mut stream, show) {
            eprintln!("{peer}: {error}");
        }
    }
}

fn settings(arguments: &Arguments) -> Settings {
    let settings = match arguments.dialect {
        Dialect::Vendor => Settings::vendor(),
        Dialect::EspAt => Settings::esp_at(),
        Dialect::Nonos => Settings::stock_nonos(),
    };
    let baud = arguments.baud.unwrap_or(settings.baud);
    let initial = if arguments.power_up {
        InitialState::PowerUp
    } else {
        InitialState::Ready
    };
    let access_point = AccessPoint::new(&arguments.ssid, &arguments.wifi_password);
    let mut settings = settings;
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
    settings.unix_time = since_1970.ok().map(|time| time.as_secs());
    settings
        .with_baud(baud)
        .with_initial(initial)
        .with_access_points(vec![access_point])
}

fn faults(path: &Path, broker: &str) -> Result<Vec<script::Entry>, Failure> {
    let text = fs::read_to_string(path).map_err(failed(path.display()))?;
    let entries = script::parse(&text).map_err(failed(path.display()))?;
    let is_of_broker = |entry: &script::Entry| {
        matches!(
            entry.action,
            Action::Deliver(_) | Action::CutMqtt | Action::LoseBroker | Action::RestoreBroker
        )
    };
    if broker != "memory" && entries.iter().any(is_of_broker) {
        let words = "what happens at the broker can only be given for --broker memory";
        return Err(Failure(format!("{}: {words}", path.display())));
    }
    Ok(entries)
}

fn broker(choice: &str, memory: &MemoryBroker) -> Result<Box<dyn Broker>, Failure> {
    Ok(match choice {
        "memory" => Box::new(memory.link()),
        "dns" => Box::new(RealBroker::new()),
        "embedded" => embedded()?,
        address => {
            let parts = address.rsplit_once(':');
            let (host, port) =
                parts.ok_or_else(|| Failure(format!("--broker {address}: not HOST:PORT")))?;
            let port = port
                .parse()
                .map_err(failed(format!("--broker {address}: port")))?;
            Box::new(RealBroker::always(host, port))
        }
    })
}

#[cfg(feature = "embedded-broker")]
fn embedded() -> Result<Box<dyn Broker>, Failure> {
    let port = esp8266_mqtt_emulator::broker::start_embedded(&[])
        .map_err(failed("cannot start the broker"))?;
    eprintln!("broker on 127.0.0.1:{port}");
    Ok(Box::new(RealBroker::always("127.0.0.1", port)))
}

#[cfg(not(feature = "embedded-broker"))]
fn embedded() -> Result<Box<dyn Broker>, Failure> {
    Err(Failure(
        "--broker embedded: built without the feature embedded-broker".into(),
    ))
}

/// The near end, the far end kept open so that clients can come and go, and the path of the far end.
fn open_terminal() -> io::Result<(File, File, String)> {
    let near = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&near)?;
    unlockpt(&near)?;
    let path = ptsname(&near, Vec::new())?.to_string_lossy().into_owned();
    let flags = OFlags::RDWR | OFlags::NOCTTY;
    let far = rustix::fs::open(&path, flags, Mode::empty())?;
    let mut attributes = tcgetattr(&far)?;
    attributes.make_raw();
    tcsetattr(&far, OptionalActions::Now, &attributes)?;
    rustix::fs::fcntl_setfl(&near, OFlags::NONBLOCK | OFlags::RDWR)?;
    Ok((near.into(), far.into(), path))
}
