//! Joins Wi-Fi, connects to a broker, subscribes, publishes, and prints what arrives. Async, with `embassy-rp`.
#![no_std]
#![no_main]

use cortex_m::singleton;
use defmt::{Display2Format, error, info, unwrap};
use defmt_rtt as _;
use embassy_executor::Spawner;
use embassy_rp::{
    bind_interrupts,
    peripherals::UART0,
    uart::{BufferedInterruptHandler, BufferedUart, Config, Error as UartError},
};
use embassy_time::Delay;
use esp8266_mqtt::{Buffers, Error, QoS, Reconnect, UserConfig, asynch::Esp8266Mqtt};
use panic_probe as _;
use settings::{
    MODULE_BAUD, MQTT_CLIENT_ID, MQTT_HOST, MQTT_PASSWORD, MQTT_PORT, MQTT_USER, WIFI_PASSWORD,
    WIFI_SSID,
};

bind_interrupts!(struct Interrupts {
    UART0_IRQ => BufferedInterruptHandler<UART0>;
});

type Module<'b> = Esp8266Mqtt<'b, BufferedUart, Delay>;

#[embassy_executor::main]
async fn main(_spawner: Spawner) {
    let device = embassy_rp::init(Default::default());
    // The UART's own buffers, which its interrupt works on.
    let uart_tx = unwrap!(singleton!(: [u8; 64] = [0; 64]));
    let uart_rx = unwrap!(singleton!(: [u8; 256] = [0; 256]));
    let mut config = Config::default();
    config.baudrate = MODULE_BAUD;
    let uart = BufferedUart::new(
        device.UART0,
        device.PIN_0,
        device.PIN_1,
        Interrupts,
        uart_tx,
        uart_rx,
        config,
    );

    let (mut rx, mut tx) = ([0; 1024], [0; 256]);
    let mut module = Module::new(uart, Delay, Buffers::new(&mut rx, &mut tx));
    if let Err(error) = run(&mut module).await {
        error!("{}", Display2Format(&error));
    }
}

async fn run(module: &mut Module<'_>) -> Result<(), Error<UartError>> {
    info!("module: {}", module.init().await?);
    module.connect_wifi(WIFI_SSID, WIFI_PASSWORD).await?;
    info!("wifi connected");
    let user = UserConfig::new(MQTT_CLIENT_ID).credentials(MQTT_USER, MQTT_PASSWORD);
    module.usercfg(&user).await?;
    module.connect(MQTT_HOST, MQTT_PORT, Reconnect::Off).await?;
    info!("broker: {}", module.wait_connected(10_000).await?);
    module.subscribe("topic_1", QoS::AtMostOnce).await?;
    module.publish("topic_led", "on", QoS::AtMostOnce).await?;
    loop {
        let message = module.receive().await?;
        info!(
            "topic: {=[u8]:a} message: {=[u8]:a}",
            message.topic(),
            message.payload()
        );
    }
}
