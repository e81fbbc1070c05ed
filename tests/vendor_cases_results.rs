//! Bugs found in the vendor's own drivers, numbered: results, failures and time.

mod common;

use core::num::NonZeroU32;
use core::time::Duration;

use common::emulated::{Driver, connected, driver, quick, understood};
use common::script::{Script, Scripted};
use common::{in_both_dialects, receive_all, timed_out};
use esp8266_mqtt::{Dialect, Error, ErrorCode, JoinError, QoS, Reconnect};
use esp8266_mqtt_emulator::settings::BootNoise;
use esp8266_mqtt_emulator::{Bench, Fault, InitialState};

in_both_dialects!(
    case_17_busy_is_retried_a_bounded_number_of_times,
    case_18_failures_are_told_apart,
    case_19_silent_module_is_an_error,
    case_20_boot_noise_and_echo_before_ate0,
    case_24_patience_beyond_the_modules_15_s,
    case_26_time_out_after_long_operation,
);

fn case_17_busy_is_retried_a_bounded_number_of_times(dialect: Dialect) {
    const SUB: &str = "AT+MQTTSUB=0,\"t\",0";
    for word in ["\r\nbusy p...\r\n", "\r\nbusy s...\r\n"] {
        let script = Script::new();
        let mut module = script.driver(dialect);
        for _ in 0..3 {
            script.command(SUB, word);
        }
        script.ok(SUB);
        module.subscribe("t", QoS::AtMostOnce).unwrap();
        script.assert_done();
        assert!(
            (300..=1500).contains(&script.now().as_millis()),
            "3 pauses of 100 to 500 ms"
        );

        for _ in 0..100 {
            script.command(SUB, word);
        }
        let started = script.now();
        let result = module.subscribe("t", QoS::AtMostOnce);
        assert_eq!(result, Err(Error::Busy));
        assert!(script.now() - started < Duration::from_secs(30));
    }
}

fn case_18_failures_are_told_apart(dialect: Dialect) {
    const SUB: &str = "AT+MQTTSUB=0,\"t\",0";
    let script = Script::new();
    let mut module = script.driver(dialect);
    let mut subscribe = |answer: &str| -> Result<(), _> {
        script.command(SUB, answer);
        module.subscribe("t", QoS::AtMostOnce)
    };
    assert_eq!(subscribe("\r\nERROR\r\n"), Err(Error::Rejected(None)));
    let code = ErrorCode(NonZeroU32::new(0x010a_6006).unwrap());
    assert_eq!(
        subscribe("ERR CODE:0x010a6006\r\n\r\nERROR\r\n"),
        Err(Error::Rejected(Some(code)))
    );
    assert_eq!(code.mqtt_code(), Some(0x6006));
    assert_eq!(subscribe("\r\nready\r\n"), Err(Error::ModuleReset));
    assert_eq!(timed_out(subscribe("")), Some("+MQTTSUB"));

    let suffix = if dialect == Dialect::Vendor {
        "_CUR"
    } else {
        ""
    };
    let join = format!("AT+CWJAP{suffix}=\"home\",\"secret\"");
    let script = Script::new();
    let mut module = script.driver(dialect);
    for (number, expected) in [
        (1, JoinError::TimedOut),
        (2, JoinError::WrongPassword),
        (3, JoinError::NotFound),
        (4, JoinError::Failed),
        (7, JoinError::Other(7)),
    ] {
        for word in ["FAIL", "ERROR"] {
            script.command(&join, format!("+CWJAP:{number}\r\n\r\n{word}\r\n"));
            let result = module.connect_wifi("home", "secret");
            assert_eq!(result, Err(Error::Join(expected)));
        }
    }
    script.command("AT+MQTTPUBRAW=0,\"t\",1,0,0", "\r\nOK\r\n\r\n>");
    script.bytes([0], "+MQTTPUB:FAIL\r\n");
    assert_eq!(
        module.publish("t", [0], QoS::AtMostOnce),
        Err(Error::PublishFailed)
    );
}

fn case_19_silent_module_is_an_error(dialect: Dialect) {
    let bench = Bench::new(quick(dialect));
    bench.fault(Fault::Silence);
    let mut module = driver(&bench);
    assert_eq!(timed_out(module.init()), Some("+GMR"));
    assert!(bench.now() < Duration::from_secs(12), "{:?}", bench.now());
}

fn case_20_boot_noise_and_echo_before_ate0(dialect: Dialect) {
    let mut settings = common::emulated::module(dialect).with_initial(InitialState::PowerUp);
    settings.boot_noise = match dialect {
        Dialect::Vendor => BootNoise::RomText,
        _ => BootNoise::Bytes(b"\xe9\x83\xb30AT\r\nOK\r\n\0\xff>\r\n".to_vec()),
    };
    let bench = Bench::new(settings);
    let mut module = driver(&bench);
    let firmware = module.init().unwrap();
    assert_eq!(firmware.dialect(), dialect);
    let before = bench.received().len();
    module.wifi_status().unwrap();
    let answer = bench.received()[before..].to_vec();
    let echoed = answer.windows(2).any(|pair| pair == b"AT");
    assert!(!echoed, "{}", answer.escape_ascii());
}

fn case_24_patience_beyond_the_modules_15_s(dialect: Dialect) {
    let script = Script::new();
    let mut module: Scripted = script.driver(dialect);
    let late = Duration::from_millis(15_500);
    script
        .command("AT+MQTTCONN=0,\"b\",1883,0", "")
        .later(late, "\r\nOK\r\n");
    module.connect("b", 1883, Reconnect::Off).unwrap();
    script
        .command("AT+MQTTSUB=0,\"t\",1", "")
        .later(late, "\r\nOK\r\n");
    module.subscribe("t", QoS::AtLeastOnce).unwrap();
    script
        .command("AT+MQTTUNSUB=0,\"t\"", "")
        .later(late, "\r\nERROR\r\n");
    assert_eq!(module.unsubscribe("t"), Err(Error::Rejected(None)));
    script
        .command("AT+MQTTPUB=0,\"t\",\"x\",1,0", "")
        .later(late, "\r\nOK\r\n");
    module.publish("t", "x", QoS::AtLeastOnce).unwrap();
    script.command("AT+MQTTPUBRAW=0,\"t\",1,1,0", "\r\nOK\r\n\r\n>");
    script.bytes([0], "").later(late, "+MQTTPUB:OK\r\n");
    module.publish("t", [0], QoS::AtLeastOnce).unwrap();
    script.assert_done();
}

/// The driver has no clock of its own that could wrap: what it waits for is counted anew by each command.
fn case_26_time_out_after_long_operation(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    script.advance(Duration::from_millis((1 << 32) - 500));
    for _ in 0..200_000 {
        assert!(receive_all(&mut module).is_empty());
    }
    let started = script.now();
    script.command("AT+CWQAP", "");
    assert_eq!(timed_out(module.disconnect_wifi()), Some("+CWQAP"));
    let took = (script.now() - started).as_millis();
    assert!((2000..2100).contains(&took), "{took} ms");

    let (bench, mut module): (Bench, Driver) = connected(quick(dialect));
    bench.advance(Duration::from_secs(50 * 24 * 3600));
    bench.fault(Fault::Silence);
    let started = bench.now();
    assert_eq!(timed_out(module.wifi_status()), Some("+CWJAP"));
    let took = (bench.now() - started).as_millis();
    assert!((1000..1300).contains(&took), "{took} ms");
    assert_eq!(understood(&bench).0, "MQTTCONN");
}
