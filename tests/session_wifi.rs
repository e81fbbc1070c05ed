//! Starting, restarting, joining and leaving on the emulated module, in both dialects.

mod common;

use common::emulated::{
    Driver, connect, connected, driver, driver_with, module, ms, names, quick, ready, text,
    understood,
};
use common::script::Script;
use common::{events, in_both_dialects};
use esp8266_mqtt::command::wifi::{Scan, ScanFor, ScannedAccessPoint, Security};
use esp8266_mqtt::{
    Argument, ArgumentError, Dialect, Error, JoinError, JoinOptions, MacAddress, MqttLink, Reason,
    Store, WifiLink, WifiStatus,
};
use esp8266_mqtt_emulator::module::Form;
use esp8266_mqtt_emulator::settings::Joining;
use esp8266_mqtt_emulator::{AccessPoint, Bench, Fault, Reaction, Settings};

in_both_dialects!(
    init_and_restart,
    hard_reset,
    joined_without_a_line,
    connect_and_disconnect_wifi,
    connect_wifi_failures,
    scan_of_many_access_points,
    scan_with_a_line_that_does_not_fit,
    scan_of_certain_access_points,
);

fn init_and_restart(dialect: Dialect) {
    let bench = Bench::new(module(dialect));
    let mut module = driver(&bench);
    let firmware = module.init().unwrap();
    assert_eq!(firmware.dialect(), dialect);
    assert_eq!(module.dialect(), dialect);
    let queried: &[&str] = match dialect {
        Dialect::EspAt => &["GMR", "ATE", "MQTTCONN"],
        _ => &["GMR", "ATE"],
    };
    assert_eq!(names(&bench), queried);
    assert!(bench.now() < ms(600), "{:?}", bench.now());

    connect_if_esp_at(&mut module, dialect);
    events(&mut module);
    assert_eq!(module.restart(), Ok(firmware));
    assert_eq!(bench.module().restarts(), 1);
    assert!(bench.module().is_ready());
    assert_eq!(bench.module().mqtt_state(), 0);
    assert_eq!(events(&mut module), ["ModuleRestarted"]);
    assert_eq!(module.link_state().mqtt, MqttLink::Down);
    module.wifi_status().unwrap();
}

fn connect_if_esp_at(module: &mut Driver, dialect: Dialect) {
    if dialect == Dialect::EspAt {
        module
            .connect_wifi(Settings::SSID, Settings::PASSWORD)
            .unwrap();
        connect(module);
    }
}

fn hard_reset(dialect: Dialect) {
    let (bench, mut module) = connected(quick(dialect));
    events(&mut module);
    let firmware = module.hard_reset(&mut bench.reset_pin()).unwrap();
    assert_eq!(firmware.dialect(), dialect);
    assert_eq!(bench.module().restarts(), 1);
    assert!(!bench.module().is_connected());
    assert_eq!(module.counters().restarts, 1);
    module.wifi_status().unwrap();
}

/// With `AT+SYSMSG` the lines that tell of it can be turned off.
fn joined_without_a_line(dialect: Dialect) {
    let script = Script::new();
    let mut module = script.driver(dialect);
    let name = if dialect == Dialect::Vendor {
        "CWJAP_CUR"
    } else {
        "CWJAP"
    };
    script.ok(&format!("AT+{name}=\"net\",\"password\""));
    module.connect_wifi("net", "password").expect("join");
    assert_eq!(module.link_state().wifi, WifiLink::Up);
    script.assert_done();
}

fn connect_and_disconnect_wifi(dialect: Dialect) {
    let bench = Bench::new(module(dialect));
    let mut module = ready(&bench);
    module
        .connect_wifi(Settings::SSID, Settings::PASSWORD)
        .unwrap();
    let (name, form, arguments) = understood(&bench);
    let join = if dialect == Dialect::Vendor {
        "CWJAP_CUR"
    } else {
        "CWJAP"
    };
    assert_eq!((name.as_str(), form), (join, Form::Set));
    assert_eq!(arguments, [text(Settings::SSID), text(Settings::PASSWORD)]);
    assert!(bench.module().has_ip());
    assert_eq!(module.link_state().wifi, WifiLink::Up);
    assert!(
        (2500..12_000).contains(&bench.now().as_millis()),
        "{:?}",
        bench.now()
    );
    let Ok(WifiStatus::Joined(ap)) = module.wifi_status() else {
        panic!("not joined")
    };
    assert_eq!(
        (ap.ssid.as_str(), ap.bssid.to_string().as_str()),
        (Settings::SSID, "44:33:4c:90:96:9a")
    );
    assert_eq!((ap.channel, ap.rssi), (11, -55));

    module.disconnect_wifi().unwrap();
    assert!(!bench.module().has_ip());
    assert_eq!(module.wifi_status(), Ok(WifiStatus::NotJoined));
    assert_eq!(module.link_state().wifi, WifiLink::Down);
    let seen = events(&mut module);
    assert_eq!(seen, ["WifiConnected", "WifiGotIp", "WifiDisconnected"]);
}

fn connect_wifi_failures(dialect: Dialect) {
    let mut settings = quick(dialect);
    let mut silent = AccessPoint::new("silent", "");
    silent.joining = Joining::Timeout;
    let mut refusing = AccessPoint::new("refusing", "");
    refusing.joining = Joining::Refused;
    settings.access_points.extend([silent, refusing]);
    let bench = Bench::new(settings);
    let mut module = ready(&bench);
    for (ssid, password, expected) in [
        (Settings::SSID, "wrong", JoinError::WrongPassword),
        ("nowhere", "", JoinError::NotFound),
        ("silent", "", JoinError::TimedOut),
        ("refusing", "", JoinError::Failed),
    ] {
        let result = module.connect_wifi(ssid, password);
        assert_eq!(result, Err(Error::Join(expected)), "{ssid}");
        assert!(!bench.module().has_ip());
    }
    bench.fault(Fault::command("CWJAP*", 1, Reaction::JoinCode(9)));
    let result = module.connect_wifi(Settings::SSID, Settings::PASSWORD);
    assert_eq!(result, Err(Error::Join(JoinError::Other(9))));
    let right = JoinOptions::new(Settings::SSID, Settings::PASSWORD)
        .bssid(MacAddress([0x44, 0x33, 0x4c, 0x90, 0x96, 0x9a]));
    module.connect_wifi_with(&right).unwrap();
    assert!(bench.module().has_ip());
}

/// Forty lines of some 60 bytes each pass through a transmit buffer of 128 bytes.
fn scan_of_many_access_points(dialect: Dialect) {
    let mut settings = quick(dialect);
    settings.access_points = (0..40)
        .map(|number| {
            let mut ap = AccessPoint::new(format!("net, \"{number}\""), "");
            ap.bssid = format!("44:33:4c:90:96:{number:02x}");
            ap.channel = number % 13 + 1;
            ap.rssi = -50 - number as i8;
            ap
        })
        .collect();
    let bench = Bench::new(settings);
    let mut module = driver_with(&bench, 512, 128);
    module.init().unwrap();
    let mut number = 0;
    let found = |ap: &ScannedAccessPoint| {
        let name = format!("net, \"{number}\"");
        assert_eq!(ap.ssid.as_str(), Some(name.as_str()));
        assert_eq!(ap.security, Security::Open);
        assert_eq!(ap.bssid, MacAddress([0x44, 0x33, 0x4c, 0x90, 0x96, number]));
        assert_eq!(ap.channel, number % 13 + 1);
        assert_eq!(ap.rssi, -50 - number as i8);
        assert_eq!(ap.ciphers.map(|it| it.wps), Some(true));
        number += 1;
    };
    module.scan(found).unwrap();
    assert_eq!(number, 40);
    assert_eq!(understood(&bench).0, "CWLAP");
    // In step afterwards; the same as one response does not fit.
    module.wifi_status().unwrap();
    let result = module.send(&Scan);
    assert!(
        matches!(result, Err(Error::ResponseTooLong { command }) if command.as_str() == "+CWLAP"),
        "{result:?}"
    );
}

fn scan_with_a_line_that_does_not_fit(dialect: Dialect) {
    let mut settings = quick(dialect);
    let names = ["a".to_owned(), "b".repeat(32), "c".to_owned()];
    settings.access_points = names.map(|name| AccessPoint::new(name, "")).into();
    let bench = Bench::new(settings);
    let mut module = driver_with(&bench, 512, 80);
    module.init().unwrap();
    let mut found = Vec::new();
    let result = module.scan(|ap| found.push(ap.ssid.to_string()));
    assert!(
        matches!(result, Err(Error::ResponseTooLong { command }) if command.as_str() == "+CWLAP"),
        "{result:?}"
    );
    assert_eq!(found, ["a", "c"]);
    module.wifi_status().unwrap();
}

fn scan_of_certain_access_points(dialect: Dialect) {
    let mut settings = quick(dialect);
    let mut twin = AccessPoint::new(Settings::SSID, "");
    twin.channel = 6;
    twin.bssid = "44:33:4c:90:96:9b".into();
    settings.access_points.push(twin);
    let bench = Bench::new(settings);
    let mut module = ready(&bench);
    let ssid = Some(Settings::SSID);
    let scan = |module: &mut Driver, what: ScanFor<'_>| {
        let mut found = Vec::new();
        let result = module.scan_for(&what, |ap| found.push((ap.channel, ap.bssid.to_string())));
        assert_eq!(result, Ok(()));
        found
    };
    let all = ScanFor::default();
    let home = (11, "44:33:4c:90:96:9a".to_owned());
    let twin = (6, "44:33:4c:90:96:9b".to_owned());
    let both = [home.clone(), twin.clone()];
    assert_eq!(scan(&mut module, ScanFor { ssid, ..all }), both);
    let channel = Some(6);
    assert_eq!(scan(&mut module, ScanFor { channel, ..all }), [twin]);
    let bssid = Some(MacAddress([0x44, 0x33, 0x4c, 0x90, 0x96, 0x9a]));
    assert_eq!(scan(&mut module, ScanFor { bssid, ..all }), [home]);
    let ssid = Some("nowhere");
    assert_eq!(scan(&mut module, ScanFor { ssid, ..all }), []);

    let sent = bench.module().commands().len();
    let mut count = 0;
    let result = module.scan_for(
        &ScanFor {
            ssid,
            channel: Some(15),
            ..ScanFor::default()
        },
        |_| count += 1,
    );
    let error = ArgumentError {
        argument: Argument::Channel,
        reason: Reason::OutOfRange { min: 1, max: 14 },
    };
    assert_eq!(result, Err(Error::Argument(error)));
    assert_eq!(bench.module().commands().len(), sent, "nothing was sent");
    // Of an answer with a broken line the others are delivered.
    let lines = [
        r#"+CWLAP:(3,"home",-62,"ca:d7:19:d8:a6:44",1)"#,
        r#"+CWLAP:(3,"home",-62,"ca:d7:19"#,
        r#"+CWLAP:(3,"home",-70,"ca:d7:19:d8:a6:45",6)"#,
    ];
    let answer = format!("{}\r\n\r\nOK\r\n", lines.join("\r\n"));
    bench.fault(Fault::command("CWLAP", 1, Reaction::Text(answer.into())));
    let result = module.scan_for(
        &ScanFor {
            ssid,
            ..ScanFor::default()
        },
        |_| count += 1,
    );
    assert!(
        matches!(result, Err(Error::UnexpectedResponse { .. })),
        "{result:?}"
    );
    assert_eq!(count, 2);
    module.wifi_status().unwrap();
}

#[test]
fn connect_wifi_stores_only_when_asked_to() {
    let bench = Bench::new(quick(Dialect::Vendor));
    let mut module = ready(&bench);
    let options = JoinOptions::new(Settings::SSID, Settings::PASSWORD);
    module
        .connect_wifi_with(&options.store(Store::Flash))
        .unwrap();
    assert_eq!(understood(&bench).0, "CWJAP_DEF");
    module.restart().unwrap();
    bench.advance(ms(100));
    assert!(bench.module().has_ip(), "joins by itself");
}
