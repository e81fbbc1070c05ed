//! The emulator behind the ports that real modules have, and lines from a pipe.

use crate::{
    Scratch, console,
    example::{Run, executable},
};
use esp8266_mqtt_emulator::{MemoryBroker, Server, Settings};
use std::{
    io::Write,
    net::TcpListener,
    process::{Command, Stdio},
    thread::spawn,
};

const TEXT: &str = "\
AT+CWMODE=1
AT+CWJAP=\"$SSID\",\"$PASSWORD\"
AT+MQTTUSERCFG=0,1,\"id\",\"\",\"\",0,0,\"\"
AT+MQTTCONN=0,\"broker\",1883,0
AT+MQTTSUB=0,\"t\",0
AT+MQTTPUBRAW=0,\"t\",300,0,0
";

fn server() -> Server {
    Server::new(
        Settings::esp_at().fast(),
        Box::new(MemoryBroker::new().link()),
    )
}

fn played_at(place: &[&str]) -> Run {
    // Longer than a UART's buffer.
    let data = "0123456789".repeat(30);
    let file = Scratch::new(&format!("{TEXT}> {data}\nwait 2 s for ,300,0123456789\n"));
    let set = [
        format!("SSID={}", Settings::SSID),
        format!("PASSWORD={}", Settings::PASSWORD),
    ];
    let mut arguments = place.to_vec();
    arguments.extend(["play", file.path(), "--set", &set[0], "--set", &set[1]]);
    console(&arguments)
}

fn all_came_back(run: &Run) {
    run.ended_with(0);
    run.has("    > (300 bytes)\n");
    run.has("7 of 7 steps played: 7 OK, 0 failed, ");
}

#[test]
fn tcp() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound").to_string();
    spawn(move || {
        let (mut stream, _) = listener.accept()?;
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        server().serve(&mut stream, |_| {})
    });
    all_came_back(&played_at(&["--tcp", &address]));
}

#[test]
fn wrong_places() {
    let run = console(&["--tcp", "127.0.0.1:1", "play", "/dev/null"]);
    run.ended_with(1);
    assert!(
        run.stderr
            .starts_with("error: cannot connect to tcp://127.0.0.1:1: ")
    );
    let run = console(&["--port", "/dev/no-such-port"]);
    run.ended_with(1);
    assert!(
        run.stderr
            .starts_with("error: cannot open the port /dev/no-such-port: ")
    );
    console(&["--tcp", "a:1", "--port", "/dev/ttyUSB0"]).ended_with(2);
    console(&["--tcp", "a:1", "--emulator", "vendor"]).ended_with(2);
    console(&["--set", "1=2"]).ended_with(2);
}

#[test]
fn lines_from_a_pipe() {
    let mut child = Command::new(executable("console"))
        .args(["--emulator", "esp-at"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the example is built");
    let mut input = child.stdin.take().expect("piped");
    input
        .write_all(b"AT+RST\nAT+CWMODE?\nat+fake\n")
        .expect("written");
    drop(input);
    let output = child.wait_with_output().expect("ends");
    assert!(output.status.success());
    let heard = String::from_utf8(output.stdout).expect("text");
    // Each line was sent when the one before had been answered, `ready` included.
    let wanted = [
        "OK",
        "ready   (the module has started)",
        "+CWMODE:",
        "OK",
        "ERROR",
    ];
    let mut lines = heard.lines();
    for wanted in wanted {
        assert!(
            lines.any(|line| line.starts_with(wanted)),
            "{wanted}: {heard}"
        );
    }
}

#[cfg(target_os = "linux")]
mod pty {
    use super::{all_came_back, played_at, server};
    use crate::near;

    #[test]
    fn serial() {
        let path = near::served(server);
        all_came_back(&played_at(&["--port", &path, "--baud", "115200"]));
    }
}
