//! What every command writes, byte for byte, and what is refused.

use atat::AtatCmd;
use esp8266_mqtt::{
    Argument, ArgumentError, ConnectionConfig, Dialect, QoS, Reason, Reconnect, Scheme, Secret,
    Store, UserConfig, WifiMode, Will,
    command::{self, Command, basic::*, mqtt::*, wifi::*},
};

/// The line as the driver writes it for `dialect`.
fn line<C: Command>(command: &C, dialect: Dialect) -> Result<String, ArgumentError> {
    let mut buffer = [0; 300];
    let len = command::write(command, &mut buffer, dialect)?;
    Ok(String::from_utf8(buffer[..len].to_vec()).expect("text"))
}

/// Both ways of writing the command give `expected` and CR LF.
fn writes<C: Command + AtatCmd>(command: &C, expected: &str) {
    let expected = format!("{expected}\r\n");
    assert_eq!(line(command, Dialect::Auto), Ok(expected.clone()));
    let mut buffer = [0; 300];
    let len = AtatCmd::write(command, &mut buffer);
    assert_eq!(buffer[..len], *expected.as_bytes());
    assert_eq!(<C as AtatCmd>::MAX_TIMEOUT_MS, C::TIMEOUT_MS);
    for short in 0..expected.len() {
        assert_eq!(AtatCmd::write(command, &mut buffer[..short]), 0);
        let limit = short as u16;
        assert_eq!(
            command::write(command, &mut buffer[..short], Dialect::Auto),
            Err(ArgumentError {
                argument: Argument::CommandLine,
                reason: Reason::TooLong { limit }
            })
        );
    }
}

fn refused<C: Command + AtatCmd>(command: &C, argument: Argument, reason: Reason) {
    refused_by(command, Dialect::Auto, argument, reason);
    assert_eq!(AtatCmd::write(command, &mut [0; 300]), 0);
}

fn refused_by<C: Command>(command: &C, dialect: Dialect, argument: Argument, reason: Reason) {
    let error = ArgumentError { argument, reason };
    assert_eq!(line(command, dialect), Err(error), "{dialect:?}");
}

fn join<'a>(ssid: &'a str, password: &'a str) -> JoinAccessPoint<'a> {
    JoinAccessPoint {
        ssid,
        password: Secret::new(password),
        bssid: None,
        store: Store::Plain,
    }
}

fn publish<'a>(topic: &'a str, payload: &'a [u8]) -> Publish<'a> {
    Publish {
        topic,
        payload,
        qos: QoS::AtMostOnce,
        retain: false,
    }
}

fn connect(host: &str, port: u16) -> Connect<'_> {
    Connect {
        host,
        port,
        reconnect: Reconnect::Off,
    }
}

fn subscribe(topic: &str) -> Subscribe<'_> {
    Subscribe {
        topic,
        qos: QoS::AtMostOnce,
    }
}

#[test]
fn basic_commands() {
    writes(&Attention, "AT");
    writes(&SetEcho(false), "ATE0");
    writes(&SetEcho(true), "ATE1");
    writes(&Restart, "AT+RST");
    writes(&QueryVersion, "AT+GMR");
}

#[test]
fn wifi_commands_in_each_form_of_their_name() {
    for (store, suffix) in [
        (Store::Plain, ""),
        (Store::Current, "_CUR"),
        (Store::Flash, "_DEF"),
    ] {
        writes(&TestMode(store), &format!("AT+CWMODE{suffix}=?"));
        writes(&QueryMode(store), &format!("AT+CWMODE{suffix}?"));
        for (number, mode) in [
            WifiMode::Off,
            WifiMode::Station,
            WifiMode::SoftAp,
            WifiMode::StationAndSoftAp,
        ]
        .into_iter()
        .enumerate()
        {
            let command = SetMode { mode, store };
            writes(&command, &format!("AT+CWMODE{suffix}={number}"));
        }
        writes(&QueryAccessPoint(store), &format!("AT+CWJAP{suffix}?"));
        let command = JoinAccessPoint {
            store,
            ..join("EmakeFun", "12345678")
        };
        let expected = format!(r#"AT+CWJAP{suffix}="EmakeFun","12345678""#);
        writes(&command, &expected);
        let command = JoinAccessPoint {
            bssid: Some("ca:d7:19:d8:a6:44"),
            ..command
        };
        writes(&command, &format!(r#"{expected},"ca:d7:19:d8:a6:44""#));
    }
    writes(&TestQuitAccessPoint, "AT+CWQAP=?");
    writes(&QuitAccessPoint, "AT+CWQAP");
}

#[test]
fn mqtt_configuration_commands() {
    let user = UserConfig::new("ESP8266").credentials("kxmqttp1", "secret");
    let expected = r#"AT+MQTTUSERCFG=0,1,"ESP8266","kxmqttp1","secret",0,0,"""#;
    writes(&user, expected);
    let user = UserConfig::new("").scheme(Scheme::WssMutual).path("/mqtt");
    writes(&user, r#"AT+MQTTUSERCFG=0,10,"","","",0,0,"/mqtt""#);
    writes(&SetClientId("a|b=3|"), r#"AT+MQTTCLIENTID=0,"a|b=3|""#);
    writes(&SetUsername("a&b"), r#"AT+MQTTUSERNAME=0,"a&b""#);
    writes(&SetPassword("x".into()), r#"AT+MQTTPASSWORD=0,"x""#);
    writes(&QueryUserConfig, "AT+MQTTUSERCFG?");
    writes(&QueryConnectionConfig, "AT+MQTTCONNCFG?");
    writes(&QueryClientId, "AT+MQTTCLIENTID?");
    writes(&QueryUsername, "AT+MQTTUSERNAME?");
    writes(&QueryPassword, "AT+MQTTPASSWORD?");

    let config = ConnectionConfig::new();
    writes(&config, r#"AT+MQTTCONNCFG=0,120,0,"","",0,0"#);
    let will = Will::new("Emakefun", "12345678")
        .qos(QoS::ExactlyOnce)
        .retained();
    let config = config.keep_alive(7200).clean_session(false).will(will);
    let expected = r#"AT+MQTTCONNCFG=0,7200,1,"Emakefun","12345678",2,1"#;
    writes(&config, expected);
}

#[test]
fn mqtt_connection_commands() {
    let expected = r#"AT+MQTTCONN=0,"47.111.117.220",1883,0"#;
    writes(&connect("47.111.117.220", 1883), expected);
    let command = Connect {
        reconnect: Reconnect::On,
        ..connect("h", 65535)
    };
    writes(&command, r#"AT+MQTTCONN=0,"h",65535,1"#);
    writes(&connect("h", 1), r#"AT+MQTTCONN=0,"h",1,0"#);
    let aliyun = ConnectAliyun {
        host: "pk.iot-as-mqtt.cn-shanghai.aliyuncs.com",
        port: 1884,
        product_key: "pk",
        device_name: "name",
        device_secret: Secret::new("secret"),
    };
    let expected = concat!(
        r#"AT+ALIYUN_MQTTCONN="pk.iot-as-mqtt.cn-shanghai.aliyuncs.com","#,
        r#"1884,"pk","name","secret""#
    );
    writes(&aliyun, expected);
    writes(&QueryConnection, "AT+MQTTCONN?");
    writes(&Clean, "AT+MQTTCLEAN=0");
}

#[test]
fn mqtt_topic_commands() {
    writes(
        &publish("topic", b"test"),
        r#"AT+MQTTPUB=0,"topic","test",0,0"#,
    );
    let command = Publish {
        qos: QoS::ExactlyOnce,
        retain: true,
        ..publish("t", b"")
    };
    writes(&command, r#"AT+MQTTPUB=0,"t","",2,1"#);
    let raw = PublishRaw {
        topic: "topic",
        length: 65535,
        qos: QoS::AtLeastOnce,
        retain: true,
    };
    writes(&raw, r#"AT+MQTTPUBRAW=0,"topic",65535,1,1"#);
    writes(&subscribe("topic"), r#"AT+MQTTSUB=0,"topic",0"#);
    let command = Subscribe {
        qos: QoS::ExactlyOnce,
        ..subscribe("a/+/#")
    };
    writes(&command, r#"AT+MQTTSUB=0,"a/+/#",2"#);
    writes(&Unsubscribe("topic"), r#"AT+MQTTUNSUB=0,"topic""#);
    writes(&QuerySubscriptions, "AT+MQTTSUB?");

    let mut buffer = [0; 4];
    assert_eq!(AtatCmd::write(&PublishData(b"\0\r\n>"), &mut buffer), 4);
    assert_eq!(buffer, *b"\0\r\n>");
    assert_eq!(AtatCmd::write(&PublishData(b"12345"), &mut buffer), 0);
}

#[test]
fn strings_are_escaped_as_the_firmware_reads_them() {
    // The example of Espressif's instruction set, chapter 4.2.4.
    let command = join(r"ab\,c", r#"0123456789"\"#);
    writes(&command, r#"AT+CWJAP="ab\\\,c","0123456789\"\\""#);
    let json = br#"{"a":1,"b":"x"}"#;
    let expected = r#"AT+MQTTPUB=0,"t","{\"a\":1\,\"b\":\"x\"}",0,0"#;
    writes(&publish("t", json), expected);
    writes(
        &join("热点 é", "pässword"),
        "AT+CWJAP=\"热点 é\",\"pässword\"",
    );
    writes(
        &publish("t", b"\x01\t>+'"),
        "AT+MQTTPUB=0,\"t\",\"\x01\t>+'\",0,0",
    );
}

#[test]
fn no_string_carries_a_line_end_or_a_nul() {
    for bad in ["\r", "\n", "\0", "a\r\nAT+RST\r\n", "a\0b"] {
        let unsendable = Reason::Unsendable;
        refused(&join(bad, ""), Argument::Ssid, unsendable);
        refused(&join("a", bad), Argument::WifiPassword, unsendable);
        let bssid = JoinAccessPoint {
            bssid: Some(bad),
            ..join("a", "")
        };
        refused(&bssid, Argument::Bssid, unsendable);
        let user = UserConfig::new(bad);
        refused(&user, Argument::ClientId, unsendable);
        let user = UserConfig::new("a").credentials(bad, "");
        refused(&user, Argument::Username, unsendable);
        let user = UserConfig::new("a").credentials("", bad);
        refused(&user, Argument::MqttPassword, unsendable);
        let user = UserConfig::new("a").path(bad);
        refused(&user, Argument::Path, unsendable);
        refused(&SetClientId(bad), Argument::ClientId, unsendable);
        refused(&SetUsername(bad), Argument::Username, unsendable);
        refused(&SetPassword(bad.into()), Argument::MqttPassword, unsendable);
        let config = ConnectionConfig::new().will(Will::new(bad, ""));
        refused(&config, Argument::WillTopic, unsendable);
        let config = ConnectionConfig::new().will(Will::new("", bad));
        refused(&config, Argument::WillMessage, unsendable);
        refused(&connect(bad, 1), Argument::Host, unsendable);
        refused(&subscribe(bad), Argument::Topic, unsendable);
        refused(&Unsubscribe(bad), Argument::Topic, unsendable);
        refused(&publish(bad, b""), Argument::Topic, unsendable);
        refused(&publish("t", bad.as_bytes()), Argument::Payload, unsendable);
    }
    refused(&connect("host:1883", 1), Argument::Host, Reason::Unsendable);
}

#[test]
fn what_must_not_be_empty() {
    refused(&join("", "x"), Argument::Ssid, Reason::Empty);
    refused(&connect("", 1), Argument::Host, Reason::Empty);
    refused(&subscribe(""), Argument::Topic, Reason::Empty);
    refused(&Unsubscribe(""), Argument::Topic, Reason::Empty);
    refused(&publish("", b"x"), Argument::Topic, Reason::Empty);
    assert!(line(&join("a", ""), Dialect::Auto).is_ok());
}

#[test]
fn strings_at_their_limit_and_one_over() {
    let long = "x".repeat(257);
    let too_long = |limit| Reason::TooLong { limit };
    let at = |len: usize| &long[..len];
    assert!(line(&join(at(32), at(64)), Dialect::Auto).is_ok());
    refused(&join(at(33), ""), Argument::Ssid, too_long(32));
    refused(&join("a", at(65)), Argument::WifiPassword, too_long(64));
    let user = UserConfig::new("a")
        .credentials(at(64), at(64))
        .path(at(32));
    assert!(line(&user, Dialect::Auto).is_ok());
    let user = UserConfig::new("a").credentials(at(65), "");
    refused(&user, Argument::Username, too_long(64));
    let user = UserConfig::new("a").credentials("", at(65));
    refused(&user, Argument::MqttPassword, too_long(64));
    let user = UserConfig::new("a").path(at(33));
    refused(&user, Argument::Path, too_long(32));
    refused(&SetClientId(at(257)), Argument::ClientId, too_long(256));
    assert!(line(&connect(at(128), 1), Dialect::Auto).is_ok());
    refused(&connect(at(129), 1), Argument::Host, too_long(128));

    for (dialect, limit) in [
        (Dialect::Vendor, 64),
        (Dialect::EspAt, 128),
        (Dialect::Auto, 128),
    ] {
        let (fits, over) = (at(limit), at(limit + 1));
        let reason = too_long(limit as u16);
        assert!(line(&subscribe(fits), dialect).is_ok());
        refused_by(&subscribe(over), dialect, Argument::Topic, reason);
        assert!(line(&Unsubscribe(fits), dialect).is_ok());
        refused_by(&Unsubscribe(over), dialect, Argument::Topic, reason);
        assert!(line(&publish(fits, b""), dialect).is_ok());
        refused_by(&publish(over, b""), dialect, Argument::Topic, reason);
        let will = |topic, message| ConnectionConfig::new().will(Will::new(topic, message));
        assert!(line(&will(fits, at(64)), dialect).is_ok());
        refused_by(&will(over, ""), dialect, Argument::WillTopic, reason);
        let reason = too_long(64);
        refused_by(&will("", at(65)), dialect, Argument::WillMessage, reason);
    }
}

#[test]
fn numbers_at_their_limits_and_one_over() {
    let out_of = |min, max| Reason::OutOfRange { min, max };
    refused(&connect("h", 0), Argument::Port, out_of(1, 65535));
    let raw = PublishRaw {
        topic: "t",
        length: 0,
        qos: QoS::AtMostOnce,
        retain: false,
    };
    refused(&raw, Argument::Payload, out_of(1, 65535));
    let keep_alive = |seconds| ConnectionConfig::new().keep_alive(seconds);
    for (dialect, min) in [
        (Dialect::Vendor, 60),
        (Dialect::EspAt, 0),
        (Dialect::Auto, 0),
    ] {
        assert!(line(&keep_alive(min), dialect).is_ok());
        assert!(line(&keep_alive(7200), dialect).is_ok());
        let reason = out_of(min, 7200);
        refused_by(&keep_alive(7201), dialect, Argument::KeepAlive, reason);
        if min > 0 {
            refused_by(&keep_alive(min - 1), dialect, Argument::KeepAlive, reason);
        }
    }
    for number in [1, 9, 10, 99, 100, 1000, 9999, 10_000, 65_535] {
        let expected = format!("AT+MQTTCONN=0,\"h\",{number},0");
        writes(&connect("h", number), &expected);
    }
}

#[test]
fn a_line_has_at_most_255_bytes_with_escapes_and_line_end() {
    let fixed = line(&publish("t", b""), Dialect::Auto).unwrap().len();
    let room = 255 - fixed;
    let fits = vec![b'x'; room];
    let written = line(&publish("t", &fits), Dialect::Auto).unwrap();
    assert_eq!(written.len(), 255);
    let too_long = Reason::TooLong { limit: 255 };
    let over = vec![b'x'; room + 1];
    refused(&publish("t", &over), Argument::CommandLine, too_long);
    let mut escaped = fits.clone();
    escaped[7] = b',';
    refused(&publish("t", &escaped), Argument::CommandLine, too_long);
    // Of the 255 bytes of `AT+MQTTUSERCFG` 36 are fixed.
    let id = "x".repeat(219);
    assert!(line(&UserConfig::new(&id), Dialect::Auto).is_ok());
    let id = "x".repeat(220);
    refused(&UserConfig::new(&id), Argument::CommandLine, too_long);
}

#[test]
fn secrets_do_not_show() {
    let user = UserConfig::new("id").credentials("user", "hunter2");
    let aliyun = esp8266_mqtt::AliyunDevice::new("pk", "name", "hunter2");
    let options = esp8266_mqtt::JoinOptions::new("ssid", "hunter2");
    for text in [
        format!("{:?}", join("ssid", "hunter2")),
        format!("{user:?}"),
        format!("{aliyun:?}"),
        format!("{options:?}"),
        format!("{:?}", SetPassword("hunter2".into())),
    ] {
        assert!(!text.contains("hunter2"), "{text}");
        assert!(text.contains("<redacted>"), "{text}");
    }
}
