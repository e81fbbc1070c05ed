//! The board as the bins on `rp2040-hal` use it: UART0 on GPIO 0 and 1, the timer, the LED on GPIO 25.
#![no_std]
#![cfg(feature = "hal")]

pub mod bare;

use rp2040_hal::{
    Clock, Sio, Timer, Watchdog,
    clocks::init_clocks_and_plls,
    fugit::RateExtU32,
    gpio::{
        FunctionSioOutput, FunctionUart, Pin, Pins, PullDown,
        bank0::{Gpio0, Gpio1, Gpio25},
    },
    pac,
    uart::{DataBits, Enabled, StopBits, UartConfig, UartPeripheral},
};

#[unsafe(link_section = ".boot2")]
#[used]
static BOOT2: [u8; 256] = rp2040_boot2::BOOT_LOADER_GENERIC_03H;

const CRYSTAL_HZ: u32 = 12_000_000;

/// GPIO 0 is TX, GPIO 1 is RX.
pub type UartPins = (
    Pin<Gpio0, FunctionUart, PullDown>,
    Pin<Gpio1, FunctionUart, PullDown>,
);
pub type Uart = UartPeripheral<Enabled, pac::UART0, UartPins>;
pub type Led = Pin<Gpio25, FunctionSioOutput, PullDown>;

pub struct Board {
    pub uart: Uart,
    pub timer: Timer,
    pub led: Led,
}

/// Sets clocks, pins and UART up. `None` the second time.
pub fn take(baud: u32) -> Option<Board> {
    let mut device = pac::Peripherals::take()?;
    let mut watchdog = Watchdog::new(device.WATCHDOG);
    let clocks = init_clocks_and_plls(
        CRYSTAL_HZ,
        device.XOSC,
        device.CLOCKS,
        device.PLL_SYS,
        device.PLL_USB,
        &mut device.RESETS,
        &mut watchdog,
    )
    .ok()?;
    let sio = Sio::new(device.SIO);
    let pins = Pins::new(
        device.IO_BANK0,
        device.PADS_BANK0,
        sio.gpio_bank0,
        &mut device.RESETS,
    );
    let uart_pins = (pins.gpio0.into_function(), pins.gpio1.into_function());
    let config = UartConfig::new(baud.Hz(), DataBits::Eight, None, StopBits::One);
    let uart = UartPeripheral::new(device.UART0, uart_pins, &mut device.RESETS)
        .enable(config, clocks.peripheral_clock.freq())
        .ok()?;
    Some(Board {
        uart,
        timer: Timer::new(device.TIMER, &mut device.RESETS, &clocks),
        led: pins.gpio25.into_push_pull_output(),
    })
}
