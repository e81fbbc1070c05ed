//! Chapter "Basic AT Commands".

mod gpio;
mod power;
mod system;
mod uart;
mod version;

pub use gpio::*;
pub use power::*;
pub use system::*;
pub use uart::*;
pub use version::*;
