//! The connection keeper on the emulated module: everything that can be lost comes back, and what cannot is said.

mod common;

use common::emulated::{driver, ms, published, quick, urc};
use common::in_both_dialects;
use esp8266_mqtt::command::basic::Restart;
use esp8266_mqtt::{
    Argument, Dialect, Event, JoinOptions, Keeper, Kept, QoS, Stop, UserConfig, Wishes,
};
use esp8266_mqtt_emulator::broker::HostState;
use esp8266_mqtt_emulator::settings::BootNoise;
use esp8266_mqtt_emulator::{
    AccessPoint, Action, Bench, Direction, Fault, InitialState, Message, Reaction, Settings,
};

use common::emulated::Driver;

in_both_dialects!(
    from_nothing_to_messages,
    the_module_answers_late,
    the_module_restarts,
    the_access_point_is_lost,
    the_broker_comes_late,
    a_wrong_wifi_password,
    a_wrong_login,
    a_wish_that_cannot_be_sent,
    nothing_is_waited_for_longer_than_asked,
    resumed_after_a_stop,
    pauses_are_kept_in_small_pieces,
    what_stands_is_left_alone,
    refusals_are_told_by_their_step,
    a_loss_that_is_not_heard,
);

const TOPICS: [(&str, QoS); 2] = [("a", QoS::AtMostOnce), ("b/+", QoS::AtLeastOnce)];

fn wishes(password: &'static str) -> Wishes<'static> {
    Wishes::new("broker", 1883, UserConfig::new("kept"))
        .wifi(JoinOptions::new(Settings::SSID, password))
        .subscriptions(&TOPICS)
}

fn start(dialect: Dialect) -> (Bench, Driver, Keeper<'static>) {
    start_with(quick(dialect))
}

fn start_with(settings: Settings) -> (Bench, Driver, Keeper<'static>) {
    let mut settings = settings.with_initial(InitialState::Ready);
    settings.latency.boot = ms(300);
    let bench = Bench::new(settings);
    let module = driver(&bench);
    (bench, module, Keeper::new(wishes(Settings::PASSWORD), 7))
}

/// Keeps for so long and notes what is told, without the events that are no messages.
fn keep(bench: &Bench, module: &mut Driver, keeper: &mut Keeper<'_>, time: u64) -> Vec<String> {
    let end = bench.now() + ms(time);
    let mut told = Vec::new();
    while bench.now() < end {
        match module.keep(keeper, 50).expect("a UART") {
            Kept::Nothing => {}
            Kept::Event(Event::Message(message)) => {
                told.push(message.payload().escape_ascii().to_string());
            }
            Kept::Event(_) => {}
            Kept::Retry { after, .. } => told.push(format!("{after:?}")),
            Kept::Stopped(stop) => {
                told.push(format!("{stop:?}"));
                bench.advance(ms(50));
            }
            other => told.push(format!("{other:?}")),
        }
    }
    told.dedup();
    told
}

fn deliver(bench: &Bench, payload: &str) {
    let message = Message::new("a", payload);
    bench.schedule_after(ms(10), Action::Deliver(message));
}

fn from_nothing_to_messages(dialect: Dialect) {
    let (bench, mut module, mut keeper) = start(dialect);
    assert!(!keeper.is_ready());
    let told = keep(&bench, &mut module, &mut keeper, 10_000);
    assert_eq!(told, ["Ready { again: false }"]);
    assert!(keeper.is_ready());
    deliver(&bench, "hello");
    let told = keep(&bench, &mut module, &mut keeper, 500);
    assert_eq!(told, ["hello"]);
    let subscribed: Vec<_> = bench.broker().subscriptions("kept");
    assert_eq!(subscribed.len(), 2);
    module
        .publish("out", "x", QoS::AtMostOnce)
        .expect("publish");
    assert_eq!(published(&bench).len(), 1);
}

/// What the module did before it answered is not known: everything is done from the beginning.
fn the_module_answers_late(dialect: Dialect) {
    let (bench, mut module, mut keeper) = start(dialect);
    bench.set_host_baud(9_600);
    let told = keep(&bench, &mut module, &mut keeper, 5_000);
    assert_eq!(told, ["Module"]);
    bench.set_host_baud(115_200);
    let told = keep(&bench, &mut module, &mut keeper, 20_000);
    assert_eq!(told, ["Ready { again: false }"]);
}

fn the_module_restarts(dialect: Dialect) {
    let (bench, mut module, mut keeper) = start(dialect);
    keep(&bench, &mut module, &mut keeper, 10_000);
    for _ in 0..3 {
        bench.schedule_after(ms(100), Action::RestartModule);
        let told = keep(&bench, &mut module, &mut keeper, 20_000);
        assert_eq!(told, ["Lost(Module)", "Ready { again: true }"]);
        deliver(&bench, "again");
        assert_eq!(keep(&bench, &mut module, &mut keeper, 500), ["again"]);
    }
    // The application's own restart is one as well; it may begin with the loss of the access point.
    module.send(&Restart).ok();
    let told = keep(&bench, &mut module, &mut keeper, 20_000);
    let end = ["Lost(Module)", "Ready { again: true }"].map(str::to_owned);
    assert!(told.ends_with(&end), "{told:?}");
}

fn the_access_point_is_lost(dialect: Dialect) {
    let (bench, mut module, mut keeper) = start(dialect);
    keep(&bench, &mut module, &mut keeper, 10_000);
    bench.schedule_after(ms(100), Action::LoseWifi);
    bench.schedule_after(ms(40_000), Action::RestoreWifi);
    let told = keep(&bench, &mut module, &mut keeper, 150_000);
    assert_eq!(
        told.first().map(String::as_str),
        Some("Lost(Wifi)"),
        "{told:?}"
    );
    assert!(
        told.iter().any(|told| told.starts_with("Wifi(")),
        "{told:?}"
    );
    assert_eq!(
        told.last().map(String::as_str),
        Some("Ready { again: true }")
    );
    deliver(&bench, "again");
    assert_eq!(keep(&bench, &mut module, &mut keeper, 500), ["again"]);
}

fn the_broker_comes_late(dialect: Dialect) {
    let (bench, mut module, mut keeper) = start(dialect);
    bench.broker().set_host("broker", HostState::Refusing);
    let told = keep(&bench, &mut module, &mut keeper, 100_000);
    assert_eq!(told, ["Unreachable"], "tries for ever");
    bench.broker().set_host("broker", HostState::Up);
    let told = keep(&bench, &mut module, &mut keeper, 90_000);
    assert_eq!(told, ["Ready { again: false }"]);
}

fn a_wrong_wifi_password(dialect: Dialect) {
    let (bench, mut module, _) = start(dialect);
    let mut keeper = Keeper::new(wishes("wrong"), 1);
    let told = keep(&bench, &mut module, &mut keeper, 60_000);
    assert_eq!(told, ["Wifi(WrongPassword)", "WifiPassword"]);
    let commands = bench.module().commands().len();
    keep(&bench, &mut module, &mut keeper, 60_000);
    assert_eq!(
        bench.module().commands().len(),
        commands,
        "nothing more is tried"
    );
}

fn a_wrong_login(dialect: Dialect) {
    let (bench, mut module, mut keeper) = start(dialect);
    bench.broker().add_user("somebody", "else");
    // The module's other links see the broker's port as well.
    let _port = bench.network().tcp("broker", 1883);
    let told = keep(&bench, &mut module, &mut keeper, 200_000);
    assert_eq!(told, ["Refused", "Login"]);
}

fn a_wish_that_cannot_be_sent(dialect: Dialect) {
    let (bench, mut module, _) = start(dialect);
    let long = "x".repeat(200);
    let topics = [(long.as_str(), QoS::AtMostOnce)];
    let mut keeper = Keeper::new(wishes(Settings::PASSWORD).subscriptions(&topics), 1);
    keep(&bench, &mut module, &mut keeper, 20_000);
    let told = module.keep(&mut keeper, 10).expect("a UART");
    assert!(
        matches!(told, Kept::Stopped(Stop::Argument(error)) if error.argument == Argument::Topic),
        "{told:?}"
    );
}

fn nothing_is_waited_for_longer_than_asked(dialect: Dialect) {
    let (bench, mut module, mut keeper) = start(dialect);
    keep(&bench, &mut module, &mut keeper, 10_000);
    for time in [0, 1, 20, 500] {
        let begin = bench.now();
        let told = module.keep(&mut keeper, time).expect("a UART");
        assert_eq!(told, Kept::Nothing);
        let took = bench.now() - begin;
        // The calls of the UART take their time as well.
        let limit = u64::from(time) * 5 / 4 + 5;
        assert!(took <= ms(limit), "{took:?}");
    }
    bench.schedule_after(ms(1), Action::Inject(urc(dialect, "a", "x")));
    let mut received = false;
    for _ in 0..100 {
        received |= matches!(module.keep(&mut keeper, 0), Ok(Kept::Event(_)));
    }
    assert!(received);
}

fn resumed_after_a_stop(dialect: Dialect) {
    let (bench, mut module, _) = start(dialect);
    let mut keeper = Keeper::new(wishes("wrong"), 1);
    keep(&bench, &mut module, &mut keeper, 60_000);
    bench.set_access_points(vec![AccessPoint::new(Settings::SSID, "wrong")]);
    keeper.resume();
    let told = keep(&bench, &mut module, &mut keeper, 20_000);
    assert_eq!(told, ["Ready { again: false }"]);
}

/// A pause is no reason to be away for longer than asked, and ends when its time is over.
fn pauses_are_kept_in_small_pieces(dialect: Dialect) {
    let (bench, mut module, mut keeper) = start(dialect);
    bench.broker().set_host("broker", HostState::Refusing);
    let mut pause = None;
    while pause.is_none() {
        if let Kept::Retry { in_ms, .. } = module.keep(&mut keeper, 50).expect("a UART") {
            pause = Some(in_ms);
        }
    }
    while module.poll().is_ok() {}
    let pause = pause.expect("a pause");
    let commands = bench.module().commands().len();
    for _ in 0..pause / 50 {
        let begin = bench.now();
        assert_eq!(module.keep(&mut keeper, 50), Ok(Kept::Nothing));
        let took = bench.now() - begin;
        assert!(took >= ms(50) && took < ms(70), "{took:?}");
    }
    assert_eq!(bench.module().commands().len(), commands);
    let told = module.keep(&mut keeper, 50);
    assert!(
        matches!(told, Ok(Kept::Retry { .. } | Kept::Event(_))),
        "{told:?}"
    );
    assert!(bench.module().commands().len() > commands);
}

/// A module that has joined by itself is not asked to join.
fn what_stands_is_left_alone(dialect: Dialect) {
    let settings = quick(dialect).with_initial(InitialState::Joined);
    let bench = Bench::new(settings);
    let mut module = driver(&bench);
    let mut keeper = Keeper::new(wishes(Settings::PASSWORD), 7);
    let told = keep(&bench, &mut module, &mut keeper, 10_000);
    assert_eq!(told, ["Ready { again: false }"]);
    let sent = String::from_utf8_lossy(&bench.sent()).into_owned();
    assert!(sent.contains("AT+CWJAP?"), "{sent}");
    assert!(!sent.contains("CWJAP=") && !sent.contains("CWJAP_CUR="));
}

fn refusals_are_told_by_their_step(dialect: Dialect) {
    for (command, expected) in [
        ("MQTTCONNCFG", "Configuration"),
        ("MQTTSUB", "Subscription"),
    ] {
        let (bench, mut module, mut keeper) = start(dialect);
        bench.fault(Fault::command(command, 1, Reaction::Error));
        let told = keep(&bench, &mut module, &mut keeper, 20_000);
        assert_eq!(told, [expected, "Ready { again: false }"]);
    }
}

/// With five links, one of them is named to find out whether the broker can be reached.
#[cfg(feature = "sockets")]
#[test]
fn a_wrong_login_beside_sockets() {
    let (bench, mut module, mut keeper) = start(Dialect::EspAt);
    module
        .connect_wifi(Settings::SSID, Settings::PASSWORD)
        .expect("join");
    let _server = bench.network().tcp("server", 80);
    let _socket = module.tcp_open("server", 80).expect("open");
    bench.broker().add_user("somebody", "else");
    let _port = bench.network().tcp("broker", 1883);
    let told = keep(&bench, &mut module, &mut keeper, 200_000);
    assert_eq!(told, ["Refused", "Login"]);
}

#[test]
fn the_broker_is_lost() {
    let (bench, mut module, mut keeper) = start(Dialect::EspAt);
    keep(&bench, &mut module, &mut keeper, 10_000);
    // As often as one likes, if each connection was a good one.
    for _ in 0..8 {
        bench.schedule_after(ms(15_000), Action::CutMqtt);
        let told = keep(&bench, &mut module, &mut keeper, 20_000);
        assert_eq!(told, ["Lost(Broker)", "Ready { again: true }"]);
        deliver(&bench, "again");
        assert_eq!(keep(&bench, &mut module, &mut keeper, 500), ["again"]);
    }
}

/// Messages make a connection a good one, however short it was.
#[test]
fn a_busy_connection_is_lost() {
    let (bench, mut module, mut keeper) = start(Dialect::EspAt);
    keep(&bench, &mut module, &mut keeper, 10_000);
    for _ in 0..8 {
        for _ in 0..25 {
            deliver(&bench, "m");
        }
        bench.schedule_after(ms(500), Action::CutMqtt);
        let told = keep(&bench, &mut module, &mut keeper, 3_000);
        assert_eq!(told, ["m", "Lost(Broker)", "Ready { again: true }"]);
    }
}

/// The line that says so is lost in noise: a publish that fails shows it, and nobody waits for the next check.
fn a_loss_that_is_not_heard(dialect: Dialect) {
    let mut settings = quick(dialect);
    settings.boot_noise = BootNoise::None;
    let (bench, mut module, mut keeper) = start_with(settings);
    keep(&bench, &mut module, &mut keeper, 10_000);
    // `ready`, and whatever else the module says when it starts.
    let next = bench.received().len() as u64;
    for index in next..next + 60 {
        bench.fault(Fault::DropByte {
            direction: Direction::ToHost,
            index,
        });
    }
    bench.schedule_after(ms(1), Action::RestartModule);
    let told = keep(&bench, &mut module, &mut keeper, 3_000);
    assert_eq!(told, [""; 0]);
    while module.publish("out", "x", QoS::AtMostOnce).is_ok() {}
    let told = keep(&bench, &mut module, &mut keeper, 15_000);
    let ends = ["Lost(Broker)", "Ready { again: true }"].map(str::to_owned);
    assert_eq!(told.first(), Some(&ends[0]), "{told:?}");
    assert_eq!(told.last(), Some(&ends[1]), "{told:?}");
    deliver(&bench, "again");
    assert_eq!(keep(&bench, &mut module, &mut keeper, 500), ["again"]);
}

/// Two devices with one client id throw each other out for ever.
#[test]
fn another_client_with_the_same_id() {
    let (bench, mut module, mut keeper) = start(Dialect::EspAt);
    let mut told = Vec::new();
    for _ in 0..10 {
        told.extend(keep(&bench, &mut module, &mut keeper, 3_000));
        bench.broker().take_over("kept");
    }
    told.extend(keep(&bench, &mut module, &mut keeper, 3_000));
    assert_eq!(
        told.last().map(String::as_str),
        Some("Contested"),
        "{told:?}"
    );
    assert_eq!(
        told.iter().filter(|told| **told == "Lost(Broker)").count(),
        5
    );
}
