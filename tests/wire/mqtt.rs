//! Chapter "MQTT AT Commands".

use crate::harness::{line, read, reads, refused, refused_by, unreadable, writes};
use atat::AtatCmd;
use esp8266_mqtt::{
    Argument, ConnectionConfig, ConnectionState, Dialect, QoS, Reason, Reconnect, Scheme, Secret,
    UserConfig, Will,
    command::{NoResponse, mqtt::*},
};

pub const CHECKS: &[fn()] = &[
    mqtt_configuration_commands,
    mqtt_connection_commands,
    mqtt_topic_commands,
    the_connection,
    the_subscriptions,
    the_configuration_of_old_esp_at,
    long_credentials,
    what_tls_tells_the_broker,
    times_of_newer_firmware,
];

pub fn publish<'a>(topic: &'a str, payload: &'a [u8]) -> Publish<'a> {
    Publish {
        topic,
        payload,
        qos: QoS::AtMostOnce,
        retain: false,
    }
}

pub fn connect(host: &str, port: u16) -> Connect<'_> {
    Connect {
        host,
        port,
        reconnect: Reconnect::Off,
    }
}

pub fn subscribe(topic: &str) -> Subscribe<'_> {
    Subscribe {
        topic,
        qos: QoS::AtMostOnce,
    }
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
        reads(&QueryConnection, text, expected);
    }
    unreadable(
        &QueryConnection,
        &[
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
        ],
    );
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
    unreadable(
        &QuerySubscriptions,
        &[
            "+MQTTSUB:0,6,\"t\",3",
            "+MQTTSUB:0,6,\"t\"",
            "+MQTTSUB:0,6,t\",x",
            "+MQTTSUB:0,\"t\",0",
            eleven.as_str(),
        ],
    );
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
    unreadable(
        &QueryUserConfig,
        &[
            "",
            "+MQTTUSERCFG:0,1,\"cid\"",
            "+MQTTUSERCFG:0,11,\"\",\"\",\"\",0,0,\"\"",
        ],
    );
    assert_eq!(
        read(
            &QueryConnectionConfig,
            "+MQTTCONNCFG:0,70000,0,\"\",\"\",0,0"
        ),
        None
    );
    unreadable(&QueryClientId, &["", "+MQTTCLIENTID:0,"]);
    unreadable(&QueryUsername, &["+MQTTUSERNAME:", "+MQTTUSERNAME:0"]);
    unreadable(
        &QueryPassword,
        &["+MQTTPASSWORD:1,\"a\"", "+MQTTCLIENTID:0,\"a\""],
    );
}

#[test]
fn commands_without_a_response_take_any_text() {
    assert!(read(&Unsubscribe("t"), "NO UNSUBSCRIBE").is_some());
    assert!(read(&Clean, "").is_some());
}

#[test]
fn long_credentials() {
    writes(&LongClientId(1024), "AT+MQTTLONGCLIENTID=0,1024");
    writes(&LongUsername(1), "AT+MQTTLONGUSERNAME=0,1");
    writes(&LongPassword(300), "AT+MQTTLONGPASSWORD=0,300");
    let reason = Reason::OutOfRange { min: 1, max: 1024 };
    for length in [0, 1025] {
        refused(&LongClientId(length), Argument::ClientId, reason);
        refused(&LongUsername(length), Argument::Username, reason);
        refused(&LongPassword(length), Argument::MqttPassword, reason);
    }
    let mut buffer = [0; 20];
    let text = "any \r\n text";
    assert_eq!(AtatCmd::write(&LongText(text), &mut buffer), text.len());
    assert_eq!(buffer[..text.len()], *text.as_bytes());
    let password = LongPasswordText(Secret::new(text));
    assert_eq!(AtatCmd::write(&password, &mut buffer), text.len());
    assert_eq!(AtatCmd::write(&password, &mut buffer[..5]), 0);
    assert!(!format!("{password:?}").contains("any"));
}

#[test]
fn what_tls_tells_the_broker() {
    writes(&SetAlpn(&[]), "AT+MQTTALPN=0,0");
    let protocols = SetAlpn(&["mqtt-ca.cn", "http/1.1"]);
    writes(&protocols, r#"AT+MQTTALPN=0,2,"mqtt-ca.cn","http/1.1""#);
    let reason = Reason::OutOfRange { min: 0, max: 5 };
    refused(&SetAlpn(&["a"; 6]), Argument::ProtocolCount, reason);
    refused(&SetAlpn(&[""]), Argument::Protocol, Reason::Empty);
    writes(&SetServerName("broker"), r#"AT+MQTTSNI=0,"broker""#);
    refused(&SetServerName(""), Argument::ServerName, Reason::Empty);
}

#[test]
fn times_of_newer_firmware() {
    fn within<C>(command: C, timeout_ms: u16) -> Within<C> {
        Within {
            command,
            timeout_ms,
        }
    }
    let qos = QoS::AtLeastOnce;
    let connect = Connect {
        host: "broker",
        port: 1883,
        reconnect: Reconnect::On,
    };
    let expected = r#"AT+MQTTCONN=0,"broker",1883,1,3000"#;
    writes(&within(connect, 3_000), expected);
    reads(&within(connect, 3_000), "", NoResponse);
    let publish = Publish {
        topic: "t",
        payload: b"x",
        qos,
        retain: false,
    };
    writes(
        &within(publish, 60_000),
        r#"AT+MQTTPUB=0,"t","x",1,0,60000"#,
    );
    let raw = PublishRaw {
        topic: "t",
        length: 7,
        qos,
        retain: true,
    };
    writes(&within(raw, 15_000), r#"AT+MQTTPUBRAW=0,"t",7,1,1,15000"#);
    let subscribe = Subscribe { topic: "t", qos };
    writes(&within(subscribe, 15_000), r#"AT+MQTTSUB=0,"t",1,15000"#);
    writes(
        &within(Unsubscribe("t"), 15_000),
        r#"AT+MQTTUNSUB=0,"t",15000"#,
    );
    let reason = Reason::OutOfRange {
        min: 3_000,
        max: 60_000,
    };
    for timeout_ms in [2_999, 60_001] {
        let command = within(Unsubscribe("t"), timeout_ms);
        refused(&command, Argument::Timeout, reason);
    }
}

#[test]
fn schemes_by_number() {
    let numbered = [
        Scheme::Tcp,
        Scheme::Tls,
        Scheme::TlsVerifyServer,
        Scheme::TlsClientCertificate,
        Scheme::TlsMutual,
        Scheme::WebSocket,
        Scheme::Wss,
        Scheme::WssVerifyServer,
        Scheme::WssClientCertificate,
        Scheme::WssMutual,
    ];
    for (number, scheme) in (1..).zip(numbered) {
        let text = format!(r#"+MQTTUSERCFG:0,{number},"cid","","",0,0,"""#);
        let user = read(&QueryUserConfig, &text).unwrap();
        assert_eq!(user.scheme, scheme);
    }
}
