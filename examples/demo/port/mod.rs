//! Ports to a real module. Each is a small type with the `embedded-io` traits that the driver asks for.

mod serial;
mod tcp;

pub use serial::Serial;
pub use tcp::Tcp;

use std::io::ErrorKind;

/// Whether a port that fails this way may work the next moment.
fn is_transient(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}
