//! Commands that are started and polled, by hand.

mod common;

use common::emulated::{connected, driver, ms, names, quick, ready};
use common::{in_both_dialects, owned, receive};
use embedded_io::ErrorKind;
use esp8266_mqtt::command::{
    Command,
    basic::QueryVersion,
    mqtt::{Publish, QueryConnection, Subscribe},
};
use esp8266_mqtt::{Argument, Dialect, Error, Esp8266Mqtt, QoS};
use esp8266_mqtt_emulator::bench::{Delay, Uart};
use esp8266_mqtt_emulator::{Action, Bench, Fault, Message, Reaction};

use common::script::Script;

type Driver = Esp8266Mqtt<'static, Uart, Delay>;

/// Polls until the response is there; no poll may take longer than two bytes.
fn finish<C: Command>(
    bench: &Bench,
    module: &mut Driver,
    command: &C,
) -> Result<C::Response, Error<esp8266_mqtt_emulator::bench::UartError>> {
    let start = bench.now();
    loop {
        let before = bench.now();
        let polled = module.poll_response(command);
        let took = bench.now() - before;
        assert!(took < ms(2) / 10, "a poll took {took:?}");
        match polled {
            Ok(response) => return Ok(response),
            Err(nb::Error::Other(error)) => return Err(error),
            Err(nb::Error::WouldBlock) => bench.advance(ms(1) / 10),
        }
        assert!(bench.now() - start < ms(20_000), "no end");
    }
}

fn publish(payload: &[u8]) -> Publish<'_> {
    Publish {
        topic: "in",
        payload,
        qos: QoS::AtMostOnce,
        retain: false,
    }
}

fn a_session_without_waiting(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    let subscribe = Subscribe {
        topic: "in",
        qos: QoS::AtMostOnce,
    };
    module.start(&subscribe).expect("start");
    finish(&bench, &mut module, &subscribe).expect("subscribe");
    for payload in [b"1", b"2", b"3"] {
        let command = publish(payload);
        module.start(&command).expect("start");
        finish(&bench, &mut module, &command).expect("publish");
    }
    bench.advance(ms(100));
    for payload in ["1", "2", "3"] {
        assert_eq!(receive(&mut module), Some(owned("in", payload)));
    }
    module.start(&QueryVersion).expect("start");
    let firmware = finish(&bench, &mut module, &QueryVersion).expect("a version");
    assert_eq!(firmware.dialect(), dialect);
    // Waiting and not waiting mix.
    module.publish("in", "4", QoS::AtMostOnce).expect("publish");
}

fn nothing_is_sent_before_the_first_poll_and_messages_come_in_between(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    module.subscribe("in", QoS::AtMostOnce).expect("subscribe");
    let before = bench.sent().len();
    let command = publish(b"x");
    module.start(&command).expect("start");
    bench.advance(ms(10));
    assert_eq!(bench.sent().len(), before);
    assert!(module.poll_response(&command).is_err());
    bench.advance(ms(1));
    assert_eq!(bench.sent().len(), before + 1);
    bench.schedule_after(ms(0), Action::Deliver(Message::new("in", "meanwhile")));
    bench.advance(ms(10));
    assert_eq!(receive(&mut module), Some(owned("in", "meanwhile")));
    finish(&bench, &mut module, &command).expect("publish");
    bench.advance(ms(100));
    assert_eq!(receive(&mut module), Some(owned("in", "x")));
}

fn busy_is_for_the_caller(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    bench.fault(Fault::command("MQTTPUB", 1, Reaction::Busy { times: 1 }));
    let command = publish(b"x");
    module.start(&command).expect("start");
    assert!(matches!(
        finish(&bench, &mut module, &command),
        Err(Error::Busy)
    ));
    module.start(&command).expect("start");
    finish(&bench, &mut module, &command).expect("publish");
}

fn an_abandoned_command_needs_init(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    bench.fault(Fault::command("MQTTPUB", 1, Reaction::Late(ms(3_000))));
    let command = publish(b"x");
    module.start(&command).expect("start");
    for _ in 0..3 {
        assert!(module.poll_response(&command).is_err());
    }
    module.abandon();
    let sent = bench.sent().len();
    assert!(matches!(
        module.poll_response(&command),
        Err(nb::Error::WouldBlock)
    ));
    assert_eq!(bench.sent().len(), sent);
    assert!(matches!(module.start(&command), Err(Error::OutOfStep)));
    module.init().expect("init");
    module.start(&command).expect("start");
    finish(&bench, &mut module, &command).expect("publish");
}

fn a_waiting_call_ends_the_command_that_was_started(dialect: Dialect) {
    let bench = Bench::new(quick(dialect));
    let mut module = ready(&bench);
    module.start(&QueryConnection).expect("start");
    for _ in 0..5 {
        assert!(module.poll_response(&QueryConnection).is_err());
    }
    module.wifi_status().expect("a status");
    let names = names(&bench);
    assert_eq!(names.last().map(String::as_str), Some("CWJAP"));
}

in_both_dialects!(
    a_session_without_waiting,
    nothing_is_sent_before_the_first_poll_and_messages_come_in_between,
    busy_is_for_the_caller,
    an_abandoned_command_needs_init,
    a_waiting_call_ends_the_command_that_was_started,
);

#[test]
fn what_cannot_be_sent_is_refused_at_the_start() {
    let bench = Bench::new(quick(Dialect::EspAt));
    let mut module = driver(&bench);
    let refused = module.start(&publish(b"\r\n"));
    assert!(matches!(refused, Err(Error::Argument(error)) if error.argument == Argument::Payload));
    assert!(matches!(
        module.poll_response(&publish(b"\r\n")),
        Err(nb::Error::WouldBlock)
    ));
    assert_eq!(bench.sent(), b"");
}

#[test]
fn a_failing_uart_ends_the_command() {
    let script = Script::new();
    script.bytes("AT+", "");
    let mut module = script.driver(Dialect::EspAt);
    module.start(&QueryVersion).expect("start");
    script.fail_write(3);
    for _ in 0..3 {
        assert!(matches!(
            module.poll_response(&QueryVersion),
            Err(nb::Error::WouldBlock)
        ));
    }
    assert!(matches!(
        module.poll_response(&QueryVersion),
        Err(nb::Error::Other(Error::Uart(ErrorKind::Other)))
    ));
    assert!(matches!(module.start(&QueryVersion), Err(Error::OutOfStep)));
}

#[test]
fn a_uart_that_takes_nothing_is_waited_for() {
    let script = Script::new();
    script.ok("AT+MQTTCONN?");
    script.stall(true);
    let mut module = script.driver(Dialect::EspAt);
    module.start(&QueryConnection).expect("start");
    for _ in 0..10 {
        assert!(matches!(
            module.poll_response(&QueryConnection),
            Err(nb::Error::WouldBlock)
        ));
    }
    script.stall(false);
    let answer = loop {
        match module.poll_response(&QueryConnection) {
            Err(nb::Error::WouldBlock) => {}
            other => break other,
        }
    };
    // `OK` alone is no answer to this question.
    assert!(
        matches!(
            answer,
            Err(nb::Error::Other(Error::UnexpectedResponse { .. }))
        ),
        "{answer:?}"
    );
    script.assert_done();
}
