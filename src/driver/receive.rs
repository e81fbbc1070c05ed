//! Reading what has arrived.

use super::Esp8266Mqtt;
use crate::{error::Error, event::Event, message::Message};
use embedded_hal::delay::DelayNs;
use embedded_io::{Read, ReadReady, Write};

impl<U: Read + ReadReady + Write, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// The next message, if one has arrived. Never blocks.
    ///
    /// Topic and payload are borrowed from the receive buffer until the next call. Other events in front of the message
    /// are dropped; use [`poll`](Self::poll) to see them.
    ///
    /// # Errors
    /// `WouldBlock` if there is no message; [`Error::Uart`] if the UART is gone for good. Noise on the line is no error
    /// but counted, see [`counters`](Self::counters).
    pub fn poll_receive(&mut self) -> nb::Result<Message<'_>, Error<U::Error>> {
        while !self.engine.waits(false) {
            match self.pump() {
                Ok(0) => return Err(nb::Error::WouldBlock),
                Ok(_) => {}
                Err(failure) => self.report(Err(failure))?,
            }
        }
        self.engine.message().ok_or(nb::Error::WouldBlock)
    }

    /// The next event, if something has happened: a message, Wi-Fi or MQTT up or down, a restart of the module, messages
    /// dropped for lack of room. Never blocks.
    ///
    /// # Errors
    /// As [`poll_receive`](Self::poll_receive).
    pub fn poll(&mut self) -> nb::Result<Event<'_>, Error<U::Error>> {
        while !self.engine.waits(true) {
            match self.pump() {
                Ok(0) => return Err(nb::Error::WouldBlock),
                Ok(_) => {}
                Err(failure) => self.report(Err(failure))?,
            }
        }
        self.engine.event().ok_or(nb::Error::WouldBlock)
    }
}
