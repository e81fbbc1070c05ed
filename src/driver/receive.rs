//! Reading what has arrived.

use super::Esp8266Mqtt;
use crate::{error::Error, event::Event, message::Message, queue::Unread};
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
        loop {
            if let Unread::Message(count) = self.engine.unread(false) {
                return Ok(self.engine.take_message(count));
            }
            self.receive_more()?;
        }
    }

    /// The next event, if something has happened: a message, Wi-Fi or MQTT up or down, a restart of the module, messages
    /// dropped for lack of room. Never blocks.
    ///
    /// Events come in the order in which they arrived, maybe long ago; [`link_state`](Self::link_state) is how things
    /// are now.
    ///
    /// # Errors
    /// As [`poll_receive`](Self::poll_receive).
    pub fn poll(&mut self) -> nb::Result<Event<'_>, Error<U::Error>> {
        loop {
            if let Some(lost) = self.engine.lost() {
                return Ok(lost);
            }
            match self.engine.unread(true) {
                Unread::Message(count) => {
                    return Ok(Event::Message(self.engine.take_message(count)));
                }
                Unread::Line(count) => {
                    return Ok(self.engine.take_line(count));
                }
                Unread::Blank(_) | Unread::Nothing => self.receive_more()?,
            }
        }
    }

    fn receive_more(&mut self) -> nb::Result<(), Error<U::Error>> {
        match self.pump() {
            Ok(0) => Err(nb::Error::WouldBlock),
            Ok(_) => Ok(()),
            Err(failure) => Ok(self.report(Err(failure))?),
        }
    }
}
