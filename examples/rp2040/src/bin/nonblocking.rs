//! Without waiting and without a runtime, the way an RTIC application is laid out: the UART's interrupt receives, the main
//! loop does its own work and gives the driver a moment on each pass.
//!
//! Once set up, it publishes `on` and `off` in turn every second and prints what arrives and the longest pass so far. No
//! pass waits longer than the UART takes to accept one byte.
#![no_std]
#![no_main]

use core::cell::RefCell;
use cortex_m::{peripheral::NVIC, singleton};
use critical_section::Mutex;
use defmt::{Display2Format, error, info, unwrap, warn};
use defmt_rtt as _;
use embedded_hal::{delay::DelayNs, digital::StatefulOutputPin};
use esp8266_mqtt::{
    Buffers, Error, Esp8266Mqtt, QoS, QueuedUart, Reconnect, RxQueue, RxWriter, UserConfig,
    command::{Command, mqtt::Publish},
};
use esp8266_mqtt_rp2040::{Led, UartPins};
use panic_probe as _;
use rp2040_hal::{
    Timer,
    pac::{self, interrupt},
    uart::{Reader, Writer},
};
use settings::{
    MODULE_BAUD, MQTT_CLIENT_ID, MQTT_HOST, MQTT_PASSWORD, MQTT_PORT, MQTT_USER, WIFI_PASSWORD,
    WIFI_SSID,
};

type Module<'b> = Esp8266Mqtt<'b, QueuedUart<'static, Writer<pac::UART0, UartPins>>, Timer>;
type Failure = Error<esp8266_mqtt::QueuedError<core::convert::Infallible>>;

/// What the interrupt works on.
struct Receiver {
    uart: Reader<pac::UART0, UartPins>,
    queue: RxWriter<'static>,
}

static RECEIVER: Mutex<RefCell<Option<Receiver>>> = Mutex::new(RefCell::new(None));

#[interrupt]
fn UART0_IRQ() {
    critical_section::with(|cs| {
        let mut receiver = RECEIVER.borrow_ref_mut(cs);
        if let Some(Receiver { uart, queue }) = receiver.as_mut() {
            take_bytes(uart, queue);
        }
    });
}

fn take_bytes(uart: &mut Reader<pac::UART0, UartPins>, queue: &mut RxWriter<'_>) {
    let mut buffer = [0; 32];
    loop {
        let (bytes, done) = match uart.read_raw(&mut buffer) {
            Ok(count) => (&buffer[..count], false),
            Err(nb::Error::Other(error)) => {
                queue.overrun();
                (error.discarded, false)
            }
            Err(nb::Error::WouldBlock) => (&[][..], true),
        };
        for &byte in bytes {
            queue.push(byte);
        }
        if done {
            return;
        }
    }
}

#[rp2040_hal::entry]
fn main() -> ! {
    let board = unwrap!(esp8266_mqtt_rp2040::take(MODULE_BAUD));
    let (mut reader, writer) = board.uart.split();
    reader.enable_rx_interrupt();
    let queue = unwrap!(singleton!(: RxQueue<256> = RxQueue::new()));
    let (queue, uart) = queue.split(writer);
    let receiver = Receiver {
        uart: reader,
        queue,
    };
    critical_section::with(|cs| RECEIVER.replace(cs, Some(receiver)));
    // Safe: everything that the interrupt uses is in place.
    unsafe { NVIC::unmask(pac::Interrupt::UART0_IRQ) };

    let (mut rx, mut tx) = ([0; 1024], [0; 256]);
    let buffers = Buffers::new(&mut rx, &mut tx);
    let mut module = Esp8266Mqtt::new(uart, board.timer, buffers);
    if let Err(error) = set_up(&mut module) {
        error!("{}", Display2Format(&error));
    } else {
        main_loop(&mut module, board.timer, board.led);
    }
    loop {
        cortex_m::asm::wfi();
    }
}

/// Waits, as the set-up of a program may.
fn set_up(module: &mut Module<'_>) -> Result<(), Failure> {
    info!("module: {}", module.init()?);
    module.connect_wifi(WIFI_SSID, WIFI_PASSWORD)?;
    info!("wifi connected");
    module.usercfg(&UserConfig::new(MQTT_CLIENT_ID).credentials(MQTT_USER, MQTT_PASSWORD))?;
    module.connect(MQTT_HOST, MQTT_PORT, Reconnect::Off)?;
    info!("broker: {}", module.wait_connected(10_000)?);
    module.subscribe("topic_1", QoS::AtMostOnce)
}

/// Waits for nothing.
fn main_loop(module: &mut Module<'_>, mut timer: Timer, mut led: Led) {
    let mut publisher = Publisher::default();
    let mut blink = Every::new(250_000);
    let mut longest = 0;
    let mut before = micros(&timer);
    loop {
        match module.poll_receive() {
            Ok(message) => info!(
                "topic: {=[u8]:a} message: {=[u8]:a} (longest pass {} us)",
                message.topic(),
                message.payload(),
                longest
            ),
            Err(nb::Error::WouldBlock) => {}
            Err(nb::Error::Other(error)) => return error!("{}", Display2Format(&error)),
        }
        if let Err(error) = publisher.go_on(module, micros(&timer)) {
            return error!("{}", Display2Format(&error));
        }
        if blink.is_due(micros(&timer)) {
            let _ = led.toggle();
        }
        // Here is the work of your program.
        timer.delay_us(20);

        let now = micros(&timer);
        longest = longest.max(now - before);
        before = now;
    }
}

/// Publishes without waiting: starts a command, and goes on with it whenever it is asked to.
struct Publisher {
    every: Every,
    /// When the command in flight has taken too long.
    deadline: Option<u64>,
    on: bool,
}

impl Default for Publisher {
    fn default() -> Self {
        Self {
            every: Every::new(1_000_000),
            deadline: None,
            on: true,
        }
    }
}

impl Publisher {
    fn go_on(&mut self, module: &mut Module<'_>, now: u64) -> Result<(), Failure> {
        let publish = Publish {
            topic: "topic_led",
            payload: if self.on { b"on" } else { b"off" },
            qos: QoS::AtMostOnce,
            retain: false,
        };
        let Some(deadline) = self.deadline else {
            if self.every.is_due(now) {
                module.start(&publish)?;
                self.deadline = Some(now + 1000 * u64::from(timeout_ms(&publish)));
            }
            return Ok(());
        };
        match module.poll_response(&publish) {
            Ok(_) => {
                self.deadline = None;
                self.on = !self.on;
            }
            Err(nb::Error::WouldBlock) if now < deadline => {}
            Err(nb::Error::WouldBlock) => {
                warn!("no answer");
                self.deadline = None;
                module.abandon();
            }
            // The next second is another chance.
            Err(nb::Error::Other(Error::Busy)) => self.deadline = None,
            Err(nb::Error::Other(error)) => return Err(error),
        }
        Ok(())
    }
}

const fn timeout_ms<C: Command>(_: &C) -> u32 {
    C::TIMEOUT_MS
}

/// Is due once in so many microseconds.
struct Every {
    period: u64,
    next: u64,
}

impl Every {
    const fn new(period: u64) -> Self {
        Self { period, next: 0 }
    }

    fn is_due(&mut self, now: u64) -> bool {
        let due = now >= self.next;
        if due {
            self.next = now + self.period;
        }
        due
    }
}

fn micros(timer: &Timer) -> u64 {
    timer.get_counter().ticks()
}
