//! What the keeper publishes: once, or again and again until the broker has it, and what it says of that.

mod common;

use common::emulated::{Driver, driver, ms, published, quick};
use common::in_both_dialects;
use esp8266_mqtt::{
    Argument, Dialect, Event, JoinOptions, Keeper, Kept, Publication, QoS, Unpublished, UserConfig,
    Wishes,
};
use esp8266_mqtt_emulator::settings::ConnectionQuery;
use esp8266_mqtt_emulator::{
    Action, Bench, Direction, Fault, InitialState, Message, Reaction, Settings,
};

in_both_dialects!(
    waits_for_the_connection,
    what_has_arrived_is_told_first,
    is_not_repeated_unasked,
    is_repeated_on_the_next_connection,
    is_repeated_after_a_restart,
    is_given_up_when_refused,
    is_not_tried_on_a_connection_that_is_lost,
    cannot_be_sent,
    a_failure_shows_a_lost_connection,
);

const TOPICS: [(&str, QoS); 1] = [("in", QoS::AtMostOnce)];

fn start(dialect: Dialect) -> (Bench, Driver, Keeper<'static>) {
    start_with(quick(dialect).with_initial(InitialState::Ready))
}

fn start_with(mut settings: Settings) -> (Bench, Driver, Keeper<'static>) {
    settings.latency.boot = ms(300);
    let bench = Bench::new(settings);
    let module = driver(&bench);
    (bench, module, Keeper::new(wishes(), 7))
}

fn wishes() -> Wishes<'static> {
    Wishes::new("broker", 1883, UserConfig::new("kept"))
        .wifi(JoinOptions::new(Settings::SSID, Settings::PASSWORD))
        .subscriptions(&TOPICS)
}

/// As [`start`], and everything is as wished.
fn kept(dialect: Dialect) -> (Bench, Driver, Keeper<'static>) {
    let (bench, mut module, mut keeper) = start(dialect);
    while !keeper.is_ready() {
        module.keep(&mut keeper, 50).expect("a UART");
    }
    while module.keep(&mut keeper, 50) != Ok(Kept::Nothing) {}
    (bench, module, keeper)
}

/// Calls until the publication is done, for two minutes. Returns what is told, without the module's own lines.
fn publish(
    bench: &Bench,
    module: &mut Driver,
    keeper: &mut Keeper<'_>,
    publication: &mut Publication<'_>,
) -> Vec<String> {
    let end = bench.now() + ms(120_000);
    let mut told = Vec::new();
    while !publication.is_done() && bench.now() < end {
        match module
            .keep_publish(keeper, publication, 50)
            .expect("a UART")
        {
            Kept::Nothing => {}
            Kept::Event(Event::Message(message)) => {
                told.push(message.payload().escape_ascii().to_string());
            }
            Kept::Event(_) => {}
            Kept::Retry { after, .. } => told.push(format!("{after:?}")),
            other => told.push(format!("{other:?}")),
        }
    }
    told.dedup();
    told
}

fn waits_for_the_connection(dialect: Dialect) {
    let (bench, mut module, mut keeper) = start(dialect);
    let mut publication = Publication::new("out", b"hello").retained();
    let told = publish(&bench, &mut module, &mut keeper, &mut publication);
    assert_eq!(
        told,
        ["Ready { again: false }", "Published { attempts: 1 }"]
    );
    let published = published(&bench);
    assert_eq!(published.len(), 1);
    assert!(published[0].retain && published[0].qos == 0);
    // From now on it is `keep`.
    let kept = module.keep_publish(&mut keeper, &mut publication, 50);
    assert_eq!(kept, Ok(Kept::Nothing));
    assert_eq!(common::emulated::published(&bench).len(), 1);
}

fn what_has_arrived_is_told_first(dialect: Dialect) {
    let (bench, mut module, mut keeper) = kept(dialect);
    for payload in ["1", "2"] {
        bench.schedule_after(ms(1), Action::Deliver(Message::new("in", payload)));
    }
    bench.advance(ms(50));
    module.wifi_status().expect("a command that lets them in");
    let mut publication = Publication::new("out", b"3");
    let told = publish(&bench, &mut module, &mut keeper, &mut publication);
    assert_eq!(told, ["1", "2", "Published { attempts: 1 }"]);
}

fn is_not_repeated_unasked(dialect: Dialect) {
    let (bench, mut module, mut keeper) = kept(dialect);
    bench.fault(Fault::command("MQTTPUB", 1, Reaction::Silent));
    let mut publication = Publication::new("out", b"x").qos(QoS::AtLeastOnce);
    let told = publish(&bench, &mut module, &mut keeper, &mut publication);
    assert_eq!(told, ["Unpublished(Unknown)"]);
    assert!(published(&bench).is_empty());
    bench.fault(Fault::command("MQTTPUB", 1, Reaction::Error));
    let mut publication = Publication::new("out", b"y").qos(QoS::AtLeastOnce);
    let told = publish(&bench, &mut module, &mut keeper, &mut publication);
    assert_eq!(told, ["Unpublished(Refused)"]);
    assert!(published(&bench).is_empty());
}

fn is_repeated_on_the_next_connection(dialect: Dialect) {
    let (bench, mut module, mut keeper) = kept(dialect);
    bench.at(bench.now(), Action::LoseBroker);
    bench.schedule_after(ms(20_000), Action::RestoreBroker);
    // Notices by itself on ESP-AT, by the publish on the vendor's firmware.
    let mut publication = Publication::new("out", b"x").retry();
    let told = publish(&bench, &mut module, &mut keeper, &mut publication);
    let last = told.last().expect("something");
    assert!(last.starts_with("Published"), "{told:?}");
    assert!(told.contains(&"Lost(Broker)".to_owned()), "{told:?}");
    assert!(
        told.contains(&"Ready { again: true }".to_owned()),
        "{told:?}"
    );
    let published = published(&bench);
    assert_eq!(published.len(), 1);
    assert_eq!(published[0].qos, 1);
}

fn is_repeated_after_a_restart(dialect: Dialect) {
    let (bench, mut module, mut keeper) = kept(dialect);
    let index = bench.sent().len() as u64 + 20;
    bench.fault(Fault::RestartAtByte {
        direction: Direction::ToModule,
        index,
    });
    let mut publication = Publication::new("out", b"x").retry();
    let told = publish(&bench, &mut module, &mut keeper, &mut publication);
    assert_eq!(
        told,
        [
            "Lost(Module)",
            "Ready { again: true }",
            "Published { attempts: 2 }"
        ]
    );
    assert_eq!(published(&bench).len(), 1);
}

fn is_given_up_when_refused(dialect: Dialect) {
    let (bench, mut module, mut keeper) = kept(dialect);
    for occurrence in 1..=3 {
        bench.fault(Fault::command("MQTTPUB", occurrence, Reaction::Error));
    }
    let mut publication = Publication::new("out", b"x").retry();
    let told = publish(&bench, &mut module, &mut keeper, &mut publication);
    assert_eq!(told, ["Unpublished(Refused)"]);
    assert!(keeper.is_ready());
    // Twice only: the third attempt comes through.
    for occurrence in 1..=2 {
        bench.fault(Fault::command("MQTTPUB", occurrence, Reaction::Error));
    }
    let mut publication = Publication::new("out", b"y").retry();
    let told = publish(&bench, &mut module, &mut keeper, &mut publication);
    assert_eq!(told, ["Published { attempts: 3 }"]);
    assert_eq!(published(&bench).len(), 1);
}

fn cannot_be_sent(dialect: Dialect) {
    let (bench, mut module, mut keeper) = kept(dialect);
    let sent = bench.sent().len();
    let topic = "t".repeat(200);
    let mut publication = Publication::new(&topic, b"x").retry();
    match module.keep_publish(&mut keeper, &mut publication, 50) {
        Ok(Kept::Unpublished(Unpublished::Argument(error))) => {
            assert_eq!(error.argument, Argument::Topic);
        }
        other => panic!("{other:?}"),
    }
    assert!(publication.is_done());
    assert_eq!(bench.sent().len(), sent);
}

fn is_not_tried_on_a_connection_that_is_lost(dialect: Dialect) {
    let (bench, mut module, mut keeper) = kept(dialect);
    let line = b"+MQTTDISCONNECTED:0\r\n".to_vec();
    bench.schedule_after(ms(1), Action::Inject(line));
    let told = module.keep(&mut keeper, 50);
    assert_eq!(told, Ok(Kept::Event(Event::MqttDisconnected)));
    let mut publication = Publication::new("out", b"x");
    let told = publish(&bench, &mut module, &mut keeper, &mut publication);
    assert_eq!(
        told,
        [
            "Lost(Broker)",
            "Ready { again: true }",
            "Published { attempts: 1 }"
        ]
    );
    assert_eq!(published(&bench).len(), 1);
}

/// The module is asked at once whether it is connected: the vendor's firmware does not say so by itself.
fn a_failure_shows_a_lost_connection(dialect: Dialect) {
    for retry in [false, true] {
        let (bench, mut module, mut keeper) = kept(dialect);
        bench.at(bench.now(), Action::CutMqtt);
        bench.fault(Fault::command("MQTTPUB", 1, Reaction::Error));
        let mut publication = Publication::new("out", b"x");
        if retry {
            publication = publication.retry();
        }
        let begin = bench.now();
        let mut told = Vec::new();
        while !told.contains(&"Lost(Broker)".to_owned()) {
            match module.keep_publish(&mut keeper, &mut publication, 50) {
                Ok(Kept::Nothing | Kept::Event(_)) => {}
                other => told.push(format!("{:?}", other.expect("a UART"))),
            }
            assert!(bench.now() < begin + ms(1_000), "{told:?}");
        }
        if dialect == Dialect::Vendor {
            let first = match retry {
                false => "Unpublished(Refused)",
                true => "Lost(Broker)",
            };
            assert_eq!(told[0], first);
            assert!(published(&bench).is_empty());
        }
    }
}

/// Where the module does not know whether it is connected, a refused publish means a new connection, but not for ever, and
/// not that somebody else has the client id.
#[test]
fn is_given_up_by_a_module_that_does_not_know() {
    let mut settings = quick(Dialect::Vendor).with_initial(InitialState::Ready);
    settings.connection_query = ConnectionQuery::Refused;
    let (bench, mut module, mut keeper) = start_with(settings);
    for occurrence in 1..=9 {
        bench.fault(Fault::command("MQTTPUB", occurrence, Reaction::Error));
    }
    for _ in 0..3 {
        let mut publication = Publication::new("forbidden", b"x").retry();
        let told = publish(&bench, &mut module, &mut keeper, &mut publication);
        let lost = told.iter().filter(|told| *told == "Lost(Broker)").count();
        assert_eq!(lost, 2, "{told:?}");
        assert_eq!(
            told.last().map(String::as_str),
            Some("Unpublished(Refused)"),
            "{told:?}"
        );
    }
    let mut publication = Publication::new("out", b"x").retry();
    let told = publish(&bench, &mut module, &mut keeper, &mut publication);
    assert_eq!(
        told.last().map(String::as_str),
        Some("Published { attempts: 1 }"),
        "{told:?}"
    );
}

/// A future that was dropped may have published; who has not asked for more gets no second attempt.
#[cfg(feature = "async")]
#[test]
fn is_not_repeated_after_a_dropped_future() {
    use core::{
        pin::pin,
        task::{Context, Waker},
    };
    use esp8266_mqtt::asynch;

    for retry in [false, true] {
        let mut settings = quick(Dialect::EspAt).with_initial(InitialState::Ready);
        settings.host.call_cost = core::time::Duration::from_micros(20);
        let bench = Bench::new(settings);
        let buffers = common::buffers(1024, 256);
        let mut module = asynch::Esp8266Mqtt::new(bench.uart(), bench.delay(), buffers);
        let mut keeper = Keeper::new(wishes(), 7);
        let mut publication = Publication::new("out", b"once").qos(QoS::AtLeastOnce);
        if retry {
            publication = publication.retry();
        }
        embassy_futures::block_on(async {
            while !keeper.is_ready() {
                module.keep(&mut keeper, 50).await.expect("a UART");
            }
            while module.keep(&mut keeper, 50).await != Ok(Kept::Nothing) {}
        });
        let late = Reaction::Late(ms(100));
        bench.fault(Fault::command("MQTTPUB", 1, late));
        {
            let end = bench.now() + ms(50);
            let mut future = pin!(module.keep_publish(&mut keeper, &mut publication, 50));
            let mut context = Context::from_waker(Waker::noop());
            while bench.now() < end {
                assert!(future.as_mut().poll(&mut context).is_pending());
            }
        }
        assert!(!publication.is_done());
        let mut told = String::new();
        embassy_futures::block_on(async {
            while !publication.is_done() {
                let kept = module.keep_publish(&mut keeper, &mut publication, 50);
                told = format!("{:?}", kept.await.expect("a UART"));
            }
        });
        let (expected, times) = match retry {
            false => ("Unpublished(Unknown)", 1),
            true => ("Published { attempts: 2 }", 2),
        };
        assert_eq!(told, expected);
        bench.advance(ms(200));
        assert_eq!(published(&bench).len(), times);
    }
}
