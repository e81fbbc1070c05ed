//! Joins Wi-Fi, connects to a broker, subscribes, publishes, and prints what arrives. Blocking, with `rp2040-hal`.
#![no_std]
#![no_main]

use defmt::{Display2Format, error, info, unwrap};
use defmt_rtt as _;
use embedded_hal::delay::DelayNs;
use esp8266_mqtt::{Buffers, Error, Esp8266Mqtt, QoS, Reconnect, Uart, UserConfig};
use panic_probe as _;
use settings::{
    MODULE_BAUD, MQTT_CLIENT_ID, MQTT_HOST, MQTT_PASSWORD, MQTT_PORT, MQTT_USER, WIFI_PASSWORD,
    WIFI_SSID,
};

#[rp2040_hal::entry]
fn main() -> ! {
    let board = unwrap!(esp8266_mqtt_rp2040::take(MODULE_BAUD));
    let (mut rx, mut tx) = ([0; 1024], [0; 256]);
    let buffers = Buffers::new(&mut rx, &mut tx);
    let mut module = Esp8266Mqtt::new(board.uart, board.timer, buffers);
    if let Err(error) = run(&mut module) {
        error!("{}", Display2Format(&error));
    }
    loop {
        cortex_m::asm::wfi();
    }
}

fn run<U, D>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>>
where
    U: Uart,
    D: DelayNs,
{
    info!("module: {}", module.init()?);
    module.connect_wifi(WIFI_SSID, WIFI_PASSWORD)?;
    info!("wifi connected");
    module.usercfg(&UserConfig::new(MQTT_CLIENT_ID).credentials(MQTT_USER, MQTT_PASSWORD))?;
    module.connect(MQTT_HOST, MQTT_PORT, Reconnect::Off)?;
    info!("broker: {}", module.wait_connected(10_000)?);
    module.subscribe("topic_1", QoS::AtMostOnce)?;
    module.publish("topic_led", "on", QoS::AtMostOnce)?;
    loop {
        let message = module.receive()?;
        info!(
            "topic: {=[u8]:a} message: {=[u8]:a}",
            message.topic(),
            message.payload()
        );
    }
}
