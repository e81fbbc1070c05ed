//! Bugs found in the vendor's own drivers, numbered: commands.

mod common;

use common::emulated::{connected, driver, ms, quick};
use common::in_both_dialects;
use common::script::Script;
use esp8266_mqtt::{
    AliyunDevice, Argument, ArgumentError, ConnectionConfig, Dialect, Error, QoS, Reason,
    Reconnect, UserConfig, Will,
};
use esp8266_mqtt_emulator::Bench;

in_both_dialects!(
    case_10_command_longer_than_the_limit,
    case_11_port_65535,
    case_12_keep_alive_range,
    case_13_will_fields_exact,
    case_14_clean_is_spelled_once,
    case_15_retain_is_off_and_honoured,
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
