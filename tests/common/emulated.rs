//! The driver on the emulated module.

use core::time::Duration;

use esp8266_mqtt::{Dialect, Esp8266Mqtt, Reconnect, UserConfig};
use esp8266_mqtt_emulator::bench::{Delay, Uart};
use esp8266_mqtt_emulator::module::{Argument, Form};
use esp8266_mqtt_emulator::{Bench, InitialState, Message, Settings};

use super::{Owned, buffers, receive};

pub type Driver = Esp8266Mqtt<'static, Uart, Delay>;

pub const CLIENT: &str = "client-1";

pub const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A module that speaks `dialect`, as shipped.
pub fn module(dialect: Dialect) -> Settings {
    match dialect {
        Dialect::EspAt => Settings::esp_at(),
        _ => Settings::vendor(),
    }
}

/// The same at 115200 baud, answering at once, already joined: for tests that are not about time.
pub fn quick(dialect: Dialect) -> Settings {
    let settings = module(dialect).fast().with_baud(115_200);
    settings.with_initial(InitialState::Joined)
}

pub fn driver(bench: &Bench) -> Driver {
    driver_with(bench, 1024, 256)
}

pub fn driver_with(bench: &Bench, rx: usize, tx: usize) -> Driver {
    Esp8266Mqtt::new(bench.uart(), bench.delay(), buffers(rx, tx))
}

/// A driver after `init`.
pub fn ready(bench: &Bench) -> Driver {
    let mut module = driver(bench);
    module.init().expect("init");
    module
}

/// Configures and connects.
pub fn connect(module: &mut Driver) {
    module.usercfg(&UserConfig::new(CLIENT)).expect("usercfg");
    module
        .connect("broker", 1883, Reconnect::Off)
        .expect("connect");
}

/// A bench and a driver on it that is connected to the broker.
pub fn connected(settings: Settings) -> (Bench, Driver) {
    let bench = Bench::new(settings);
    let mut module = ready(&bench);
    connect(&mut module);
    bench.advance(ms(10));
    assert!(bench.module().is_connected());
    (bench, module)
}

/// The name, form and parameters of the last command that the module understood.
pub fn understood(bench: &Bench) -> (String, Form, Vec<Argument>) {
    let module = bench.module();
    let last = module.commands().last().expect("a command");
    (last.name.clone(), last.form, last.arguments.clone())
}

pub fn text(bytes: impl AsRef<[u8]>) -> Argument {
    Argument::Text(bytes.as_ref().to_vec())
}

/// What the broker got from the driver under test.
pub fn published(bench: &Bench) -> Vec<Message> {
    let all = bench.broker().published();
    let own = all
        .into_iter()
        .filter(|message| message.client_id.is_some());
    own.map(|published| published.message).collect()
}

/// Names of the commands that the module understood, oldest first.
pub fn names(bench: &Bench) -> Vec<String> {
    let module = bench.module();
    module
        .commands()
        .iter()
        .map(|command| command.name.clone())
        .collect()
}

/// The line in which the module prints a message.
pub fn urc(dialect: Dialect, topic: &str, payload: impl AsRef<[u8]>) -> Vec<u8> {
    let payload = payload.as_ref();
    let mut line = match dialect {
        Dialect::EspAt => format!("+MQTTSUBRECV:0,\"{topic}\",{},", payload.len()),
        _ => format!("+MQTTSUBRECV:{topic},"),
    }
    .into_bytes();
    line.extend_from_slice(payload);
    line.extend_from_slice(b"\r\n");
    line
}

/// All messages until the line has been quiet for 50 ms.
pub fn receive_until_quiet(bench: &Bench, module: &mut Driver) -> Vec<Owned> {
    let mut all = Vec::new();
    let mut quiet = 0;
    while quiet < 50 {
        match receive(module) {
            Some(message) => {
                all.push(message);
                quiet = 0;
            }
            None => {
                bench.advance(ms(1));
                quiet += 1;
            }
        }
    }
    all
}
