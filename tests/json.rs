//! Feature `json`: values in, values out, over the wire.

mod common;

use common::emulated::{connected, ms, published, quick};
use esp8266_mqtt::{Argument, ArgumentError, Dialect, Error, JsonError, Message, QoS, Reason};
use heapless::String;
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Reading<'a> {
    sensor: &'a str,
    celsius: f32,
    alarms: heapless::Vec<u8, 4>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Note {
    text: String<16>,
}

#[test]
fn there_and_back() {
    for dialect in [Dialect::Vendor, Dialect::EspAt] {
        let (bench, mut module) = connected(quick(dialect));
        let reading = Reading {
            sensor: "a",
            celsius: 21.5,
            alarms: heapless::Vec::from_slice(&[1, 2]).expect("room"),
        };
        let note = Note {
            text: String::try_from("say \"hi\"\n").expect("room"),
        };
        let mut buffer = [0; 64];
        module.subscribe("t", QoS::AtMostOnce).expect("subscribe");
        module
            .publish_json("t", &reading, QoS::AtMostOnce, &mut buffer)
            .expect("publish");
        module
            .publish_json("t", &note, QoS::AtMostOnce, &mut buffer)
            .expect("publish");
        bench.advance(ms(100));
        let payloads: Vec<_> = published(&bench)
            .iter()
            .map(|m| m.payload.clone())
            .collect();
        assert_eq!(
            payloads,
            [
                &br#"{"sensor":"a","celsius":21.5,"alarms":[1,2]}"#[..],
                br#"{"text":"say \"hi\"\n"}"#
            ]
        );

        let message = module.poll_receive().expect("the message");
        assert_eq!(message.json(), Ok(reading));
        let message = module.poll_receive().expect("the message");
        assert_eq!(message.json_escaped(&mut [0; 16]), Ok(note));
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let (bench, mut module) = connected(quick(Dialect::EspAt));
    let note = Note {
        text: String::try_from("0123456789").expect("room"),
    };
    let refused = module.publish_json("t", &note, QoS::AtMostOnce, &mut [0; 20]);
    let error = ArgumentError {
        argument: Argument::Payload,
        reason: Reason::TooLong { limit: 20 },
    };
    assert_eq!(refused, Err(Error::Argument(error)));
    module
        .publish_json("t", &note, QoS::AtMostOnce, &mut [0; 21])
        .expect("publish");
    assert_eq!(published(&bench).len(), 1);
}

#[test]
fn what_is_not_the_type_is_refused() {
    let json = |payload: &'static str| Message::new(b"t", payload.as_bytes()).json::<u8>();
    assert_eq!(json(" 7 \r\n"), Ok(7));
    assert_eq!(json("7 8"), Err(JsonError::TrailingCharacters));
    assert!(json("256").is_err());
    assert!(json("").is_err());
    assert!(json("{}").is_err());
    assert!(json("\"7\"").is_err());
    let text = Message::new(b"t", br#"{"text":"\u00e9"}"#);
    assert!(text.json_escaped::<Note>(&mut [0; 1]).is_err());
    assert!(text.json_escaped::<Note>(&mut [0; 16]).is_ok());
}
