//! The async face, for embassy and any other executor.
//!
//! [`Esp8266Mqtt`] has the methods of the [blocking one](crate::Esp8266Mqtt) over `embedded_io_async::{Read, Write}` and
//! `embedded_hal_async::delay::DelayNs`; it needs no executor and no global time driver of its own. In a program without
//! one, [`poll`] goes on with any method from the main loop. The examples of the methods are the blocking one's: `.await` comes
//! behind each call that waits.
//!
//! # Dropping a future
//!
//! Every future may be dropped at any time, by a `select` or a time-out. No message that has arrived is lost, and the
//! next call brings module and driver back in step before it does its own work:
//!
//! | dropped | what has happened | what the next command does first |
//! | --- | --- | --- |
//! | before it was polled | nothing | nothing |
//! | while its command is sent or answered | the module may have carried it out, or may still | asks `AT+GMR` until that is answered |
//! | `publish` of binary data, after `>` | the module waits for the rest of the data | sends the missing bytes as zeros |
//! | `init`, `restart`, `hard_reset` | the same | the same |
//! | `receive`, `next_event` | nothing | nothing |
//! | `socket_send` of a stream, after `>`; `socket_receive`, while data is fetched | bytes of the stream are lost | the socket says [`DataLost`](crate::Error) from then on |
//! | `keep` | its step may have been carried out | takes the step again |
//!
//! `poll` and `poll_receive` may be called in between; they only read.

#[path = "../driver/mod.rs"]
#[allow(clippy::duplicate_mod, reason = "one source, two faces")]
mod driver;
mod polled;
mod port;

pub use driver::Esp8266Mqtt;
pub use polled::{PolledDelay, PolledUart, poll};
pub use port::Uart;

use embedded_hal_async::delay::DelayNs;
use maybe_async::must_be_async as face;
