//! The connection keeper on the emulated module: everything that can be lost comes back, and what cannot is said.

mod common;

use common::emulated::{driver, ms, published, quick, urc};
use common::in_both_dialects;
use esp8266_mqtt::command::basic::Restart;
use esp8266_mqtt::command::tcpip::{Multiplexing, SetMultiplexing};
use esp8266_mqtt::{
    Argument, Dialect, Event, JoinOptions, Keeper, Kept, Loss, MacAddress, QoS, Stop, Trouble,
    UserConfig, WifiStatus, Wishes,
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
    rejoined_unheard,
    not_joined_by_itself,
    restarts_when_it_joins,
    a_check_is_not_answered,
    refused_later,
    a_wrong_login_with_five_links,
    joined_elsewhere,
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

/// A module that has joined by itself.
fn joined(dialect: Dialect, wishes: Wishes<'static>) -> (Bench, Driver, Keeper<'static>) {
    let bench = Bench::new(quick(dialect).with_initial(InitialState::Joined));
    let module = driver(&bench);
    (bench, module, Keeper::new(wishes, 7))
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
    assert!(told[0].starts_with("Lost("), "{told:?}");
    assert_eq!(
        told.last().map(String::as_str),
        Some("Ready { again: true }")
    );
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
    bench.schedule_after(ms(10), Action::RestartModule);
    let told = keep(&bench, &mut module, &mut keeper, 10_000);
    assert_eq!(told, ["WifiPassword"]);
    assert!(bench.module().commands().len() <= commands);
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
    let (bench, mut module, mut keeper) = joined(dialect, wishes(Settings::PASSWORD));
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
        for number in 1..=110 {
            let message = Message::new("a", "m");
            bench.schedule_after(ms(number * 5), Action::Deliver(message));
        }
        bench.schedule_after(ms(600), Action::CutMqtt);
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
    // What the broker keeps comes with every connection, and makes none a good one.
    for number in 0..25 {
        let message = Message::new("b/m", number.to_string());
        bench.broker().publish(message.retained());
    }
    for _ in 0..30 {
        told.extend(keep(&bench, &mut module, &mut keeper, 1_000));
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

/// The other one is so quick that nothing can be subscribed in between.
#[test]
fn another_client_while_subscribing() {
    let (bench, mut module, mut keeper) = start(Dialect::EspAt);
    for occurrence in 1..=10 {
        let lost = b"+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n".to_vec();
        bench.fault(Fault::command("MQTTSUB", occurrence, Reaction::Text(lost)));
    }
    let told = keep(&bench, &mut module, &mut keeper, 60_000);
    assert_eq!(told, ["Subscription", "Contested"]);
    let tries = bench.broker().connects().len();
    assert_eq!(tries, 5);
}

/// The module has rejoined by itself, and what it said of that did not fit into the FIFO.
fn rejoined_unheard(dialect: Dialect) {
    let named = wishes(Settings::PASSWORD);
    let by_itself = Wishes::new("broker", 1883, UserConfig::new("kept"));
    for wishes in [named, by_itself] {
        let (bench, mut module, mut keeper) = joined(dialect, wishes);
        keep(&bench, &mut module, &mut keeper, 20_000);
        let line = b"WIFI DISCONNECT\r\n".to_vec();
        bench.schedule_after(ms(10), Action::Inject(line));
        let told = keep(&bench, &mut module, &mut keeper, 60_000);
        assert_eq!(told, ["Lost(Wifi)", "Ready { again: true }"]);
    }
}

/// Who joins by itself is waited for.
fn not_joined_by_itself(dialect: Dialect) {
    let wishes = Wishes::new("broker", 1883, UserConfig::new("kept"));
    let (bench, mut module, mut keeper) = joined(dialect, wishes);
    keep(&bench, &mut module, &mut keeper, 20_000);
    bench.schedule_after(ms(10), Action::LoseWifi);
    bench.schedule_after(ms(30_000), Action::RestoreWifi);
    let told = keep(&bench, &mut module, &mut keeper, 120_000);
    assert_eq!(
        told,
        ["Lost(Wifi)", "Wifi(Failed)", "Ready { again: true }"]
    );
}

/// The module restarts whenever it joins, as with too weak a supply: it is not driven to that without a pause.
fn restarts_when_it_joins(dialect: Dialect) {
    let (bench, mut module, mut keeper) = start(dialect);
    for attempt in 1..=20 {
        let ready = Reaction::Text(b"\r\nready\r\n".to_vec());
        let name = match dialect {
            Dialect::Vendor => "CWJAP_CUR",
            _ => "CWJAP",
        };
        // Every second one is the question.
        let occurrence = if dialect == Dialect::Vendor {
            attempt
        } else {
            2 * attempt
        };
        bench.fault(Fault::command(name, occurrence, ready));
    }
    let mut pauses = Vec::new();
    while bench.now() < ms(200_000) {
        let begin = bench.now();
        match module.keep(&mut keeper, 50).expect("a UART") {
            Kept::Retry {
                after: Trouble::Module,
                in_ms,
            } => pauses.push((begin, in_ms)),
            Kept::Nothing | Kept::Event(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(pauses.len() >= 5 && pauses.len() < 12, "{pauses:?}");
    for pair in pauses.windows(2) {
        let pause = ms(pair[0].1.into());
        assert!(pair[1].0 >= pair[0].0 + pause, "{pauses:?}");
    }
}

/// However long one call may wait: what stood for half a minute is no short life.
#[test]
fn long_waits() {
    let (bench, mut module, mut keeper) = start(Dialect::EspAt);
    keep(&bench, &mut module, &mut keeper, 5_000);
    for number in 1..=40 {
        let action = match number % 5 {
            0 => Action::CutMqtt,
            _ => Action::Deliver(Message::new("a", "x")),
        };
        bench.schedule_after(ms(number * 6_000), action);
    }
    let mut losses = 0;
    while losses < 8 {
        match module.keep(&mut keeper, 3_600_000).expect("a UART") {
            Kept::Lost(Loss::Broker) => losses += 1,
            Kept::Event(_) | Kept::Ready { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(bench.now() > ms(240_000) && bench.now() < ms(250_000));
}

/// And the module is asked in the meantime.
#[test]
fn lost_without_a_word_during_a_long_wait() {
    let (bench, mut module, mut keeper) = start(Dialect::Vendor);
    keep(&bench, &mut module, &mut keeper, 5_000);
    bench.at(bench.now(), Action::CutMqtt);
    let begin = bench.now();
    let told = module.keep(&mut keeper, 3_600_000);
    assert_eq!(told, Ok(Kept::Lost(Loss::Broker)));
    let took = bench.now() - begin;
    assert!(took > ms(24_000) && took < ms(40_000), "{took:?}");
}

/// An answer that is missing, late or damaged is no lost connection; one that is missing twice is.
fn a_check_is_not_answered(dialect: Dialect) {
    let damaged = b"+MQTTCO\xceN:0,6,1,\"broker\",\"1883\",\"\",0\r\n\r\nOK\r\n".to_vec();
    for reaction in [
        Reaction::Silent,
        Reaction::Busy { times: 21 },
        Reaction::Text(damaged),
    ] {
        let (bench, mut module, mut keeper) = start(dialect);
        keep(&bench, &mut module, &mut keeper, 10_000);
        bench.fault(Fault::command("MQTTCONN", 1, reaction));
        let told = keep(&bench, &mut module, &mut keeper, 90_000);
        assert_eq!(told, [""; 0]);
        assert_eq!(bench.broker().connects().len(), 1);
        for occurrence in 1..=2 {
            let silent = Fault::command("MQTTCONN", occurrence, Reaction::Silent);
            bench.fault(silent);
        }
        let told = keep(&bench, &mut module, &mut keeper, 60_000);
        assert_eq!(told, ["Lost(Broker)", "Ready { again: true }"]);
    }
}

/// Only what happens again and again is for good.
#[test]
fn troubles_that_take_turns() {
    let (bench, mut module, mut keeper) = start(Dialect::EspAt);
    // Wrong password, no access point, wrong password, ...; every second one is the question.
    for (attempt, code) in (1..).zip([2, 3, 2, 1, 2]) {
        let failed = Reaction::JoinCode(code);
        bench.fault(Fault::command("CWJAP", 2 * attempt, failed));
    }
    let told = keep(&bench, &mut module, &mut keeper, 120_000);
    assert_eq!(
        told.last().map(String::as_str),
        Some("Ready { again: false }")
    );

    let (bench, mut module, mut keeper) = start(Dialect::EspAt);
    bench.broker().set_host("broker", HostState::Refusing);
    let _port = bench.network().tcp("broker", 1883);
    // The second of every two probes finds no broker.
    for attempt in 1..=5 {
        bench.fault(Fault::command("CIPSTART", 2 * attempt, Reaction::Error));
    }
    let told = keep(&bench, &mut module, &mut keeper, 200_000);
    let expected = ["Refused", "Unreachable"].repeat(5);
    assert_eq!(told[..6], expected[..6]);
    assert!(!told.contains(&"Login".to_owned()), "{told:?}");
}

/// A broker that has accepted before is given more time: it may be restarting behind a proxy.
fn refused_later(dialect: Dialect) {
    let (bench, mut module, mut keeper) = start(dialect);
    keep(&bench, &mut module, &mut keeper, 20_000);
    let _port = bench.network().tcp("broker", 1883);
    bench.broker().set_host("broker", HostState::Refusing);
    bench.at(bench.now(), Action::CutMqtt);
    let told = keep(&bench, &mut module, &mut keeper, 120_000);
    assert_eq!(told, ["Lost(Broker)", "Refused"]);
    let told = keep(&bench, &mut module, &mut keeper, 600_000);
    assert_eq!(told, ["Refused", "Login"]);
}

/// A module that was not restarted with the firmware may have five links.
fn a_wrong_login_with_five_links(dialect: Dialect) {
    let (bench, mut module, mut keeper) = start(dialect);
    module.init().expect("init");
    module
        .send(&SetMultiplexing(Multiplexing::Multiple))
        .expect("five links");
    bench.broker().add_user("somebody", "else");
    let _port = bench.network().tcp("broker", 1883);
    let told = keep(&bench, &mut module, &mut keeper, 200_000);
    assert_eq!(told, ["Refused", "Login"]);
}

/// It has joined a network that it remembers, but another one is wished, or another access point of it.
fn joined_elsewhere(dialect: Dialect) {
    let other = JoinOptions::new("Other", "otherpass");
    let home = JoinOptions::new(Settings::SSID, Settings::PASSWORD);
    let bssid = MacAddress([0x44, 0x33, 0x4c, 0x90, 0x96, 0x9a]);
    let twin_bssid = MacAddress([0x44, 0x33, 0x4c, 0x90, 0x96, 0x9b]);
    for (options, joins) in [
        (other, true),
        (other.bssid(MacAddress([2, 0, 0, 0, 0, 0x99])), true),
        (home, false),
        (home.bssid(bssid), false),
        (home.bssid(twin_bssid), true),
    ] {
        let wishes = Wishes::new("broker", 1883, UserConfig::new("kept")).wifi(options);
        let (bench, mut module, mut keeper) = joined(dialect, wishes);
        let mut access_point = AccessPoint::new("Other", "otherpass");
        access_point.bssid = "02:00:00:00:00:99".into();
        let access_points = [bssid, twin_bssid].map(|bssid| {
            let mut home = AccessPoint::new(Settings::SSID, Settings::PASSWORD);
            home.bssid = bssid.to_string();
            home
        });
        let mut access_points = access_points.to_vec();
        access_points.push(access_point);
        bench.set_access_points(access_points);
        let told = keep(&bench, &mut module, &mut keeper, 20_000);
        assert_eq!(told, ["Ready { again: false }"]);
        let status = module.wifi_status().expect("an answer");
        assert!(
            matches!(&status, WifiStatus::Joined(joined) if joined.ssid == options.ssid
                && options.bssid.is_none_or(|bssid| joined.bssid == bssid)),
            "{status:?}"
        );
        let sent = String::from_utf8_lossy(&bench.sent()).into_owned();
        let has_joined = sent.contains("CWJAP=") || sent.contains("CWJAP_CUR=");
        assert_eq!(has_joined, joins, "{sent}");
    }
}
