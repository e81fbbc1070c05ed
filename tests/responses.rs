//! Responses as firmware prints them, and broken ones.

use atat::AtatCmd;
use esp8266_mqtt::{
    AccessPoint, ConnectionState, Dialect, Firmware, QoS, Reconnect, Scheme, Store, Version,
    WifiMode, WifiStatus,
    command::{Command, basic::*, mqtt::*, wifi::*},
};
use proptest::prelude::*;

/// Reads a response both ways: as the driver hands it over, and as atat does.
fn read<C: Command + AtatCmd<Response = <C as Command>::Response>>(
    command: &C,
    lines: &str,
) -> Option<<C as Command>::Response>
where
    <C as Command>::Response: PartialEq + core::fmt::Debug,
{
    let response = command.decode(format!("{lines}\n").as_bytes());
    let text = lines.replace('\n', "\r\n");
    let parsed = AtatCmd::parse(command, Ok(text.as_bytes()));
    assert_eq!(parsed.ok(), response);
    response
}

#[test]
fn firmware_versions() {
    let cases = [
        // Non-OS AT on the module, and esp-at issues 554 and 479, ESP8266_NONOS_SDK issue 60.
        (
            "AT version:1.7.2.0(Jan 19 2020 09:39:04)\nSDK version:3.0.2(824dc80)\ncompile time:x\nBin version(Wroom 02):1.7.2",
            [1, 7, 2, 0],
            [3, 0, 2, 0],
            Dialect::Vendor,
        ),
        (
            "AT version:1.5.0.0(Oct 24 2017 12:03:18)\nSDK version:2.1.0(ace2d95)",
            [1, 5, 0, 0],
            [2, 1, 0, 0],
            Dialect::Vendor,
        ),
        (
            "AT version:2.1.0.0(ded5b14 - Jul 24 2020 12:01:05)\nSDK version:v3.3-2-gb6e861a\ncompile time(36bb200):Jul 28 2020 08:30:34\nBin version:2.1.0(WROOM-02)",
            [2, 1, 0, 0],
            [3, 3, 0, 0],
            Dialect::EspAt,
        ),
        ("AT version:3.2(x)", [3, 2, 0, 0], [0; 4], Dialect::EspAt),
    ];
    for (text, at, sdk, dialect) in cases {
        let firmware = read(&QueryVersion, text).expect(text);
        let (at, sdk) = (Version(at), Version(sdk));
        assert_eq!(firmware, Firmware { at, sdk });
        assert_eq!(firmware.dialect(), dialect);
    }
    for text in [
        "",
        "SDK version:3.0.2",
        "AT version:",
        "AT version:x",
        "AT version:300.1",
    ] {
        assert_eq!(read(&QueryVersion, text), None, "{text}");
    }
}

#[test]
fn wifi_modes() {
    for (text, mode) in [
        ("+CWMODE:0", WifiMode::Off),
        ("+CWMODE:1", WifiMode::Station),
        ("+CWMODE_CUR:2", WifiMode::SoftAp),
        ("noise\n+CWMODE_DEF:3", WifiMode::StationAndSoftAp),
    ] {
        assert_eq!(read(&QueryMode(Store::Plain), text), Some(mode));
    }
    for text in [
        "",
        "+CWMODE:",
        "+CWMODE:4",
        "+CWMODE:x",
        "+CWMODE:1x",
        "CWMODE:1",
    ] {
        assert_eq!(read(&QueryMode(Store::Plain), text), None, "{text}");
    }
    let range = ModeRange {
        first: WifiMode::Station,
        last: WifiMode::StationAndSoftAp,
    };
    for text in ["+CWMODE:(1-3)", "+CWMODE_CUR:(1-3)", "+CWMODE_DEF:(1-3)"] {
        assert_eq!(read(&TestMode(Store::Plain), text), Some(range));
    }
    for text in [
        "+CWMODE:1-3",
        "+CWMODE:(1-9)",
        "+CWMODE:(1-3",
        "+CWMODE:(1,3)",
    ] {
        assert_eq!(read(&TestMode(Store::Plain), text), None, "{text}");
    }
}

#[test]
fn the_access_point() {
    let access_point = |ssid: &str, bssid: &str, channel, rssi| {
        WifiStatus::Joined(AccessPoint {
            ssid: ssid.try_into().unwrap(),
            bssid: bssid.try_into().unwrap(),
            channel,
            rssi,
        })
    };
    let query = QueryAccessPoint(Store::Plain);
    let (mac, home) = ("44:33:4c:90:96:9a", "c8:3a:35:00:00:01");
    for (text, expected) in [
        // esp-at issue 479, and the form of non-OS AT.
        (
            r#"+CWJAP:"BL_841R","44:33:4c:90:96:9a",11,-55,0,0,0,0"#,
            access_point("BL_841R", mac, 11, -55),
        ),
        (
            r#"+CWJAP_CUR:"home","c8:3a:35:00:00:01",1,-128,0"#,
            access_point("home", home, 1, -128),
        ),
        (
            r#"+CWJAP_DEF:"a","b" \","c8:3a:35:00:00:01",6,-70"#,
            access_point(r#"a","b" \"#, home, 6, -70),
        ),
        ("No AP", WifiStatus::NotJoined),
    ] {
        assert_eq!(read(&query, text), Some(expected));
    }
    for text in [
        "",
        "+CWJAP:1",
        r#"+CWJAP:"home","c8:3a:35:00:00:01",1"#,
        r#"+CWJAP:"home","c8:3a:35:00:00:01",1,-200"#,
        r#"+CWJAP:"home","c8:3a:35:00:00:01",300,-20"#,
        r#"+CWJAP:"home""#,
        r#"+CWJAP:"123456789012345678901234567890123","c8:3a:35:00:00:01",1,-20"#,
    ] {
        assert_eq!(read(&query, text), None, "{text}");
    }
}

fn connection(state: ConnectionState) -> Connection {
    Connection {
        state,
        scheme: Some(Scheme::Tcp),
        host: heapless::String::new(),
        port: None,
        path: heapless::String::new(),
        reconnect: Reconnect::Off,
    }
}

#[test]
fn the_connection() {
    let connected = Connection {
        host: "thingsboard.iotprojects.eu".try_into().unwrap(),
        port: Some(9082),
        ..connection(ConnectionState::Connected)
    };
    for (text, expected) in [
        // esp-at issues 478 and 427, the port with and without quotes, the vendor's prefix.
        (
            r#"+MQTTCONN:0,4,1,"thingsboard.iotprojects.eu","9082","",0"#,
            connected.clone(),
        ),
        (
            r#"+MQTTCONN:0,4,1,"thingsboard.iotprojects.eu",9082,"",0"#,
            connected.clone(),
        ),
        (
            r#"AT+MQTTCONN:0,4,1,"thingsboard.iotprojects.eu","9082","",0"#,
            connected.clone(),
        ),
        (
            r#"+MQTTCONN:0,2,1,"","","",0"#,
            connection(ConnectionState::ConnectionConfigured),
        ),
        (
            r#"+MQTTCONN:0,6,6,"h","80","/mqtt",1"#,
            Connection {
                scheme: Some(Scheme::WebSocket),
                host: "h".try_into().unwrap(),
                port: Some(80),
                path: "/mqtt".try_into().unwrap(),
                reconnect: Reconnect::On,
                ..connection(ConnectionState::Subscribed)
            },
        ),
        (
            r#"+MQTTCONN:0,0,0,"","","",0"#,
            Connection {
                scheme: None,
                ..connection(ConnectionState::Uninitialised)
            },
        ),
        // As the vendor's manual prints it, without a comma before the host.
        (
            r#"AT+MQTTCONN:0,4,1"thingsboard.iotprojects.eu",9082,"",0"#,
            connected.clone(),
        ),
        // The first ESP-AT builds.
        (
            r#"+MQTTCONN:0,3,"h""#,
            Connection {
                scheme: None,
                host: "h".try_into().unwrap(),
                ..connection(ConnectionState::Disconnected)
            },
        ),
    ] {
        assert_eq!(read(&QueryConnection, text), Some(expected), "{text}");
    }
    for text in [
        "",
        "+MQTTCONN:0",
        "+MQTTCONN:0,7,1,\"\",\"\",\"\",0",
        "+MQTTCONN:0,4,11,\"h\",\"1\",\"\",0",
        "+MQTTCONN:0,4,1,\"h\",\"x\",\"\",0",
        "+MQTTCONN:0,4,1,\"h\",\"65536\",\"\",0",
        "+MQTTCONN:0,4,1,\"h\",\"1\",\"\",2",
        "+MQTTCONN:0,4,1,\"h\",\"1\"",
        "+MQTTCONN:0,4,1,\"h",
        "+MQTTCONN:0,4,1,\"h\",\"+1\",\"\",0",
        "+MQTTCONN:0,3,\"h\",1",
    ] {
        assert_eq!(read(&QueryConnection, text), None, "{text}");
    }
}

#[test]
fn the_subscriptions() {
    let subscription = |topic: &str, qos| Subscription {
        topic: topic.try_into().unwrap(),
        qos,
    };
    let long = "$sys/SQKg9n0Ii0/temperatureAndHumidity/thing/property/post/reply";
    for (text, expected) in [
        (String::new(), vec![]),
        (r#"+MQTTSUB:0,2,"",0"#.into(), vec![]),
        (
            format!(r#"+MQTTSUB:0,6,"{long}",0"#),
            vec![subscription(long, QoS::AtMostOnce)],
        ),
        (
            "+MQTTSUB:0,6,\"a,\"b\",1\nALREADY SUBSCRIBE\n+MQTTSUB:0,6,\"#\",2".into(),
            vec![
                subscription("a,\"b", QoS::AtLeastOnce),
                subscription("#", QoS::ExactlyOnce),
            ],
        ),
    ] {
        let subscriptions = read(&QuerySubscriptions, &text).expect(&text);
        assert_eq!(subscriptions.0.as_slice(), expected.as_slice());
    }
    let eleven = "+MQTTSUB:0,6,\"t\",0\n".repeat(11);
    for text in [
        "+MQTTSUB:0,6,\"t\",3",
        "+MQTTSUB:0,6,\"t\"",
        "+MQTTSUB:0,6,t\",x",
        "+MQTTSUB:0,\"t\",0",
        eleven.as_str(),
    ] {
        assert_eq!(read(&QuerySubscriptions, text), None, "{text}");
    }
}

#[test]
fn the_configuration_of_old_esp_at() {
    let text = r#"+MQTTUSERCFG:0,1,"cid","user","hunter2",0,0,"path""#;
    let user = read(&QueryUserConfig, text).unwrap();
    assert_eq!(user.scheme, Scheme::Tcp);
    assert_eq!((&*user.client_id, &*user.username), ("cid", "user"));
    assert_eq!((user.password.reveal(), &*user.path), ("hunter2", "path"));
    assert!(!format!("{user:?}").contains("hunter2"));
    let text = r#"+MQTTCONNCFG:0,60,1,"lwt_topic","lwt_message",1,0"#;
    let config = read(&QueryConnectionConfig, text).unwrap();
    assert_eq!((config.keep_alive, config.clean_session), (60, false));
    assert_eq!(
        (&*config.will_topic, &*config.will_message),
        ("lwt_topic", "lwt_message")
    );
    assert_eq!(
        (config.will_qos, config.will_retain),
        (QoS::AtLeastOnce, false)
    );
    let id = read(&QueryClientId, "+MQTTCLIENTID:0,\"a,b\"").unwrap();
    assert_eq!(&*id, "a,b");
    let name = read(&QueryUsername, "+MQTTUSERNAME:0,\"\"").unwrap();
    assert_eq!(&*name, "");
    let password = read(&QueryPassword, "+MQTTPASSWORD:0,\"hunter2\"").unwrap();
    assert_eq!(password.reveal(), "hunter2");
    assert_eq!(format!("{password:?}"), "<redacted>");
    for text in [
        "",
        "+MQTTUSERCFG:0,1,\"cid\"",
        "+MQTTUSERCFG:0,11,\"\",\"\",\"\",0,0,\"\"",
    ] {
        assert_eq!(read(&QueryUserConfig, text), None);
    }
    assert_eq!(
        read(
            &QueryConnectionConfig,
            "+MQTTCONNCFG:0,70000,0,\"\",\"\",0,0"
        ),
        None
    );
    assert_eq!(read(&QueryClientId, "+MQTTCLIENTID:0,"), None);
}

#[test]
fn commands_without_a_response_take_any_text() {
    assert!(read(&Attention, "").is_some());
    assert!(read(&QuitAccessPoint, "WIFI DISCONNECT").is_some());
    assert!(read(&Unsubscribe("t"), "NO UNSUBSCRIBE").is_some());
    assert!(read(&Clean, "").is_some());
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
