//! Events in the order in which they happen, the state of the links, the counters.

mod common;

use common::emulated::{CLIENT, Driver, connected, ms, quick, ready, urc};
use common::script::Script;
use common::{event, events, in_both_dialects, owned, receive, receive_all};
use embedded_io::ErrorKind;
use esp8266_mqtt::{
    Dialect, Event, LinkState, MqttLink, QoS, Reconnect, Urc, UserConfig, WifiLink,
};
use esp8266_mqtt_emulator::{Action, Bench, Fault, Message};

in_both_dialects!(
    wifi_lost_and_back,
    the_steps_of_joining_are_told_apart,
    messages_and_events_in_order,
    poll_receive_drops_events,
    the_same_by_poll_or_poll_receive_mixed,
    unknown_lines_are_counted,
    unknown_lines_during_a_publish_are_counted,
    other_unsolicited_lines,
    uart_errors_are_counted,
    a_dead_uart_is_an_error,
    release_gives_the_uart_back,
);

fn link(module: &Driver) -> (WifiLink, MqttLink) {
    let LinkState { wifi, mqtt, .. } = module.link_state();
    (wifi, mqtt)
}

fn wifi_lost_and_back(dialect: Dialect) {
    let mut settings = quick(dialect);
    settings.latency.mqtt_retry = ms(100);
    let bench = Bench::new(settings);
    let mut module = ready(&bench);
    module.usercfg(&UserConfig::new(CLIENT)).unwrap();
    module.connect("broker", 1883, Reconnect::On).unwrap();
    bench.advance(ms(10));
    let esp_at = dialect == Dialect::EspAt;
    let up = if esp_at {
        MqttLink::Up
    } else {
        MqttLink::Requested
    };
    assert_eq!(link(&module).1, up);
    events(&mut module);

    bench.schedule_after(ms(1), Action::LoseWifi);
    bench.advance(ms(50));
    let lost = events(&mut module);
    assert!(lost.contains(&"WifiDisconnected".to_owned()), "{lost:?}");
    assert_eq!(
        lost.contains(&"MqttDisconnected".to_owned()),
        esp_at,
        "{lost:?}"
    );
    assert_eq!(link(&module).0, WifiLink::Down);

    bench.schedule_after(ms(1), Action::RestoreWifi);
    let mut back = Vec::new();
    for _ in 0..200 {
        bench.advance(ms(10));
        back.extend(events(&mut module));
    }
    let wifi: Vec<_> = back
        .iter()
        .filter(|event| event.starts_with("Wifi"))
        .collect();
    assert_eq!(wifi, ["WifiConnected", "WifiGotIp"], "{back:?}");
    assert_eq!(
        back.contains(&"MqttConnected".to_owned()),
        esp_at,
        "{back:?}"
    );
    assert_eq!(link(&module), (WifiLink::Up, up));
    assert!(module.connection_state().unwrap().is_connected());
}

#[test]
fn broker_lost_and_back_on_esp_at() {
    let bench = Bench::new(quick(Dialect::EspAt));
    let mut module = ready(&bench);
    module.usercfg(&UserConfig::new(CLIENT)).unwrap();
    module.connect("broker", 1883, Reconnect::On).unwrap();
    module.subscribe("t", QoS::AtMostOnce).unwrap();
    events(&mut module);
    bench.schedule_after(ms(0), Action::LoseBroker);
    bench.advance(ms(3));
    assert_eq!(event(&mut module).as_deref(), Some("MqttDisconnected"));
    assert_eq!(link(&module).1, MqttLink::Down);
    bench.schedule_after(ms(0), Action::RestoreBroker);
    bench.advance(ms(500));
    let seen = events(&mut module);
    assert_eq!(
        seen.last().map(String::as_str),
        Some("MqttConnected"),
        "{seen:?}"
    );
    assert_eq!(link(&module).1, MqttLink::Up);
    bench.schedule_after(
        ms(0),
        Action::Deliver(Message::new("t", "still subscribed")),
    );
    bench.advance(ms(20));
    assert_eq!(events(&mut module), ["still subscribed"]);
}

/// Joined is not yet up, and a link that comes back by its access point alone is not either.
fn the_steps_of_joining_are_told_apart(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    for (line, expected) in [
        ("WIFI CONNECTED", WifiLink::Joined),
        ("WIFI GOT IP", WifiLink::Up),
        ("WIFI DISCONNECT", WifiLink::Down),
        ("WIFI CONNECTED", WifiLink::Joined),
    ] {
        script.push(format!("{line}\r\n"));
        assert!(event(&mut module).is_some(), "{line}");
        assert_eq!(module.link_state().wifi, expected);
    }
}

fn messages_and_events_in_order(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    script
        .push("WIFI CONNECTED\r\n")
        .push(urc(dialect, "t", "1"));
    script.push("WIFI GOT IP\r\n").push(urc(dialect, "t", "2"));
    script.push("+MQTTCONNECTED:0,1,\"b\",\"1883\",\"\",1\r\n");
    script.push("+MQTTDISCONNECTED:0\r\nWIFI DISCONNECT\r\n\r\nready\r\n");
    assert_eq!(module.link_state().wifi, WifiLink::Unknown);
    let expected = [
        "WifiConnected",
        "1",
        "WifiGotIp",
        "2",
        "MqttConnected",
        "MqttDisconnected",
        "WifiDisconnected",
        "ModuleRestarted",
    ];
    assert_eq!(events(&mut module), expected);
    assert_eq!(module.link_state().wifi, WifiLink::Unknown);
    assert_eq!(module.counters().restarts, 1);
}

fn poll_receive_drops_events(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    script
        .push("WIFI CONNECTED\r\n")
        .push(urc(dialect, "t", "1"))
        .push("WIFI GOT IP\r\n");
    assert_eq!(receive(&mut module), Some(owned("t", "1")));
    assert_eq!(events(&mut module), ["WifiGotIp"]);
    assert_eq!(module.link_state().wifi, WifiLink::Up);
}

fn the_same_by_poll_or_poll_receive_mixed(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver_with(dialect, 200, 64);
    let mut expected = 0;
    for i in 0..500 {
        script.chunk(i % 7 + 1);
        script.push(urc(dialect, "t", format!("{i}")));
        if i % 3 == 0 {
            while expected <= i {
                let payload = format!("{expected}");
                if expected % 2 == 0 {
                    assert_eq!(event(&mut module), Some(payload));
                } else {
                    assert_eq!(receive(&mut module), Some(owned("t", payload)));
                }
                expected += 1;
            }
            assert_eq!(receive(&mut module), None);
        }
    }
}

fn unknown_lines_are_counted(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    script.push("tcpip_adapter: sta ip: 192.168.8.112\r\n\r\nchksum 0xf3\r\n  \r\nOK\r\nERROR\r\n");
    assert_eq!(events(&mut module), [""; 0]);
    // Whether results that nobody waits for count too is left open.
    assert!((2..=4).contains(&module.counters().stray_lines));
    assert_eq!(module.counters().events_dropped, 0);
}

/// A message that the line has damaged must not vanish into the answer of a publish.
fn unknown_lines_during_a_publish_are_counted(dialect: Dialect) {
    for (payload, is_raw) in [("text", false), ("two\r\nlines", true)] {
        let mut settings = quick(dialect);
        settings.latency.command = ms(20);
        settings.latency.prompt = ms(20);
        let (bench, mut module) = connected(settings);
        let before = module.counters().stray_lines;
        // While the command runs; for a raw payload also before the prompt and before its end.
        let times: &[u64] = if is_raw { &[10, 32, 50] } else { &[10] };
        for time in times {
            let mut line = urc(dialect, "m", "1");
            line[3] ^= 1;
            bench.schedule_after(ms(*time), Action::Inject(line));
        }
        module.publish("out", payload, QoS::AtMostOnce).unwrap();
        let counted = usize::from(module.counters().stray_lines - before);
        assert_eq!(counted, times.len(), "{payload:?}\n{}", bench.trace());
    }
}

fn other_unsolicited_lines(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    script.push("DHCP TIMEOUT\r\n1,CONNECT\r\n+STA_CONNECTED:\"aa:bb:cc:dd:ee:ff\"\r\n");
    assert_eq!(module.poll(), Ok(Event::Other(Urc::DhcpTimeout)));
    assert_eq!(module.poll(), Ok(Event::Other(Urc::LinkOpened(Some(1)))));
    let station = Urc::StationConnected("aa:bb:cc:dd:ee:ff");
    assert_eq!(module.poll(), Ok(Event::Other(station)));
    script.push("password:hunter2\r\n");
    let Ok(password) = module.poll() else {
        panic!("no event")
    };
    assert!(!format!("{password:?}").contains("hunter2"));
}

fn uart_errors_are_counted(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    for kind in [
        ErrorKind::Other,
        ErrorKind::InvalidData,
        ErrorKind::Interrupted,
    ] {
        script.fail_read(kind);
    }
    script.push(urc(dialect, "t", "1"));
    let received: Vec<_> = (0..4).filter_map(|_| receive(&mut module)).collect();
    assert_eq!(received, [owned("t", "1")]);
    assert_eq!(module.counters().uart_errors, 3);

    let (bench, mut module) = connected(quick(dialect));
    assert_eq!(module.counters().uart_errors, 0);
    bench.schedule_after(ms(0), Action::Inject(vec![b'x'; 400]));
    bench.schedule_after(ms(50), Action::Inject(b"\r\nWIFI GOT IP\r\n".to_vec()));
    bench.advance(ms(45));
    assert_eq!(bench.overruns(), 400 - 256);
    // An error counts as nothing received; the bytes come with the next call.
    events(&mut module);
    events(&mut module);
    bench.advance(ms(20));
    events(&mut module);
    assert_eq!(module.counters().uart_errors, 1);
    assert_eq!(module.counters().stray_lines, 1);
    bench.fault(Fault::ReadError { index: 0 });
    assert!(module.wifi_status().is_ok());
}

fn a_dead_uart_is_an_error(dialect: Dialect) {
    for kind in [ErrorKind::NotConnected, ErrorKind::BrokenPipe] {
        let script = Script::new();
        let mut module = script.driver(dialect);
        script.fail_read(kind);
        assert_eq!(
            module.poll(),
            Err(nb::Error::Other(esp8266_mqtt::Error::Uart(kind)))
        );
        script.push(urc(dialect, "t", "1"));
        assert_eq!(receive_all(&mut module), [owned("t", "1")]);
    }
    let script = Script::new();
    let mut module = script.driver(dialect);
    script.stall(true);
    assert_eq!(
        module.disconnect_wifi(),
        Err(esp8266_mqtt::Error::WriteStalled)
    );
    assert!(
        (1900..2500).contains(&script.now().as_millis()),
        "{:?}",
        script.now()
    );
}

fn release_gives_the_uart_back(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    module.uart_mut().push(urc(dialect, "t", "1"));
    assert_eq!(receive(&mut module), Some(owned("t", "1")));
    let (uart, _) = module.release();
    assert!(!embedded_io::ReadReady::read_ready(&mut uart.clone()).unwrap());
}
