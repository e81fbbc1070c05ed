//! The session of `blocking` without a logger and without a HAL's set-up. Nothing in it can panic: if anything could, the
//! image would not link. The LED follows the messages, and each of them is published again.
#![no_std]
#![no_main]

use core::panic::PanicInfo;
use embedded_hal::delay::DelayNs;
use esp8266_mqtt::{Buffers, Error, Esp8266Mqtt, QoS, Reconnect, Uart, UserConfig};
use esp8266_mqtt_rp2040::bare::{self, Led};
use heapless::Vec;
use settings::{
    MODULE_BAUD, MQTT_CLIENT_ID, MQTT_HOST, MQTT_PASSWORD, MQTT_PORT, MQTT_USER, WIFI_PASSWORD,
    WIFI_SSID,
};

#[rp2040_hal::entry]
fn main() -> ! {
    // SAFETY: the only use of the peripherals.
    let (uart, timer, mut led) = unsafe { bare::take::<MODULE_BAUD>() };
    let (mut rx, mut tx) = ([0; 1024], [0; 256]);
    let buffers = Buffers::new(&mut rx, &mut tx);
    let mut module = Esp8266Mqtt::new(uart, timer, buffers);
    // After an error there is nobody to tell.
    run(&mut module, &mut led).ok();
    loop {
        cortex_m::asm::wfi();
    }
}

fn run<U, D>(module: &mut Esp8266Mqtt<'_, U, D>, led: &mut Led) -> Result<(), Error<U::Error>>
where
    U: Uart,
    D: DelayNs,
{
    module.init()?;
    module.connect_wifi(WIFI_SSID, WIFI_PASSWORD)?;
    module.usercfg(&UserConfig::new(MQTT_CLIENT_ID).credentials(MQTT_USER, MQTT_PASSWORD))?;
    module.connect(MQTT_HOST, MQTT_PORT, Reconnect::Off)?;
    if !module.wait_connected(10_000)?.may_be_connected() {
        return Err(Error::Rejected(None));
    }
    module.subscribe("topic_1", QoS::AtMostOnce)?;
    module.publish("topic_led", "on", QoS::AtMostOnce)?;
    loop {
        let message = module.receive()?;
        led.set(message.payload() == b"on");
        // Out of the driver's buffer, which the next command needs. What is longer stays here.
        if let Ok(copy) = Vec::<u8, 128>::from_slice(message.payload()) {
            module.publish("topic_led", copy, QoS::AtMostOnce)?;
        }
    }
}

unsafe extern "C" {
    /// Nowhere defined.
    fn this_firmware_can_panic() -> !;
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    // SAFETY: does not link.
    unsafe { this_firmware_can_panic() }
}
