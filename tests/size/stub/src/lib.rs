//! The part of the firmware that is not the driver: UART, delay and panic handler.
#![no_std]

use core::convert::Infallible;
use core::hint::black_box;
use core::panic::PanicInfo;
use core::ptr::{read_volatile, write_volatile};

use embedded_hal::delay::DelayNs;
use embedded_io::{ErrorType, Read, ReadReady, Write, WriteReady};

/// A UART with a status and a data register. It holds no state, so that all of the driver struct is the driver's.
pub struct Uart;

const STATUS: *const u32 = 0x4000_C000 as *const u32;
const DATA: *mut u32 = 0x4000_C004 as *mut u32;
const RX_FULL: u32 = 1;
const TX_EMPTY: u32 = 2;

fn status(bit: u32) -> bool {
    // SAFETY: reading a status register has no side effect.
    unsafe { read_volatile(STATUS) & bit != 0 }
}

impl ErrorType for Uart {
    type Error = Infallible;
}

// `inline(never)`, here and below: else the same few instructions would count against every caller.
impl Read for Uart {
    #[inline(never)]
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Infallible> {
        if buf.is_empty() {
            return Ok(0);
        }
        while !status(RX_FULL) {}
        let mut count = 0;
        for byte in buf {
            if !status(RX_FULL) {
                break;
            }
            // SAFETY: `RX_FULL` says that there is a byte to take.
            *byte = unsafe { read_volatile(DATA) } as u8;
            count += 1;
        }
        Ok(count)
    }
}

impl ReadReady for Uart {
    #[inline(never)]
    fn read_ready(&mut self) -> Result<bool, Infallible> {
        Ok(status(RX_FULL))
    }
}

impl Write for Uart {
    #[inline(never)]
    fn write(&mut self, buf: &[u8]) -> Result<usize, Infallible> {
        for &byte in buf {
            while !status(TX_EMPTY) {}
            // SAFETY: `TX_EMPTY` says that there is room for a byte.
            unsafe { write_volatile(DATA, byte.into()) };
        }
        Ok(buf.len())
    }

    #[inline(never)]
    fn flush(&mut self) -> Result<(), Infallible> {
        while !status(TX_EMPTY) {}
        Ok(())
    }
}

impl WriteReady for Uart {
    #[inline(never)]
    fn write_ready(&mut self) -> Result<bool, Infallible> {
        Ok(status(TX_EMPTY))
    }
}

/// Counts instructions, roughly.
pub struct Delay;

#[inline(never)]
fn spin(turns: u32) {
    for turn in 0..turns {
        black_box(turn);
    }
}

impl DelayNs for Delay {
    #[inline(never)]
    fn delay_ns(&mut self, ns: u32) {
        spin(ns >> 8);
    }

    #[inline(never)]
    fn delay_us(&mut self, us: u32) {
        spin(us.wrapping_mul(4));
    }

    #[inline(never)]
    fn delay_ms(&mut self, ms: u32) {
        spin(ms.wrapping_mul(4096));
    }
}

/// Uses everything above once. Every image calls it, so that all of them contain the same stub code.
#[inline(never)]
pub fn touch() {
    let mut buf = black_box([0; 4]);
    let len = black_box(buf.len());
    if let Some(buf) = buf.get_mut(..len) {
        let Ok(readable) = Uart.read_ready();
        let Ok(read) = Uart.read(buf);
        let Ok(writable) = Uart.write_ready();
        let Ok(written) = Uart.write(buf);
        let Ok(()) = Uart.flush();
        black_box((readable, read, writable, written));
    }
    Delay.delay_ns(black_box(1));
    Delay.delay_us(black_box(1));
    Delay.delay_ms(black_box(1));
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}
