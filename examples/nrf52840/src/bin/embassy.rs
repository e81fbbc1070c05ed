//! Joins Wi-Fi, connects to a broker, subscribes, publishes, and prints what arrives. Async, with `embassy-nrf`.
#![no_std]
#![no_main]

use cortex_m::singleton;
use defmt::{Display2Format, error, info, unwrap};
use defmt_rtt as _;
use embassy_executor::Spawner;
use embassy_nrf::{
    bind_interrupts,
    buffered_uarte::{BufferedUarte, Error as UartError, InterruptHandler},
    peripherals::UARTE0,
    uarte::{Baudrate, Config},
};
use embassy_time::Delay;
use esp8266_mqtt::{Buffers, Error, QoS, Reconnect, UserConfig, asynch::Esp8266Mqtt};
use panic_probe as _;
use settings::{
    MODULE_BAUD, MQTT_CLIENT_ID, MQTT_HOST, MQTT_PASSWORD, MQTT_PORT, MQTT_USER, WIFI_PASSWORD,
    WIFI_SSID,
};

const BAUD: Baudrate = match MODULE_BAUD {
    9600 => Baudrate::Baud9600,
    115_200 => Baudrate::Baud115200,
    _ => panic!("MODULE_BAUD is neither 9600 nor 115200"),
};

bind_interrupts!(struct Interrupts {
    UARTE0 => InterruptHandler<UARTE0>;
});

type Module<'b> = Esp8266Mqtt<'b, BufferedUarte<'static>, Delay>;

#[embassy_executor::main]
async fn main(_spawner: Spawner) {
    let device = embassy_nrf::init(Default::default());
    // The UART's own buffers, which its interrupt works on.
    let uart_tx = unwrap!(singleton!(: [u8; 64] = [0; 64]));
    let uart_rx = unwrap!(singleton!(: [u8; 256] = [0; 256]));
    let mut config = Config::default();
    config.baudrate = BAUD;
    let uart = BufferedUarte::new(
        device.UARTE0,
        device.TIMER0,
        device.PPI_CH0,
        device.PPI_CH1,
        device.PPI_GROUP0,
        device.P1_01,
        device.P1_02,
        Interrupts,
        config,
        uart_rx,
        uart_tx,
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
