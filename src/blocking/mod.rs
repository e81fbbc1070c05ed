//! The blocking face: the driver's source compiled without `async`, and the UART and clock below it.

#[path = "../driver/mod.rs"]
#[allow(clippy::duplicate_mod, reason = "one source, two faces")]
mod driver;
#[cfg(feature = "sockets")]
mod nal;
mod port;
mod start;

pub use driver::Esp8266Mqtt;
#[cfg(feature = "sockets")]
pub use nal::{NalSocket, Sockets};
pub use port::Uart;

use embedded_hal::delay::DelayNs;
use maybe_async::must_be_sync as face;
