//! The module itself: baud rate, sleep, radio, settings.

mod common;

use common::script::Script;
use esp8266_mqtt::command::basic::{BaudRate, RfPower, SleepMode};
use esp8266_mqtt::{Argument, Dialect, Error, WifiLink};

use Dialect::{EspAt, Vendor};

const VERSION: &str = "AT version:1.7.1.0\r\nSDK version:3.0.1\r\n\r\nOK\r\n";

fn rate(bits_per_second: u32) -> BaudRate {
    BaudRate::new(bits_per_second).expect("a rate")
}

#[test]
fn firmware_version() {
    let script = Script::new();
    script.command("AT+GMR", VERSION);
    let firmware = script.driver(Vendor).firmware_version().expect("a version");
    assert_eq!(firmware.at.to_string(), "1.7.1.0");
    script.assert_done();
}

#[test]
fn set_baud() {
    let script = Script::new();
    let mut module = script.driver(Vendor);
    script.ok("AT+UART_CUR=115200,8,1,0,0").ok("AT");
    let mut rates = Vec::new();
    module
        .set_baud(rate(9600), rate(115_200), |_, rate| rates.push(rate.get()))
        .expect("changed");
    assert_eq!(rates, [115_200]);
    script.assert_done();
}

#[test]
fn set_baud_falls_back() {
    let script = Script::new();
    let mut module = script.driver(Vendor);
    script.ok("AT+UART_CUR=921600,8,1,0,0");
    for _ in 0..3 {
        script.command("AT", "\u{80}\u{81}\r\n");
    }
    script.command("AT+UART_CUR=9600,8,1,0,0", "");
    script.command("AT+GMR", VERSION);
    let mut rates = Vec::new();
    let result = module.set_baud(rate(9600), rate(921_600), |_, rate| rates.push(rate.get()));
    assert!(matches!(result, Err(Error::Timeout { .. })), "{result:?}");
    assert_eq!(rates, [921_600, 9600]);
    // The driver works at the old rate.
    script.ok("AT+RFPOWER=40");
    module.rf_power(RfPower(40)).expect("in step");
    script.assert_done();
}

#[test]
fn set_baud_refused() {
    let script = Script::new();
    let mut module = script.driver(Vendor);
    script.command("AT+UART_CUR=5000000,8,1,0,0", "\r\nERROR\r\n");
    let result = module.set_baud(rate(9600), BaudRate::MAX, |_, _| panic!("not agreed"));
    assert_eq!(result, Err(Error::Rejected(None)));
    script.assert_done();
}

#[test]
fn find_baud() {
    for answer in ["\r\nOK\r\n", "\r\nERROR\r\n"] {
        let script = Script::new();
        let mut module = script.driver(Vendor);
        for _ in 0..6 {
            script.command("AT", "\u{80}\u{fe}");
        }
        script.command("AT", answer);
        let mut rates = Vec::new();
        let found = module.find_baud(&BaudRate::COMMON, |_, rate| rates.push(rate.get()));
        assert_eq!(found, Ok(rate(57_600)));
        assert_eq!(rates, [9600, 115_200, 57_600]);
        script.ok("AT+RFPOWER=40");
        module.rf_power(RfPower(40)).expect("in step");
        script.assert_done();
    }
}

#[test]
fn find_baud_with_patience() {
    let script = Script::new();
    let mut module = script.driver(Vendor);
    // The module waits for data of an earlier session, and takes the first questions for it.
    for _ in 0..3 {
        script.command("AT", "");
    }
    script.command("AT+GMR", "");
    script.command("AT+GMR", VERSION);
    let found = module.find_baud(&[BaudRate::B9600], |_, _| {});
    assert_eq!(found, Ok(BaudRate::B9600));
    script.assert_done();
}

#[test]
fn find_baud_finds_nothing() {
    let script = Script::new();
    let mut module = script.driver(Vendor);
    script.silence();
    let found = module.find_baud(&[BaudRate::B9600, BaudRate::B115200], |_, _| {});
    assert!(matches!(found, Err(Error::Timeout { .. })), "{found:?}");
    let found = module.find_baud(&[], |_, _| {});
    assert!(matches!(found, Err(Error::Timeout { .. })), "{found:?}");
}

#[test]
fn sleep_modes_have_other_numbers() {
    for (dialect, numbers) in [(Vendor, [0, 1, 2]), (EspAt, [0, 2, 1])] {
        let script = Script::new();
        let mut module = script.driver(dialect);
        for (mode, number) in [SleepMode::Off, SleepMode::Light, SleepMode::Modem]
            .into_iter()
            .zip(numbers)
        {
            script.ok(&format!("AT+SLEEP={number}"));
            module.sleep_mode(mode).expect("set");
        }
        script.assert_done();
    }
}

#[test]
fn deep_sleep() {
    let script = Script::new();
    let mut module = script.driver(Vendor);
    script.push("WIFI GOT IP\r\n");
    module.poll().expect("the event");
    assert_eq!(module.link_state().wifi, WifiLink::Up);
    script.ok("AT+GSLP=60000");
    module.deep_sleep(60_000).expect("asleep");
    assert_eq!(module.link_state().wifi, WifiLink::Unknown);
    script.assert_done();
}

#[test]
fn radio_power() {
    let script = Script::new();
    let mut module = script.driver(Vendor);
    script.ok("AT+RFPOWER=82");
    module.rf_power(RfPower(82)).expect("set");
    assert!(matches!(
        module.rf_power(RfPower(83)),
        Err(Error::Argument(error)) if error.argument == Argument::RfPower
    ));
    script.assert_done();
}

#[test]
fn restore() {
    let script = Script::new();
    let mut module = script.driver(Vendor);
    script.command("AT+RESTORE", "\r\nOK\r\n\u{1}\u{90}\r\nready\r\n");
    script.command("AT+GMR", VERSION).ok("ATE0");
    module.restore().expect("restored");
    assert_eq!(module.counters().restarts, 1);
    script.assert_done();
}
