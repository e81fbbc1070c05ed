//! Publishes what must arrive, over a kept connection.

use super::{DelayNs, Esp8266Mqtt, Uart, face, keep::answered};
use crate::{
    error::Error,
    keeper::{Keeper, Kept, Loss, Publication, Unpublished},
    types::ConnectionState,
};

#[face]
impl<U: Uart, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Does what [`keep`](Self::keep) does, and publishes `publication` as soon as everything is as wished and what has
    /// arrived before has been told. Call it until that [is done](Publication::is_done): it is told by
    /// [`Kept::Published`] or [`Kept::Unpublished`]; from then on this is `keep`.
    ///
    /// One attempt takes as long as a [`publish`](Self::publish) may, beside `timeout_ms`. It is repeated only with
    /// [`Publication::retry`]: after a lost connection on the next one, and on a connection that stands at the next call.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Keeper, Kept, Publication, Uart};
    /// # fn run<U: Uart, D: DelayNs>(
    /// #     module: &mut Esp8266Mqtt<'_, U, D>,
    /// #     keeper: &mut Keeper<'_>,
    /// # ) -> Result<(), Error<U::Error>> {
    /// let mut alarm = Publication::new("alarm", b"on").retry();
    /// while !alarm.is_done() {
    ///     match module.keep_publish(keeper, &mut alarm, 1_000)? {
    ///         Kept::Stopped(_reason) => break,
    ///         _ => { /* as with `keep` */ }
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As `keep`.
    pub async fn keep_publish(
        &mut self,
        keeper: &mut Keeper<'_>,
        publication: &mut Publication<'_>,
        timeout_ms: u32,
    ) -> Result<Kept<'_>, Error<U::Error>> {
        if publication.is_abandoned() {
            publication.failed(true);
            self.engine.publish_failed = true;
            return Ok(Kept::Unpublished(Unpublished::Unknown));
        }
        if publication.is_done() || !keeper.is_ready() {
            return self.keep(keeper, timeout_ms).await;
        }
        // What has arrived comes first, in its order.
        if let Some(next) = self.next_within(0).await? {
            keeper.heard();
            return Ok(Kept::Event(self.engine.take(next)));
        }
        if !self.stands(keeper) {
            return self.keep(keeper, timeout_ms).await;
        }
        publication.attempt();
        let Publication {
            topic,
            payload,
            qos,
            retain,
            ..
        } = *publication;
        let done = self.publish_bytes(topic, payload, qos, retain).await;
        let why = match done {
            Ok(()) => {
                let attempts = publication.done();
                return Ok(Kept::Published { attempts });
            }
            Err(Error::Uart(error)) => return Err(Error::Uart(error)),
            Err(Error::Argument(error)) => {
                publication.failed(true);
                return Ok(Kept::Unpublished(Unpublished::Argument(error)));
            }
            Err(Error::Rejected(_) | Error::Busy) => Unpublished::Refused,
            Err(_) => Unpublished::Unknown,
        };
        if publication.failed(false) {
            self.engine.publish_failed = true;
            return Ok(Kept::Unpublished(why));
        }
        if self.stands(keeper) {
            let state = answered(self.connection_state().await)?;
            if state.is_some_and(ConnectionState::may_be_connected) && publication.refused() {
                return Ok(Kept::Unpublished(why));
            }
            match state {
                // Where the module does not know, a publish that fails is all that shows it.
                Some(ConnectionState::Accepted) => return Ok(keeper.again(Loss::Broker)),
                Some(state) if state.is_connected() => {}
                _ => return Ok(keeper.lost(Loss::Broker)),
            }
        }
        self.keep(keeper, timeout_ms).await
    }
}
