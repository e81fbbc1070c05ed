//! The emulator behind the ports that real modules have.

use crate::{demo, example::Run, served::served};
use esp8266_mqtt_emulator::{MemoryBroker, Server, Settings};

fn server() -> Server {
    Server::new(
        Settings::esp_at().fast(),
        Box::new(MemoryBroker::new().link()),
    )
}

fn demo_at(port: &str) -> Run {
    let mut arguments = vec!["--port", port, "--ssid", Settings::SSID];
    arguments.extend(["--password", Settings::PASSWORD]);
    arguments.extend(["--host", "broker", "--baud", "115200", "--count", "3"]);
    demo(&arguments)
}

fn all_came_back(run: &Run) {
    run.succeeded();
    assert!(run.has_line("            AT 2.2.1.0, dialect EspAt"));
    assert!(run.has_line("3 of 3 messages came back"));
}

#[test]
fn tcp() {
    let port = served(server);
    // The second run finds a module that is connected already.
    for _ in 0..2 {
        all_came_back(&demo_at(&port));
    }
}

#[cfg(target_os = "linux")]
mod pty {
    use super::{all_came_back, demo_at, server};
    use crate::near;

    #[test]
    fn serial() {
        let path = near::served(server);
        all_came_back(&demo_at(&path));
    }
}
