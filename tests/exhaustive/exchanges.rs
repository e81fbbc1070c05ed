//! The exchanges: one for each thing that a driver method says to the module.

use core::fmt::Debug;
use core::net::Ipv4Addr;

use super::common::emulated::{CLIENT, Driver, connected, quick, ready};
use esp8266_mqtt::{ConnectionConfig, Dialect, QoS, Reconnect, UserConfig, Will};
use esp8266_mqtt_emulator::{Bench, Fault, InitialState, Reaction, Settings};

/// A call of the driver, and the state it starts in.
pub struct Exchange {
    pub name: &'static str,
    pub prepare: fn(Settings) -> (Bench, Driver),
    pub run: fn(&mut Driver) -> String,
    /// The longest it may take, by the documentation of its methods, in seconds.
    pub limit_s: u64,
}

fn text(result: impl Debug) -> String {
    format!("{result:?}")
}

/// After `init`, on the access point.
fn joined(settings: Settings) -> (Bench, Driver) {
    let bench = Bench::new(settings);
    let module = ready(&bench);
    (bench, module)
}

/// After `init`, on no access point.
fn alone(settings: Settings) -> (Bench, Driver) {
    joined(settings.with_initial(InitialState::Ready))
}

fn configured(settings: Settings) -> (Bench, Driver) {
    let (bench, mut module) = joined(settings);
    module.usercfg(&UserConfig::new(CLIENT)).expect("usercfg");
    (bench, module)
}

fn subscribed(settings: Settings) -> (Bench, Driver) {
    let (bench, mut module) = connected(settings);
    for topic in ["a", "b/+", "c,\"d"] {
        module.subscribe(topic, QoS::AtMostOnce).expect("subscribe");
    }
    (bench, module)
}

/// The next command of that name is refused.
fn refusing(settings: Settings, name: &str) -> (Bench, Driver) {
    let (bench, module) = connected(settings);
    bench.fault(Fault::command(name, 1, Reaction::Error));
    (bench, module)
}

const LONG: [u8; 300] = {
    let mut bytes = [b'.'; 300];
    // Nothing in a payload is a line, a prompt or an answer.
    let text = b"\r\nOK\r\n>\r\nERROR\r\nready\r\n+MQTTSUBRECV:0,\"t\",3,x\r\nbusy p...\r\n+MQTTPUB:FAIL\r\n";
    let mut i = 0;
    while i < text.len() {
        bytes[i + 20] = text[i];
        i += 1;
    }
    bytes
};

pub const EXCHANGES: &[Exchange] = &[
    Exchange {
        name: "init",
        prepare: joined,
        run: |module| text(module.init()),
        limit_s: 20,
    },
    Exchange {
        name: "connect_wifi",
        prepare: alone,
        run: |module| text(module.connect_wifi(Settings::SSID, Settings::PASSWORD)),
        limit_s: 50,
    },
    Exchange {
        name: "connect_wifi, wrong password",
        prepare: alone,
        run: |module| text(module.connect_wifi(Settings::SSID, "wrong")),
        limit_s: 50,
    },
    Exchange {
        name: "wifi_status",
        prepare: joined,
        run: |module| text(module.wifi_status()),
        limit_s: 25,
    },
    Exchange {
        name: "disconnect_wifi",
        prepare: joined,
        run: |module| text(module.disconnect_wifi()),
        limit_s: 25,
    },
    Exchange {
        name: "usercfg",
        prepare: joined,
        run: |module| text(module.usercfg(&UserConfig::new("id").credentials("u", "p,\"\\"))),
        limit_s: 25,
    },
    Exchange {
        name: "usercfg of a client that exists",
        prepare: connected,
        run: |module| text(module.usercfg(&UserConfig::new("id"))),
        limit_s: 40,
    },
    Exchange {
        name: "conncfg",
        prepare: configured,
        run: |module| {
            let will = Will::new("will", "gone, \"really\"");
            text(module.conncfg(&ConnectionConfig::new().will(will)))
        },
        limit_s: 25,
    },
    Exchange {
        name: "connect",
        prepare: configured,
        run: |module| text(module.connect("broker", 1883, Reconnect::Off)),
        limit_s: 45,
    },
    Exchange {
        name: "connect, refused",
        prepare: |settings| {
            let (bench, module) = configured(settings);
            bench.broker().add_user("somebody", "else");
            (bench, module)
        },
        run: |module| text(module.connect("broker", 1883, Reconnect::Off)),
        limit_s: 45,
    },
    Exchange {
        name: "connection_state",
        prepare: connected,
        run: |module| text(module.connection_state()),
        limit_s: 25,
    },
    Exchange {
        name: "subscribe",
        prepare: connected,
        run: |module| text(module.subscribe("topic", QoS::AtLeastOnce)),
        limit_s: 40,
    },
    Exchange {
        name: "subscribe, refused",
        prepare: |settings| refusing(settings, "MQTTSUB"),
        run: |module| text(module.subscribe("topic", QoS::AtLeastOnce)),
        limit_s: 40,
    },
    Exchange {
        name: "unsubscribe",
        prepare: subscribed,
        run: |module| text(module.unsubscribe("b/+")),
        limit_s: 40,
    },
    Exchange {
        name: "subscriptions",
        prepare: subscribed,
        run: |module| {
            let mut topics = Vec::new();
            let done = module.subscriptions(|topic, qos| topics.push((topic.to_owned(), qos)));
            text((done, topics))
        },
        limit_s: 25,
    },
    Exchange {
        name: "publish of text",
        prepare: connected,
        run: |module| text(module.publish("t", "a,\"b\\", QoS::AtMostOnce)),
        limit_s: 40,
    },
    Exchange {
        name: "publish of bytes",
        prepare: connected,
        run: |module| text(module.publish("t", LONG, QoS::AtMostOnce)),
        limit_s: 45,
    },
    Exchange {
        name: "publish of bytes, refused",
        prepare: |settings| refusing(settings, "MQTTPUBRAW"),
        run: |module| text(module.publish("t", LONG, QoS::AtMostOnce)),
        limit_s: 45,
    },
    Exchange {
        name: "disconnect",
        prepare: connected,
        run: |module| text(module.disconnect()),
        limit_s: 30,
    },
    Exchange {
        name: "ip_info",
        prepare: joined,
        run: |module| text(module.ip_info()),
        limit_s: 40,
    },
    Exchange {
        name: "scan",
        prepare: joined,
        run: |module| {
            let mut names = Vec::new();
            let done = module.scan(|found| names.push(found.ssid.as_str().map(str::to_owned)));
            text((done, names))
        },
        limit_s: 60,
    },
    Exchange {
        name: "resolve, then ping",
        prepare: |settings| {
            let (bench, module) = joined(settings);
            bench.network().add_host("host", Ipv4Addr::new(10, 0, 0, 9));
            (bench, module)
        },
        run: |module| {
            text((
                module.resolve("host"),
                module.ping("host").map(|ms| ms.is_some()),
            ))
        },
        limit_s: 80,
    },
    Exchange {
        name: "configure and connect",
        prepare: joined,
        run: |module| {
            text((
                module.usercfg(&UserConfig::new("id")),
                module.connect("broker", 1883, Reconnect::Off),
                module.subscribe("t", QoS::AtMostOnce),
                module.publish("t", "x", QoS::AtMostOnce),
            ))
        },
        limit_s: 90,
    },
];

/// All exchanges with both firmwares.
pub fn all() -> impl Iterator<Item = (&'static Exchange, Dialect, Settings)> {
    let both = [Dialect::Vendor, Dialect::EspAt];
    EXCHANGES.iter().flat_map(move |exchange| {
        both.into_iter()
            .map(move |dialect| (exchange, dialect, quick(dialect)))
    })
}
