//! Joins Wi-Fi, connects to a broker, subscribes, publishes, and prints what arrives. Blocking, with `stm32f4xx-hal`.
//!
//! USART1 has room for a single byte, so its interrupt receives.
#![no_std]
#![no_main]

use core::cell::RefCell;
use cortex_m::{Peripherals as Core, delay::Delay, peripheral::NVIC, singleton};
use critical_section::Mutex;
use defmt::{Display2Format, error, info, unwrap};
#[cfg(not(feature = "qemu"))]
use defmt_rtt as _;
#[cfg(feature = "qemu")]
use defmt_semihosting as _;
use embedded_hal::delay::DelayNs;
use embedded_hal_nb::serial::Read;
use esp8266_mqtt::{
    Buffers, Error, Esp8266Mqtt, NbSerial, QoS, Reconnect, RxQueue, RxWriter, Uart, UserConfig,
};
use panic_probe as _;
use settings::{
    MODULE_BAUD, MQTT_CLIENT_ID, MQTT_HOST, MQTT_PASSWORD, MQTT_PORT, MQTT_USER, WIFI_PASSWORD,
    WIFI_SSID,
};
use stm32f4xx_hal::{
    gpio::GpioExt,
    interrupt, pac,
    rcc::{Config as Clocks, RccExt},
    serial::{Config, Rx, RxListen, Serial},
    time::U32Ext,
};

/// What the interrupt works on.
struct Receiver {
    uart: Rx<pac::USART1>,
    queue: RxWriter<'static>,
}

static RECEIVER: Mutex<RefCell<Option<Receiver>>> = Mutex::new(RefCell::new(None));

#[interrupt]
fn USART1() {
    critical_section::with(|cs| {
        let mut receiver = RECEIVER.borrow_ref_mut(cs);
        if let Some(Receiver { uart, queue }) = receiver.as_mut() {
            match uart.read() {
                Ok(byte) => queue.push(byte),
                Err(nb::Error::WouldBlock) => {}
                Err(nb::Error::Other(_)) => queue.overrun(),
            }
        }
    });
}

#[cortex_m_rt::entry]
fn main() -> ! {
    let core = unwrap!(Core::take());
    let device = unwrap!(pac::Peripherals::take());
    let mut rcc = device.RCC.freeze(Clocks::hsi());
    let gpioa = device.GPIOA.split(&mut rcc);
    let config = Config::default().baudrate(MODULE_BAUD.bps());
    let pins = (gpioa.pa9, gpioa.pa10);
    let serial: Serial<pac::USART1> =
        unwrap!(Serial::new(device.USART1, pins, config, &mut rcc).ok());
    let (tx, mut rx) = serial.split();
    rx.listen();

    let queue = unwrap!(singleton!(: RxQueue<256> = RxQueue::new()));
    let (queue, uart) = queue.split(NbSerial::new(tx));
    let receiver = Receiver { uart: rx, queue };
    critical_section::with(|cs| RECEIVER.replace(cs, Some(receiver)));
    // Safe: everything that the interrupt uses is in place.
    unsafe { NVIC::unmask(pac::Interrupt::USART1) };

    let hclk = if cfg!(feature = "qemu") {
        168_000_000
    } else {
        rcc.clocks.hclk().raw()
    };
    let delay = Delay::new(core.SYST, hclk);
    let (mut rx, mut tx) = ([0; 1024], [0; 256]);
    let mut module = Esp8266Mqtt::new(uart, delay, Buffers::new(&mut rx, &mut tx));
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
