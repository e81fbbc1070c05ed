//! What a firmware weighs before it does anything.
#![no_std]
#![no_main]

use core::hint::black_box;

#[cortex_m_rt::entry]
fn main() -> ! {
    size_stub::touch();
    // The driver's buffers are the application's in the other images, too.
    let mut rx = [0_u8; 512];
    let mut tx = [0_u8; 256];
    black_box((&mut rx, &mut tx));
    loop {}
}
