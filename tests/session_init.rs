//! `init` from every state in which a module can be found.

mod common;

use core::time::Duration;

use common::emulated::{driver, module, ms, names, quick, receive_until_quiet, urc};
use common::script::Script;
use common::{event, in_both_dialects, owned, timed_out};
use esp8266_mqtt::command::basic::Attention;
use esp8266_mqtt::{Dialect, Error, QoS, Version};
use esp8266_mqtt_emulator::settings::BootNoise;
use esp8266_mqtt_emulator::{Action, Bench, Fault, InitialState, Reaction, Settings};

in_both_dialects!(
    echo_on_and_off,
    joined_already,
    half_a_line_pending,
    data_mode,
    passthrough,
    power_up,
    power_up_behind_a_cut_off_message,
    power_up_at_every_moment,
    silent,
    what_a_silent_module_is_sent,
    line_ends_stop_when_they_are_answered,
    a_stalled_uart_while_getting_in_step,
    garbage,
    wrong_baud,
    unanswered_version,
    late_version,
    busy_version,
    messages_are_kept,
    the_override_wins,
);

/// In step: the answers are those of the commands, and no command was run that nobody sent.
fn assert_in_step(bench: &Bench, module: &mut common::emulated::Driver) {
    let mark = bench.received().len();
    module.wifi_status().unwrap();
    let received = bench.received()[mark..].to_vec();
    assert!(
        received.ends_with(b"\r\nOK\r\n"),
        "{}",
        received.escape_ascii()
    );
    assert!(
        !received.starts_with(b"AT"),
        "echo is off: {}",
        received.escape_ascii()
    );
    let known = ["GMR", "ATE", "MQTTCONN", "CWJAP", "AT"];
    let names = names(bench);
    assert!(
        names.iter().all(|name| known.contains(&name.as_str())),
        "{names:?}"
    );
}

fn init(settings: Settings, dialect: Dialect) -> Bench {
    let bench = Bench::new(settings);
    let mut module = driver(&bench);
    let firmware = module.init();
    assert_eq!(firmware.map(|firmware| firmware.dialect()), Ok(dialect));
    assert_eq!(module.dialect(), dialect);
    assert_in_step(&bench, &mut module);
    bench
}

fn echo_on_and_off(dialect: Dialect) {
    for echo in [true, false] {
        let bench = init(module(dialect).with_echo(echo), dialect);
        assert!(bench.now() < Duration::from_secs(1), "{:?}", bench.now());
    }
}

fn joined_already(dialect: Dialect) {
    let bench = init(module(dialect).with_initial(InitialState::Joined), dialect);
    assert!(bench.module().has_ip(), "init leaves the link alone");
}

fn half_a_line_pending(dialect: Dialect) {
    for line in [
        "A",
        "AT",
        "AT+MQTTPUB=0,\"t\",\"",
        "xyz",
        "AT+CWQAP\r",
        "\r",
    ] {
        let half = InitialState::HalfLine(line.into());
        let bench = init(module(dialect).with_initial(half), dialect);
        assert!(
            bench.now() < Duration::from_secs(3),
            "{line:?}: {:?}",
            bench.now()
        );
    }
    let half = InitialState::HalfLine(vec![b'x'; 300]);
    init(module(dialect).with_initial(half), dialect);
}

fn data_mode(dialect: Dialect) {
    for owed in [1, 2, 7, 8, 9, 100, 512, 1024] {
        let mode = InitialState::DataMode(owed);
        let bench = init(quick(dialect).with_initial(mode), dialect);
        assert_eq!(bench.module().payload_owed(), 0);
        assert!(
            bench.now() < Duration::from_secs(10),
            "{owed}: {:?}",
            bench.now()
        );
    }
}

fn passthrough(dialect: Dialect) {
    let mode = InitialState::Passthrough;
    let bench = init(module(dialect).with_initial(mode), dialect);
    assert!(bench.now() < Duration::from_secs(6), "{:?}", bench.now());
}

fn power_up(dialect: Dialect) {
    for noise in [
        BootNoise::None,
        BootNoise::RomText,
        BootNoise::Bytes((0..=255).collect()),
        BootNoise::Bytes(b"\r\nAT version:9.9\r\n\r\nERROR\r\n\r\nbusy p...\r\n".to_vec()),
    ] {
        let mut settings = module(dialect).with_initial(InitialState::PowerUp);
        settings.boot_noise = noise;
        let bench = init(settings, dialect);
        assert!(bench.now() < Duration::from_secs(5), "{:?}", bench.now());
    }
}

fn power_up_behind_a_cut_off_message(dialect: Dialect) {
    for noise in [
        "+MQTTSUBRECV:0,\"t\",9999,",
        "+MQTTSUBRECV:0,\"t\",400,abc",
        "+MQTTSUBRECV:t,a",
    ] {
        let mut settings = module(dialect).with_initial(InitialState::PowerUp);
        settings.boot_noise = BootNoise::Bytes(noise.into());
        init(settings, dialect);
    }
}

/// However long ago the module was switched on.
fn power_up_at_every_moment(dialect: Dialect) {
    for tenths in 0..10 {
        let bench = Bench::new(module(dialect).with_initial(InitialState::PowerUp));
        bench.advance(ms(tenths * 100));
        let mut module = driver(&bench);
        let firmware = module.init();
        assert_eq!(firmware.map(|firmware| firmware.dialect()), Ok(dialect));
        assert_in_step(&bench, &mut module);
    }
}

/// Stock firmware knows the version and the echo, but no MQTT.
#[test]
fn stock_firmware_without_mqtt() {
    let bench = Bench::new(Settings::stock_nonos());
    let mut module = driver(&bench);
    let firmware = module.init().unwrap();
    assert_eq!(firmware.at, Version([1, 7, 4, 0]));
    let result = module.usercfg(&esp8266_mqtt::UserConfig::new("c"));
    assert_eq!(result, Err(Error::Rejected(None)));
    assert_in_step_stock(&bench, &mut module);
}

fn assert_in_step_stock(bench: &Bench, module: &mut common::emulated::Driver) {
    module.wifi_status().unwrap();
    assert!(bench.received().ends_with(b"\r\nOK\r\n"));
}

fn silent(dialect: Dialect) {
    let bench = Bench::new(module(dialect));
    bench.fault(Fault::Silence);
    let mut module = driver(&bench);
    assert_eq!(timed_out(module.init()), Some("+GMR"));
    let took = bench.now();
    assert!((ms(3_000)..ms(12_000)).contains(&took), "{took:?}");
}

/// What it answers when it is asked, in both dialects.
fn answers(script: &Script, dialect: Dialect) {
    let version = match dialect {
        Dialect::Vendor => "AT version:1.7.4.0(May)\r\nSDK version:3.0.4\r\n\r\nOK\r\n",
        _ => "AT version:2.2.0.0\r\n\r\nOK\r\n",
    };
    script.command("AT+GMR", version).ok("ATE0");
    if dialect == Dialect::EspAt {
        let state = "+MQTTCONN:0,0,0,\"\",\"\",\"\",0\r\n\r\nOK\r\n";
        script.command("AT+MQTTCONN?", state);
    }
}

/// One that waits for the rest of a payload gets line ends, and time to say what it makes of them.
fn what_a_silent_module_is_sent(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    let question = "AT+GMR\r\n";
    for expected in [question, question, "+++", question, question] {
        script.bytes(expected, "");
    }
    script.bytes("\r\n".repeat(512), "");
    script.later(ms(200), "\r\nERROR\r\n");
    answers(&script, dialect);
    module.init().expect("init");
    script.assert_done();
}

/// The first of them is enough for one that does not wait; and no payload is owed to it the next time.
fn line_ends_stop_when_they_are_answered(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    let question = "AT+GMR\r\n";
    for expected in [question, question, "+++", question, question] {
        script.bytes(expected, "");
    }
    script.bytes("\r\n", "\r\nERROR\r\n");
    answers(&script, dialect);
    module.init().expect("init");
    script.command("AT", "");
    assert_eq!(timed_out(module.send(&Attention)), Some(""));
    script.command("AT+GMR", "AT version:2.2.0.0\r\n\r\nOK\r\n");
    script.ok("AT");
    module.send(&Attention).expect("in step");
    script.assert_done();
}

/// A UART that takes nothing is not asked again and again.
fn a_stalled_uart_while_getting_in_step(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    script.command("AT", "");
    assert_eq!(timed_out(module.send(&Attention)), Some(""));
    script.stall(true);
    let start = script.now();
    assert_eq!(module.send(&Attention), Err(Error::WriteStalled));
    let took = script.now() - start;
    assert!(took < ms(3_000), "{took:?}");
}

/// A message whose end does not come is given up and counted, and only such a one.
#[test]
fn half_a_message_is_counted() {
    for half in [true, false] {
        let script = Script::new();
        let mut module = script.driver(Dialect::EspAt);
        if half {
            script.push("+MQTTSUBRECV:0,\"t\",500,half");
        }
        script.command("AT", "");
        assert_eq!(timed_out(module.send(&Attention)), Some(""));
        script.command("AT+GMR", "").command("AT+GMR", "");
        let version = "\r\nAT version:2.2.0.0\r\n\r\nOK\r\n";
        script.bytes("+++", "").command("AT+GMR", version).ok("AT");
        module.send(&Attention).expect("in step");
        let dropped = "MessagesDropped { count: 1, bytes: 500 }";
        let expected = half.then(|| dropped.to_owned());
        assert_eq!(event(&mut module), expected);
        assert_eq!(module.counters().messages_dropped, u16::from(half));
        script.assert_done();
    }
}

fn garbage(dialect: Dialect) {
    let bench = Bench::new(quick(dialect));
    bench.fault(Fault::Garbage);
    let mut module = driver(&bench);
    assert_eq!(timed_out(module.init()), Some("+GMR"));
    assert!(bench.now() < Duration::from_secs(15), "{:?}", bench.now());
}

fn wrong_baud(dialect: Dialect) {
    let mut settings = module(dialect);
    settings.host.baud = Some(if dialect == Dialect::Vendor {
        115_200
    } else {
        9600
    });
    let bench = Bench::new(settings);
    let mut module = driver(&bench);
    assert_eq!(timed_out(module.init()), Some("+GMR"));
    let baud = bench.module().baud();
    bench.set_host_baud(baud);
    assert_eq!(
        module.init().map(|firmware| firmware.dialect()),
        Ok(dialect)
    );
    assert_in_step(&bench, &mut module);
}

fn unanswered_version(dialect: Dialect) {
    let bench = Bench::new(module(dialect));
    bench.fault(Fault::command("GMR", 1, Reaction::Silent));
    let mut module = driver(&bench);
    module.init().unwrap();
    assert_in_step(&bench, &mut module);
}

/// The answer to an earlier attempt must not be taken for one to the next command.
fn late_version(dialect: Dialect) {
    for late in (500..2500).step_by(100) {
        let bench = Bench::new(module(dialect));
        bench.fault(Fault::command("GMR", 1, Reaction::Late(ms(late))));
        let mut module = driver(&bench);
        module.init().unwrap();
        assert_in_step(&bench, &mut module);
    }
}

fn busy_version(dialect: Dialect) {
    let bench = Bench::new(module(dialect));
    bench.fault(Fault::command("GMR", 1, Reaction::Busy { times: 5 }));
    let mut module = driver(&bench);
    module.init().unwrap();
    assert_in_step(&bench, &mut module);
}

fn messages_are_kept(dialect: Dialect) {
    let bench = Bench::new(quick(dialect));
    let mut module = driver(&bench);
    for (after, payload) in [(0, "first"), (1, "second"), (2, "third")] {
        bench.schedule_after(ms(after), Action::Inject(urc(dialect, "m", payload)));
    }
    bench.advance(ms(1));
    module.init().unwrap();
    let expected = ["first", "second", "third"].map(|payload| owned("m", payload));
    assert_eq!(receive_until_quiet(&bench, &mut module), expected);
}

fn the_override_wins(dialect: Dialect) {
    let other = match dialect {
        Dialect::Vendor => Dialect::EspAt,
        _ => Dialect::Vendor,
    };
    let bench = Bench::new(quick(dialect));
    let mut module = driver(&bench).with_dialect(other);
    let firmware = module.init().unwrap();
    assert_eq!(firmware.dialect(), dialect);
    assert_eq!(module.dialect(), other);
    let topic = "t".repeat(100);
    let result = module.subscribe(&topic, QoS::AtMostOnce);
    let refused_by_driver = matches!(result, Err(Error::Argument(_)));
    assert_eq!(refused_by_driver, other == Dialect::Vendor, "{result:?}");
}
