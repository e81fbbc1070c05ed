//! The async face: the same sessions as the blocking one, and futures dropped at every point.

mod common;

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Waker};
use core::time::Duration;

use common::emulated::{CLIENT, module, ms, quick};
use common::{Owned, in_both_dialects, owned};
use embassy_futures::block_on;
use esp8266_mqtt::asynch::Esp8266Mqtt;
use esp8266_mqtt::{Buffers, Dialect, Error, Event, QoS, Reconnect, UserConfig, WifiStatus};
use esp8266_mqtt_emulator::bench::{Delay, Uart};
use esp8266_mqtt_emulator::{Action, Bench, Fault, Message, Reaction, Settings};

type Driver = Esp8266Mqtt<'static, Uart, Delay>;

fn driver(bench: &Bench) -> Driver {
    let buffers = Buffers::new(vec![0; 1024].leak(), vec![0; 256].leak());
    Esp8266Mqtt::new(bench.uart(), bench.delay(), buffers)
}

async fn connect(module: &mut Driver) {
    module.init().await.expect("init");
    let config = UserConfig::new(CLIENT);
    module.usercfg(&config).await.expect("usercfg");
    let connected = module.connect("broker", 1883, Reconnect::Off).await;
    connected.expect("connect");
}

/// A host that polls every 20 µs.
fn unhurried(dialect: Dialect) -> Settings {
    let mut settings = quick(dialect);
    settings.host.call_cost = Duration::from_micros(20);
    settings
}

fn connected(settings: Settings) -> (Bench, Driver) {
    let bench = Bench::new(settings);
    let mut module = driver(&bench);
    block_on(connect(&mut module));
    bench.advance(ms(10));
    assert!(bench.module().is_connected());
    (bench, module)
}

/// Polls for so long, then drops the future. Returns whether it came to its end.
fn drop_after<F: Future>(bench: &Bench, time: Duration, future: F) -> bool {
    let end = bench.now() + time;
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    while bench.now() < end {
        if future.as_mut().poll(&mut context).is_ready() {
            return true;
        }
    }
    false
}

async fn all(module: &mut Driver) -> Vec<Owned> {
    let mut all = Vec::new();
    while let Some(message) = module.receive_within(300).await.expect("a UART") {
        all.push(owned(message.topic(), message.payload()));
    }
    all
}

fn a_session(dialect: Dialect) {
    let bench = Bench::new(module(dialect));
    let mut module = driver(&bench);
    block_on(async {
        module.init().await.expect("init");
        module
            .connect_wifi(Settings::SSID, Settings::PASSWORD)
            .await
            .expect("join");
        let WifiStatus::Joined(joined) = module.wifi_status().await.expect("status") else {
            panic!("not joined");
        };
        assert_eq!(joined.ssid.as_str(), Settings::SSID);
        connect(&mut module).await;
        bench.advance(ms(500));
        module
            .subscribe("in", QoS::AtMostOnce)
            .await
            .expect("subscribe");
        let mut topics = Vec::new();
        let listed = module.subscriptions(|topic, _| topics.push(topic.to_owned()));
        listed.await.expect("a list");
        assert_eq!(topics, ["in"]);
        for payload in ["1", "two words", "a,\"b\\"] {
            let published = module.publish("in", payload, QoS::AtMostOnce).await;
            published.expect("publish");
        }
        let expected = ["1", "two words", "a,\"b\\"].map(|payload| owned("in", payload));
        assert_eq!(all(&mut module).await, expected);
        module.unsubscribe("in").await.expect("unsubscribe");
        module.disconnect().await.expect("disconnect");
        module.disconnect_wifi().await.expect("quit");
    });
}

fn what_has_arrived_is_there_at_once_and_what_has_not_is_waited_for(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    block_on(module.subscribe("in", QoS::AtMostOnce)).expect("subscribe");
    assert!(matches!(module.poll_receive(), Err(nb::Error::WouldBlock)));

    let start = bench.now();
    let later = Action::Deliver(Message::new("in", "later"));
    bench.schedule_after(ms(5_000), later);
    let message = block_on(module.receive()).expect("a message");
    assert_eq!(message.payload(), b"later");
    assert!(bench.now() - start >= ms(5_000));

    let start = bench.now();
    assert_eq!(block_on(module.receive_within(700)), Ok(None));
    let waited = bench.now() - start;
    assert!(waited >= ms(700) && waited < ms(710), "{waited:?}");

    bench.schedule_after(ms(10), Action::Deliver(Message::new("in", "event")));
    let event = block_on(module.next_event_within(100)).expect("a UART");
    assert!(matches!(event, Some(Event::Message(message)) if message.payload() == b"event"));
    bench.schedule_after(ms(10), Action::Deliver(Message::new("in", "polled")));
    bench.advance(ms(100));
    assert_eq!(module.poll_receive().expect("arrived").payload(), b"polled");

    assert_eq!(block_on(module.receive_within(0)), Ok(None));
    bench.schedule_after(ms(10), Action::Deliver(Message::new("in", "arrived")));
    bench.advance(ms(100));
    let message = block_on(module.receive_within(0)).expect("a UART");
    assert_eq!(message.expect("arrived").payload(), b"arrived");
}

fn a_silent_module_is_given_up_in_time(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    bench.fault(Fault::command("MQTTSUB", 1, Reaction::Silent));
    let start = bench.now();
    let failed = block_on(module.subscribe("in", QoS::AtMostOnce));
    assert!(
        matches!(failed, Err(Error::Timeout { command }) if command.as_str() == "+MQTTSUB"),
        "{failed:?}"
    );
    let waited = bench.now() - start;
    assert!(waited >= ms(20_000) && waited < ms(20_100), "{waited:?}");
}

const BINARY: [u8; 20] = [b'\n'; 20];

/// The calls that are dropped.
const CALLS: usize = 5;

fn call_and_drop(number: usize, bench: &Bench, module: &mut Driver, time: Duration) -> bool {
    let qos = QoS::AtMostOnce;
    match number {
        0 => drop_after(bench, time, module.publish("out", "text", qos)),
        1 => drop_after(bench, time, module.publish("out", BINARY, qos)),
        2 => drop_after(bench, time, module.subscribe("new", qos)),
        3 => drop_after(bench, time, module.subscriptions(|_, _| {})),
        _ => drop_after(bench, time, module.init()),
    }
}

/// Each call is dropped in every half of a byte's time. Messages that arrive during it and after it are delivered, and
/// the next publish comes through as it is.
fn a_future_may_be_dropped_anywhere(dialect: Dialect) {
    let mut cases = 0;
    for number in 0..CALLS {
        let mut time = Duration::ZERO;
        loop {
            let (bench, mut module) = connected(unhurried(dialect));
            for topic in ["in", "in/2"] {
                block_on(module.subscribe(topic, QoS::AtMostOnce)).expect("subscribe");
            }
            let during = Action::Deliver(Message::new("in", "during"));
            bench.schedule_after(ms(1), during);
            let ended = call_and_drop(number, &bench, &mut module, time);
            let after = Action::Deliver(Message::new("in", "after"));
            bench.schedule_after(ms(2), after);
            let mut received = Vec::new();
            // Between a drop and the next command there may be polls, or none.
            if cases % 2 == 0 {
                bench.advance(ms(10));
                while let Ok(message) = module.poll_receive() {
                    received.push(owned(message.topic(), message.payload()));
                }
            }
            let published = block_on(module.publish("last", "intact", QoS::AtMostOnce));
            assert_eq!(published, Ok(()), "call {number}, dropped after {time:?}");
            received.extend(block_on(all(&mut module)));
            let expected = ["during", "after"].map(|payload| owned("in", payload));
            assert_eq!(received, expected, "call {number}, dropped after {time:?}");
            let published = bench.broker().published();
            let last = &published.last().expect("a message").message;
            let intact = Message::new("last", "intact");
            assert_eq!(*last, intact, "call {number}, dropped after {time:?}");
            cases += 1;
            if ended {
                break;
            }
            time += Duration::from_micros(43);
        }
    }
    println!("{cases} drops");
    assert!(cases > 300, "{cases}");
}

/// A message that is taken from the line by a future that is dropped stays in the driver.
fn a_dropped_receive_takes_nothing(dialect: Dialect) {
    for micros in (0..8_000).step_by(43) {
        let (bench, mut module) = connected(unhurried(dialect));
        block_on(module.subscribe("in", QoS::AtMostOnce)).expect("subscribe");
        bench.schedule_after(ms(1), Action::Deliver(Message::new("in", "kept")));
        let time = Duration::from_micros(micros);
        let mut seen = false;
        drop_after(&bench, time, async {
            let message = module.receive().await.expect("a UART");
            seen = message.payload() == b"kept";
        });
        let rest = block_on(all(&mut module));
        let expected = if seen {
            vec![]
        } else {
            vec![owned("in", "kept")]
        };
        assert_eq!(rest, expected, "dropped after {time:?}");
    }
}

/// What comes behind the rest of a listing that nobody takes any more is received.
fn a_dropped_listing_holds_nothing_up(dialect: Dialect) {
    for micros in (0..12_000).step_by(430) {
        let (bench, mut module) = connected(unhurried(dialect));
        for topic in ["in", "b", "c"] {
            block_on(module.subscribe(topic, QoS::AtMostOnce)).expect("subscribe");
        }
        bench.schedule_after(ms(6), Action::Deliver(Message::new("in", "kept")));
        let time = Duration::from_micros(micros);
        drop_after(&bench, time, module.subscriptions(|_, _| {}));
        let rest = block_on(all(&mut module));
        assert_eq!(rest, [owned("in", "kept")], "dropped after {time:?}");
    }
}

/// Two questions for the version have the same answer: the first one's is not taken for the second one's.
fn init_may_be_dropped_twice(dialect: Dialect) {
    for first in (0..16_000).step_by(430) {
        for second in (0..16_000).step_by(4_300) {
            let bench = Bench::new(unhurried(dialect));
            let mut module = driver(&bench);
            block_on(module.init()).expect("init");
            for time in [first, second] {
                drop_after(&bench, Duration::from_micros(time), module.init());
            }
            let published = block_on(module.publish("out", "x", QoS::AtMostOnce));
            assert!(
                matches!(published, Err(Error::Rejected(_))),
                "dropped after {first} and {second} us: {published:?}"
            );
        }
    }
}

in_both_dialects!(
    a_session,
    init_may_be_dropped_twice,
    what_has_arrived_is_there_at_once_and_what_has_not_is_waited_for,
    a_silent_module_is_given_up_in_time,
    a_future_may_be_dropped_anywhere,
    a_dropped_receive_takes_nothing,
    a_dropped_listing_holds_nothing_up,
);

/// The keeper goes on where it was, whatever it was doing.
#[test]
fn keep_dropped_at_every_point() {
    use esp8266_mqtt::{JoinOptions, Keeper, Kept, Wishes};
    for dialect in [Dialect::Vendor, Dialect::EspAt] {
        let topics = [("in", QoS::AtMostOnce)];
        let wishes = Wishes::new("broker", 1883, UserConfig::new(CLIENT))
            .wifi(JoinOptions::new(Settings::SSID, Settings::PASSWORD))
            .subscriptions(&topics);
        for drop_at in (0..120).map(|step| ms(step * 2)) {
            let settings = unhurried(dialect);
            let bench =
                Bench::new(settings.with_initial(esp8266_mqtt_emulator::InitialState::Ready));
            let mut module = driver(&bench);
            let mut keeper = Keeper::new(wishes, 3);
            let end = bench.now() + drop_at;
            while bench.now() < end {
                drop_after(&bench, end - bench.now(), module.keep(&mut keeper, 50));
            }
            let mut calls = 0;
            while !keeper.is_ready() {
                calls += 1;
                assert!(calls < 2_000, "{dialect:?}, dropped after {drop_at:?}");
                block_on(module.keep(&mut keeper, 50)).expect("a UART");
            }
            bench.schedule_after(ms(10), Action::Deliver(Message::new("in", "there")));
            let mut received = false;
            for _ in 0..20 {
                let told = block_on(module.keep(&mut keeper, 50)).expect("a UART");
                received |= matches!(told, Kept::Event(Event::Message(message)) if message.payload() == b"there");
            }
            assert!(received, "{dialect:?}, dropped after {drop_at:?}");
        }
    }
}

/// Whatever becomes of its data and of the command that closes it.
#[cfg(feature = "sockets")]
#[test]
fn a_link_is_free_after_a_dropped_fetch_and_a_failed_close() {
    for dialect in [Dialect::Vendor, Dialect::EspAt] {
        let bench = Bench::new(unhurried(dialect));
        let mut module = driver(&bench);
        let peer = bench.network().tcp("server", 80);
        block_on(module.init()).expect("init");
        for round in 0..6 {
            let opened = block_on(module.tcp_open("server", 80));
            let socket = opened.unwrap_or_else(|error| panic!("round {round}: {error:?}"));
            peer.send("0123456789");
            bench.advance(ms(100));
            bench.fault(Fault::command("CIPRECVDATA", 1, Reaction::Late(ms(500))));
            let mut buffer = [0; 64];
            let receive = module.socket_receive(&socket, &mut buffer, 1_000);
            assert!(!drop_after(&bench, ms(20), receive));
            bench.fault(Fault::command("CIPCLOSE", 1, Reaction::Silent));
            assert!(block_on(module.socket_close(socket)).is_err());
        }
    }
}
