//! What a firmware weighs before it does anything.
#![no_std]
#![no_main]

#[cortex_m_rt::entry]
fn main() -> ! {
    size_stub::touch();
    loop {}
}
