//! Each MQTT method on the emulated module: what its parser understood, what the broker got, in both dialects.

mod common;

use common::emulated::{CLIENT, connect, connected, ms, published, quick, ready, text, understood};
use common::{events, in_both_dialects, owned, receive_all};
use esp8266_mqtt::{
    AliyunDevice, ConnectionConfig, ConnectionState, Dialect, Error, MqttLink, QoS, Reconnect,
    Scheme, UserConfig, Will,
};
use esp8266_mqtt_emulator::broker::HostState;
use esp8266_mqtt_emulator::module::Argument::Number;
use esp8266_mqtt_emulator::{Bench, Fault, Message, Reaction};

in_both_dialects!(
    usercfg_and_conncfg_reach_the_broker,
    usercfg_closes_a_forgotten_client,
    connect_refused_by_the_broker,
    connection_state,
    subscribe_unsubscribe_and_subscriptions,
    publish_text_and_raw,
    publish_retained,
    publish_failed,
    disconnect,
    wait_connected,
);

fn usercfg_and_conncfg_reach_the_broker(dialect: Dialect) {
    let bench = Bench::new(quick(dialect));
    bench.broker().add_user("us,er", "p\"w\\");
    let mut module = ready(&bench);
    let config = UserConfig::new("id, 1")
        .credentials("us,er", "p\"w\\")
        .scheme(Scheme::WebSocket);
    module.usercfg(&config.path("/m")).unwrap();
    let seen = bench.module().user_config().cloned().unwrap();
    assert_eq!((seen.scheme, seen.path.as_str()), (6, "/m"));
    let will = Will::new("will", "gone, \"really\"")
        .qos(QoS::AtLeastOnce)
        .retained();
    let config = ConnectionConfig::new()
        .keep_alive(7200)
        .clean_session(false)
        .will(will);
    module.conncfg(&config).unwrap();
    module.connect("host.example", 8083, Reconnect::On).unwrap();
    bench.advance(ms(10));

    let connects = bench.broker().connects();
    let [request] = connects.as_slice() else {
        panic!("{connects:?}")
    };
    assert_eq!(
        (request.host.as_str(), request.port),
        ("host.example", 8083)
    );
    assert_eq!(request.client_id, "id, 1");
    assert_eq!(
        (request.username.as_str(), request.password.as_str()),
        ("us,er", "p\"w\\")
    );
    assert_eq!((request.keepalive, request.clean_session), (7200, false));
    let will = Message::new("will", "gone, \"really\"")
        .with_qos(1)
        .retained();
    assert_eq!(request.will, Some(will));
    assert!(bench.module().is_connected());
}

fn usercfg_closes_a_forgotten_client(dialect: Dialect) {
    let (bench, module) = connected(quick(dialect));
    drop(module);
    let mut module = ready(&bench);
    module.usercfg(&UserConfig::new("other")).unwrap();
    module.disconnect().unwrap();
    module.usercfg(&UserConfig::new("other")).unwrap();
    module.connect("broker", 1883, Reconnect::Off).unwrap();
    bench.advance(ms(10));
    assert_eq!(bench.broker().clients(), ["other"]);
}

fn connect_refused_by_the_broker(dialect: Dialect) {
    let bench = Bench::new(quick(dialect));
    bench.broker().set_host("closed", HostState::Refusing);
    let mut module = ready(&bench);
    module.usercfg(&UserConfig::new(CLIENT)).unwrap();
    let result = module.connect("closed", 1883, Reconnect::Off);
    let link = module.link_state().mqtt;
    if dialect == Dialect::EspAt {
        assert_eq!(result, Err(Error::Rejected(None)));
        assert_eq!(link, MqttLink::Down);
        assert_eq!(events(&mut module), ["MqttDisconnected"]);
    } else {
        assert_eq!(result, Ok(()), "accepted is all it says");
        assert_eq!(link, MqttLink::Requested);
    }
    assert!(!module.connection_state().unwrap().is_connected());
}

fn connection_state(dialect: Dialect) {
    let bench = Bench::new(quick(dialect));
    let mut module = ready(&bench);
    assert_eq!(
        module.connection_state(),
        Ok(ConnectionState::Uninitialised)
    );
    module.usercfg(&UserConfig::new(CLIENT)).unwrap();
    assert_eq!(
        module.connection_state(),
        Ok(ConnectionState::UserConfigured)
    );
    module.conncfg(&ConnectionConfig::new()).unwrap();
    assert_eq!(
        module.connection_state(),
        Ok(ConnectionState::ConnectionConfigured)
    );
    module.connect("broker", 1883, Reconnect::Off).unwrap();
    bench.advance(ms(10));
    assert_eq!(module.connection_state(), Ok(ConnectionState::Connected));
    module.subscribe("t", QoS::AtLeastOnce).unwrap();
    bench.advance(ms(10));
    assert_eq!(module.connection_state(), Ok(ConnectionState::Subscribed));
    module.unsubscribe("t").unwrap();
    bench.advance(ms(10));
    assert_eq!(
        module.connection_state(),
        Ok(ConnectionState::ConnectedNoSubscription)
    );
}

fn subscribe_unsubscribe_and_subscriptions(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    let filters = [
        ("a/+/b", QoS::AtMostOnce),
        ("c/#", QoS::AtLeastOnce),
        ("d", QoS::ExactlyOnce),
    ];
    for (filter, qos) in filters {
        module.subscribe(filter, qos).unwrap();
    }
    bench.advance(ms(10));
    let expected = [("a/+/b".into(), 0), ("c/#".into(), 1), ("d".into(), 2)];
    assert_eq!(bench.broker().subscriptions(CLIENT), expected);
    let mut listed = Vec::new();
    module
        .subscriptions(|topic, qos| listed.push((topic.to_owned(), qos)))
        .unwrap();
    assert_eq!(listed, filters.map(|(topic, qos)| (topic.to_owned(), qos)));

    module.unsubscribe("c/#").unwrap();
    module.unsubscribe("never/subscribed").unwrap();
    bench.advance(ms(10));
    assert_eq!(bench.broker().subscriptions(CLIENT).len(), 2);
    for i in 0..8 {
        module
            .subscribe(&format!("more/{i}"), QoS::AtMostOnce)
            .unwrap();
    }
    let eleventh = module.subscribe("more/8", QoS::AtMostOnce);
    assert_eq!(eleventh, Err(Error::Rejected(None)));
    let mut count = 0;
    module.subscriptions(|_, _| count += 1).unwrap();
    assert_eq!(count, 10);
}

fn publish_text_and_raw(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    let long = "x".repeat(400);
    let payloads: [(&[u8], &str); 5] = [
        (b"{\"a\":1,\"b\":\"\\\\\"}", "MQTTPUB"),
        ("gr\u{fc}\u{df}e".as_bytes(), "MQTTPUB"),
        (b"line\r\nAT+RST\r\n", "MQTTPUBRAW"),
        (b"\0", "MQTTPUBRAW"),
        (long.as_bytes(), "MQTTPUBRAW"),
    ];
    for (payload, name) in payloads {
        module.publish("a/b", payload, QoS::AtLeastOnce).unwrap();
        assert_eq!(understood(&bench).0, name);
        bench.advance(ms(10));
        let expected = Message::new("a/b", payload).with_qos(1);
        assert_eq!(published(&bench).last(), Some(&expected));
    }
    assert_eq!(published(&bench).len(), payloads.len());
    assert_eq!(bench.module().refused(), []);
}

fn publish_retained(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    module
        .publish_retained("state", "on", QoS::AtMostOnce)
        .unwrap();
    let expected = [text("state"), text("on"), Number(0), Number(1)];
    assert_eq!(understood(&bench).2[1..], expected);
    module.publish("other", "off", QoS::AtMostOnce).unwrap();
    module.subscribe("#", QoS::AtMostOnce).unwrap();
    bench.advance(ms(20));
    assert_eq!(receive_all(&mut module), [owned("state", "on")]);
}

fn publish_failed(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    bench.fault(Fault::command("MQTTPUBRAW", 1, Reaction::PublishFail));
    let failed = module.publish("t", [0; 10], QoS::AtMostOnce);
    assert_eq!(failed, Err(Error::PublishFailed));
    module.publish("t", [0; 10], QoS::AtMostOnce).unwrap();
    let too_long = module.publish("t", vec![0; 2000], QoS::AtMostOnce);
    assert_eq!(too_long, Err(Error::Rejected(None)));
    module.disconnect().unwrap();
    let unconnected = module.publish("t", "x", QoS::AtMostOnce);
    assert_eq!(unconnected, Err(Error::Rejected(None)));
    assert_eq!(published(&bench).len(), 1);
}

fn disconnect(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    module.disconnect().unwrap();
    assert!(bench.broker().clients().is_empty());
    assert_eq!(bench.module().mqtt_state(), 0);
    assert_eq!(module.link_state().mqtt, MqttLink::Down);
    module.disconnect().unwrap();
    connect(&mut module);
    bench.advance(ms(10));
    assert_eq!(bench.broker().clients(), [CLIENT]);
}

#[test]
fn connect_aliyun() {
    let device = AliyunDevice::new("key", "device", "not-a-secret");
    let bench = Bench::new(quick(Dialect::Vendor));
    let mut module = ready(&bench);
    module.connect_aliyun("iot.example", 1884, &device).unwrap();
    bench.advance(ms(10));
    assert!(bench.module().is_connected());
    let connects = bench.broker().connects();
    assert_eq!((connects.len(), connects[0].port), (1, 1884));
    assert!(
        connects[0].username.contains("device&key"),
        "{:?}",
        connects[0]
    );

    let bench = Bench::new(quick(Dialect::EspAt));
    let mut module = ready(&bench);
    let unknown = module.connect_aliyun("iot.example", 1884, &device);
    assert_eq!(unknown, Err(Error::Rejected(None)));
}

fn wait_connected(dialect: Dialect) {
    let mut settings = quick(dialect);
    settings.latency.mqtt_connect = ms(1_700);
    let bench = Bench::new(settings);
    let mut module = ready(&bench);
    connect(&mut module);
    let start = bench.now();
    let state = module.wait_connected(10_000).expect("a state");
    assert!(state.is_connected(), "{state:?}");
    let waited = bench.now() - start;
    assert!(waited < ms(2_300), "{waited:?}");

    module.disconnect().expect("disconnect");
    let start = bench.now();
    let state = module.wait_connected(1_200).expect("a state");
    assert!(!state.is_connected(), "{state:?}");
    let waited = bench.now() - start;
    assert!(waited >= ms(1_200) && waited < ms(1_500), "{waited:?}");
}
