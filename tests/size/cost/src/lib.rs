//! What the measuring firmware has in common: a clock that counts instructions, a UART in memory, and lines to receive.
//!
//! For QEMU's `microbit` with `-icount shift=7`, where an instruction takes 128 ns of virtual time.
#![no_std]

mod lines;

pub use lines::*;

use core::cell::Cell;
use core::convert::Infallible;
use core::panic::PanicInfo;
use core::ptr::{read_volatile, write_volatile};

use cortex_m_semihosting::debug::{self, EXIT_FAILURE, EXIT_SUCCESS};
use cortex_m_semihosting::hprintln;
use embedded_hal::delay::DelayNs;
use embedded_io::{ErrorType, Read, ReadReady, Write};

/// TIMER0 of the nRF51, which counts at 16 MHz.
pub mod timer {
    use super::{read_volatile, write_volatile};

    const BASE: usize = 0x4000_8000;
    const START: usize = 0x000;
    const CAPTURE: usize = 0x040;
    const BITMODE: usize = 0x508;
    const PRESCALER: usize = 0x510;
    const CAPTURED: usize = 0x540;

    fn write(register: usize, value: u32) {
        // SAFETY: a register of TIMER0, which nothing else uses.
        unsafe { write_volatile((BASE + register) as *mut u32, value) }
    }

    pub fn start() {
        write(BITMODE, 3); // 32 bits
        write(PRESCALER, 0);
        write(START, 1);
    }

    /// Time in 62.5 ns.
    #[inline(never)]
    pub fn ticks() -> u32 {
        write(CAPTURE, 1);
        // SAFETY: as above.
        unsafe { read_volatile((BASE + CAPTURED) as *const u32) }
    }
}

/// How many instructions `work` takes, to within one.
pub fn instructions(work: impl FnOnce()) -> u32 {
    let nothing = ticks_of(|| {});
    let ticks = ticks_of(work) - nothing;
    // 128 ns are 2.048 ticks.
    (u64::from(ticks) * 1000 / 2048) as u32
}

fn ticks_of(work: impl FnOnce()) -> u32 {
    let start = timer::ticks();
    work();
    timer::ticks().wrapping_sub(start)
}

/// Prints a figure as `.ci/bench` collects it.
pub fn figure(name: &str, value: u32) {
    hprintln!("{} {}", name, value);
}

/// The same, of one of several sizes.
pub fn figure_of(name: &str, size: usize, value: u32) {
    hprintln!("{}.{} {}", name, size, value);
}

/// Ends QEMU.
pub fn finish() -> ! {
    debug::exit(EXIT_SUCCESS);
    loop {}
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    hprintln!("{}", info);
    debug::exit(EXIT_FAILURE);
    loop {}
}

/// Bytes that have arrived, of which a `read` gives at most `chunk`. Takes what is written, and does nothing with it.
pub struct Feed<'a> {
    pub arrived: &'a Cell<&'static [u8]>,
    pub chunk: &'a Cell<usize>,
}

impl ErrorType for Feed<'_> {
    type Error = Infallible;
}

// `inline(never)`, here and below: what is called here and there costs the same.
impl Read for Feed<'_> {
    #[inline(never)]
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Infallible> {
        let arrived = self.arrived.get();
        let count = buf.len().min(arrived.len()).min(self.chunk.get());
        let (now, later) = arrived.split_at(count);
        buf[..count].copy_from_slice(now);
        self.arrived.set(later);
        Ok(count)
    }
}

impl ReadReady for Feed<'_> {
    #[inline(never)]
    fn read_ready(&mut self) -> Result<bool, Infallible> {
        Ok(!self.arrived.get().is_empty())
    }
}

impl Write for Feed<'_> {
    fn write(&mut self, buf: &[u8]) -> Result<usize, Infallible> {
        Ok(buf.len())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

/// Instructions of the UART alone to give a line in chunks, which are no cost of the driver.
#[inline(never)]
pub fn instructions_of_uart(line: &'static [u8], chunk: usize, buffer: &mut [u8]) -> u32 {
    let (arrived, chunk) = (Cell::new(line), Cell::new(chunk));
    let mut feed = Feed {
        arrived: &arrived,
        chunk: &chunk,
    };
    instructions(|| {
        while let Ok(true) = feed.read_ready() {
            let Ok(_) = feed.read(buffer);
        }
    })
}

/// Nobody waits in virtual time.
pub struct NoDelay;

impl DelayNs for NoDelay {
    fn delay_ns(&mut self, _: u32) {}
}
