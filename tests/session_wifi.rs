//! Starting, restarting, joining and leaving on the emulated module, in both dialects.

mod common;

use common::emulated::{
    Driver, connect, connected, driver, module, ms, names, quick, ready, text, understood,
};
use common::{events, in_both_dialects};
use esp8266_mqtt::{Dialect, Error, JoinError, JoinOptions, MqttLink, Store, WifiLink, WifiStatus};
use esp8266_mqtt_emulator::module::Form;
use esp8266_mqtt_emulator::settings::Joining;
use esp8266_mqtt_emulator::{AccessPoint, Bench, Fault, Reaction, Settings};

in_both_dialects!(
    init_and_restart,
    hard_reset,
    connect_and_disconnect_wifi,
    connect_wifi_failures,
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
        (ap.ssid.as_str(), ap.bssid.as_str()),
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
    let right = JoinOptions::new(Settings::SSID, Settings::PASSWORD).bssid("44:33:4c:90:96:9a");
    module.connect_wifi_with(&right).unwrap();
    assert!(bench.module().has_ip());
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
