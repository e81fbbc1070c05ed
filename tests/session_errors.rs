//! Failures are told apart, and none of them mixes up the answers of later commands.

mod common;

use core::time::Duration;

use common::emulated::{Driver, connect, connected, module, ms, names, published, quick, ready};
use common::script::Script;
use common::{events, in_both_dialects, timed_out};
use esp8266_mqtt::{Argument, ConnectionState, Dialect, Error, JoinError, QoS, WifiStatus};
use esp8266_mqtt_emulator::bench::UartError;
use esp8266_mqtt_emulator::{Action, Bench, Direction, Fault, InitialState, Reaction, Settings};

in_both_dialects!(
    busy_is_retried,
    busy_about_something_else,
    busy_with_an_error_code,
    a_payload_whose_connection_is_lost,
    a_state_that_is_refused,
    a_topic_that_is_too_long_for_the_buffer,
    busy_for_ever,
    hung_module,
    failures_are_told_apart,
    reset_is_told_from_refusal,
    late_answer_is_not_taken_for_the_next_one,
    late_failure_is_not_taken_for_the_next_one,
    late_prompt_is_answered_or_waited_for,
    a_lost_prompt_is_no_reason_to_publish_commands,
    silent_command_does_not_disturb_the_next,
    foreign_text_is_no_answer,
    time_outs_are_exact,
);

fn subscribe(module: &mut Driver) -> Result<(), Error<UartError>> {
    module.subscribe("t", QoS::AtMostOnce)
}

/// The next answers are those of the next commands.
fn assert_in_step(bench: &Bench, module: &mut Driver) {
    let Ok(WifiStatus::Joined(ap)) = module.wifi_status() else {
        panic!("not joined at {:?}", bench.now())
    };
    assert_eq!(ap.ssid, Settings::SSID);
    assert!(module.connection_state().is_ok());
    assert!(module.wifi_status().is_ok());
}

fn busy_is_retried(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    for times in [1, 2, 5] {
        let started = bench.now();
        bench.fault(Fault::command("MQTTSUB", 1, Reaction::Busy { times }));
        subscribe(&mut module).unwrap();
        let took = (bench.now() - started).as_millis();
        let pauses = u128::from(times);
        assert!(
            (100 * pauses..=500 * pauses + 50).contains(&took),
            "{took} ms"
        );
        assert_eq!(
            bench.broker().subscriptions(common::emulated::CLIENT).len(),
            1
        );
        assert_in_step(&bench, &mut module);
    }
}

/// A busy line does not end the command that runs: the answer may come behind it, and must not be asked for twice.
fn busy_about_something_else(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    script
        .command("AT+CWJAP?", "\r\nbusy p...\r\n")
        .later(ms(90), "No AP\r\n\r\nOK\r\n");
    assert_eq!(module.wifi_status(), Ok(WifiStatus::NotJoined));
    script.command("AT+CWJAP?", "No AP\r\n\r\nbusy p...\r\n");
    script.later(ms(400), "\r\nOK\r\n");
    assert_eq!(module.wifi_status(), Ok(WifiStatus::NotJoined));
    script.command("AT+MQTTPUBRAW=0,\"t\",1,0,0", "\r\nOK\r\n\r\n>");
    script
        .bytes("\n", "\r\nbusy p...\r\n")
        .later(ms(5), "+MQTTPUB:OK\r\n");
    module.publish("t", "\n", QoS::AtMostOnce).unwrap();
    assert!(script.now() < ms(600), "no pause: {:?}", script.now());
    // The answer has begun and its end takes longer than the pause.
    script
        .command("AT+CWJAP?", "\r\nbusy p...\r\n")
        .later(ms(90), "No AP\r\n")
        .later(ms(700), "\r\nOK\r\n");
    assert_eq!(module.wifi_status(), Ok(WifiStatus::NotJoined));
    script.assert_done();
}

/// `AT+SYSLOG=1` has the module print why, before it says that it is busy.
fn busy_with_an_error_code(dialect: Dialect) {
    let busy = "ERR CODE:0x010b0000\r\n\r\nbusy p...\r\n";
    let script = Script::new();
    let mut module = script.driver(dialect);
    for _ in 0..2 {
        script.command("AT+MQTTSUB=0,\"t\",0", busy);
    }
    script.ok("AT+MQTTSUB=0,\"t\",0");
    module.subscribe("t", QoS::AtMostOnce).unwrap();
    assert!(script.now() < ms(600), "{:?}", script.now());
    script.command("AT+MQTTPUBRAW=0,\"t\",1,0,0", busy);
    script.command("AT+MQTTPUBRAW=0,\"t\",1,0,0", "\r\nOK\r\n\r\n>");
    script.bytes("\n", "+MQTTPUB:OK\r\n");
    module.publish("t", "\n", QoS::AtMostOnce).unwrap();
    // About something else: the answer comes all the same, and is whole.
    script
        .command("AT+CWJAP?", format!("No AP\r\n{busy}"))
        .later(ms(90), "\r\nOK\r\n");
    assert_eq!(module.wifi_status(), Ok(WifiStatus::NotJoined));
    // The reason for a refusal is another one.
    script.command(
        "AT+MQTTSUB=0,\"t\",0",
        "ERR CODE:0x010a6006\r\n\r\nERROR\r\n",
    );
    let refused = module.subscribe("t", QoS::AtMostOnce);
    assert!(
        matches!(refused, Err(Error::Rejected(Some(_)))),
        "{refused:?}"
    );
    script.assert_done();
}

/// ESP-AT 2.2 prints both in one line; two lines are two things.
fn a_payload_whose_connection_is_lost(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    for (answer, expected) in [
        (
            "+MQTTDISCONNECTED:0+MQTTPUB:FAIL\r\n",
            Err(Error::PublishFailed),
        ),
        ("+MQTTDISCONNECTED:0\r\n+MQTTPUB:OK\r\n", Ok(())),
        ("WIFI DISCONNECT\r\n+MQTTPUB:OK\r\n", Ok(())),
    ] {
        script.command("AT+MQTTPUBRAW=0,\"t\",1,0,0", "\r\nOK\r\n\r\n>");
        script.bytes("\n", answer);
        assert_eq!(module.publish("t", "\n", QoS::AtMostOnce), expected);
    }
    script.assert_done();
}

/// Vendor firmware knows no question for the state; what it has told is all there is.
fn a_state_that_is_refused(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    script.command("AT+MQTTCONN?", "\r\nERROR\r\n");
    let expected = match dialect {
        Dialect::Vendor => Ok(ConnectionState::Disconnected),
        _ => Err(Error::Rejected(None)),
    };
    assert_eq!(module.connection_state(), expected);
}

/// Without a payload there is nothing to send in another way.
fn a_topic_that_is_too_long_for_the_buffer(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver_with(dialect, 64, 32);
    let topic = "t".repeat(31);
    for payload in ["", "payload"] {
        let published = module.publish(&topic, payload, QoS::AtMostOnce);
        assert!(
            matches!(published, Err(Error::Argument(error)) if error.argument == Argument::CommandLine),
            "{published:?}"
        );
    }
    assert_eq!(script.sent_len(), 0);
}

fn busy_for_ever(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    bench.fault(Fault::command("MQTTSUB", 1, Reaction::Busy { times: 1000 }));
    let started = bench.now();
    assert_eq!(subscribe(&mut module), Err(Error::Busy));
    let took = bench.now() - started;
    let sent = String::from_utf8(bench.sent()).unwrap();
    let attempts = sent.matches("AT+MQTTSUB").count();
    assert!((5..=30).contains(&attempts), "{attempts}");
    assert!(took < Duration::from_secs(20), "{took:?}");
    assert_in_step(&bench, &mut module);
}

/// A module that takes a command and then says nothing but `busy`.
fn hung_module(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    bench.fault(Fault::command("CWJAP", 1, Reaction::Hang));
    assert_eq!(timed_out(module.wifi_status()), Some("+CWJAP"));
    let next = module.wifi_status();
    assert!(
        matches!(next, Err(Error::Busy | Error::Timeout { .. })),
        "{next:?}"
    );
    module.hard_reset(&mut bench.reset_pin()).unwrap();
    assert!(module.wifi_status().is_ok());
}

fn failures_are_told_apart(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    let cases = [
        (Reaction::Error, Error::Rejected(None)),
        (Reaction::Fail, Error::Rejected(None)),
        (
            Reaction::Text(b"\r\nSEND FAIL\r\n".to_vec()),
            Error::Rejected(None),
        ),
        (
            Reaction::Text(b"too long\r\n\r\nERROR\r\n".to_vec()),
            Error::Rejected(None),
        ),
        (
            Reaction::Text(b"\r\nready\r\n".to_vec()),
            Error::ModuleReset,
        ),
        (Reaction::Busy { times: 100 }, Error::Busy),
    ];
    for (reaction, expected) in cases {
        // The refusals of an earlier case must not reach the next.
        let (bench, mut module) = connected(quick(dialect));
        bench.fault(Fault::command("MQTTSUB", 1, reaction.clone()));
        assert_eq!(subscribe(&mut module), Err(expected), "{reaction:?}");
        assert_in_step(&bench, &mut module);
    }
    bench.fault(Fault::command("MQTTSUB", 1, Reaction::Silent));
    assert_eq!(timed_out(subscribe(&mut module)), Some("+MQTTSUB"));
    bench.fault(Fault::command("CWJAP*", 1, Reaction::JoinCode(2)));
    let result = module.connect_wifi(Settings::SSID, Settings::PASSWORD);
    assert_eq!(result, Err(Error::Join(JoinError::WrongPassword)));
    assert_in_step(&bench, &mut module);
}

fn reset_is_told_from_refusal(dialect: Dialect) {
    let (bench, mut module) =
        connected(common::emulated::module(dialect).with_initial(InitialState::Joined));
    events(&mut module);
    bench.schedule_after(ms(3), Action::RestartModule);
    assert_eq!(subscribe(&mut module), Err(Error::ModuleReset));
    assert_eq!(events(&mut module), ["ModuleRestarted"]);
    assert_eq!(module.wifi_status(), Ok(WifiStatus::NotJoined));
}

/// However late an answer is, the commands behind it get their own.
fn late_answer_is_not_taken_for_the_next_one(dialect: Dialect) {
    for late in [900, 1_200, 1_400, 1_600, 1_700, 2_000, 2_300] {
        let (bench, mut module) = connected(quick(dialect));
        bench.fault(Fault::command("CWJAP", 1, Reaction::Late(ms(late))));
        let first = module.wifi_status();
        assert_eq!(first.is_ok(), late < 1000, "{late}: {first:?}");
        assert_in_step(&bench, &mut module);
        let failed = module.publish("t", vec![0; 3000], QoS::AtMostOnce);
        assert_eq!(failed, Err(Error::Rejected(None)), "{late} ms");
        assert_in_step(&bench, &mut module);
    }
}

fn late_failure_is_not_taken_for_the_next_one(dialect: Dialect) {
    for gap in [0, 3, 10, 20, 30, 45, 300, 900] {
        let mut settings = quick(dialect);
        settings.latency.command = ms(40);
        let bench = Bench::new(settings);
        let mut module = ready(&bench);
        connect(&mut module);
        bench.advance(ms(100));
        bench.fault(Fault::command("CWJAP", 1, Reaction::Silent));
        assert_eq!(timed_out(module.wifi_status()), Some("+CWJAP"));
        bench.schedule_after(ms(gap), Action::Inject(b"\r\nERROR\r\n".to_vec()));
        subscribe(&mut module).unwrap();
        assert_in_step(&bench, &mut module);
    }
}

/// A prompt that comes after the driver gave up: the module waits for a payload and would eat the next command.
fn late_prompt_is_answered_or_waited_for(dialect: Dialect) {
    let mut settings = quick(dialect);
    settings.latency.prompt = ms(6_500);
    let (bench, mut module) = connected(settings);
    let late = module.publish("t", [b'\n'; 30], QoS::AtMostOnce);
    assert_eq!(timed_out(late), Some("+MQTTPUBRAW"));
    assert_in_step(&bench, &mut module);
    assert_eq!(bench.module().payload_owed(), 0);
    let unwanted = names(&bench)
        .iter()
        .filter(|name| *name == "MQTTPUBRAW")
        .count();
    assert_eq!(unwanted, 1);
}

fn silent_command_does_not_disturb_the_next(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    bench.fault(Fault::command("MQTTPUB", 1, Reaction::Silent));
    assert_eq!(
        timed_out(module.publish("t", "1", QoS::AtMostOnce)),
        Some("+MQTTPUB")
    );
    module.publish("t", "2", QoS::AtMostOnce).unwrap();
    assert_eq!(published(&bench).len(), 1);
    assert_in_step(&bench, &mut module);
}

fn foreign_text_is_no_answer(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    let text = b"OK then\r\nERRORS\r\n+CWJAP\r\n+CWJAP:\"x\r\n>\r\nbusy\r\n\r\nOK\r\n";
    bench.fault(Fault::command("CWJAP", 1, Reaction::Text(text.to_vec())));
    let result = module.wifi_status();
    let Err(Error::UnexpectedResponse { command }) = result else {
        panic!("{result:?}")
    };
    assert_eq!(command.as_str(), "+CWJAP");
    assert_in_step(&bench, &mut module);
}

/// At the speed of the module's UART the time-outs stay what the documentation says.
fn time_outs_are_exact(dialect: Dialect) {
    let bench = Bench::new(module(dialect).with_initial(InitialState::Joined));
    let mut module = ready(&bench);
    connect(&mut module);
    for (name, limit) in [
        ("CWJAP", 1_000_u128),
        ("CWQAP", 2_000),
        ("MQTTCLEAN", 10_000),
    ] {
        bench.fault(Fault::command(name, 1, Reaction::Silent));
        let started = bench.now();
        let expected = match name {
            "CWJAP" => timed_out(module.wifi_status()),
            "CWQAP" => timed_out(module.disconnect_wifi()),
            _ => timed_out(module.disconnect()),
        };
        assert!(expected.is_some(), "{name}");
        let took = (bench.now() - started).as_millis();
        // Bringing the module back in step after the command before takes up to a second and a half.
        assert!(
            (limit..limit * 12 / 10 + 1_500).contains(&took),
            "{name}: {took} ms"
        );
    }
}

/// A message with a gap is counted also while the driver gets in step; an echo is not.
#[test]
fn a_damaged_message_before_the_version_is_counted() {
    let script = Script::new();
    let mut module = script.driver(Dialect::Vendor);
    script.command("AT+MQTTCONN?", "");
    assert!(timed_out(module.connection_state()).is_some());
    assert_eq!(module.counters().stray_lines, 0);
    script.command(
        "AT+GMR",
        b"\x83>+MQTTSUBRECV:t,lost\r\nAT+GMR\r\nAT version:1.7\r\n\r\nOK\r\n",
    );
    script.command("AT+CWJAP?", "No AP\r\n\r\nOK\r\n");
    assert_eq!(module.wifi_status(), Ok(WifiStatus::NotJoined));
    assert_eq!(module.counters().stray_lines, 1);
}

/// The module has accepted the command and waits for data, but its `>` is lost or damaged. It takes the next command for that
/// data, so it gets zeros before.
fn a_lost_prompt_is_no_reason_to_publish_commands(dialect: Dialect) {
    let payload = [b'\n'; 40];
    let (bench, mut module) = connected(quick(dialect));
    let before = bench.received().len();
    module.publish("t", payload, QoS::AtMostOnce).unwrap();
    let received = bench.received();
    let prompt = received[before..].iter().position(|byte| *byte == b'>');
    let offset = prompt.expect("a prompt") as u64;
    for lost in [true, false] {
        let (bench, mut module) = connected(quick(dialect));
        let direction = Direction::ToHost;
        let index = bench.received().len() as u64 + offset;
        bench.fault(match lost {
            true => Fault::DropByte { direction, index },
            false => Fault::CorruptByte {
                direction,
                index,
                mask: 0x10,
            },
        });
        let failed = module.publish("t", payload, QoS::AtMostOnce);
        assert_eq!(timed_out(failed), Some("+MQTTPUBRAW"));
        assert_in_step(&bench, &mut module);
        let published = published(&bench);
        assert_eq!(published.len(), 1);
        assert_eq!(published[0].payload, [0; 40]);
        // Refused before the prompt: nothing is owed.
        bench.fault(Fault::command("MQTTPUBRAW", 1, Reaction::Error));
        let refused = module.publish("t", payload, QoS::AtMostOnce);
        assert!(matches!(refused, Err(Error::Rejected(_))), "{refused:?}");
        let sent = bench.sent().len();
        assert_in_step(&bench, &mut module);
        assert!(!bench.sent()[sent..].contains(&0));
    }
}

/// Refused after its first `OK`: no data is owed, and none is sent when driver and module are out of step later.
#[test]
fn what_is_refused_is_not_owed() {
    let script = Script::new();
    let mut module = script.driver(Dialect::EspAt);
    script.command("AT+MQTTPUBRAW=0,\"t\",1,0,0", "\r\nOK\r\n\r\nERROR\r\n");
    let refused = module.publish("t", "\n", QoS::AtMostOnce);
    assert!(matches!(refused, Err(Error::Rejected(_))), "{refused:?}");
    script.command("AT+MQTTCONN?", "");
    assert!(timed_out(module.connection_state()).is_some());
    script.command("AT+GMR", "AT version:2.2.0.0\r\n\r\nOK\r\n");
    script.command("AT+CWJAP?", "No AP\r\n\r\nOK\r\n");
    assert_eq!(module.wifi_status(), Ok(WifiStatus::NotJoined));
    script.assert_done();
}

/// The module says by another line what has become of the payload, unless both are one.
#[test]
fn disconnected_is_no_result_by_itself() {
    for (result, expected) in [
        ("+MQTTDISCONNECTED:0\r\n+MQTTPUB:OK\r\n", Ok(())),
        (
            "+MQTTDISCONNECTED:0+MQTTPUB:FAIL\r\n",
            Err(Error::PublishFailed),
        ),
    ] {
        let script = Script::new();
        let mut module = script.driver(Dialect::EspAt);
        script.command("AT+MQTTPUBRAW=0,\"t\",1,0,0", "\r\nOK\r\n\r\n>");
        script.bytes("\n", result);
        assert_eq!(module.publish("t", "\n", QoS::AtMostOnce), expected);
        script.assert_done();
    }
}
