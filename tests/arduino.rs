//! The examples `arduino_basic` and `arduino_aliyun` on the emulated module.
//!
//! This runs the executables of the examples, which `cargo test` builds and `cargo test --test arduino` does not.

use std::{
    env::{consts::EXE_SUFFIX, current_exe},
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::mpsc::channel,
    thread,
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(30);

fn example(name: &str) -> Command {
    let mut path = current_exe().expect("a path");
    path.pop();
    path.pop();
    Command::new(path.join(format!("examples/{name}{EXE_SUFFIX}")))
}

/// What the example, which never ends, prints first.
fn first_lines(name: &str, count: usize) -> Vec<String> {
    let mut child = example(name)
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
fn wrong_arguments() {
    for arguments in [
        &["--help"][..],
        &["--port"],
        &["--port", "/dev/no-such-port"],
    ] {
        let output = example("arduino_basic").args(arguments).output();
        let output = output.expect("the example is built");
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: "));
    }
}
