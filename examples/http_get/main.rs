//! Fetches a page over HTTP, with the module as a TCP stack behind `embedded-nal`, and goes on receiving MQTT next to it.
//!
//! ```sh
//! cargo run --features sockets --example http_get             # emulated module, web server inside the process
//! cargo run --features sockets --example http_get -- --port /dev/ttyUSB0 --baud 9600 \
//!     --ssid my-network --password my-password http://example.com/
//! ```
//!
//! The part to learn from is `get`: it is written against the traits and would run on any other stack.

#[path = "../demo/delay.rs"]
mod delay;
#[path = "../demo/failure.rs"]
#[allow(dead_code, reason = "the demo has more to say")]
mod failure;
#[path = "../demo/port/mod.rs"]
mod port;
mod server;

use clap::Parser;
use delay::PacedDelay;
use embedded_io::{Read, ReadReady, Write};
use embedded_nal::{AddrType, Dns, TcpClientStack, nb};
use esp8266_mqtt::{Buffers, Error, Esp8266Mqtt};
use esp8266_mqtt_emulator::{AccessPoint, MemoryBroker, RealNetwork, RealTimePort, Settings};
use failure::Failure;
use std::{
    io,
    net::SocketAddr,
    process::ExitCode,
    time::{Duration, Instant},
};

const SSID: &str = "emulated-ap";
const PASSWORD: &str = "emulated-password";
/// How long a server may say nothing.
const PATIENCE: Duration = Duration::from_secs(15);

/// Fetches a page through an ESP8266 MQTT module.
///
/// Without --port the module is emulated, and a web server inside the process answers.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where the module is: a serial port such as /dev/ttyUSB0, or tcp://HOST:PORT
    #[arg(long, requires_all = ["ssid", "url"])]
    port: Option<String>,
    /// Baud rate of the serial port
    #[arg(long, default_value_t = 9600)]
    baud: u32,
    /// Name of the access point
    #[arg(long)]
    ssid: Option<String>,
    /// Password of the access point
    #[arg(long, default_value = "")]
    password: String,
    /// The page: http://HOST[:PORT]/PATH
    url: Option<String>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Some(port) = &arguments.port else {
        let server = server::start().map_err(|error| Failure::from(error.to_string()))?;
        let settings = Settings::vendor()
            .fast()
            .with_baud(115_200)
            .with_access_points(vec![AccessPoint::new(SSID, PASSWORD)]);
        let broker = Box::new(MemoryBroker::new().link());
        let port = RealTimePort::new(settings, broker).with_network(Box::new(RealNetwork::new()));
        let url = match &arguments.url {
            Some(url) => url.clone(),
            None => format!("http://{server}/"),
        };
        return fetch(port, SSID, PASSWORD, &url);
    };
    let ssid = arguments.ssid.as_deref().unwrap_or_default();
    let url = arguments.url.as_deref().unwrap_or_default();
    match port.strip_prefix("tcp://") {
        Some(address) => fetch(port::Tcp::connect(address)?, ssid, &arguments.password, url),
        None => fetch(
            port::Serial::open(port, arguments.baud)?,
            ssid,
            &arguments.password,
            url,
        ),
    }
}

fn fetch<U>(uart: U, ssid: &str, password: &str, url: &str) -> Result<(), Failure>
where
    U: Read + ReadReady + Write,
{
    let (host, port, path) = split(url)?;
    let (mut rx, mut tx) = ([0; 1024], [0; 256]);
    let buffers = Buffers::new(&mut rx, &mut tx);
    let mut module = Esp8266Mqtt::new(uart, PacedDelay::new(), buffers);
    module.init().map_err(|error| Failure::new("init", error))?;
    module
        .connect_wifi(ssid, password)
        .map_err(|error| Failure::new("wifi", error))?;
    let failed = |error: Error<_>| Failure::new("http", error);
    let status = get(&mut module.sockets(), host, port, path, &mut io::stdout()).map_err(
        |error| match error {
            HttpError::Stack(error) => failed(error),
            HttpError::NotHttp => Failure::from("http: the answer is not HTTP".to_owned()),
            HttpError::Silent => Failure::from("http: the server says nothing".to_owned()),
            HttpError::Output(error) => Failure::from(format!("cannot write: {error}")),
        },
    )?;
    eprintln!("status {status}");
    Ok(())
}

/// `http://HOST[:PORT]/PATH` in its parts.
fn split(url: &str) -> Result<(&str, u16, &str), Failure> {
    let wrong = || Failure::from(format!("not http://HOST[:PORT]/PATH: {url}"));
    let rest = url.strip_prefix("http://").ok_or_else(wrong)?;
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, port.parse().map_err(|_| wrong())?),
        None => (authority, 80),
    };
    if host.is_empty() || path.contains(char::is_whitespace) {
        return Err(wrong());
    }
    Ok((host, port, path))
}

enum HttpError<E> {
    Stack(E),
    NotHttp,
    Silent,
    Output(io::Error),
}

/// Writes the page to `output` and returns the status of the answer.
fn get<E, S>(
    stack: &mut S,
    host: &str,
    port: u16,
    path: &str,
    output: &mut impl io::Write,
) -> Result<u16, HttpError<E>>
where
    S: TcpClientStack<Error = E> + Dns<Error = E>,
    E: embedded_nal::TcpError,
{
    let address = nb::block!(stack.get_host_by_name(host, AddrType::IPv4));
    let address = address.map_err(HttpError::Stack)?;
    let mut socket = TcpClientStack::socket(stack).map_err(HttpError::Stack)?;
    let remote = SocketAddr::new(address, port);
    nb::block!(TcpClientStack::connect(stack, &mut socket, remote)).map_err(HttpError::Stack)?;

    // The length tells the end: vendor firmware may throw away what a server sends just before it closes.
    let request = format!("GET {path} HTTP/1.0\r\nHost: {host}\r\nConnection: keep-alive\r\n\r\n");
    let mut rest = request.as_bytes();
    while !rest.is_empty() {
        let sent = nb::block!(TcpClientStack::send(stack, &mut socket, rest));
        rest = &rest[sent.map_err(HttpError::Stack)?..];
    }

    // The headers go into memory, the page to its place as it comes.
    let mut head = Vec::new();
    let mut status = None;
    let mut left = usize::MAX;
    let mut buffer = [0; 512];
    let mut heard = Instant::now();
    while left > 0 {
        let received = match TcpClientStack::receive(stack, &mut socket, &mut buffer) {
            Ok(0) => break,
            Ok(count) => &buffer[..count],
            Err(nb::Error::WouldBlock) if heard.elapsed() > PATIENCE => {
                return Err(HttpError::Silent);
            }
            Err(nb::Error::WouldBlock) => continue,
            Err(nb::Error::Other(error)) => return Err(HttpError::Stack(error)),
        };
        heard = Instant::now();
        let mut page = received;
        if status.is_none() {
            head.extend_from_slice(received);
            let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            status = Some(status_of(&head[..end]).ok_or(HttpError::NotHttp)?);
            left = length_of(&head[..end]).unwrap_or(left);
            page = &head[end + 4..];
        }
        output.write_all(page).map_err(HttpError::Output)?;
        left = left.saturating_sub(page.len());
    }
    TcpClientStack::close(stack, socket).map_err(HttpError::Stack)?;
    output.flush().map_err(HttpError::Output)?;
    status.ok_or(HttpError::NotHttp)
}

/// `Content-Length: 4711`
fn length_of(head: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(head).ok()?;
    let value = |line: &str| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    };
    text.lines().find_map(value)
}

/// `HTTP/1.1 200 OK`
fn status_of(head: &[u8]) -> Option<u16> {
    let line = head.split(|byte| *byte == b'\r').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    words.next()?.strip_prefix("HTTP/")?;
    words.next()?.parse().ok()
}
