//! Bugs found in the vendor's own drivers, numbered: commands and their results.

mod common;

use core::num::NonZeroU32;
use core::time::Duration;

use common::emulated::{Driver, connected, driver, ms, quick, understood};
use common::script::{Script, Scripted};
use common::{in_both_dialects, receive_all, timed_out};
use esp8266_mqtt::{
    AliyunDevice, Argument, ArgumentError, ConnectionConfig, Dialect, Error, ErrorCode, JoinError,
    QoS, Reason, Reconnect, UserConfig, Will,
};
use esp8266_mqtt_emulator::settings::BootNoise;
use esp8266_mqtt_emulator::{Bench, Fault, InitialState};

in_both_dialects!(
    case_10_command_longer_than_the_limit,
    case_11_port_65535,
    case_12_keep_alive_range,
    case_13_will_fields_exact,
    case_14_clean_is_spelled_once,
    case_15_retain_is_off_and_honoured,
    case_17_busy_is_retried_a_bounded_number_of_times,
    case_18_failures_are_told_apart,
    case_19_silent_module_is_an_error,
    case_20_boot_noise_and_echo_before_ate0,
    case_24_patience_beyond_the_modules_15_s,
    case_26_time_out_after_long_operation,
);

fn refused<T>(result: Result<T, Error<embedded_io::ErrorKind>>) -> ArgumentError {
    match result {
        Err(Error::Argument(error)) => error,
        _ => panic!("not refused"),
    }
}

fn too_long(argument: Argument, limit: u16) -> ArgumentError {
    let reason = Reason::TooLong { limit };
    ArgumentError { argument, reason }
}

fn case_10_command_longer_than_the_limit(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    let name = "x".repeat(64);
    let config = UserConfig::new(
        "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890",
    );
    let longest = config.credentials(&name, &name);
    let line = format!(
        "AT+MQTTUSERCFG=0,1,\"{}\",\"{name}\",\"{name}\",0,0,\"\"",
        longest.client_id
    );
    assert_eq!(line.len(), 255 - 2);
    script.ok(&line);
    module.usercfg(&longest).unwrap();
    script.take_sent();
    // An escape takes its place in the line.
    let mut longer = longest;
    let escaped = longer.client_id.replace("01", "0,");
    longer.client_id = &escaped;
    assert_eq!(
        refused(module.usercfg(&longer)),
        too_long(Argument::CommandLine, 255)
    );
    let error = refused(module.subscribe(&"t".repeat(129), QoS::AtMostOnce));
    assert_eq!(error.argument, Argument::Topic);

    let mut small = script.driver_with(dialect, 256, 64);
    let error = refused(small.publish(&"t".repeat(60), "x", QoS::AtMostOnce));
    assert_eq!(error, too_long(Argument::CommandLine, 64));
    let error = refused(small.usercfg(&config));
    assert_eq!(error, too_long(Argument::CommandLine, 64));
    assert_eq!(script.sent_len(), 0, "nothing was sent");
}

fn case_11_port_65535(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    script.ok("AT+MQTTCONN=0,\"broker\",65535,1");
    module.connect("broker", 65_535, Reconnect::On).unwrap();
    let (bench, _) = connected(quick(dialect));
    let mut module = driver(&bench);
    module.disconnect().unwrap();
    module.usercfg(&UserConfig::new("c")).unwrap();
    module.connect("broker", 65_535, Reconnect::Off).unwrap();
    bench.advance(ms(10));
    let connects = bench.broker().connects();
    assert_eq!(connects.last().map(|request| request.port), Some(65_535));
}

fn case_12_keep_alive_range(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    for seconds in [60, 255, 256, 7200] {
        script.ok(&format!("AT+MQTTCONNCFG=0,{seconds},0,\"\",\"\",0,0"));
        let config = ConnectionConfig::new().keep_alive(seconds);
        module.conncfg(&config).unwrap();
    }
    script.take_sent();
    let min = if dialect == Dialect::Vendor { 60 } else { 0 };
    let mut outside = vec![7201, 65_535];
    outside.extend((min == 60).then_some(59));
    for seconds in outside {
        let config = ConnectionConfig::new().keep_alive(seconds);
        let expected = ArgumentError {
            argument: Argument::KeepAlive,
            reason: Reason::OutOfRange { min, max: 7200 },
        };
        assert_eq!(refused(module.conncfg(&config)), expected);
    }
    assert_eq!(script.sent_len(), 0);
}

fn case_13_will_fields_exact(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    let will = Will::new("will/topic", "gone, \"really\"").qos(QoS::ExactlyOnce);
    let config = ConnectionConfig::new()
        .clean_session(false)
        .will(will.retained());
    script.ok(r#"AT+MQTTCONNCFG=0,120,1,"will/topic","gone\, \"really\"",2,1"#);
    module.conncfg(&config).unwrap();
    script.ok(r#"AT+MQTTCONNCFG=0,120,0,"w","m",0,0"#);
    module
        .conncfg(&ConnectionConfig::new().will(Will::new("w", "m")))
        .unwrap();
    script.assert_done();
}

fn case_14_clean_is_spelled_once(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    let before = bench.sent().len();
    module.disconnect().unwrap();
    assert_eq!(bench.sent()[before..], *b"AT+MQTTCLEAN=0\r\n");
    assert!(!bench.module().is_connected());
    assert!(bench.broker().clients().is_empty());
}

fn case_15_retain_is_off_and_honoured(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    script.ok("AT+MQTTPUB=0,\"t\",\"x\",1,0");
    module.publish("t", "x", QoS::AtLeastOnce).unwrap();
    script.ok("AT+MQTTPUB=0,\"t\",\"x\",1,1");
    module.publish_retained("t", "x", QoS::AtLeastOnce).unwrap();
    for (retain, flag) in [(false, "0"), (true, "1")] {
        let line = format!("AT+MQTTPUBRAW=0,\"t\",1,0,{flag}");
        script
            .command(&line, "\r\nOK\r\n\r\n>")
            .bytes("\n", "+MQTTPUB:OK\r\n");
        if retain {
            module.publish_retained("t", "\n", QoS::AtMostOnce).unwrap();
        } else {
            module.publish("t", "\n", QoS::AtMostOnce).unwrap();
        }
    }
    script.assert_done();
}

#[test]
fn case_16_aliyun_port_honoured() {
    let bench = Bench::new(quick(Dialect::Vendor));
    let mut module = driver(&bench);
    let device = AliyunDevice::new("a1gVf", "device-1", "not-a-secret");
    module.usercfg(&UserConfig::new("c")).unwrap();
    module.connect_aliyun("iot.example", 443, &device).unwrap();
    let line = "AT+ALIYUN_MQTTCONN=\"iot.example\",443,\"a1gVf\",\"device-1\",\"not-a-secret\"\r\n";
    assert!(bench.sent().ends_with(line.as_bytes()));
    bench.advance(ms(10));
    let connects = bench.broker().connects();
    let last = connects.last().expect("a connection");
    assert_eq!((last.host.as_str(), last.port), ("iot.example", 443));
}

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
