//! Without `--port`: an emulated module in wall-clock time, an access point, and an MQTT broker inside the process.

use crate::{
    arguments::{Arguments, DialectChoice},
    failure::Failure,
};
use esp8266_mqtt_emulator::{
    AccessPoint, RealBroker, RealTimePort, Settings, broker::start_embedded,
};

pub const SSID: &str = "emulated-ap";
pub const PASSWORD: &str = "emulated-password";
pub const HOST: &str = "broker.emulated";
pub const USERNAME: &str = "demo";
pub const MQTT_PASSWORD: &str = "demo-password";

/// Switches a module on whose network leads to the broker, whatever host it is told to connect to.
pub fn switch_on(arguments: &Arguments) -> Result<RealTimePort, Failure> {
    // The module signs for Aliyun by itself, so that its broker lets everybody in.
    let users: &[_] = if arguments.aliyun.is_some() {
        &[]
    } else {
        &[(USERNAME, MQTT_PASSWORD)]
    };
    let port = start_embedded(users)
        .map_err(|error| Failure::from(format!("cannot start the broker: {error}")))?;
    let broker = RealBroker::always("127.0.0.1", port);
    Ok(RealTimePort::new(settings(arguments), Box::new(broker)))
}

/// A module as shipped, but quicker in finding and losing access points than the real one.
fn settings(arguments: &Arguments) -> Settings {
    let mut settings = match arguments.dialect {
        DialectChoice::Auto | DialectChoice::Vendor => Settings::vendor(),
        DialectChoice::EspAt => Settings::esp_at(),
    };
    if let Some(baud) = arguments.baud {
        settings.baud = baud;
    }
    settings
        .brisk()
        .with_access_points(vec![AccessPoint::new(SSID, PASSWORD)])
}
