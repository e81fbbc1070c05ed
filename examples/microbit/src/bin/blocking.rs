//! Joins Wi-Fi, connects to a broker, subscribes, publishes, and prints what arrives. Blocking, with the `microbit` crate.
//!
//! The UART has room for six bytes, so its interrupt receives.
#![no_std]
#![no_main]

use core::{cell::RefCell, convert::Infallible};
use cortex_m::{peripheral::NVIC, singleton};
use critical_section::Mutex;
use defmt::{Display2Format, error, info, unwrap};
#[cfg(not(feature = "qemu"))]
use defmt_rtt as _;
#[cfg(feature = "qemu")]
use defmt_semihosting as _;
use embedded_hal::delay::DelayNs;
use embedded_io::{ErrorType, Read, ReadReady, Write, WriteReady};
use esp8266_mqtt::{Buffers, Error, Esp8266Mqtt, QoS, Reconnect, RxQueue, RxWriter, UserConfig};
use microbit::{
    Board,
    hal::{
        Timer,
        gpio::Level,
        uart::{Baudrate, Parity, Pins, Uart},
    },
    pac::{self, UART0, interrupt},
};
use panic_probe as _;
use settings::{
    MODULE_BAUD, MQTT_CLIENT_ID, MQTT_HOST, MQTT_PASSWORD, MQTT_PORT, MQTT_USER, WIFI_PASSWORD,
    WIFI_SSID,
};

const BAUD: Baudrate = match MODULE_BAUD {
    9600 => Baudrate::BAUD9600,
    115_200 => Baudrate::BAUD115200,
    _ => panic!("MODULE_BAUD is neither 9600 nor 115200"),
};

/// The HAL's UART has no halves: interrupt and main program share it.
struct Shared {
    uart: Uart<UART0>,
    queue: RxWriter<'static>,
}

static SHARED: Mutex<RefCell<Option<Shared>>> = Mutex::new(RefCell::new(None));

#[interrupt]
fn UART0() {
    critical_section::with(|cs| {
        let mut shared = SHARED.borrow_ref_mut(cs);
        if let Some(Shared { uart, queue }) = shared.as_mut() {
            let mut byte = [0];
            while uart.read_ready() == Ok(true) && uart.read(&mut byte) == Ok(1) {
                queue.push(byte[0]);
            }
        }
    });
}

/// Writes to the shared UART; interrupts wait for no more than one access to it.
struct Transmitter;

impl ErrorType for Transmitter {
    type Error = Infallible;
}

impl Transmitter {
    fn when_ready<T>(
        mut act: impl FnMut(&mut Uart<UART0>) -> Result<T, Infallible>,
    ) -> Result<T, Infallible> {
        loop {
            let done = critical_section::with(|cs| {
                let mut shared = SHARED.borrow_ref_mut(cs);
                let uart = &mut shared.as_mut()?.uart;
                let Ok(ready) = uart.write_ready();
                ready.then(|| act(uart))
            });
            if let Some(done) = done {
                return done;
            }
        }
    }
}

impl Write for Transmitter {
    fn write(&mut self, buffer: &[u8]) -> Result<usize, Infallible> {
        Self::when_ready(|uart| uart.write(buffer))
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Self::when_ready(Write::flush)
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    let board = unwrap!(Board::take());
    let pins = Pins {
        txd: board.edge.e01.into_push_pull_output(Level::High).degrade(),
        rxd: board.edge.e02.into_floating_input().degrade(),
        cts: None,
        rts: None,
    };
    let uart = Uart::new(board.UART0, pins, Parity::EXCLUDED, BAUD);
    // The HAL has no method for it. Safe: nothing else writes this register.
    unsafe { (*UART0::ptr()).intenset.write(|w| w.rxdrdy().set_bit()) };
    #[cfg(feature = "qemu")]
    start_transmitter();

    let queue = unwrap!(singleton!(: RxQueue<256> = RxQueue::new()));
    let (queue, module_uart) = queue.split(Transmitter);
    critical_section::with(|cs| SHARED.replace(cs, Some(Shared { uart, queue })));
    // Safe: everything that the interrupt uses is in place.
    unsafe { NVIC::unmask(pac::Interrupt::UART0) };

    let delay = Timer::new(board.TIMER0);
    let (mut rx, mut tx) = ([0; 1024], [0; 256]);
    let mut module = Esp8266Mqtt::new(module_uart, delay, Buffers::new(&mut rx, &mut tx));
    if let Err(error) = run(&mut module) {
        error!("{}", Display2Format(&error));
    }
    loop {
        cortex_m::asm::wfi();
    }
}

/// The HAL sends a first byte before the UART is on, and waits for its end. QEMU 7.2 ignores that byte.
#[cfg(feature = "qemu")]
fn start_transmitter() {
    // Safe: the register has no other effect than to say that a byte has gone.
    unsafe { (*UART0::ptr()).events_txdrdy.write(|w| w.bits(1)) };
}

fn run<U, D>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>>
where
    U: esp8266_mqtt::Uart,
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
