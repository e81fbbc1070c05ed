//! Limits and escapes that commands of several chapters share.

use crate::{
    harness::{line, refused, refused_by, writes},
    mqtt::{connect, publish, subscribe},
    wifi::join,
};
use esp8266_mqtt::{
    Argument, ConnectionConfig, Dialect, Reason, Store, UserConfig, Will,
    command::{Command, basic::*, mqtt::*, wifi::*},
};
use proptest::prelude::*;

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

proptest! {
    #[test]
    fn no_text_makes_a_parser_panic(
        text in proptest::collection::vec(any::<u8>(), 0..200),
        prefix in prop_oneof![
            Just("+MQTTCONN:0,"), Just("+MQTTSUB:0,"), Just("+CWJAP:\""), Just("+CWMODE:"),
            Just("AT version:"), Just("+MQTTUSERCFG:0,"), Just("+MQTTCONNCFG:0,"), Just(""),
        ],
    ) {
        let text = [prefix.as_bytes(), &text].concat();
        let _ = QueryVersion.decode(&text);
        let _ = QueryMode(Store::Plain).decode(&text);
        let _ = TestMode(Store::Plain).decode(&text);
        let _ = QueryAccessPoint(Store::Plain).decode(&text);
        let _ = QueryConnection.decode(&text);
        let _ = QuerySubscriptions.decode(&text);
        let _ = QueryUserConfig.decode(&text);
        let _ = QueryConnectionConfig.decode(&text);
        let _ = esp8266_mqtt::Urc::parse(&text);
    }
}
