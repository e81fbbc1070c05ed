//! Reading what has arrived.

use super::{DelayNs, Esp8266Mqtt, Uart, face};
use crate::{
    engine::{Awaited, Engine, Failure, Next},
    error::Error,
    event::Event,
    message::Message,
    queue::Unread,
};

/// The longest single wait; the time is counted in 8 µs.
const HOUR_MS: u32 = 3_600_000;

#[face]
impl<U: Uart, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// The next message, if one has arrived. Never waits.
    ///
    /// Topic and payload are borrowed from the receive buffer until the next call. Other events in front of the message
    /// are dropped; use [`poll`](Self::poll) to see them.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// loop {
    ///     if let Ok(message) = module.poll_receive() {
    ///         let _led_on = message.topic() == b"topic_led" && message.payload() == b"on";
    ///     }
    ///     // … the rest of your program
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// `WouldBlock` if there is no message; [`Error::Uart`] if the UART is gone for good. Noise on the line is no error
    /// but counted, see [`counters`](Self::counters).
    pub fn poll_receive(&mut self) -> nb::Result<Message<'_>, Error<U::Error>> {
        loop {
            if let Some(count) = next_message(&mut self.engine) {
                return Ok(self.engine.take_message(count));
            }
            self.receive_more()?;
        }
    }

    /// The next event, if something has happened: a message, Wi-Fi or MQTT up or down, a restart of the module, messages
    /// dropped for lack of room. Never waits.
    ///
    /// Events come in the order in which they arrived, maybe long ago; [`link_state`](Self::link_state) is how things
    /// are now.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Event, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// while let Ok(event) = module.poll() {
    ///     match event {
    ///         Event::Message(message) => { /* as with `poll_receive` */ }
    ///         Event::MqttDisconnected | Event::ModuleRestarted => { /* set all up again */ }
    ///         Event::MessagesDropped { .. } => { /* a larger receive buffer? */ }
    ///         _ => {}
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`poll_receive`](Self::poll_receive).
    pub fn poll(&mut self) -> nb::Result<Event<'_>, Error<U::Error>> {
        loop {
            if let Some(next) = self.engine.next() {
                return Ok(self.engine.take(next));
            }
            self.receive_more()?;
        }
    }

    /// Waits for the next message, as long as it takes; otherwise as [`poll_receive`](Self::poll_receive).
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let message = module.receive()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Uart`] if the UART is gone for good.
    pub async fn receive(&mut self) -> Result<Message<'_>, Error<U::Error>> {
        while !self.find(Awaited::Message, HOUR_MS).await? {}
        let count = next_message(&mut self.engine).unwrap_or_default();
        Ok(self.engine.take_message(count))
    }

    /// Waits up to `timeout_ms` milliseconds, at most one hour, for the next message; `None` if none has come. 0 takes what has
    /// arrived.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// match module.receive_within(1_000)? {
    ///     Some(message) => { /* as with `poll_receive` */ }
    ///     None => { /* nothing for a second */ }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    pub async fn receive_within(
        &mut self,
        timeout_ms: u32,
    ) -> Result<Option<Message<'_>>, Error<U::Error>> {
        self.find(Awaited::Message, timeout_ms).await?;
        Ok(next_message(&mut self.engine).map(|count| self.engine.take_message(count)))
    }

    /// Waits for the next event, as long as it takes; otherwise as [`poll`](Self::poll).
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// loop {
    ///     let _event = module.next_event()?;
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Uart`] if the UART is gone for good.
    pub async fn next_event(&mut self) -> Result<Event<'_>, Error<U::Error>> {
        loop {
            if let Some(next) = self.next_within(HOUR_MS).await? {
                return Ok(self.engine.take(next));
            }
        }
    }

    /// Waits up to `timeout_ms` milliseconds, at most one hour, for the next event; `None` if nothing has happened. 0 takes what
    /// has arrived.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Event, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let is_back = module.next_event_within(60_000)? == Some(Event::WifiGotIp);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`next_event`](Self::next_event).
    pub async fn next_event_within(
        &mut self,
        timeout_ms: u32,
    ) -> Result<Option<Event<'_>>, Error<U::Error>> {
        let found = self.next_within(timeout_ms).await?;
        Ok(found.map(|next| self.engine.take(next)))
    }

    /// The next event, for the engine to [take](Engine::take).
    pub(super) async fn next_within(
        &mut self,
        timeout_ms: u32,
    ) -> Result<Option<Next>, Error<U::Error>> {
        self.find(Awaited::Event, timeout_ms).await?;
        Ok(self.engine.next())
    }

    /// Receives until that is there, at most so long. Returns whether it is.
    pub(super) async fn find(
        &mut self,
        awaited: Awaited,
        timeout_ms: u32,
    ) -> Result<bool, Error<U::Error>> {
        self.end_dropped_listing();
        let done = self.until(awaited, timeout_ms.min(HOUR_MS)).await;
        match done {
            Err(Failure::Timeout) => Ok(false),
            done => self.report(done).map(|()| true),
        }
    }

    pub(in super::super) fn receive_more(&mut self) -> nb::Result<(), Error<U::Error>> {
        self.end_dropped_listing();
        match self.pump() {
            Ok(0) => Err(nb::Error::WouldBlock),
            Ok(_) => Ok(()),
            Err(failure) => Ok(self.report(Err(failure))?),
        }
    }
}

/// The length of the next message; events in front of it are dropped.
fn next_message(engine: &mut Engine<'_>) -> Option<usize> {
    match engine.unread(false) {
        Unread::Message(count) => Some(count),
        _ => None,
    }
}
