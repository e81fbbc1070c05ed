//! The whole session on the emulator, in both dialects.

use esp8266_mqtt::{Buffers, Dialect, Error, Esp8266Mqtt, QoS, Reconnect, UserConfig};
use esp8266_mqtt_emulator::{AccessPoint, Bench, Settings};

fn session(settings: Settings, dialect: Dialect) {
    let bench = Bench::new(settings.with_access_points(vec![AccessPoint::new("home", "secret")]));
    let (mut rx, mut tx) = ([0; 1024], [0; 256]);
    let mut module = Esp8266Mqtt::new(bench.uart(), bench.delay(), Buffers::new(&mut rx, &mut tx));
    let result = (|| {
        let firmware = module.init()?;
        assert_eq!(firmware.dialect(), dialect);
        module.connect_wifi("home", "secret")?;
        module.usercfg(&UserConfig::new("client").credentials("user", "password"))?;
        module.connect("broker", 1883, Reconnect::Off)?;
        module.subscribe("test/a", QoS::AtMostOnce)?;
        module.publish("test/a", "123", QoS::AtMostOnce)?;
        module.publish("test/a", [0, 1, 2, 3], QoS::AtMostOnce)?;
        Ok::<_, Error<_>>(())
    })();
    println!("{}", bench.trace());
    result.unwrap();
    let message = nb::block!(module.poll_receive()).unwrap();
    assert_eq!(message.topic(), b"test/a");
    assert_eq!(message.payload(), b"123");
    let message = nb::block!(module.poll_receive()).unwrap();
    assert_eq!(message.payload(), [0, 1, 2, 3]);
}

#[test]
fn on_vendor_firmware() {
    session(Settings::vendor(), Dialect::Vendor);
}

#[test]
fn on_esp_at() {
    session(Settings::esp_at(), Dialect::EspAt);
}
