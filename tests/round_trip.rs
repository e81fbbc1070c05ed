//! Whatever is sent arrives exactly, or is refused with nothing sent; whatever the module receives is delivered exactly.

mod common;

use common::emulated::{
    connected, driver, ms, published, quick, receive_until_quiet, text, understood, urc,
};
use common::script::Script;
use common::{Owned, in_both_dialects, owned, receive, receive_all};
use esp8266_mqtt::{ConnectionConfig, Dialect, Error, QoS, UserConfig, Will};
use esp8266_mqtt_emulator::bench::UartError;
use esp8266_mqtt_emulator::module::Argument;
use esp8266_mqtt_emulator::{Action, Bench, Message};
use proptest::prelude::*;

in_both_dialects!(
    ssid_and_password_arrive,
    credentials_arrive,
    will_arrives,
    topic_and_payload_arrive,
    binary_payload_arrives,
    subscription_arrives_and_is_listed,
    lines_of_the_longest_kind_arrive,
);

/// Any text, often with the characters that are special on the wire.
fn any_text(longest: usize) -> impl Strategy<Value = String> {
    let special = prop_oneof![
        4 => any::<char>(),
        4 => "[ -~]".prop_map(|text| text.chars().next().unwrap_or(' ')),
        3 => prop::sample::select(vec!['"', '\\', ',', '+', '\'', ':', '>', '0', 'n']),
        1 => prop::sample::select(vec!['\r', '\n', '\0']),
    ];
    prop::collection::vec(special, 0..longest).prop_map(String::from_iter)
}

/// The same without what no line can carry.
fn sendable(longest: usize) -> impl Strategy<Value = String> {
    any_text(longest).prop_map(|text| text.replace(['\r', '\n', '\0'], "\\,\""))
}

fn run<S: Strategy>(cases: u32, strategy: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    };
    let seed = proptest::test_runner::TestRng::deterministic_rng(
        proptest::test_runner::RngAlgorithm::ChaCha,
    );
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(config, seed);
    runner
        .run(&strategy, test)
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Refused with nothing sent, or understood with these parameters.
fn arrived_or_refused<T>(
    bench: &Bench,
    mark: usize,
    result: &Result<T, Error<UartError>>,
    expected: &[Argument],
) -> Result<(), TestCaseError> {
    if let Err(Error::Argument(_)) = result {
        prop_assert_eq!(bench.sent().len(), mark, "refused, but something was sent");
    } else {
        prop_assert_eq!(&understood(bench).2, expected);
    }
    Ok(())
}

fn has_unsendable(texts: &[&str]) -> bool {
    texts.iter().any(|text| text.contains(['\r', '\n', '\0']))
}

fn ssid_and_password_arrive(dialect: Dialect) {
    run(50, (any_text(24), any_text(40)), |(ssid, password)| {
        let bench = Bench::new(quick(dialect));
        let mut module = driver(&bench).with_dialect(dialect);
        let result = module.connect_wifi(&ssid, &password);
        let refused = matches!(result, Err(Error::Argument(_)));
        let good = !has_unsendable(&[&ssid, &password])
            && (1..=32).contains(&ssid.len())
            && password.len() <= 64;
        prop_assert_eq!(refused, !good, "{:?}", result);
        arrived_or_refused(&bench, 0, &result, &[text(&ssid), text(&password)])
    });
}

fn credentials_arrive(dialect: Dialect) {
    run(
        50,
        (any_text(60), any_text(40), any_text(40)),
        |(id, user, password)| {
            let bench = Bench::new(quick(dialect));
            let mut module = driver(&bench).with_dialect(dialect);
            let result = module.usercfg(&UserConfig::new(&id).credentials(&user, &password));
            let (zero, one) = (Argument::Number(0), Argument::Number(1));
            let expected = [
                zero.clone(),
                one,
                text(&id),
                text(&user),
                text(&password),
                zero.clone(),
                zero,
                text(""),
            ];
            prop_assert!(
                !has_unsendable(&[&id, &user, &password])
                    || matches!(result, Err(Error::Argument(_)))
            );
            arrived_or_refused(&bench, 0, &result, &expected)?;
            let seen = bench.module().user_config().cloned();
            prop_assert_eq!(result.is_ok(), seen.is_some());
            if let Some(seen) = seen {
                prop_assert_eq!(
                    (seen.client_id, seen.username, seen.password),
                    (id, user, password)
                );
            }
            Ok(())
        },
    );
}

fn will_arrives(dialect: Dialect) {
    run(40, (any_text(40), any_text(40)), |(topic, message)| {
        let bench = Bench::new(quick(dialect));
        let mut module = driver(&bench).with_dialect(dialect);
        module.usercfg(&UserConfig::new("c")).expect("usercfg");
        let mark = bench.sent().len();
        let result = module.conncfg(&ConnectionConfig::new().will(Will::new(&topic, &message)));
        let number = Argument::Number;
        let expected = [
            number(0),
            number(120),
            number(0),
            text(&topic),
            text(&message),
            number(0),
            number(0),
        ];
        arrived_or_refused(&bench, mark, &result, &expected)
    });
}

fn topic_and_payload_arrive(dialect: Dialect) {
    run(50, (any_text(50), any_text(160)), |(topic, payload)| {
        let (bench, mut module) = connected(quick(dialect));
        let mark = bench.sent().len();
        let result = module.publish(&topic, &payload, QoS::AtMostOnce);
        let got = published(&bench);
        if result.is_ok() {
            prop_assert_eq!(got, [Message::new(topic, payload)]);
            return Ok(());
        }
        prop_assert!(got.is_empty());
        let longest = if dialect == Dialect::Vendor { 64 } else { 128 };
        let bad = topic.is_empty() || topic.len() > longest || has_unsendable(&[&topic]);
        if bad {
            prop_assert!(matches!(result, Err(Error::Argument(_))), "{:?}", result);
            prop_assert_eq!(bench.sent().len(), mark);
        } else {
            // The module publishes neither nothing nor more than its buffer holds.
            let too_long = payload.len() + topic.len() > 500;
            prop_assert!(payload.is_empty() || too_long, "{:?}", result);
        }
        Ok(())
    });
}

fn binary_payload_arrives(dialect: Dialect) {
    let bytes = prop::collection::vec(any::<u8>(), 1..480);
    run(40, (bytes, any::<bool>()), |(payload, retain)| {
        let (bench, mut module) = connected(quick(dialect));
        let result = if retain {
            module.publish_retained("t", &payload, QoS::AtLeastOnce)
        } else {
            module.publish("t", &payload, QoS::AtLeastOnce)
        };
        prop_assert_eq!(result, Ok(()));
        let mut expected = Message::new("t", payload).with_qos(1);
        expected.retain = retain;
        prop_assert_eq!(published(&bench), [expected]);
        prop_assert!(module.wifi_status().is_ok());
        Ok(())
    });
}

fn subscription_arrives_and_is_listed(dialect: Dialect) {
    run(40, sendable(30), |topic| {
        let (bench, mut module) = connected(quick(dialect));
        let mark = bench.sent().len();
        let result = module.subscribe(&topic, QoS::AtLeastOnce);
        let number = Argument::Number;
        arrived_or_refused(&bench, mark, &result, &[number(0), text(&topic), number(1)])?;
        let mut listed = Vec::new();
        // Topics are printed raw: one with `",` in it cannot be read back.
        if module
            .subscriptions(|topic, qos| listed.push((topic.to_owned(), qos)))
            .is_ok()
            && result.is_ok()
            && !topic.contains("\",")
        {
            prop_assert_eq!(
                listed,
                [(
                    topic.trim_end_matches('\u{85}').to_owned(),
                    QoS::AtLeastOnce
                )]
            );
        }
        Ok(())
    });
}

/// Every length around the longest line, with characters that need escapes.
fn lines_of_the_longest_kind_arrive(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    for len in 90..240 {
        let payload: String = "a,\"".chars().cycle().take(len).collect();
        module
            .publish("t", &payload, QoS::AtMostOnce)
            .expect("publish");
        assert_eq!(published(&bench).last(), Some(&Message::new("t", &payload)));
    }
    assert!(bench.module().refused().is_empty());
    let sent = bench.sent();
    // A raw payload has no line end of its own.
    let texts = sent
        .split_inclusive(|byte| *byte == b'\n')
        .filter_map(|line| {
            let start = line.windows(11).position(|window| window == b"AT+MQTTPUB=");
            start.map(|start| line.len() - start)
        });
    assert!(texts.max().is_some_and(|len| (250..=255).contains(&len)));
}

/// Any message in ESP-AT's form, in pieces of any size, with lines between.
#[test]
fn incoming_messages_are_byte_exact() {
    let topic = "[a-zA-Z0-9/$+#, _=&-]{1,40}";
    let payload = prop_oneof![
        3 => prop::collection::vec(any::<u8>(), 0..120),
        1 => prop::sample::select(vec![&b"\r\nOK\r\n"[..], b"\r\n>", b"+MQTTSUBRECV:0,\"x\",5,", b"\"", b",", b"\n"])
            .prop_map(<[u8]>::to_vec),
    ];
    let message = (topic, payload, any::<bool>());
    let pieces = prop::collection::vec(1_usize..40, 1..20);
    run(
        150,
        (prop::collection::vec(message, 1..6), pieces),
        |(messages, pieces)| {
            let script = Script::new();
            let mut module = script.driver_with(Dialect::EspAt, 4096, 64);
            let (mut wire, mut expected) = (Vec::<u8>::new(), Vec::<Owned>::new());
            for (topic, payload, line_before) in &messages {
                if *line_before {
                    wire.extend(b"\r\nWIFI GOT IP\r\n");
                }
                wire.extend(urc(Dialect::EspAt, topic, payload));
                expected.push(owned(topic, payload));
            }
            let mut received = Vec::new();
            let mut rest = wire.as_slice();
            for piece in pieces.iter().cycle() {
                let (now, later) = rest.split_at((*piece).min(rest.len()));
                script.chunk(*piece % 5).push(now);
                received.extend(receive(&mut module));
                rest = later;
                if rest.is_empty() {
                    break;
                }
            }
            received.extend(receive_all(&mut module));
            prop_assert_eq!(received, expected);
            Ok(())
        },
    );
}

/// In the vendor's form, what its framing can carry.
#[test]
fn incoming_vendor_messages_are_exact() {
    let payload = any_text(100).prop_map(|text| text.replace('\n', "\r"));
    run(
        100,
        ("[a-zA-Z0-9/$+#\" _=&-]{1,40}", payload, 1_usize..9),
        |(topic, payload, chunk)| {
            // A CR before the line end cannot be told from a doubled one, nor digits and a quote from ESP-AT's form.
            prop_assume!(!payload.ends_with('\r'));
            let script = Script::new();
            let mut module = script.driver(Dialect::Vendor);
            script
                .chunk(chunk)
                .push(urc(Dialect::Vendor, &topic, &payload));
            prop_assert_eq!(receive_all(&mut module), [owned(&topic, &payload)]);
            Ok(())
        },
    );
}

/// Any bytes at all: nothing is said about what is delivered, but the driver stays usable.
#[test]
fn garbage_does_no_harm() {
    let parts = prop_oneof![
        2 => prop::collection::vec(any::<u8>(), 0..30),
        1 => prop::sample::select(vec![
            &b"+MQTTSUBRECV:"[..], b"0,\"t\",", b"12,", b"\r\n", b"\r\nOK\r\n", b">", b"ready\r\n", b"ERR CODE:0x", b"+CWJAP:",
        ])
        .prop_map(<[u8]>::to_vec),
    ];
    let garbage = prop::collection::vec(parts, 0..20).prop_map(|parts| parts.concat());
    run(
        150,
        (garbage, 0_usize..200, 0_usize..100, 1_usize..9),
        |(garbage, rx, tx, chunk)| {
            for dialect in [Dialect::Auto, Dialect::Vendor, Dialect::EspAt] {
                let script = Script::new();
                let mut module = script.driver_with(dialect, rx, tx);
                script.chunk(chunk).push(&garbage);
                common::events(&mut module);
                script.command("AT+CWQAP", &garbage);
                let _ = module.disconnect_wifi();
                common::events(&mut module);
            }
            Ok(())
        },
    );
}

/// Through the broker and both parsers: what one publishes is what one receives.
#[test]
fn own_messages_come_back_unchanged() {
    let payload = prop::collection::vec(any::<u8>(), 1..300);
    run(20, ("[a-z/]{1,30}", payload), |(topic, payload)| {
        let (bench, mut module) = connected(quick(Dialect::EspAt));
        module
            .subscribe(&topic, QoS::AtMostOnce)
            .expect("subscribe");
        module
            .publish(&topic, &payload, QoS::AtMostOnce)
            .expect("publish");
        bench.schedule_after(ms(5), Action::Deliver(Message::new(&topic, "last")));
        let received = receive_until_quiet(&bench, &mut module);
        prop_assert_eq!(received, [owned(&topic, &payload), owned(&topic, "last")]);
        Ok(())
    });
}
