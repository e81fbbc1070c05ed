//! The session with everything a usual application adds: set-up of the module, a will and a binary publish.
#![no_std]
#![no_main]

use core::convert::Infallible;
use core::hint::black_box;

use esp8266_mqtt::{
    Buffers, ConnectionConfig, Error, Esp8266Mqtt, QoS, Reconnect, UserConfig, Will,
};
use size_stub::{Delay, Uart};

fn session(rx: &mut [u8], tx: &mut [u8]) -> Result<(), Error<Infallible>> {
    let mut module = Esp8266Mqtt::new(Uart, Delay, Buffers::new(rx, tx));
    module.init()?;
    module.connect_wifi("ssid", "password")?;
    module.usercfg(&UserConfig::new("client").credentials("user", "secret"))?;
    module.conncfg(&ConnectionConfig::new().will(Will::new("topic/will", "gone")))?;
    module.connect("broker.example", 1883, Reconnect::Off)?;
    module.subscribe("topic/in", QoS::AtMostOnce)?;
    module.publish("topic/out", b"hello", QoS::AtMostOnce)?;
    module.publish("topic/out", &[0, b'\r', b'\n', 0xff], QoS::AtMostOnce)?;
    loop {
        if let Ok(message) = module.poll_receive() {
            black_box(message.topic());
            black_box(message.payload());
        }
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    size_stub::touch();
    let mut rx = [0; 512];
    let mut tx = [0; 256];
    black_box(session(&mut rx, &mut tx).is_ok());
    loop {}
}
