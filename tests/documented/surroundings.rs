//! What a command finds when it is run: a module at a serial port, with an access point, a broker and a web server.

use crate::{near, pages::root};
use esp8266_mqtt_emulator::{AccessPoint, MemoryBroker, MemoryNetwork, Server, Settings};
use std::{thread, time::Duration};

pub const PASSWORD: &str = "my-password";
/// Place holders, and what somebody would type there.
const VALUES: [(&str, &str); 6] = [
    ("--port …", "--port /dev/ttyUSB0"),
    ("--baud …", "--baud 9600"),
    ("--ssid …", "--ssid my-network"),
    ("--broker …", "--broker broker.example"),
    ("--host …", "--host broker.example"),
    ("--password …", "--password my-password"),
];

/// What to type in place of `command`. A module is at the port, if it wants one.
pub fn typed(command: &str) -> String {
    let mut typed = command.to_owned();
    for (placeholder, value) in VALUES {
        typed = typed.replace(placeholder, value);
    }
    if typed.contains("/dev/ttyUSB0") {
        typed = typed.replace("/dev/ttyUSB0", &near::served(server));
    }
    typed
}

fn server() -> Server {
    let network = MemoryNetwork::new();
    network.tcp("broker.example", 1883);
    let page = network.tcp("example.com", 80);
    thread::spawn(move || {
        while !page.received().ends_with(b"\r\n\r\n") {
            thread::sleep(Duration::from_millis(10));
        }
        page.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 6\r\n\r\nhello\n");
        thread::sleep(Duration::from_millis(100));
        page.close();
    });
    // The examples with constants in the source have the vendor's.
    let access_points = vec![
        AccessPoint::new("my-network", PASSWORD),
        AccessPoint::new("Emakefun", "12345678"),
        AccessPoint::new("emakefun", "wifi-password"),
    ];
    let settings = Settings::vendor().fast().with_access_points(access_points);
    Server::new(settings, Box::new(MemoryBroker::new().link()))
        .with_network(Box::new(network.port()))
}

/// For a page of firmware: whatever Rust has, it builds for the board, and the board is not there.
pub fn at_a_board(command: &str) -> String {
    let root = root().display();
    format!(
        r#"source {root}/.ci/thumb.sh
        thumb_environment "$(sed -n 's/^target = "\(.*\)"/\1/p' .cargo/config.toml)" || exit
        PATH={root}/tests/documented/bin:$PATH
        {command}"#
    )
}
