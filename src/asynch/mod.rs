//! The async face, for embassy and any other executor.
//!
//! [`Esp8266Mqtt`] has the methods of the [blocking one](crate::Esp8266Mqtt) over `embedded_io_async::{Read, Write}` and
//! `embedded_hal_async::delay::DelayNs`; it needs no executor and no global time driver of its own. In a program without
//! one, [`poll`] goes on with any method from the main loop. The examples of the methods are the blocking one's: `.await` comes
//! behind each call that waits.
//!
//! ```
//! use embedded_hal_async::delay::DelayNs;
//! use embedded_io_async::{Read, Write};
//! use esp8266_mqtt::{Buffers, Error, QoS, Reconnect, UserConfig, asynch::Esp8266Mqtt};
//!
//! async fn run<U: Read + Write, D: DelayNs>(uart: U, delay: D) -> Result<(), Error<U::Error>> {
//!     let (mut rx, mut tx) = ([0; 1024], [0; 256]);
//!     let mut module = Esp8266Mqtt::new(uart, delay, Buffers::new(&mut rx, &mut tx));
//!     module.init().await?;
//!     module.connect_wifi("my-network", "my-password").await?;
//!     module.usercfg(&UserConfig::new("client-id").credentials("user", "password")).await?;
//!     module.connect("broker.example", 1883, Reconnect::Off).await?;
//!     // Vendor firmware has only taken the request: did the broker accept?
//!     if !module.wait_connected(10_000).await?.may_be_connected() {
//!         return Err(Error::Rejected(None));
//!     }
//!     module.subscribe("topic_led", QoS::AtMostOnce).await?;
//!     module.publish("topic_1", "hello", QoS::AtMostOnce).await?;
//!     loop {
//!         let message = module.receive().await?;
//!         let _led_on = message.payload() == b"on";
//!     }
//! }
//! ```
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
