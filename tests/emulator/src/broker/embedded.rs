//! A real broker inside the process.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use rumqttd::{Broker, Config, ConnectionSettings, RouterConfig, ServerSettings};

/// How long the broker may take until it accepts connections.
const START_TIME: Duration = Duration::from_secs(10);

/// Starts `rumqttd` on a free port of 127.0.0.1 and returns the port. It runs until the process ends.
///
/// Only the given users get in; without any, everybody does.
///
/// # Errors
///
/// If no port is free, or the broker does not accept a connection within 10 s.
pub fn start_embedded(users: &[(&str, &str)]) -> io::Result<u16> {
    // The broker takes an address only, so the free port is looked for first.
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let users: HashMap<String, String> = users
        .iter()
        .map(|(name, password)| ((*name).into(), (*password).into()))
        .collect();
    let server = ServerSettings {
        name: "emulator".into(),
        listen: address,
        tls: None,
        next_connection_delay_ms: 1,
        connections: ConnectionSettings {
            connection_timeout_ms: 5000,
            max_payload_size: 256 * 1024,
            max_inflight_count: 100,
            auth: (!users.is_empty()).then_some(users),
            external_auth: None,
            dynamic_filters: true,
        },
    };
    let config = Config {
        router: RouterConfig {
            max_connections: 100,
            max_outgoing_packet_count: 200,
            max_segment_size: 1024 * 1024,
            max_segment_count: 10,
            ..RouterConfig::default()
        },
        v4: Some(HashMap::from([("emulator".into(), server)])),
        ..Config::default()
    };
    std::thread::Builder::new()
        .name("embedded-broker".into())
        .spawn(move || drop(Broker::new(config).start()))?;
    let deadline = Instant::now() + START_TIME;
    loop {
        match TcpStream::connect(address) {
            Ok(_) => return Ok(port),
            Err(error) if Instant::now() > deadline => return Err(error),
            Err(_) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}
