//! Does what a [`Keeper`] says.

use super::{DelayNs, Esp8266Mqtt, Uart, face};
use crate::{
    error::Error,
    event::{MqttLink, WifiLink},
    keeper::{Failed, Keeper, Kept, Loss, Stage},
    types::ConnectionState,
};

/// Quiet is counted in pieces: there is no clock that tells how much of a longer wait was over when something came.
const SLICE_MS: u32 = 100;

#[face]
impl<U: Uart, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Keeps a connection: joins, configures, connects and subscribes as far as that is needed, then waits up to
    /// `timeout_ms` milliseconds for what happens. Call it again and again, in place of [`receive`](Self::receive).
    ///
    /// Restarts of the module, a lost access point and a lost broker are noticed and repaired, with growing pauses between
    /// attempts; each is told. A step of the set-up takes its own time, see the methods that it stands for:
    /// [`init`](Self::init), [`connect_wifi_with`](Self::connect_wifi_with), [`usercfg`](Self::usercfg),
    /// [`conncfg`](Self::conncfg), [`connect`](Self::connect), [`subscribe`](Self::subscribe). The time of a pause counts
    /// only while nothing arrives.
    ///
    /// Publish in between as ever. An error of a publish is not repaired here, but a lost connection behind it is noticed;
    /// nothing is published twice. [`keep_publish`](Self::keep_publish) is for what must arrive.
    ///
    /// Vendor firmware does not tell when the broker is lost, and noise on the line can damage what tells of any loss: after
    /// 30 s of silence in all, and after a publish that has failed, the module is asked, and once more if it does not answer.
    /// Where it does not know either, only [`keep_publish`](Self::keep_publish) with
    /// [`retry`](crate::Publication::retry) takes a failed publish for a lost connection.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, JoinOptions, Keeper, Kept, Uart, UserConfig, Wishes};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let wishes = Wishes::new("broker.example", 1883, UserConfig::new("client-id"))
    ///     .wifi(JoinOptions::new("my-network", "my-password"));
    /// let mut keeper = Keeper::new(wishes, 4711);
    /// loop {
    ///     if let Kept::Stopped(_reason) = module.keep(&mut keeper, 100)? {
    ///         return Ok(());
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Uart`] if the UART is gone for good. All else is a [`Kept`].
    pub async fn keep(
        &mut self,
        keeper: &mut Keeper<'_>,
        timeout_ms: u32,
    ) -> Result<Kept<'_>, Error<U::Error>> {
        let mut left_ms = timeout_ms.max(1);
        loop {
            // What has arrived comes first, in its order.
            if let Some(next) = self.next_within(0).await? {
                keeper.heard();
                return Ok(Kept::Event(self.engine.take(next)));
            }
            if let Some(told) = keeper.restarted(self.counters().restarts) {
                return Ok(told);
            }
            match keeper.stage() {
                Stage::Stopped(stop) => return Ok(Kept::Stopped(stop)),
                Stage::Pause {
                    left_ms: pause_ms,
                    failed,
                } => {
                    let time = pause_ms.min(left_ms);
                    if let Some(next) = self.next_within(time).await? {
                        return Ok(Kept::Event(self.engine.take(next)));
                    }
                    keeper.go_on(after_pause(failed, pause_ms - time));
                    left_ms -= time;
                }
                Stage::Ready => {
                    if let Some(loss) = self.loss() {
                        return Ok(keeper.lost(loss));
                    }
                    if core::mem::take(&mut self.engine.publish_failed)
                        && self.is_cut_off(keeper).await?
                    {
                        return Ok(keeper.lost(Loss::Broker));
                    }
                    let time = left_ms.min(SLICE_MS);
                    if let Some(next) = self.next_within(time).await? {
                        keeper.heard();
                        return Ok(Kept::Event(self.engine.take(next)));
                    }
                    if keeper.quiet(time) && self.is_cut_off(keeper).await? {
                        return Ok(keeper.lost(Loss::Broker));
                    }
                    left_ms -= time;
                }
                stage => {
                    if let Some(told) = self.set_up(keeper, stage).await? {
                        return Ok(told);
                    }
                }
            }
            if left_ms == 0 {
                return Ok(Kept::Nothing);
            }
        }
    }

    /// What the unsolicited lines say is lost.
    pub(super) fn loss(&self) -> Option<Loss> {
        let link = self.link_state();
        if link.wifi == WifiLink::Down {
            return Some(Loss::Wifi);
        }
        (link.mqtt == MqttLink::Down).then_some(Loss::Broker)
    }

    /// Whether nothing is known to be lost since `keeper` was ready.
    pub(super) fn stands(&self, keeper: &Keeper<'_>) -> bool {
        self.loss().is_none() && keeper.restarts() == self.counters().restarts
    }

    /// Whether the module says so.
    async fn is_cut_off(&mut self, keeper: &mut Keeper<'_>) -> Result<bool, Error<U::Error>> {
        let state = answered(self.connection_state().await)?;
        Ok(keeper.is_cut_off(state.map(ConnectionState::may_be_connected)))
    }
}

/// What the module has answered; `None` if it did not, or refused. Only a UART that is gone is an error.
pub(super) fn answered<T, E>(result: Result<T, Error<E>>) -> Result<Option<T>, Error<E>> {
    match result {
        Ok(answer) => Ok(Some(answer)),
        Err(Error::Uart(error)) => Err(Error::Uart(error)),
        Err(_) => Ok(None),
    }
}

const fn after_pause(failed: Failed, left_ms: u32) -> Stage {
    match failed {
        _ if left_ms > 0 => Stage::Pause { left_ms, failed },
        Failed::Module => Stage::Module,
        Failed::Wifi => Stage::Wifi,
        Failed::Broker => Stage::Configure,
    }
}
