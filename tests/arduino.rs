//! The examples `arduino_basic` and `arduino_aliyun` on the emulated module.
//!
//! This runs the executables of the examples, which `cargo test` builds and `cargo test --test arduino` does not.

#[path = "common/example.rs"]
mod example;

use example::{executable, run};
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::mpsc::channel,
    thread,
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(30);

/// What the example, which never ends, prints first.
fn first_lines(name: &str, count: usize) -> Vec<String> {
    let mut child = Command::new(executable(name))
        .stdout(Stdio::piped())
        .spawn()
        .expect("the example is built");
    let output = BufReader::new(child.stdout.take().expect("piped"));
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            sender.send(line).ok();
        }
    });
    let heard = (0..count).map_while(|_| lines.recv_timeout(PATIENCE).ok());
    let heard = heard.collect();
    child.kill().ok();
    child.wait().ok();
    heard
}

#[test]
fn basic() {
    let message = ["topic:topic_1", "message:hello"];
    let expected = ["wifi connected", "broker: Connected"]
        .into_iter()
        .chain(message)
        .chain(message);
    assert_eq!(
        first_lines("arduino_basic", 6),
        expected.collect::<Vec<_>>()
    );
}

#[test]
fn aliyun() {
    assert_eq!(
        first_lines("arduino_aliyun", 7),
        [
            "Aliyun MqttSendReceive Test",
            "********** Firmware version > PASSED",
            "********** Status is not joined > PASSED",
            "wifi connected",
            "broker: Connected",
            "topic:/product-key/emakefun/user/get",
            "message:hello",
        ]
    );
}

#[test]
fn arguments() {
    let ended = |arguments: &[&str]| run(Command::new(executable("arduino_basic")).args(arguments));
    let help = ended(&["--help"]);
    help.ended_with(0);
    help.has("--port <PORT>");
    for wrong in [&["--port"][..], &["--baud", "9600"], &["/dev/ttyUSB0"]] {
        let refused = ended(wrong);
        refused.ended_with(2);
        assert!(refused.stderr.contains("--help"));
    }
    let refused = ended(&["--port", "/dev/no-such-port"]);
    refused.ended_with(1);
    assert!(refused.stderr.starts_with("error: "));
}
