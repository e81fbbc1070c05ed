//! As `driver_size`, of the async face: the static's size in the symbol table is the struct's.
#![no_std]
#![no_main]

mod uart;

use core::hint::black_box;

use esp8266_mqtt::asynch::Esp8266Mqtt;
use uart::{Delay, Uart};

#[unsafe(no_mangle)]
static DRIVER_SIZE: [u8; size_of::<Esp8266Mqtt<'static, Uart, Delay>>()] = [0; _];

#[cortex_m_rt::entry]
fn main() -> ! {
    black_box(&DRIVER_SIZE);
    loop {}
}
