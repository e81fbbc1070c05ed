//! Whatever is sent arrives exactly, or is refused with nothing sent.

mod common;

use common::emulated::{connected, driver, published, quick, text, understood};
use common::in_both_dialects;
use common::prop::{any_text, run, sendable};
use esp8266_mqtt::{ConnectionConfig, Dialect, Error, QoS, UserConfig, Will};
use esp8266_mqtt_emulator::bench::UartError;
use esp8266_mqtt_emulator::module::Argument;
use esp8266_mqtt_emulator::{Bench, Message};
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
