//! Carries the size of the driver struct: the static's size in the symbol table is the struct's.
#![no_std]
#![no_main]

use core::hint::black_box;

use esp8266_mqtt::Esp8266Mqtt;
use size_stub::{Delay, Uart};

#[unsafe(no_mangle)]
static DRIVER_SIZE: [u8; size_of::<Esp8266Mqtt<'static, Uart, Delay>>()] = [0; _];

#[cortex_m_rt::entry]
fn main() -> ! {
    black_box(&DRIVER_SIZE);
    loop {}
}
