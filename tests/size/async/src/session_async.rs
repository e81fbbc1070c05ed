//! `session_full` of the async face.
#![no_std]
#![no_main]

mod uart;

use core::convert::Infallible;
use core::hint::black_box;

use esp8266_mqtt::{
    Buffers, ConnectionConfig, Error, QoS, Reconnect, UserConfig, Will, asynch::Esp8266Mqtt,
};
use uart::{Delay, Uart};

async fn session(rx: &mut [u8], tx: &mut [u8]) -> Result<(), Error<Infallible>> {
    let mut module = Esp8266Mqtt::new(Uart, Delay, Buffers::new(rx, tx));
    module.init().await?;
    module.connect_wifi("ssid", "password").await?;
    module
        .usercfg(&UserConfig::new("client").credentials("user", "secret"))
        .await?;
    module
        .conncfg(&ConnectionConfig::new().will(Will::new("topic/will", "gone")))
        .await?;
    module
        .connect("broker.example", 1883, Reconnect::Off)
        .await?;
    module.subscribe("topic/in", QoS::AtMostOnce).await?;
    module
        .publish("topic/out", b"hello", QoS::AtMostOnce)
        .await?;
    module
        .publish("topic/out", &[0, b'\r', b'\n', 0xff], QoS::AtMostOnce)
        .await?;
    loop {
        let message = module.receive().await?;
        black_box(message.topic());
        black_box(message.payload());
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    size_stub::touch();
    let mut rx = [0; 512];
    let mut tx = [0; 256];
    black_box(embassy_futures::block_on(session(&mut rx, &mut tx)).is_ok());
    loop {}
}
