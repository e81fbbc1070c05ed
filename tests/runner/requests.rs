//! Requests of several tasks at the same time.

use super::*;
use common::emulated::{module, names, text, understood};
use common::in_both_dialects;
use embassy_futures::join::{join, join3, join4};
use esp8266_mqtt::{
    AliyunDevice, Argument, ArgumentError, ConnectionConfig, ConnectionState, Error, JoinError,
    Reason, Will,
};
use esp8266_mqtt_emulator::{Fault, Reaction};

in_both_dialects!(
    three_handles_publish_at_once,
    each_handle_gets_its_own_result,
    texts_that_are_too_long_are_refused,
    a_session_through_the_handle,
    nobody_is_overtaken_for_ever,
    a_refused_join_tells_its_reason,
);

fn three_handles_publish_at_once(dialect: Dialect) {
    let mut rig = rig(dialect);
    let handle = rig.handle;
    let tasks = ["a", "b", "c"].map(|name| -> Boxed<'_> {
        Box::pin(async move {
            for number in 0..8 {
                let payload = format!("{name}{number}");
                let published = handle.publish("out", payload, QOS).await;
                published.expect("publish");
            }
        })
    });
    rig.run(all(tasks.into()));
    rig.pass(ms(100));
    let published = rig.published();
    assert_eq!(published.len(), 24);
    for name in ["a", "b", "c"] {
        let own = published.iter().filter(|payload| payload.starts_with(name));
        let expected: Vec<_> = (0..8).map(|number| format!("{name}{number}")).collect();
        assert!(own.eq(&expected), "{published:?}");
        // There are places for two of them only; the third is not left behind.
        for round in published.chunks(6) {
            assert!(
                round.iter().any(|payload| payload.starts_with(name)),
                "{published:?}"
            );
        }
    }
}

fn each_handle_gets_its_own_result(dialect: Dialect) {
    let mut rig = rig(dialect);
    let handle = rig.handle;
    rig.bench
        .fault(Fault::command("MQTTSUB", 1, Reaction::Error));
    let results = rig.run(join4(
        handle.publish("out", "text", QOS),
        handle.publish("", "text", QOS),
        handle.subscribe("refused", QOS),
        join(
            handle.publish_retained("out", b"line\r\nline", QOS),
            handle.connection_state(),
        ),
    ));
    let empty = ArgumentError {
        argument: Argument::Topic,
        reason: Reason::Empty,
    };
    assert_eq!(results.0, Ok(()));
    assert_eq!(results.1, Err(Error::Argument(empty)));
    assert_eq!(results.2, Err(Error::Rejected(None)));
    assert_eq!(results.3.0, Ok(()));
    assert_eq!(results.3.1, Ok(ConnectionState::Subscribed));
    rig.pass(ms(100));
    assert_eq!(rig.published(), ["text", r"line\r\nline"]);
    let published = rig.bench.broker().published();
    assert!(published.last().expect("a message").message.retain);
}

fn texts_that_are_too_long_are_refused(dialect: Dialect) {
    let mut rig = rig(dialect);
    let handle = rig.handle;
    let sent = rig.bench.sent().len();
    let too_long = |argument, limit| {
        let reason = Reason::TooLong { limit };
        Err(Error::Argument(ArgumentError { argument, reason }))
    };
    let results = rig.run(join3(
        handle.publish("four", [b'x'; 61], QOS),
        handle.publish(&"t".repeat(65), "", QOS),
        handle.connect_wifi("12345678", &"p".repeat(57)),
    ));
    assert_eq!(results.0, too_long(Argument::Payload, 60));
    assert_eq!(results.1, too_long(Argument::Topic, 64));
    assert_eq!(results.2, too_long(Argument::WifiPassword, 56));
    assert_eq!(rig.bench.sent().len(), sent);
    let longest = rig.run(handle.publish("four", [b'x'; 60], QOS));
    assert_eq!(longest, Ok(()));
}

/// Every method, with every text in its place.
fn a_session_through_the_handle(dialect: Dialect) {
    let bench = Bench::new(module(dialect));
    bench.broker().add_user("user", "secret");
    let mut rig: Rig = Rig::with_uart(&bench, bench.uart());
    let handle = rig.handle;
    let mut inbox = rig.listen();
    rig.run(async {
        let firmware = handle.restart().await.expect("restart");
        assert_eq!(firmware.dialect(), dialect);
        assert_eq!(handle.init().await, Ok(firmware));
        let joined = handle.connect_wifi(Settings::SSID, Settings::PASSWORD);
        joined.await.expect("join");
        let config = UserConfig::new(CLIENT).credentials("user", "secret");
        handle.usercfg(&config).await.expect("usercfg");
        let will = Will::new("will", "gone").qos(QoS::AtLeastOnce).retained();
        let config = ConnectionConfig::new().keep_alive(77).will(will);
        handle.conncfg(&config).await.expect("conncfg");
        let connected = handle.connect("broker", 1883, Reconnect::On).await;
        connected.expect("connect");
        let state = handle.wait_connected(20_000).await.expect("state");
        assert!(state.is_connected(), "{state:?}");
        handle.subscribe("in", QOS).await.expect("subscribe");
        bench.broker().publish(Message::new("in", "hello"));
        let message = inbox.next_message().await.expect("a message");
        assert_eq!(message.topic_str(), Ok("in"));
        assert_eq!(message.payload_str(), Ok("hello"));
        assert_eq!(message.as_message().payload(), b"hello");
        handle.unsubscribe("in").await.expect("unsubscribe");
        assert!(bench.broker().subscriptions(CLIENT).is_empty());
        handle.disconnect().await.expect("disconnect");
        handle.disconnect_wifi().await.expect("quit");
    });
    let connects = bench.broker().connects();
    let request = connects.last().expect("a connect");
    assert_eq!(request.keepalive, 77);
    let will = request.will.as_ref().expect("a will");
    assert_eq!(
        (will.topic.as_str(), &will.payload[..]),
        ("will", &b"gone"[..])
    );
    assert_eq!((will.qos, will.retain), (1, true));
}

#[test]
fn the_four_texts_of_aliyun_keep_their_places() {
    let mut rig = rig(Dialect::Vendor);
    let handle = rig.handle;
    let device = AliyunDevice::new("key", "name", "0123456789abcdef");
    let _ = rig.run(handle.connect_aliyun("host", 1883, &device));
    let (name, _, arguments) = understood(&rig.bench);
    assert_eq!(name, "ALIYUN_MQTTCONN");
    for expected in ["host", "key", "name", "0123456789abcdef"] {
        assert!(arguments.contains(&text(expected)), "{arguments:?}");
    }
}

#[cfg(feature = "json")]
#[test]
fn json_is_published() {
    let mut rig = rig(Dialect::EspAt);
    let handle = rig.handle;
    let published = rig.run(handle.publish_json("out", &[1, 2], QOS, &mut [0; 8]));
    assert_eq!(published, Ok(()));
    assert_eq!(rig.published(), ["[1,2]"]);
    let short = rig.run(handle.publish_json("out", &[1, 2], QOS, &mut [0; 4]));
    assert!(matches!(short, Err(Error::Argument(_))), "{short:?}");
}

/// One place, and a task that publishes without a pause.
fn nobody_is_overtaken_for_ever(dialect: Dialect) {
    let mut rig: Rig<1> = rig_with(quick(dialect));
    let handle = rig.handle;
    let greedy = async {
        loop {
            let published = handle.publish("out", "greedy", QOS).await;
            published.expect("publish");
        }
    };
    let others = ["b", "c", "d"].map(|payload| -> Boxed<'_> {
        Box::pin(async move {
            let published = handle.publish("out", payload, QOS).await;
            published.expect("publish");
        })
    });
    rig.run(select(greedy, all(others.into())));
    rig.pass(ms(100));
    let greedy = rig.published().iter().filter(|it| *it == "greedy").count();
    assert!(greedy <= 5, "{:?}", rig.published());
}

fn a_refused_join_tells_its_reason(dialect: Dialect) {
    let mut rig = rig(dialect);
    let handle = rig.handle;
    rig.bench
        .fault(Fault::command("CWJAP*", 1, Reaction::JoinCode(2)));
    let joined = rig.run(handle.connect_wifi(Settings::SSID, "wrong"));
    assert_eq!(joined, Err(Error::Join(JoinError::WrongPassword)));
    assert!(
        names(&rig.bench)
            .iter()
            .any(|name| name.starts_with("CWJAP"))
    );
}
