//! What esp-at-nal can do of the session: join Wi-Fi, open a TCP connection, send and receive over it.
//!
//! It knows no MQTT: everything from the user's name to the topics would come on top, over its socket. It resolves no names,
//! so the broker is an address. It only opens a connection while the module echoes. Strings are not escaped as ESP-AT wants
//! them.
//!
//! Its buffers are statics, because the interrupt shares them.
#![no_std]
#![no_main]

use core::convert::Infallible;
use core::hint::black_box;
use core::net::{Ipv4Addr, SocketAddr};

use atat::blocking::Client;
use atat::{AtDigester, AtatIngress, Config, Ingress, ResponseSlot, UrcChannel};
use cortex_m::singleton;
use cortex_m_rt::exception;
use embedded_hal::delay::DelayNs;
use embedded_io::{Read, ReadReady, Write};
use embedded_nal::TcpClientStack;
use esp_at_nal::urc::URCMessages;
use esp_at_nal::wifi::{Adapter, WifiAdapter};
use fugit_timer::{TimerDurationU32, TimerInstantU32};
use size_stub::Delay;

/// The most that is sent and received at once.
const TX: usize = 256;
const RX: usize = 256;
const ANSWER: usize = 64;
const URCS: usize = 4;
const HZ: u32 = 1_000;

type Urc = URCMessages<RX>;

static ANSWERS: ResponseSlot<ANSWER> = ResponseSlot::new();
static CHANNEL: UrcChannel<Urc, URCS, 1> = UrcChannel::new();

/// The stub's UART with the traits as they were in embedded-io 0.6.
struct Uart;

impl embedded_io_06::ErrorType for Uart {
    type Error = Infallible;
}

impl embedded_io_06::Write for Uart {
    fn write(&mut self, buf: &[u8]) -> Result<usize, Infallible> {
        size_stub::Uart.write(buf)
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        size_stub::Uart.flush()
    }
}

/// Counts the milliseconds that it is waited for.
struct Timer {
    left: u32,
}

impl fugit_timer::Timer<HZ> for Timer {
    type Error = Infallible;

    fn now(&mut self) -> TimerInstantU32<HZ> {
        TimerInstantU32::from_ticks(0)
    }

    fn start(&mut self, duration: TimerDurationU32<HZ>) -> Result<(), Infallible> {
        self.left = duration.ticks();
        Ok(())
    }

    fn cancel(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    fn wait(&mut self) -> nb::Result<(), Infallible> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(());
        };
        self.left = left;
        Delay.delay_ms(1);
        Err(nb::Error::WouldBlock)
    }
}

#[exception]
fn SysTick() {
    static mut INGRESS: Option<Ingress<'static, AtDigester<Urc>, Urc, ANSWER, URCS, 1>> = None;

    if INGRESS.is_none() {
        *INGRESS = singleton!(: [u8; 512] = [0; 512])
            .map(|buf| Ingress::new(AtDigester::new(), buf, &ANSWERS, &CHANNEL));
    }
    let Some(ingress) = INGRESS else { return };
    while let Ok(true) = size_stub::Uart.read_ready() {
        let buf = ingress.write_buf();
        if buf.is_empty() {
            ingress.clear();
            continue;
        }
        let Ok(count) = size_stub::Uart.read(buf);
        black_box(ingress.try_advance(count).is_ok());
    }
}

fn session(buf: &mut [u8]) -> Option<()> {
    let urcs = CHANNEL.subscribe().ok()?;
    let client = Client::new(Uart, &ANSWERS, buf, Config::new());
    let mut adapter = Adapter::<_, _, HZ, TX, RX, URCS>::new(client, urcs, Timer { left: 0 });
    adapter.join("ssid", "password").ok()?;
    let mut socket = adapter.socket().ok()?;
    let broker = SocketAddr::from((Ipv4Addr::new(192, 0, 2, 1), 1883));
    adapter.connect(&mut socket, broker).ok()?;
    adapter.send(&mut socket, b"hello").ok()?;
    let mut received = [0; RX];
    loop {
        if let Ok(count) = adapter.receive(&mut socket, &mut received) {
            black_box(received.get(..count));
        }
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    size_stub::touch();
    size_peer::start_receiving();
    let mut buf = [0; TX];
    black_box(session(&mut buf).is_some());
    loop {}
}
