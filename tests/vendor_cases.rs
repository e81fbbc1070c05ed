//! Bugs found in the vendor's own drivers, numbered: receiving.

mod common;

use core::time::Duration;

use common::emulated::{Driver, connect, connected, ms, quick, ready, receive_until_quiet, urc};
use common::script::Script;
use common::{event, events, in_both_dialects, owned, receive, receive_all};
use esp8266_mqtt::{Dialect, Esp8266Mqtt, QoS};
use esp8266_mqtt_emulator::{Action, Bench, Settings};

in_both_dialects!(
    case_01_flush_before_command_keeps_message,
    case_02_message_inside_a_command_reply,
    case_03_message_between_ok_and_prompt,
    case_04_three_messages_in_one_read,
    case_05_message_split_at_every_byte,
    case_07_payloads_with_special_bytes,
    case_08_shorter_message_after_longer,
    case_09_message_longer_than_the_buffer,
    case_21_dialect_detected,
    case_22_nothing_pending_returns_at_once,
    case_25_repeated_line_end_prefix,
);

const SUB: &str = "AT+MQTTSUB=0,\"t\",0";

fn case_01_flush_before_command_keeps_message(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    script.push(urc(dialect, "t", "early"));
    script.ok(SUB);
    module.subscribe("t", QoS::AtMostOnce).unwrap();
    assert_eq!(receive_all(&mut module), [owned("t", "early")]);
    script.assert_done();
}

fn case_02_message_inside_a_command_reply(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    let message = urc(dialect, "t", "inside");
    let mut answer = b"+CWJAP:\"home\",\"44:33:4c:90:96:9a\",11,-55,0\r\n".to_vec();
    answer.extend(&message);
    answer.extend(b"\r\nOK\r\n");
    script.command("AT+CWJAP?", answer);
    let status = module.wifi_status().unwrap();
    let esp8266_mqtt::WifiStatus::Joined(ap) = status else {
        panic!("{status:?}")
    };
    assert_eq!((ap.ssid.as_str(), ap.channel, ap.rssi), ("home", 11, -55));
    assert_eq!(receive_all(&mut module), [owned("t", "inside")]);
}

fn case_03_message_between_ok_and_prompt(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    let between = [b"\r\nOK\r\n", &urc(dialect, "t", "x>y")[..], b"\r\n>"].concat();
    script.command("AT+MQTTPUBRAW=0,\"t\",3,0,0", between);
    script.bytes([0, 1, 2], "+MQTTPUB:OK\r\n");
    module.publish("t", [0, 1, 2], QoS::AtMostOnce).unwrap();
    script.assert_done();
    assert_eq!(receive_all(&mut module), [owned("t", "x>y")]);
}

fn case_04_three_messages_in_one_read(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    for payload in ["one", "two", "three"] {
        script.push(urc(dialect, "t", payload));
    }
    let expected = [owned("t", "one"), owned("t", "two"), owned("t", "three")];
    assert_eq!(receive_all(&mut module), expected);
}

fn case_05_message_split_at_every_byte(dialect: Dialect) {
    let whole = urc(dialect, "a/b", "25+3,\"x\"");
    for split in 1..whole.len() {
        let script = Script::new();
        let mut module = script.driver(dialect);
        script.push(&whole[..split]);
        let early = receive(&mut module);
        script.push(&whole[split..]).push("WIFI GOT IP\r\n");
        let message = early.or_else(|| receive(&mut module));
        assert_eq!(
            message,
            Some(owned("a/b", "25+3,\"x\"")),
            "split at {split}"
        );
        assert_eq!(events(&mut module), ["WifiGotIp"], "split at {split}");
    }
}

/// In the vendor's dialect only the line end frames a message, so this holds for ESP-AT alone.
#[test]
fn case_06_payload_that_looks_like_protocol() {
    const PAYLOADS: &[&[u8]] = &[
        b"\r\nOK\r\n",
        b"\r\nERROR\r\n",
        b"x CONNECT\r\n",
        b"+MQTTSUBRECV:0,\"t\",3,abc\r\n",
        b"\r\n>",
        b"\r\nbusy p...\r\n",
        b"\r\nready\r\n",
        b"+MQTTPUB:OK\r\n",
    ];
    for payload in PAYLOADS {
        let script = Script::new();
        let mut module = script.driver(Dialect::EspAt);
        // It comes while the answer is awaited, and ends none of the three phases.
        let message = urc(Dialect::EspAt, "t", payload);
        script.command("AT+MQTTPUBRAW=0,\"t\",2,1,0", &message);
        script.later(
            ms(5),
            [&message[..], b"\r\nOK\r\n", &message, b"\r\n>"].concat(),
        );
        script
            .bytes("\r\n", &message)
            .later(ms(900), "+MQTTPUB:OK\r\n");
        module.publish("t", "\r\n", QoS::AtLeastOnce).unwrap();
        assert_eq!(script.now().as_millis(), 905);
        script.assert_done();
        assert_eq!(receive_all(&mut module), vec![owned("t", payload); 4]);
    }
}

fn case_07_payloads_with_special_bytes(dialect: Dialect) {
    let payloads: [&[u8]; 12] = [
        b"a,b,c",
        b"say \"hi\"",
        b"back\\slash",
        b"25+3",
        b",,leading",
        b"a\0b\0",
        "grüße ☃".as_bytes(),
        b"",
        b"+",
        b" padded ",
        b"{\"a\":1,\"b\":[2,3]}",
        b"\xff\xfe",
    ];
    let script = Script::new();
    let mut module = script.driver(dialect);
    for payload in payloads {
        script.push(urc(dialect, "t", payload));
        assert_eq!(receive(&mut module), Some(owned("t", payload)));
        assert_eq!(receive(&mut module), None);
    }
}

fn case_08_shorter_message_after_longer(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    script.push(urc(dialect, "long/topic", "hello world"));
    assert_eq!(
        receive(&mut module),
        Some(owned("long/topic", "hello world"))
    );
    script.push(urc(dialect, "t", "hi"));
    assert_eq!(receive(&mut module), Some(owned("t", "hi")));
}

fn case_09_message_longer_than_the_buffer(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver_with(dialect, 128, 128);
    script.push(urc(dialect, "t/1", "before"));
    script.push(urc(dialect, "t/2", [b'x'; 300]));
    script.push(urc(dialect, "t/3", "after"));
    assert_eq!(receive(&mut module), Some(owned("t/1", "before")));
    let dropped = "MessagesDropped { count: 1, bytes: 300 }";
    assert_eq!(event(&mut module).as_deref(), Some(dropped));
    assert_eq!(receive_all(&mut module), [owned("t/3", "after")]);
    assert_eq!(module.counters().messages_dropped, 1);
    script.ok(SUB);
    module.subscribe("t", QoS::AtMostOnce).unwrap();
}

/// The right one by itself, and the wrong one if one insists.
fn case_21_dialect_detected(dialect: Dialect) {
    let bench = Bench::new(quick(dialect));
    let mut module = ready(&bench);
    assert_eq!(module.dialect(), dialect);
    connect(&mut module);
    module.subscribe("test/a", QoS::AtMostOnce).unwrap();
    module.publish("test/a", "1,2", QoS::AtMostOnce).unwrap();
    let received = receive_until_quiet(&bench, &mut module);
    assert_eq!(received, [owned("test/a", "1,2")]);

    let script = Script::new();
    let mut undecided = script.driver(Dialect::Auto);
    script.push(urc(dialect, "test/a", "1,2"));
    assert_eq!(receive_all(&mut undecided), [owned("test/a", "1,2")]);

    let mut vendor = script.driver(Dialect::Vendor);
    script.push(urc(Dialect::EspAt, "test/a", "123"));
    assert_eq!(receive_all(&mut vendor), [owned("0", "\"test/a\",3,123")]);
}

fn case_22_nothing_pending_returns_at_once(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    script.push("\r\n+MQTTSUBRECV:");
    for _ in 0..1000 {
        assert_eq!(receive(&mut module), None);
        assert_eq!(event(&mut module), None);
    }
    assert_eq!((script.delays(), script.now()), (0, Duration::ZERO));
}

#[test]
fn case_23_disconnect_is_an_event_and_subscribing_again_works() {
    let (bench, mut module) = connected(quick(Dialect::EspAt));
    module.subscribe("t", QoS::AtMostOnce).unwrap();
    events(&mut module);
    bench.schedule_after(ms(1), Action::CutMqtt);
    bench.advance(ms(20));
    assert_eq!(events(&mut module), ["MqttDisconnected"]);
    assert_eq!(module.link_state().mqtt, esp8266_mqtt::MqttLink::Down);

    connect(&mut module);
    module.subscribe("t", QoS::AtMostOnce).unwrap();
    assert_eq!(
        bench.broker().subscriptions(common::emulated::CLIENT),
        [("t".into(), 0)]
    );
    module.publish("t", "again", QoS::AtMostOnce).unwrap();
    bench.advance(ms(20));
    assert_eq!(events(&mut module), ["MqttConnected", "again"]);
}

/// Some firmware echoes CR CR LF; a matcher that starts over at the second CR misses the `OK`.
fn case_25_repeated_line_end_prefix(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    script.command("AT+CWQAP", "AT+CWQAP\r\r\n\r\r\nOK\r\n");
    module.disconnect_wifi().unwrap();
    script.command(
        "AT+CWQAP",
        "\r\r\r\n\r\nWIFI DISCONNECT\r\r\n\r\r\nERROR\r\n",
    );
    let refused = module.disconnect_wifi();
    assert_eq!(refused, Err(esp8266_mqtt::Error::Rejected(None)));
    assert_eq!(events(&mut module), ["WifiDisconnected"]);
}

/// What the vendor's driver lost: everything that came while the application did something else.
#[test]
fn messages_between_the_calls_are_kept_by_the_uart_and_the_driver() {
    let settings = Settings::vendor().with_initial(esp8266_mqtt_emulator::InitialState::Joined);
    let (bench, mut module): (Bench, Driver) = connected_after_accept(settings);
    module.subscribe("t", QoS::AtMostOnce).unwrap();
    for i in 0..3 {
        let message = esp8266_mqtt_emulator::Message::new("t", format!("{i}"));
        bench.schedule_after(ms(1000 * (i + 1)), Action::Deliver(message));
    }
    bench.advance(ms(1500));
    module.wifi_status().unwrap();
    bench.advance(ms(2000));
    let expected = [owned("t", "0"), owned("t", "1"), owned("t", "2")];
    assert_eq!(receive_all(&mut module), expected);
}

fn connected_after_accept(settings: Settings) -> (Bench, Driver) {
    let bench = Bench::new(settings);
    let mut module: Driver =
        Esp8266Mqtt::new(bench.uart(), bench.delay(), common::buffers(512, 256));
    module.init().unwrap();
    connect(&mut module);
    bench.advance(ms(500));
    (bench, module)
}
