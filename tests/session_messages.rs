//! A message that arrives before, during or after a command is delivered, and in order.

mod common;

use common::emulated::{
    Driver, connected, driver, module, ms, published, quick, ready, receive_until_quiet, urc,
};
use common::{events, in_both_dialects, owned, receive_all};
use core::time::Duration;
use esp8266_mqtt::{ConnectionConfig, Dialect, Event, QoS, Reconnect, UserConfig};
use esp8266_mqtt_emulator::bench::UartError;
use esp8266_mqtt_emulator::{Action, Bench, Fault, InitialState, Message, Settings};

in_both_dialects!(
    around_each_command,
    while_joining,
    at_every_moment_of_a_publish,
    between_ok_and_prompt,
    during_the_payload_and_before_the_result,
    own_messages_come_back_in_order,
    a_burst_during_a_command,
    waiting_for_a_message,
    waiting_for_an_event,
    answered_with_a_copy,
);

type Call = (
    &'static str,
    fn(&mut Driver) -> Result<(), esp8266_mqtt::Error<UartError>>,
);

const CALLS: [Call; 12] = [
    ("wifi_status", |module| module.wifi_status().map(drop)),
    ("connection_state", |module| {
        module.connection_state().map(drop)
    }),
    ("subscribe", |module| {
        module.subscribe("t", QoS::AtLeastOnce)
    }),
    ("subscriptions", |module| module.subscriptions(|_, _| ())),
    ("publish text", |module| {
        module.publish("own", "x", QoS::AtLeastOnce)
    }),
    ("publish raw", |module| {
        module.publish("own", [0; 40], QoS::AtLeastOnce)
    }),
    ("publish_retained", |module| {
        module.publish_retained("own", "\n", QoS::AtMostOnce)
    }),
    ("unsubscribe", |module| module.unsubscribe("t")),
    ("disconnect", |module| module.disconnect()),
    ("usercfg", |module| module.usercfg(&UserConfig::new("c"))),
    ("conncfg", |module| module.conncfg(&ConnectionConfig::new())),
    ("connect", |module| {
        module.connect("broker", 1883, Reconnect::Off)
    }),
];

/// A module that takes its time, so that the message comes within each part of the command.
fn slow(dialect: Dialect) -> Settings {
    module(dialect)
        .with_baud(115_200)
        .with_initial(InitialState::Joined)
}

fn connected_slowly(dialect: Dialect) -> (Bench, Driver) {
    let bench = Bench::new(slow(dialect));
    let mut module = ready(&bench);
    common::emulated::connect(&mut module);
    bench.advance(Duration::from_secs(1));
    events(&mut module);
    (bench, module)
}

fn around_each_command(dialect: Dialect) {
    let (bench, mut module) = connected_slowly(dialect);
    for (name, call) in CALLS {
        bench.schedule_after(ms(0), Action::Inject(urc(dialect, "m", "before")));
        bench.advance(ms(8));
        // The first three fall into the command's bytes or the wait for its answer.
        for micros in [300, 1_500, 9_000] {
            let inside = Action::Inject(urc(dialect, "m", format!("inside {micros}")));
            bench.schedule_after(Duration::from_micros(micros), inside);
        }
        assert_eq!(call(&mut module), Ok(()), "{name}");
        bench.schedule_after(ms(20), Action::Inject(urc(dialect, "m", "after")));
        let expected = [
            "before",
            "inside 300",
            "inside 1500",
            "inside 9000",
            "after",
        ];
        let received = receive_until_quiet(&bench, &mut module);
        assert_eq!(
            received,
            expected.map(|payload| owned("m", payload)),
            "{name}"
        );
    }
    assert_eq!(module.counters().stray_lines, 0);
}

fn while_joining(dialect: Dialect) {
    let bench = Bench::new(module(dialect));
    let mut module = ready(&bench);
    for i in 1..4 {
        bench.schedule_after(
            ms(1000 * i),
            Action::Inject(urc(dialect, "m", format!("{i}"))),
        );
    }
    module
        .connect_wifi(Settings::SSID, Settings::PASSWORD)
        .unwrap();
    let seen = events(&mut module);
    let position = |event: &str| seen.iter().position(|seen| seen == event);
    for event in ["WifiConnected", "WifiGotIp", "1", "2", "3"] {
        assert!(position(event).is_some(), "{event}: {seen:?}");
    }
    assert_eq!(seen.len(), 5);
    assert!(position("1") < position("2") && position("2") < position("3"));
    assert!(position("2") < position("WifiConnected"), "{seen:?}");
}

/// One bench per moment, from the first byte of the command to the result.
fn at_every_moment_of_a_publish(dialect: Dialect) {
    for millis in 0..45 {
        let (bench, mut module) = connected_slowly(dialect);
        let message = Action::Inject(urc(dialect, "m", "1,2"));
        bench.schedule_after(ms(millis), message);
        module
            .publish("own", [b'\r'; 100], QoS::AtLeastOnce)
            .unwrap();
        bench.advance(ms(50));
        assert_eq!(
            receive_all(&mut module),
            [owned("m", "1,2")],
            "after {millis} ms"
        );
        assert_eq!(published(&bench)[0].payload, [b'\r'; 100]);
    }
}

fn between_ok_and_prompt(dialect: Dialect) {
    let mut settings = slow(dialect);
    settings.latency.prompt = ms(40);
    let bench = Bench::new(settings);
    let mut module = ready(&bench);
    common::emulated::connect(&mut module);
    bench.advance(Duration::from_secs(1));
    events(&mut module);
    // The second one is found between OK and the prompt: the line says when.
    let started = bench.now();
    for after in [10, 35, 50, 60] {
        let message = Action::Inject(urc(dialect, "m", format!("{after}>")));
        bench.at(started + ms(after), message);
    }
    module.publish("own", b"\0\r\n>", QoS::AtMostOnce).unwrap();
    let received = String::from_utf8_lossy(&bench.received()[..]).into_owned();
    let tail = received.rsplit("OK\r\n").nth(1).unwrap_or_default();
    assert!(tail.contains("35>") && tail.contains("\r\n>"), "{tail:?}");
    let expected = ["10>", "35>", "50>", "60>"].map(|payload| owned("m", payload));
    assert_eq!(receive_until_quiet(&bench, &mut module), expected);
    assert_eq!(published(&bench)[0].payload, b"\0\r\n>");
}

fn during_the_payload_and_before_the_result(dialect: Dialect) {
    let (bench, mut module) = connected_slowly(dialect);
    for _ in 0..3 {
        for micros in (15_000..70_000).step_by(5_000) {
            let message = urc(dialect, "m", format!("+MQTTPUB:FAIL {micros} OK"));
            bench.schedule_after(Duration::from_micros(micros), Action::Inject(message));
        }
        module
            .publish("own", [b'x'; 450], QoS::AtLeastOnce)
            .unwrap();
        let received = receive_until_quiet(&bench, &mut module);
        assert_eq!(received.len(), 11);
        assert!(received.is_sorted());
    }
    assert_eq!(published(&bench).len(), 3);
    assert_eq!(bench.overruns(), 0);
}

fn own_messages_come_back_in_order(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    module.subscribe("own/#", QoS::AtMostOnce).unwrap();
    let mut expected = Vec::new();
    for i in 0..30 {
        let topic = format!("own/{}", i % 3);
        let payload = format!("{i},\"{}\"", "y".repeat(i * 7 % 50));
        module.publish(&topic, &payload, QoS::AtMostOnce).unwrap();
        expected.push(owned(topic, payload));
        if i % 10 == 9 {
            let received = receive_until_quiet(&bench, &mut module);
            assert_eq!(received, expected.split_off(0));
        }
    }
}

fn a_burst_during_a_command(dialect: Dialect) {
    let (bench, mut module) = connected_slowly(dialect);
    let mut burst = Vec::new();
    let mut expected = Vec::new();
    for i in 0..12 {
        burst.extend(urc(dialect, "m", format!("{i}")));
        expected.push(owned("m", format!("{i}")));
    }
    bench.schedule_after(ms(2), Action::Inject(burst));
    module.subscribe("t", QoS::AtLeastOnce).unwrap();
    assert_eq!(receive_until_quiet(&bench, &mut module), expected);
}

/// Any number of bytes between the lines of any answer: a message after each line end of a session.
#[test]
fn after_each_line_end_of_the_module() {
    for dialect in [Dialect::Vendor, Dialect::EspAt] {
        let quiet = quick(dialect).with_echo(false);
        let plain = session_with_message_at(quiet.clone(), dialect, None);
        for line in 0..plain {
            session_with_message_at(quiet.clone(), dialect, Some(line));
        }
    }
}

/// Runs a session; returns how many line ends the module printed.
fn session_with_message_at(settings: Settings, dialect: Dialect, line: Option<u64>) -> u64 {
    let bench = Bench::new(settings);
    if let Some(line) = line {
        let bytes = urc(dialect, "m", "inserted");
        bench.fault(Fault::InsertAtLine { line, bytes });
    }
    let mut module = driver(&bench);
    module.init().unwrap();
    common::emulated::connect(&mut module);
    module.subscribe("t", QoS::AtLeastOnce).unwrap();
    module.wifi_status().unwrap();
    module.publish("own", "\n\n", QoS::AtLeastOnce).unwrap();
    let received = receive_until_quiet(&bench, &mut module);
    let expected = Vec::from_iter(line.map(|_| owned("m", "inserted")));
    assert_eq!(received, expected, "after line end {line:?}");
    let lines = bench
        .received()
        .iter()
        .filter(|byte| **byte == b'\n')
        .count();
    lines as u64
}

fn waiting_for_a_message(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    module.subscribe("in", QoS::AtMostOnce).expect("subscribe");
    let start = bench.now();
    assert_eq!(module.receive_within(250), Ok(None));
    let waited = bench.now() - start;
    // Each look at the receiver takes a ninth of the time between two.
    assert!(waited >= ms(250) && waited < ms(282), "{waited:?}");

    for (after, payload) in [(100, "1"), (5_000, "2")] {
        let message = Message::new("in", payload);
        bench.schedule_after(ms(after), Action::Deliver(message));
    }
    let first = module
        .receive_within(200)
        .expect("a UART")
        .expect("in time");
    assert_eq!(first.payload(), b"1");
    assert_eq!(module.receive().expect("a UART").payload(), b"2");

    // What has arrived is there without waiting.
    assert_eq!(module.receive_within(0), Ok(None));
    let message = Message::new("in", "3");
    bench.schedule_after(ms(1), Action::Deliver(message));
    bench.advance(ms(200));
    let third = module.receive_within(0).expect("a UART").expect("in time");
    assert_eq!(third.payload(), b"3");
}

fn waiting_for_an_event(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    events(&mut module);
    assert_eq!(module.next_event_within(250), Ok(None));
    bench.schedule_after(ms(400), Action::LoseWifi);
    let event = module.next_event().expect("a UART");
    assert!(
        matches!(event, Event::WifiDisconnected | Event::MqttDisconnected),
        "{event:?}"
    );
}

/// A message is borrowed from the driver; its copy is not, if there is room for topic and payload.
fn answered_with_a_copy(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    bench.schedule_after(ms(1), Action::Inject(urc(dialect, "ask", "what?")));
    let message = module.receive().expect("a message");
    assert_eq!(message.copied::<7>(), None);
    let copy = message.copied::<8>().expect("8 bytes");
    module
        .publish("answer", copy.payload(), QoS::AtMostOnce)
        .expect("publish");
    assert_eq!(copy.as_message().topic(), b"ask");
    assert_eq!(copy.topic_str(), Ok("ask"));
    assert_eq!(copy.payload_str(), Ok("what?"));
    assert_eq!(published(&bench)[0].payload, b"what?");
}
