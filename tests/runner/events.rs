//! What arrives, and who learns it.

use super::*;
use common::in_both_dialects;
use embassy_futures::join::join;
use esp8266_mqtt::runner::TooManyListeners;
use esp8266_mqtt::{MqttLink, WifiLink};
use esp8266_mqtt_emulator::{Fault, Reaction};

in_both_dialects!(
    a_message_is_handed_on_as_soon_as_it_has_come,
    every_listener_gets_every_message,
    messages_that_come_during_a_request_are_handed_on_before_the_next,
    a_slow_listener_lags_alone,
    a_listener_at_the_end_of_its_room_loses_nothing,
    what_the_driver_had_no_room_for_is_reported,
    a_message_that_is_too_long_is_reported,
    a_listener_gives_its_place_back,
    the_link_is_told,
    the_link_is_known_when_a_request_is_done,
);

fn a_message_is_handed_on_as_soon_as_it_has_come(dialect: Dialect) {
    let mut rig = rig(dialect);
    let mut inbox = rig.listen();
    let start = rig.bench.now();
    rig.deliver_after(ms(700), "later");
    let message = rig.run(inbox.next_message()).expect("a message");
    assert_eq!(message.payload(), b"later");
    let waited = rig.bench.now() - start;
    assert!(waited > ms(700) && waited < ms(705), "{waited:?}");
}

fn every_listener_gets_every_message(dialect: Dialect) {
    let mut rig = rig(dialect);
    let (mut first, mut second) = (rig.listen(), rig.listen());
    for number in 0..20_u8 {
        rig.deliver_after(ms(3) * u32::from(number), number.to_string());
    }
    async fn take(inbox: &mut Inbox) {
        for number in 0..20_u8 {
            let message = inbox.next_message().await.expect("a message");
            assert_eq!(message.payload(), number.to_string().as_bytes());
        }
    }
    let handle = rig.handle;
    let publish = async {
        for _ in 0..10 {
            let published = handle.publish("out", "x", QOS).await;
            published.expect("publish");
        }
    };
    let tasks: Vec<Boxed<'_>> = vec![
        Box::pin(take(&mut first)),
        Box::pin(take(&mut second)),
        Box::pin(publish),
    ];
    rig.run(all(tasks));
    assert_eq!((first.missed(), second.missed()), (0, 0));
}

fn messages_that_come_during_a_request_are_handed_on_before_the_next(dialect: Dialect) {
    let mut rig = rig(dialect);
    let mut inbox = rig.listen();
    let late = Fault::command("MQTTPUB", 1, Reaction::Late(ms(500)));
    rig.bench.fault(late);
    rig.deliver_after(ms(100), "during");
    let (bench, handle) = (rig.bench.clone(), rig.handle);
    let start = bench.now();
    let publish = async {
        let both = join(
            handle.publish("out", "1", QOS),
            handle.publish("out", "2", QOS),
        );
        assert_eq!(both.await, (Ok(()), Ok(())));
    };
    let listen = async {
        let message = inbox.next_message().await.expect("a message");
        assert_eq!(message.payload(), b"during");
        let waited = bench.now() - start;
        assert!(waited > ms(500) && waited < ms(510), "{waited:?}");
        let commands = common::emulated::names(&bench);
        let published = commands.iter().filter(|name| *name == "MQTTPUB");
        assert_eq!(published.count(), 1);
    };
    rig.run(all(vec![Box::pin(publish), Box::pin(listen)]));
}

fn numbers(rig: &mut Rig, numbers: core::ops::Range<u8>) {
    for number in numbers {
        rig.deliver_after(ms(5) * u32::from(number), number.to_string());
    }
    rig.pass(ms(100));
}

fn a_slow_listener_lags_alone(dialect: Dialect) {
    let mut rig = rig(dialect);
    let (mut slow, mut quick) = (rig.listen(), rig.listen());
    let mut seen = Vec::new();
    for _ in 0..5 {
        numbers(&mut rig, 0..1);
        seen.extend(read(&mut quick));
    }
    assert_eq!(seen, ["0"; 5]);
    assert_eq!(read(&mut slow), ["Lagged { count: 2 }", "0", "0", "0"]);
    assert_eq!((slow.missed(), quick.missed()), (2, 0));
    numbers(&mut rig, 1..2);
    assert_eq!(
        (read(&mut slow), read(&mut quick)),
        (vec!["1".into()], vec!["1".into()])
    );
    assert_eq!(rig.handle.counters().messages_dropped, 0);
}

fn a_listener_at_the_end_of_its_room_loses_nothing(dialect: Dialect) {
    let mut rig = rig(dialect);
    let mut inbox = rig.listen();
    numbers(&mut rig, 0..3);
    assert_eq!(read(&mut inbox), ["0", "1", "2"]);
}

fn what_the_driver_had_no_room_for_is_reported(dialect: Dialect) {
    let mut rig = rig(dialect);
    let mut inbox = rig.listen();
    let late = Fault::command("MQTTPUB", 1, Reaction::Late(ms(2_000)));
    rig.bench.fault(late);
    // The receive buffer keeps 384 bytes of messages.
    for number in 0..20_u8 {
        rig.deliver_after(ms(20) * u32::from(number), [b'x'; 30]);
    }
    let handle = rig.handle;
    let published = rig.run(handle.publish("out", "1", QOS));
    assert_eq!(published, Ok(()));
    rig.pass(ms(10));
    let dropped = rig.handle.counters().messages_dropped;
    assert!(dropped > 0);
    let seen = read(&mut inbox);
    let reported = format!("count: {dropped}, bytes: {}", dropped * 30);
    let reported = seen.iter().filter(|notice| notice.contains(&reported));
    assert_eq!(reported.count(), 1, "{seen:?}");
    numbers(&mut rig, 0..1);
    assert_eq!(read(&mut inbox), ["0"]);
}

fn a_message_that_is_too_long_is_reported(dialect: Dialect) {
    let mut rig = rig(dialect);
    let mut inbox = rig.listen();
    // Topic and payload have 32 bytes.
    rig.deliver_after(ms(1), [b'x'; 31]);
    rig.deliver_after(ms(20), [b'x'; 30]);
    rig.pass(ms(50));
    let longest = "x".repeat(30);
    let too_long = "MessageTooLong { topic: 2, payload: 31 }".to_owned();
    assert_eq!(read(&mut inbox), [too_long, longest]);
}

fn a_listener_gives_its_place_back(dialect: Dialect) {
    let mut rig = rig(dialect);
    let (first, _second) = (rig.listen(), rig.listen());
    assert!(matches!(rig.handle.listen(), Err(TooManyListeners)));
    numbers(&mut rig, 0..2);
    drop(first);
    let mut third = rig.listen();
    assert_eq!(read(&mut third), [""; 0]);
    numbers(&mut rig, 2..3);
    assert_eq!(read(&mut third), ["2"]);
}

fn the_link_is_told(dialect: Dialect) {
    let mut rig = rig(dialect);
    let mut inbox = rig.listen();
    let handle = rig.handle;
    let is_esp_at = dialect == Dialect::EspAt;
    if is_esp_at {
        assert_eq!(handle.link_state().mqtt, MqttLink::Up);
        rig.bench.schedule_after(ms(10), Action::CutMqtt);
        let cut = rig.run(inbox.next()).expect("an event");
        assert_eq!(cut, Notice::MqttDisconnected);
        assert_eq!(handle.link_state().mqtt, MqttLink::Down);
    }
    rig.bench.schedule_after(ms(10), Action::LoseWifi);
    rig.run(async {
        while inbox.next().await.expect("an event") != Notice::WifiDisconnected {}
        assert_eq!(handle.link_state().wifi, WifiLink::Down);
    });
    rig.bench.schedule_after(ms(10), Action::RestoreWifi);
    rig.run(async {
        let joined = inbox.next().await.expect("an event");
        assert_eq!(joined, Notice::WifiConnected);
        let address = inbox.next().await.expect("an event");
        assert_eq!(address, Notice::WifiGotIp);
        assert_eq!(handle.link_state().wifi, WifiLink::Up);
    });
}

/// Also where no event tells it.
fn the_link_is_known_when_a_request_is_done(dialect: Dialect) {
    let mut rig = rig(dialect);
    let handle = rig.handle;
    assert_ne!(handle.link_state().mqtt, MqttLink::Down);
    rig.run(async {
        handle.disconnect().await.expect("disconnect");
        assert_eq!(handle.link_state().mqtt, MqttLink::Down);
        handle.disconnect_wifi().await.expect("quit");
        assert_eq!(handle.link_state().wifi, WifiLink::Down);
    });
}
