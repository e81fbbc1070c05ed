//! Feature `defmt`: no secret is in what the logger writes, at any level.

mod common;

use std::sync::Mutex;

use common::secrets::{TAILS, session};
use esp8266_mqtt::Dialect;

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
}
