//! UART0, the timer and the LED by their registers: the HAL's set-up contains panics, this does not. Clocked by the crystal.

use core::convert::Infallible;
use embedded_hal::delay::DelayNs;
use embedded_io::{ErrorType, Read, ReadReady, Write};
use rp2040_hal::pac::{CLOCKS, IO_BANK0, Peripherals, RESETS, SIO, TIMER, UART0, WATCHDOG, XOSC};

const CRYSTAL_HZ: u32 = 12_000_000;
/// 1 ms, in 256 periods of the crystal.
const CRYSTAL_START: u16 = 47;
const LED: u32 = 1 << 25;

/// UART0 on GPIO 0 (TX) and 1 (RX).
pub struct Uart(UART0);
/// Counts microseconds.
pub struct Timer(TIMER);
/// GPIO 25.
pub struct Led(SIO);

/// Sets clocks, pins and UART up.
///
/// # Safety
/// Once, and nothing else may use these peripherals.
pub unsafe fn take<const BAUD: u32>() -> (Uart, Timer, Led) {
    // SAFETY: the caller says so.
    let board = unsafe { Peripherals::steal() };
    start_clocks(&board.XOSC, &board.CLOCKS, &board.WATCHDOG);
    release_resets(&board.RESETS);
    connect_pins(&board.IO_BANK0);
    board.SIO.gpio_oe_set().write(|w| unsafe { w.bits(LED) });
    start_uart::<BAUD>(&board.UART0);
    (Uart(board.UART0), Timer(board.TIMER), Led(board.SIO))
}

fn start_clocks(crystal: &XOSC, clocks: &CLOCKS, watchdog: &WATCHDOG) {
    crystal.ctrl().write(|w| w.freq_range()._1_15mhz());
    crystal
        .startup()
        .write(|w| unsafe { w.delay().bits(CRYSTAL_START) });
    crystal.ctrl().modify(|_, w| w.enable().enable());
    while crystal.status().read().stable().bit_is_clear() {}
    clocks.clk_ref_ctrl().modify(|_, w| w.src().xosc_clksrc());
    while clocks.clk_ref_selected().read().bits() & 1 << 2 == 0 {}
    clocks
        .clk_peri_ctrl()
        .write(|w| w.auxsrc().xosc_clksrc().enable().set_bit());
    watchdog
        .tick()
        .write(|w| unsafe { w.cycles().bits(12) }.enable().set_bit());
}

fn release_resets(resets: &RESETS) {
    resets.reset().modify(|_, w| {
        w.io_bank0().clear_bit();
        w.pads_bank0().clear_bit();
        w.timer().clear_bit();
        w.uart0().clear_bit()
    });
    while {
        let done = resets.reset_done().read();
        !(done.io_bank0().bit()
            && done.pads_bank0().bit()
            && done.timer().bit()
            && done.uart0().bit())
    } {}
}

fn connect_pins(pins: &IO_BANK0) {
    pins.gpio(0).gpio_ctrl().write(|w| w.funcsel().uart());
    pins.gpio(1).gpio_ctrl().write(|w| w.funcsel().uart());
    pins.gpio(25).gpio_ctrl().write(|w| w.funcsel().sio());
}

fn start_uart<const BAUD: u32>(uart: &UART0) {
    // In 64ths, rounded.
    let divisor = const { (CRYSTAL_HZ * 8 / BAUD).div_ceil(2) };
    uart.uartibrd()
        .write(|w| unsafe { w.baud_divint().bits((divisor >> 6) as u16) });
    uart.uartfbrd()
        .write(|w| unsafe { w.baud_divfrac().bits((divisor & 63) as u8) });
    uart.uartlcr_h()
        .write(|w| unsafe { w.wlen().bits(3) }.fen().set_bit());
    uart.uartcr()
        .write(|w| w.uarten().set_bit().txe().set_bit().rxe().set_bit());
}

impl ErrorType for Uart {
    type Error = Infallible;
}

impl ReadReady for Uart {
    fn read_ready(&mut self) -> Result<bool, Infallible> {
        Ok(self.0.uartfr().read().rxfe().bit_is_clear())
    }
}

impl Read for Uart {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        let mut count = 0;
        for place in buffer {
            while count == 0 && !self.read_ready()? {}
            if !self.read_ready()? {
                break;
            }
            *place = self.0.uartdr().read().data().bits();
            count += 1;
        }
        Ok(count)
    }
}

impl Write for Uart {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        let Some(&byte) = bytes.first() else {
            return Ok(0);
        };
        while self.0.uartfr().read().txff().bit_is_set() {}
        self.0.uartdr().write(|w| unsafe { w.data().bits(byte) });
        Ok(1)
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        while self.0.uartfr().read().busy().bit_is_set() {}
        Ok(())
    }
}

impl DelayNs for Timer {
    fn delay_ns(&mut self, ns: u32) {
        self.delay_us(ns.div_ceil(1_000));
    }

    fn delay_us(&mut self, us: u32) {
        let now = || self.0.timerawl().read().bits();
        let start = now();
        while now().wrapping_sub(start) <= us {}
    }
}

impl Led {
    pub fn set(&mut self, on: bool) {
        if on {
            self.0.gpio_out_set().write(|w| unsafe { w.bits(LED) });
        } else {
            self.0.gpio_out_clr().write(|w| unsafe { w.bits(LED) });
        }
    }
}
