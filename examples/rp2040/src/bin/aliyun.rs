//! Connects to Alibaba Cloud's IoT platform with the module's own command, publishes and prints what arrives.
//!
//! Vendor firmware only; on any other use `connect_aliyun_signed`, feature `aliyun` of the driver.
#![no_std]
#![no_main]

use core::fmt::Write;
use defmt::{Display2Format, error, info, unwrap};
use defmt_rtt as _;
use embedded_hal::delay::DelayNs;
use esp8266_mqtt::{AliyunDevice, Buffers, Error, Esp8266Mqtt, QoS, Uart};
use heapless::String;
use panic_probe as _;
use settings::{
    MODULE_BAUD, MQTT_HOST, MQTT_PORT, WIFI_PASSWORD, WIFI_SSID,
    aliyun::{DEVICE_NAME, DEVICE_SECRET, PRODUCT_KEY},
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
    let device = AliyunDevice::new(PRODUCT_KEY, DEVICE_NAME, DEVICE_SECRET);
    module.connect_aliyun(MQTT_HOST, MQTT_PORT, &device)?;
    info!("broker: {}", module.wait_connected(10_000)?);
    module.subscribe(&topic("get"), QoS::AtMostOnce)?;
    module.publish(&topic("add"), "on", QoS::AtMostOnce)?;
    loop {
        let message = module.receive()?;
        info!(
            "topic: {=[u8]:a} message: {=[u8]:a}",
            message.topic(),
            message.payload()
        );
    }
}

/// A topic of the device's own on the platform.
fn topic(name: &str) -> String<128> {
    let mut topic = String::new();
    unwrap!(write!(topic, "/{PRODUCT_KEY}/{DEVICE_NAME}/user/{name}").ok());
    topic
}
