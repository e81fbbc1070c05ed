//! Buffers that are too small, lines that are too long, lengths that lie: typed errors, events in order, in step.

mod common;

use common::emulated::{Driver, connect, connected, driver_with, ms, published, quick, urc};
use common::script::{Script, Scripted};
use common::{event, events, in_both_dialects, owned, receive, receive_all};
use esp8266_mqtt::command::{NoResponse, basic::Attention};
use esp8266_mqtt::{Dialect, Error, JoinOptions, QoS, Reconnect, UserConfig};
use esp8266_mqtt_emulator::{Action, Bench, Message};

in_both_dialects!(
    overflow_is_reported_in_order,
    overflow_reports_add_up,
    overflow_is_reported_where_it_began,
    overflow_during_a_command,
    endless_line,
    half_a_line,
    message_of_every_length_around_the_limit,
    receive_buffers_of_all_sizes,
    transmit_buffers_of_all_sizes,
    long_answers_and_small_transmit_buffers,
    an_answer_longer_than_the_receive_buffer,
    answers_are_read_while_the_queue_is_full,
);

fn status(module: &mut Scripted, script: &Script) {
    script.command("AT+CWJAP?", "No AP\r\n\r\nOK\r\n");
    module.wifi_status().expect("in step");
}

fn overflow_is_reported_in_order(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver_with(dialect, 256, 128);
    script
        .push(urc(dialect, "t", "first"))
        .push("WIFI GOT IP\r\n");
    script.push(urc(dialect, "t", [b'x'; 200]));
    script.push(urc(dialect, "t", "second"));
    status(&mut module, &script);
    let dropped = "MessagesDropped { count: 1, bytes: 200 }";
    assert_eq!(
        events(&mut module),
        ["first", "WifiGotIp", dropped, "second"]
    );
    assert_eq!(module.counters().messages_dropped, 1);
}

fn overflow_reports_add_up(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver_with(dialect, 256, 128);
    for len in [300, 400, 500] {
        script.push(urc(dialect, "t", vec![b'x'; len]));
    }
    status(&mut module, &script);
    let dropped = "MessagesDropped { count: 3, bytes: 1200 }";
    assert_eq!(events(&mut module), [dropped]);
    script.push(urc(dialect, "t", [b'y'; 301]));
    assert_eq!(receive(&mut module), None);
    assert_eq!(
        events(&mut module),
        ["MessagesDropped { count: 1, bytes: 301 }"]
    );
    script.push(urc(dialect, "t", "fits"));
    assert_eq!(events(&mut module), ["fits"]);
    assert_eq!(module.counters().messages_dropped, 4);
}

fn overflow_is_reported_where_it_began(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver_with(dialect, 256, 128);
    for (len, byte) in [(5, b'a'), (300, b'x'), (5, b'b'), (301, b'y'), (5, b'c')] {
        script.push(urc(dialect, "t", vec![byte; len]));
    }
    status(&mut module, &script);
    let dropped = "MessagesDropped { count: 2, bytes: 601 }";
    assert_eq!(events(&mut module), ["aaaaa", dropped, "bbbbb", "ccccc"]);
}

/// A burst that nobody reads while a command runs: what fits is kept, the rest is counted, nothing is invented.
fn overflow_during_a_command(dialect: Dialect) {
    let bench = Bench::new(quick(dialect));
    let mut module = driver_with(&bench, 300, 256);
    module.init().unwrap();
    connect(&mut module);
    bench.advance(ms(10));
    events(&mut module);
    let mut burst = Vec::new();
    for i in 0..40 {
        burst.extend(urc(dialect, "topic", format!("message {i:02}")));
    }
    bench.schedule_after(ms(0), Action::Inject(burst));
    module
        .publish("own", vec![b'\n'; 450], QoS::AtMostOnce)
        .unwrap();
    module.subscribe("t", QoS::AtMostOnce).unwrap();
    let seen = events(&mut module);
    let (kept, report) = seen.split_at(seen.len() - 1);
    for (i, payload) in kept.iter().enumerate() {
        assert_eq!(*payload, format!("message {i:02}"));
    }
    let lost = 40 - kept.len();
    assert!(lost > 0 && kept.len() > 3, "{}", kept.len());
    let dropped = format!("MessagesDropped {{ count: {lost}, bytes: {} }}", lost * 10);
    assert_eq!(report, [dropped]);
    assert_eq!(usize::from(module.counters().messages_dropped), lost);
}

fn endless_line(dialect: Dialect) {
    for rx in [16, 64, 128, 1024] {
        let script = Script::new();
        let mut module = script.driver_with(dialect, rx, 128);
        script.push(vec![b'z'; 5000]);
        assert_eq!(receive(&mut module), None);
        script.push("\r\n");
        assert_eq!(receive(&mut module), None);
        assert!(module.counters().stray_lines >= 1);
        status(&mut module, &script);
        if rx >= 64 {
            script.push(urc(dialect, "t", "1"));
            assert_eq!(receive(&mut module), Some(owned("t", "1")));
        }
    }
}

fn half_a_line(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    script.push("WIFI GOT");
    assert_eq!(events(&mut module), [""; 0]);
    status_behind_half_a_line(&mut module, &script);
    let whole = urc(dialect, "t", "1,2");
    // ESP-AT's message is complete before its line end.
    let end = if dialect == Dialect::EspAt { 2 } else { 1 };
    for cut in 1..whole.len() - end {
        script.push(&whole[..cut]);
        assert_eq!(receive(&mut module), None);
        script.push(&whole[cut..]);
        assert_eq!(
            receive(&mut module),
            Some(owned("t", "1,2")),
            "cut at {cut}"
        );
    }
}

/// The rest of the line never comes; only the next line end ends it.
fn status_behind_half_a_line(module: &mut Scripted, script: &Script) {
    script.command("AT+CWJAP?", "\r\nNo AP\r\n\r\nOK\r\n");
    module.wifi_status().expect("in step");
}

/// A length that is too small leaves a line of noise, one that is too large takes what comes next.
#[test]
fn lying_length() {
    let script = Script::new();
    let mut module = script.driver(Dialect::EspAt);
    script.push("+MQTTSUBRECV:0,\"t\",3,abcde\r\nWIFI GOT IP\r\n");
    assert_eq!(events(&mut module), ["abc", "WifiGotIp"]);
    assert_eq!(module.counters().stray_lines, 1);
    script.push("+MQTTSUBRECV:0,\"t\",8,abc\r\nWIFI DISCONNECT\r\nWIFI GOT IP\r\n");
    assert_eq!(events(&mut module), ["abc\\r\\nWIF", "WifiGotIp"]);
    for header in [
        "x",
        "-1",
        "",
        "65536",
        "99999",
        "99999999999999999999",
        "3x",
        "0x3",
    ] {
        script.push(format!("+MQTTSUBRECV:0,\"t\",{header},abc\r\n"));
        script.push(urc(Dialect::EspAt, "t", "next"));
        assert_eq!(receive_all(&mut module), [owned("t", "next")], "{header}");
    }
}

/// Up to 65,535 bytes are payload, whatever they look like.
#[test]
fn lengths_up_to_65535() {
    for (rx, len) in [
        (65_535, 60_000),
        (65_535, 65_340),
        (65_535, 65_535),
        (1_024, 59_999),
        (1_024, 60_000),
        (1_024, 65_535),
    ] {
        let script = Script::new();
        let mut module = script.driver_with(Dialect::Auto, rx, 128);
        let mut payload = b"\r\nready\r\n".repeat(len / 9);
        payload.resize(len, b'x');
        script.push(urc(Dialect::EspAt, "t", &payload));
        // 160 bytes are kept for answers.
        if len + 25 <= rx - 160 {
            assert_eq!(receive(&mut module), Some(owned("t", payload)));
        } else {
            let dropped = format!("MessagesDropped {{ count: 1, bytes: {len} }}");
            assert_eq!(event(&mut module), Some(dropped));
        }
        script.push(urc(Dialect::EspAt, "t", "next"));
        assert_eq!(events(&mut module), ["next"], "{len} bytes");
        assert_eq!(module.counters().restarts, 0);
    }
}

/// Positions are counted in 16 bits; a message that goes beyond them is lost, and no more than that.
#[test]
fn a_topic_longer_than_positions_are_counted() {
    for len in [65_519, 65_520, 65_521, 65_522, 66_000] {
        let script = Script::new();
        let mut module = script.driver_with(Dialect::Vendor, 1024, 128);
        script.push(urc(Dialect::Vendor, &"t".repeat(len), "abc"));
        let dropped = event(&mut module).expect("something");
        assert!(dropped.starts_with("MessagesDropped { count: 1, bytes: "));
        script.push(urc(Dialect::Vendor, "t", "next"));
        assert_eq!(events(&mut module), ["next"], "{len} bytes");
    }
}

fn message_of_every_length_around_the_limit(dialect: Dialect) {
    for len in 60..140 {
        let script = Script::new();
        let mut module = script.driver_with(dialect, 128, 64);
        let payload = vec![b'p'; len];
        script.push(urc(dialect, "topic", &payload));
        let first = event(&mut module).expect("something");
        // A quarter is kept for answers.
        let frame = match dialect {
            Dialect::Vendor => "+MQTTSUBRECV:topic,\r\n".len() + len,
            _ => format!("+MQTTSUBRECV:0,\"topic\",{len},").len() + len,
        };
        assert_eq!(first.starts_with('p'), frame <= 96, "{len} bytes");
        if first.starts_with('p') {
            assert_eq!(first.len(), len);
        } else {
            assert_eq!(
                first,
                format!("MessagesDropped {{ count: 1, bytes: {len} }}")
            );
        }
        script.push(urc(dialect, "t", "next"));
        assert_eq!(events(&mut module), ["next"], "{len} bytes");
    }
}

/// Whatever the size, no method panics, and what is delivered is right.
fn receive_buffers_of_all_sizes(dialect: Dialect) {
    for rx in (0..40).chain([64, 100, 128, 255, 256, 4096]) {
        let script = Script::new();
        let mut module = script.driver_with(dialect, rx, 256);
        for payload in ["", "12", "a longer message, longer than most of them"] {
            script
                .push(urc(dialect, "t/1", payload))
                .push("WIFI GOT IP\r\n");
            for event in events(&mut module) {
                let known = event == payload
                    || event == "WifiGotIp"
                    || event.starts_with("MessagesDropped");
                assert!(known, "{rx}: {event}");
            }
            script.command("AT+CWQAP", "\r\nOK\r\n");
            let result = module.disconnect_wifi();
            assert!(result.is_ok() || rx < 16, "{rx}: {result:?}");
            if result.is_err() {
                break;
            }
        }
        let lost = module.counters().messages_dropped;
        assert!(lost == 0 || rx < 128, "{rx}: {lost}");
    }
}

fn transmit_buffers_of_all_sizes(dialect: Dialect) {
    for tx in [
        0, 1, 2, 7, 8, 9, 16, 24, 32, 40, 48, 63, 64, 100, 128, 255, 256, 300,
    ] {
        let bench = Bench::new(quick(dialect));
        let mut module = driver_with(&bench, 512, tx);
        let firmware = module.init();
        if firmware.is_err() {
            assert!(tx < 64, "{tx}: {firmware:?}");
            let status = module.wifi_status();
            assert!(
                matches!(
                    status,
                    Err(Error::Argument(_) | Error::ResponseTooLong { .. } | Error::Rejected(_))
                ),
                "{status:?}"
            );
            continue;
        }
        let join = JoinOptions::new("Workshop", "password");
        for (name, result) in [
            ("join", module.connect_wifi_with(&join)),
            ("usercfg", module.usercfg(&UserConfig::new("c"))),
            ("connect", module.connect("broker", 1883, Reconnect::Off)),
            ("state", module.connection_state().map(drop)),
            ("subscribe", module.subscribe("t", QoS::AtMostOnce)),
            ("subscriptions", module.subscriptions(|_, _| ())),
            ("publish", module.publish("t", "x,y", QoS::AtMostOnce)),
            ("raw", module.publish("t", [0; 10], QoS::AtMostOnce)),
            ("status", module.wifi_status().map(drop)),
            ("disconnect", module.disconnect()),
        ] {
            let too_small = matches!(
                result,
                Err(Error::Argument(_)
                    | Error::ResponseTooLong { .. }
                    | Error::Rejected(_)
                    | Error::UnexpectedResponse { .. })
            );
            assert!(
                result.is_ok() || tx < 64 && too_small,
                "{name} with {tx} bytes: {result:?}"
            );
        }
    }
}

fn long_answers_and_small_transmit_buffers(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver_with(dialect, 512, 32);
    let answer =
        "+CWJAP:\"a network with a long name here\",\"44:33:4c:90:96:9a\",11,-55,0\r\n\r\nOK\r\n";
    script.command("AT+CWJAP?", answer);
    let Err(Error::ResponseTooLong { command }) = module.wifi_status() else {
        panic!("it does not fit")
    };
    assert_eq!(command.as_str(), "+CWJAP");
    let mut lines = String::new();
    for i in 0..30 {
        lines += &format!("+MQTTSUB:0,6,\"topic/{i:02}\",1\r\n");
    }
    script.command("AT+MQTTSUB?", lines + "\r\nOK\r\n");
    let mut count = 0;
    module
        .subscriptions(|topic, qos| {
            assert_eq!(
                (topic, qos),
                (format!("topic/{count:02}").as_str(), QoS::AtLeastOnce)
            );
            count += 1;
        })
        .unwrap();
    assert_eq!(count, 30);
    script.command("AT+CWQAP", "\r\nOK\r\n");
    module.disconnect_wifi().unwrap();
}

/// A line that no buffer holds is no part of an answer unless it is in one.
fn an_answer_longer_than_the_receive_buffer(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver_with(dialect, 64, 256);
    let long = format!("+CWJAP:\"{}\",1\r\n", "x".repeat(100));
    script.push(&long);
    assert_eq!(event(&mut module), None);
    status(&mut module, &script);
    // While the command is written it is not yet asked.
    script.chunk(16).push(&long);
    status(&mut module, &script);
    script.command("AT+CWJAP?", format!("{long}\r\nOK\r\n"));
    let answer = module.wifi_status();
    assert!(
        matches!(answer, Err(Error::ResponseTooLong { command }) if command.as_str() == "+CWJAP"),
        "{answer:?}"
    );
    status(&mut module, &script);
    // Who wants no answer has lost none.
    script.command("AT", format!("{long}\r\nOK\r\n"));
    assert_eq!(module.send(&Attention), Ok(NoResponse));
    assert_eq!(module.counters().stray_lines, 4);
}

/// Unread messages leave room for answers.
fn answers_are_read_while_the_queue_is_full(dialect: Dialect) {
    for rx in [256, 300, 1024] {
        let (bench, _): (Bench, Driver) = connected(quick(dialect));
        let mut module = driver_with(&bench, rx, 256);
        module.init().unwrap();
        module.subscribe("own", QoS::AtMostOnce).unwrap();
        for i in 0..60 {
            module
                .publish("own", format!("{i}"), QoS::AtMostOnce)
                .unwrap();
        }
        assert!(module.wifi_status().is_ok());
        assert_eq!(published(&bench).len(), 60);
        assert_eq!(published(&bench)[59], Message::new("own", "59"));
        bench.advance(ms(20));
        let received = receive_all(&mut module);
        for (i, message) in received.iter().enumerate() {
            assert_eq!(*message, owned("own", format!("{i}")), "{rx}");
        }
        let dropped = usize::from(module.counters().messages_dropped);
        assert_eq!(received.len() + dropped, 60, "{rx}");
    }
}
