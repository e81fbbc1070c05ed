//! What the keeper publishes: once, or again and again until the broker has it, and what it says of that.

mod common;

use common::emulated::{Driver, driver, ms, published, quick};
use common::in_both_dialects;
use esp8266_mqtt::{
    Argument, Dialect, Event, JoinOptions, Keeper, Kept, Publication, QoS, Unpublished, UserConfig,
    Wishes,
};
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
);

const TOPICS: [(&str, QoS); 1] = [("in", QoS::AtMostOnce)];

fn start(dialect: Dialect) -> (Bench, Driver, Keeper<'static>) {
    let mut settings = quick(dialect).with_initial(InitialState::Ready);
    settings.latency.boot = ms(300);
    let bench = Bench::new(settings);
    let module = driver(&bench);
    let wishes = Wishes::new("broker", 1883, UserConfig::new("kept"))
        .wifi(JoinOptions::new(Settings::SSID, Settings::PASSWORD))
        .subscriptions(&TOPICS);
    (bench, module, Keeper::new(wishes, 7))
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
