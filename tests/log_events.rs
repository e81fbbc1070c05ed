//! Feature `log`: every line on the wire is an event, and no secret is in one.

mod common;

use std::sync::Mutex;

use common::script::Script;
use common::secrets::{TAILS, aliyun, enterprise, join, session, soft_ap};
use esp8266_mqtt::command::basic::Attention;
use esp8266_mqtt::command::mqtt::SetPassword;
use esp8266_mqtt::command::{self, Command};
use esp8266_mqtt::{Dialect, Error, QoS, Secret, Store, UserConfig};
use esp8266_mqtt_emulator::Direction;

static EVENTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The events since the last call.
fn taken() -> Vec<String> {
    core::mem::take(&mut *EVENTS.lock().expect("the session ran through"))
}

struct Collector;

impl log::Log for Collector {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        assert_eq!(record.level(), log::Level::Trace);
        let mut events = EVENTS.lock().expect("the session ran through");
        events.push(record.args().to_string());
    }

    fn flush(&self) {}
}

#[test]
fn every_line_is_an_event_and_no_secret_is_in_one() {
    log::set_logger(&Collector).expect("the only logger");
    log::set_max_level(log::LevelFilter::Trace);
    for dialect in [Dialect::Vendor, Dialect::EspAt] {
        let bench = session(dialect);
        let events = taken();
        for event in &events {
            for tail in TAILS {
                assert!(!event.contains(tail), "{event}");
            }
        }
        let hidden = events.iter().filter(|event| event.contains("<redacted>"));
        assert!(hidden.count() >= 8);
        assert!(
            events.iter().any(|event| event == "< password:<redacted>"),
            "{events:#?}"
        );

        // Commands, in order, by their names.
        let name = |line: &str| {
            let end = line.find(['=', '?']).unwrap_or(line.len());
            line[..end].to_owned()
        };
        let shown: Vec<_> = events
            .iter()
            .filter_map(|event| event.strip_prefix("> AT").map(name))
            .collect();
        let sent: Vec<_> = bench
            .lines()
            .iter()
            .filter(|line| line.direction == Direction::ToModule)
            .filter_map(|line| {
                let text = String::from_utf8_lossy(&line.bytes).into_owned();
                text.trim_end().strip_prefix("AT").map(name)
            })
            .collect();
        assert_eq!(shown, sent);

        // Results and unsolicited lines, as they are.
        for line in ["< OK", "< WIFI GOT IP", "< ready"] {
            assert!(events.iter().any(|event| event == line), "{line}");
        }
        assert!(
            events.contains(&"< message of 5 bytes, in".to_owned()),
            "{events:#?}"
        );
    }
    what_does_not_fit_is_told();
    half_a_command_in_front_of_the_next();
    a_line_of_no_command();
}

/// It can be anything, perhaps what is left of an echo. The same line as an answer is shown.
fn a_line_of_no_command() {
    let script = Script::new();
    let mut module = script.driver(Dialect::EspAt);
    script.command("AT", "in an answer\r\n\r\nOK\r\n");
    module.send(&Attention).expect("answered");
    script.push("by itself\r\n");
    while module.poll().is_ok() {}
    let events = taken();
    for shown in ["< in an answer", "< <redacted>"] {
        assert!(events.iter().any(|event| event == shown), "{events:#?}");
    }
    assert!(!events.iter().any(|event| event.contains("by itself")));
}

/// Only one logger: part of the same test.
fn what_does_not_fit_is_told() {
    let script = Script::new();
    let mut module = script.driver_with(Dialect::EspAt, 64, 128);
    let payload = "x".repeat(60);
    script.push(format!("+MQTTSUBRECV:0,\"t\",60,{payload}\r\n"));
    script.push(format!("{payload}{payload}\r\n"));
    while module.poll().is_ok() {}
    script.command("AT+MQTTPUBRAW=0,\"t\",2,0,0", "\r\nOK\r\n\r\n>");
    script.bytes("\n\n", "+MQTTPUB:OK\r\n");
    module
        .publish("t", "\n\n", QoS::AtMostOnce)
        .expect("publish");
    // The echo of a command that was given up, to which nothing is hidden any more.
    script.push("AT+CWJAP=\"net\",\"late-7301\"\r\n");
    while module.poll().is_ok() {}
    // Noise in an answer may have made it of the echo of a secret.
    script.command("AT+CWJAP?", "no\x01ise\r\nNo AP\r\n\r\nOK\r\n");
    module.wifi_status().expect("in step");
    let events = taken();
    for hidden in ["7301", "ise"] {
        let shown = events.iter().find(|event| event.contains(hidden));
        assert_eq!(shown, None);
    }
    for event in [
        "< message of 60 bytes, dropped",
        "< a line longer than the buffer",
        "< >",
        "> 2 bytes of data",
        "< No AP",
    ] {
        assert!(events.iter().any(|other| other == event), "{events:#?}");
    }
}

/// The echo of a command that was cut short shares its line with the next one, to which nothing is hidden.
fn half_a_command_in_front_of_the_next() {
    let secret = Secret::new("secret-7301");
    for store in [Store::Plain, Store::Current, Store::Flash] {
        cut_short(&join(secret, store));
        cut_short(&soft_ap(secret, store));
        cut_short(&enterprise(secret, store));
    }
    cut_short(&SetPassword(secret));
    cut_short(&UserConfig::new("id").credentials("me", "secret-7301"));
    cut_short(&aliyun(secret));
}

fn cut_short<C: Command>(command: &C) {
    let mut line = [0; 256];
    let len = command::write(command, &mut line, Dialect::EspAt).expect("valid");
    let text = core::str::from_utf8(&line[..len]).expect("text");
    let sent = &text[..text.find("7301").expect("the secret") + 3];
    let script = Script::new();
    let mut module = script.driver(Dialect::EspAt);
    script.bytes(sent, "").fail_write(sent.len());
    assert!(matches!(module.send(command), Err(Error::Uart(_))));
    script.command("AT+GMR", format!("{sent}AT+GMR\r\r\nERROR\r\n"));
    script.command("AT+GMR", "AT version:1\r\n\r\nOK\r\n");
    script.ok("AT");
    module.send(&Attention).expect("in step");
    script.assert_done();
    let events = taken();
    let shown = events.iter().find(|event| event.contains("730"));
    assert_eq!(shown, None);
    assert!(
        events
            .iter()
            .any(|event| event.starts_with("< AT+") && event.ends_with("<redacted>"))
    );
}
