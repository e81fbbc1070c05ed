//! The example `demo`: its output, its words for every mishap, and its ports.
//!
//! These tests run the executable of the example, which `cargo test` builds and `cargo test --test demo` does not.

#[path = "../common/example.rs"]
mod example;
mod failures;
#[cfg(target_os = "linux")]
mod near;
mod peer;
mod ports;
#[path = "../../examples/demo/redact.rs"]
mod redact;
mod served;
mod trace;

use example::{Run, executable, run};
use std::{process::Command, time::Duration};

impl Run {
    fn has_line(&self, line: &str) -> bool {
        self.stdout.lines().any(|printed| printed == line)
    }

    fn succeeded(&self) {
        self.ended_with(0);
    }

    /// The run ended with this one sentence on standard error.
    fn failed_with(&self, sentence: &str) {
        assert_eq!(
            self.stderr,
            format!("error: {sentence}\n"),
            "{}",
            self.stdout
        );
        assert_eq!(self.code, Some(1));
    }
}

fn demo(arguments: &[&str]) -> Run {
    run(Command::new(executable("demo")).args(arguments))
}

#[test]
fn default_run_receives_what_it_published() {
    let run = demo(&[]);
    run.succeeded();
    assert_eq!(run.stderr, "");
    assert!(
        run.has_line("            AT 1.7.2.0, dialect Vendor"),
        "{}",
        run.stdout
    );
    assert!(run.has_line("topic: esp8266-mqtt/demo"));
    assert!(run.has_line("message: hello from Rust"));
    assert!(run.has_line("1 of 1 messages came back"));
    for step in [
        "init",
        "join Wi-Fi",
        "usercfg",
        "conncfg",
        "connect",
        "login",
        "subscribe",
        "publish",
    ] {
        let line = run.stdout.lines().find(|line| line.starts_with(step));
        assert!(
            line.is_some_and(|line| line.ends_with(" bytes in")),
            "{step}: {}",
            run.stdout
        );
    }
    assert!(run.time < Duration::from_secs(10), "{:?}", run.time);
}

#[test]
fn vendor_and_esp_at() {
    for (dialect, firmware) in [
        ("vendor", "            AT 1.7.2.0, dialect Vendor"),
        ("esp-at", "            AT 2.2.1.0, dialect EspAt"),
    ] {
        let run = demo(&[
            "--dialect",
            dialect,
            "--topic",
            "a/b",
            "--message",
            "ü \"quoted\"",
        ]);
        run.succeeded();
        assert!(run.has_line(firmware), "{}", run.stdout);
        assert!(run.has_line("topic: a/b"), "{}", run.stdout);
        assert!(run.has_line("message: ü \"quoted\""), "{}", run.stdout);
    }
}

#[test]
fn counted_messages_all_come_back() {
    let run = demo(&["--count", "5"]);
    run.succeeded();
    for n in 1..=5 {
        assert!(run.has_line(&format!("message: hello from Rust {n}")));
    }
    assert!(run.has_line("5 of 5 messages came back"));
}

#[test]
fn aliyun_device_connects() {
    let run = demo(&["--aliyun", "product,device,secret"]);
    run.succeeded();
    assert!(!run.stdout.contains("usercfg"));
    assert!(run.has_line("1 of 1 messages came back"));
}
