//! The highest rate at which back-to-back messages arrive without a loss, on a Cortex-M0 at 16 MHz.
//!
//! An instruction takes two cycles here, more than the core needs on average. A timer stands for the UART, which has no
//! FIFO: its interrupt comes with every byte, and a byte that is not taken before the next one has come is lost.
#![no_std]
#![no_main]

use core::cell::UnsafeCell;
use core::ptr::{read_volatile, write_volatile};

use embedded_io::{ErrorType, Write};
use esp8266_mqtt::{Buffers, Esp8266Mqtt, RxQueue, RxWriter};
use size_cost::{NoDelay, QUEUE, QUEUED_LINE, figure, finish};

const BAUDS: [u32; 8] = [
    9_600, 115_200, 230_400, 250_000, 460_800, 500_000, 921_600, 1_000_000,
];
const MESSAGES: usize = 200;

/// The sending half of the UART; nothing is sent.
struct Tx;

impl ErrorType for Tx {
    type Error = core::convert::Infallible;
}

impl Write for Tx {
    fn write(&mut self, buf: &[u8]) -> Result<usize, Self::Error> {
        Ok(buf.len())
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// What the interrupt has for itself.
struct Line {
    writer: RxWriter<'static>,
    /// How many bytes are still to come.
    left: usize,
    /// Where in `QUEUE` the next one is.
    at: usize,
    /// When it has come.
    due: u32,
    /// Between two bytes, in 62.5 ns.
    period: u32,
}

struct Shared(UnsafeCell<Option<Line>>);

// SAFETY: the interrupt uses it while it is enabled, `main` while it is not.
unsafe impl Sync for Shared {}

static LINE: Shared = Shared(UnsafeCell::new(None));

/// TIMER1, whose compare interrupt is number 9.
mod interrupt {
    use super::{read_volatile, write_volatile};

    const TIMER: usize = 0x4000_9000;
    const NVIC_ENABLE: usize = 0xE000_E100;
    const NVIC_DISABLE: usize = 0xE000_E180;
    const NUMBER: u32 = 9;

    fn write(address: usize, value: u32) {
        // SAFETY: registers of TIMER1 and of its interrupt, which nothing else uses.
        unsafe { write_volatile(address as *mut u32, value) }
    }

    /// Lets the timer count at 16 MHz.
    pub fn set_up() {
        write(TIMER + 0x508, 3); // BITMODE: 32 bits
        write(TIMER + 0x510, 0); // PRESCALER
        write(TIMER + 0x304, 1 << 16); // INTENSET
        write(TIMER, 1); // START
    }

    pub fn ticks() -> u32 {
        write(TIMER + 0x044, 1); // CAPTURE[1]
        // SAFETY: as above.
        unsafe { read_volatile((TIMER + 0x544) as *const u32) }
    }

    pub fn acknowledge() {
        write(TIMER + 0x140, 0); // EVENTS_COMPARE[0]
    }

    /// The next interrupt comes at that time.
    pub fn arm(due: u32) {
        write(TIMER + 0x540, due); // CC[0]
    }

    pub fn enable() {
        write(NVIC_ENABLE, 1 << NUMBER);
    }

    pub fn disable() {
        write(NVIC_DISABLE, 1 << NUMBER);
    }
}

#[cortex_m_rt::exception]
unsafe fn DefaultHandler(_: i16) {
    interrupt::acknowledge();
    // SAFETY: see `Shared`.
    let Some(line) = (unsafe { &mut *LINE.0.get() }) else {
        return;
    };
    loop {
        let late = interrupt::ticks().wrapping_sub(line.due);
        // The byte is not there yet: so far from zero is before it.
        if late > u32::MAX / 2 || line.left == 0 {
            return;
        }
        if late >= line.period {
            line.writer.overrun();
        }
        line.due = line.due.wrapping_add(line.period);
        interrupt::arm(line.due);
        line.left -= 1;
        line.writer.push(QUEUE[line.at]);
        line.at += 1;
        if line.at == QUEUE.len() {
            line.at = 0;
        }
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut QUEUE_OF_BYTES: RxQueue<128> = RxQueue::new();
    interrupt::set_up();
    let (writer, uart) = QUEUE_OF_BYTES.split(Tx);
    let (mut rx, mut tx) = ([0; 512], [0; 256]);
    let mut module = Esp8266Mqtt::new(uart, NoDelay, Buffers::new(&mut rx, &mut tx));
    // SAFETY: the interrupt is not enabled yet.
    unsafe {
        *LINE.0.get() = Some(Line {
            writer,
            left: 0,
            at: 0,
            due: 0,
            period: 0,
        });
    }
    let mut best = 0;
    for baud in BAUDS {
        let period = 160_000_000 / baud;
        let start = interrupt::ticks();
        let due = start.wrapping_add(period);
        // SAFETY: the interrupt is not enabled.
        if let Some(line) = unsafe { &mut *LINE.0.get() } {
            line.left = MESSAGES * QUEUED_LINE;
            line.at = 0;
            line.period = period;
            line.due = due;
        }
        let time = period * (QUEUED_LINE * (MESSAGES + 1)) as u32;
        interrupt::arm(due);
        interrupt::enable();
        let mut received = 0;
        while received < MESSAGES && interrupt::ticks().wrapping_sub(start) < time {
            if module.poll_receive().is_ok() {
                received += 1;
            }
        }
        interrupt::disable();
        let lost = module.uart_mut().overruns();
        if received < MESSAGES || lost > 0 {
            break;
        }
        best = baud;
    }
    figure("driver.sustained_baud", best);
    finish()
}
