//! The driver's methods: which commands they send, in which order, and what their answers mean.
//!
//! This source is compiled twice: as it stands for the async face, and with every `async` and `await` taken out
//! (`maybe_async`) for the blocking one. The other ways to have one source were a futures-based core polled by a blocking
//! loop, which costs the blocking face flash for state machines and a panic per `async fn`, and an operation type per
//! method, which reads worse. What differs between the faces, the UART and the clock, is in their `port` modules.
//! Everything that can be decided without them is decided in the engine.

mod access_points;
mod exchange;
mod init;
mod io;
mod keep;
mod keep_publish;
mod mqtt;
mod network;
mod receive;
mod set_up;
#[cfg(feature = "sockets")]
mod sockets;
mod system;
mod wifi;

use super::{DelayNs, Uart, face};
use crate::{
    buffers::Buffers,
    engine::Engine,
    event::{Counters, LinkState},
    types::Dialect,
};
use embedded_io::ErrorType;

/// Driver for one module. `U` is the UART, anything with the traits of [`Uart`]; `D` is the delay.
///
/// Commands are written byte by byte and the receiver is read in between, so that a UART without any buffer loses
/// nothing while a command goes out. `flush` is never called.
#[derive(Debug)]
pub struct Esp8266Mqtt<'b, U: ErrorType, D> {
    pub(super) engine: Engine<'b>,
    /// What the UART said when it failed.
    pub(super) uart_error: Option<U::Error>,
    pub(super) uart: U,
    pub(super) delay: D,
}

impl<'b, U: ErrorType, D> Esp8266Mqtt<'b, U, D> {
    /// Takes the UART at the module's baud rate (9600 or 115200 as shipped), a delay and the buffers. Sends nothing.
    pub fn new(uart: U, delay: D, buffers: Buffers<'b>) -> Self {
        Self {
            uart,
            delay,
            engine: Engine::new(buffers, Dialect::Auto),
            uart_error: None,
        }
    }

    /// Fixes the dialect instead of detecting it.
    #[must_use]
    pub fn with_dialect(mut self, dialect: Dialect) -> Self {
        self.engine.set_message_dialect(dialect);
        self.engine.line.dialect = dialect;
        self
    }

    /// The dialect in use: as fixed, or as [`init`](Self::init) found it, else [`Dialect::Auto`].
    pub const fn dialect(&self) -> Dialect {
        self.engine.line.dialect
    }

    /// What is known of Wi-Fi and MQTT without asking the module.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, MqttLink, Uart, WifiLink};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let link = module.link_state();
    /// let _led_on = link.wifi == WifiLink::Up && link.mqtt == MqttLink::Up;
    /// let _lost_so_far = module.counters().messages_dropped;
    /// let _firmware = module.dialect();
    /// # Ok(())
    /// # }
    /// ```
    pub const fn link_state(&self) -> LinkState {
        self.engine.link
    }

    /// How much was lost, dropped or noise since the driver was made.
    pub const fn counters(&self) -> Counters {
        self.engine.counters
    }

    /// The UART, to change its baud rate or read its own state. Bytes read here are missing in the driver.
    pub const fn uart_mut(&mut self) -> &mut U {
        &mut self.uart
    }

    /// Gives back UART and delay. Unread messages are lost.
    pub fn release(self) -> (U, D) {
        (self.uart, self.delay)
    }
}
