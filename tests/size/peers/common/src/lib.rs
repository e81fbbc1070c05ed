//! What some of the neighbours need of the firmware around them. What an image does not use is not in it.
#![no_std]

mod stream;
mod time;

pub use stream::Stream;

use cortex_m::peripheral::{Peripherals, syst::SystClkSource};

/// Switches on the interrupt `SysTick`, which then has to take what the UART has received: the stub has no interrupt of
/// its own.
pub fn start_receiving() {
    // SAFETY: nothing else in the image uses a peripheral of the core.
    let mut timer = unsafe { Peripherals::steal() }.SYST;
    timer.set_clock_source(SystClkSource::Core);
    // Less than a byte's time at 115200 baud.
    timer.set_reload(1_000);
    timer.enable_interrupt();
    timer.enable_counter();
}

/// Carries the size of a type, as `driver_size` does.
#[macro_export]
macro_rules! carry_size {
    ($client:ty) => {
        #[unsafe(no_mangle)]
        static DRIVER_SIZE: [u8; size_of::<$client>()] = [0; _];

        #[cortex_m_rt::entry]
        fn main() -> ! {
            core::hint::black_box(&DRIVER_SIZE);
            loop {}
        }
    };
}
