//! The emulated module and its surroundings, in good health or in trouble.

use crate::checks::Options;
use clap::ValueEnum;
use esp8266_mqtt_emulator::{
    AccessPoint, Fault, MemoryBroker, MemoryNetwork, Reaction, Settings,
    broker::HostState,
    settings::{Addresses, ConnectionQuery},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Emulator {
    /// The vendor's firmware, AT 1.7
    Vendor,
    /// Espressif's ESP-AT 2.x
    EspAt,
}

/// What is wrong with the emulated module or around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Trouble {
    /// Neither hears nor says anything
    Silent,
    /// Says random bytes
    Garbage,
    /// Has another baud rate than it was shipped with
    Rate,
    /// Firmware without MQTT
    NoMqtt,
    /// Answers "busy" to every attempt to join
    Busy,
    /// The access point has another password
    WifiPassword,
    /// The access point is not there
    NoNetwork,
    /// The access point is far away
    WeakSignal,
    /// The broker's name is not known
    Dns,
    /// Nobody listens at the broker's port
    Broker,
    /// The broker is switched off
    BrokerOff,
    /// The broker refuses user name and password
    Login,
    /// It does, and the firmware does not tell
    NotTold,
    /// The broker keeps messages to itself
    NoEcho,
    /// Bytes are lost on the way
    Damaged,
    /// The module restarts when it begins to send
    Restarts,
    /// The broker's port is that of TLS
    Tls,
    /// Another client has the same client id
    Contested,
}

/// The module, as shipped but quicker in joining.
pub fn settings(firmware: Emulator, trouble: Option<Trouble>, options: &Options<'_>) -> Settings {
    let mut settings = match (firmware, trouble) {
        (_, Some(Trouble::NoMqtt)) => Settings::stock_nonos(),
        (Emulator::Vendor, _) | (_, Some(Trouble::NotTold)) => Settings::vendor(),
        (Emulator::EspAt, _) => Settings::esp_at(),
    };
    let mut access_point = AccessPoint::new(options.ssid, options.password);
    if let Some(rate) = options.rate {
        settings.baud = rate.get();
    }
    settings.host.baud = Some(settings.baud);
    match trouble {
        Some(Trouble::Rate) => settings.baud = 57_600,
        Some(Trouble::WifiPassword) => access_point.password = b"another password".to_vec(),
        Some(Trouble::NoNetwork) => access_point.ssid = b"another network".to_vec(),
        Some(Trouble::WeakSignal) => access_point.rssi = -88,
        Some(Trouble::NotTold) => settings.connection_query = ConnectionQuery::Refused,
        _ => {}
    }
    settings.brisk().with_access_points(vec![access_point])
}

/// Makes broker and network as the trouble wants them. Returns what the module itself is to do wrong.
pub fn prepare(
    trouble: Option<Trouble>,
    options: &Options<'_>,
    broker: &MemoryBroker,
    network: &MemoryNetwork,
) -> Option<Fault> {
    let Options {
        host, port, topic, ..
    } = *options;
    if trouble != Some(Trouble::Dns) {
        network.set_host(host, HostState::Up);
    }
    match trouble {
        Some(Trouble::Dns | Trouble::Broker) => {}
        Some(Trouble::BrokerOff) => network.set_host(host, HostState::Unreachable),
        _ => {
            network.tcp(host, port);
        }
    }
    match trouble? {
        Trouble::Silent => Some(Fault::Silence),
        Trouble::Garbage => Some(Fault::Garbage),
        Trouble::Busy => {
            let reaction = Reaction::Busy { times: u32::MAX };
            Some(Fault::command("CWJAP*", 1, reaction))
        }
        Trouble::Restarts => {
            let text = b"\r\nready\r\n".to_vec();
            Some(Fault::command("CWJAP*", 1, Reaction::Text(text)))
        }
        Trouble::Login | Trouble::NotTold => {
            broker.add_user("somebody else", "with another password");
            None
        }
        Trouble::Tls => {
            broker.set_host(host, HostState::Refusing);
            None
        }
        Trouble::NoEcho => {
            let text = b"\r\nOK\r\n".to_vec();
            Some(Fault::command("MQTTPUB", 1, Reaction::Text(text)))
        }
        Trouble::Damaged => {
            let mac = Addresses::default().mac.replace(':', "");
            let made = format!("esp8266-doctor-{mac}");
            let id = options.client_id.unwrap_or(&made);
            let text = format!("\r\nOK\r\n+MQTTSUBRECV:{topic},{id} 0126789\r\n");
            Some(Fault::command(
                "MQTTPUB",
                1,
                Reaction::Text(text.into_bytes()),
            ))
        }
        _ => None,
    }
}
