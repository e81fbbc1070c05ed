//! Feature `defmt`: no secret is in what the logger writes, at any level.

mod common;

use std::sync::Mutex;

use common::script::Script;
use common::secrets::{TAILS, session};
use esp8266_mqtt::command::wifi::scanned_access_point;
use esp8266_mqtt::command::{Command, mqtt::QueryPassword};
use esp8266_mqtt::{Dialect, Error, MacAddress, Secret, SecretLine};

static BYTES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Keeps the encoded frames; text arguments stand in them as they are.
#[defmt::global_logger]
struct Collector;

unsafe impl defmt::Logger for Collector {
    fn acquire() {}

    unsafe fn flush() {}

    unsafe fn release() {}

    unsafe fn write(bytes: &[u8]) {
        BYTES
            .lock()
            .expect("the session ran through")
            .extend_from_slice(bytes);
    }
}

defmt::timestamp!("");

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[test]
fn no_secret_is_logged() {
    // defmt takes the level at compile time.
    assert_eq!(option_env!("DEFMT_LOG"), Some("trace"), "set DEFMT_LOG");
    for dialect in [Dialect::Vendor, Dialect::EspAt] {
        session(dialect);
        let bytes = core::mem::take(&mut *BYTES.lock().expect("the session ran through"));
        assert!(holds(&bytes, "+MQTTUSERCFG"), "commands are logged");
        assert!(holds(&bytes, "WIFI GOT IP"), "lines are logged");
        for tail in TAILS {
            assert!(!holds(&bytes, tail), "{tail}");
        }
    }
    values_are_written();
}

/// What is logged of a value, as bytes.
fn written(value: impl defmt::Format) -> Vec<u8> {
    defmt::trace!("{}", value);
    core::mem::take(&mut *BYTES.lock().expect("the session ran through"))
}

struct Nothing;

impl defmt::Format for Nothing {
    fn format(&self, _: defmt::Formatter<'_>) {}
}

/// Only one logger: part of the same test.
fn values_are_written() {
    let address = [0x18, 0xfe, 0x35, 0x98, 0xd3, 0x7b];
    let bytes = written(MacAddress(address));
    assert!(bytes.windows(6).any(|window| window == address));
    let line = b"+CWLAP:(3,\"a network\",-48,\"ca:d7:19:d8:a6:44\",6)\r\n";
    let found = scanned_access_point(line).expect("an access point");
    assert!(holds(&written(found.ssid), "a network"));
    // That there is something is all that can be seen of them.
    let nothing = written(Nothing).len();
    assert!(written(Secret::new("hidden")).len() > nothing);
    let script = Script::new();
    script.command("AT+MQTTPASSWORD?", "");
    let mut module = script.driver(Dialect::EspAt);
    let Err(Error::Timeout { command }) = module.send(&QueryPassword) else {
        panic!("no answer")
    };
    BYTES.lock().expect("the session ran through").clear();
    assert!(holds(&written(command), "+MQTTPASSWORD"));
    let line = written(SecretLine::new(b"hidden"));
    assert!(!holds(&line, "hidden") && line.len() > nothing);
    let user = QueryPassword.decode(b"+MQTTPASSWORD:0,\"hidden\"\n");
    let bytes = written(user.expect("a password"));
    assert!(!holds(&bytes, "hidden"));
    assert!(bytes.len() > nothing);
}
