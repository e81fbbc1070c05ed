//! The session itself: what a firmware program does with the driver.

use crate::{
    failure::Failure,
    receive::{Echoes, broker_answer},
    steps::Steps,
};
use embedded_hal::delay::DelayNs;
use embedded_io::{Read, ReadReady, Write};
use esp8266_mqtt::{
    AliyunDevice, Buffers, ConnectionConfig, Dialect, Esp8266Mqtt, QoS, Reconnect, UserConfig,
};

/// What the session needs to know.
pub struct Options<'a> {
    pub dialect: Dialect,
    pub ssid: &'a str,
    pub password: &'a str,
    pub host: &'a str,
    pub port: u16,
    pub login: Login<'a>,
    pub topic: &'a str,
    pub messages: Vec<String>,
}

/// The two ways to log in at a broker.
pub enum Login<'a> {
    User(UserConfig<'a>),
    Aliyun(AliyunDevice<'a>),
}

/// Runs the session. Where a step failed because the module restarted, that is what the failure says.
pub fn run<U: Read + ReadReady + Write, D: DelayNs>(
    uart: U,
    delay: D,
    options: &Options<'_>,
    mut steps: Steps,
) -> Result<(), Failure> {
    let (mut rx, mut tx) = ([0; 1024], [0; 256]);
    let mut module =
        Esp8266Mqtt::new(uart, delay, Buffers::new(&mut rx, &mut tx)).with_dialect(options.dialect);
    let version = steps.done("init", module.init())?.at;
    steps.note(format_args!("AT {version}, dialect {:?}", module.dialect()));
    let restarts = module.counters().restarts;
    let result = session(&mut module, options, &mut steps);
    if module.counters().restarts == restarts {
        result
    } else {
        Err(Failure::restarted())
    }
}

/// Everything after `init`. `steps.done` only prints what a step took and puts its error into words.
fn session<U: Read + ReadReady + Write, D: DelayNs>(
    module: &mut Esp8266Mqtt<'_, U, D>,
    options: &Options<'_>,
    steps: &mut Steps,
) -> Result<(), Failure> {
    let wifi = module.connect_wifi(options.ssid, options.password);
    steps.done("join Wi-Fi", wifi)?;
    match &options.login {
        Login::User(user) => {
            steps.done("usercfg", module.usercfg(user))?;
            let config = ConnectionConfig::new().keep_alive(60);
            steps.done("conncfg", module.conncfg(&config))?;
            let connected = module.connect(options.host, options.port, Reconnect::Off);
            steps.done("connect", connected)?;
        }
        Login::Aliyun(device) => {
            let connected = module.connect_aliyun(options.host, options.port, device);
            steps.done("aliyun", connected)?;
        }
    }
    broker_answer(module, steps)?;
    let topic = options.topic;
    steps.done("subscribe", module.subscribe(topic, QoS::AtMostOnce))?;

    let mut echoes = Echoes::new(topic);
    for message in &options.messages {
        steps.done("publish", module.publish(topic, message, QoS::AtMostOnce))?;
        echoes.expect(message);
        echoes.take(module)?;
    }
    echoes.wait(module, steps)?;
    steps.done("disconnect", module.disconnect())
}
