//! Does what a [`Keeper`] says.

use super::{DelayNs, Esp8266Mqtt, Uart, face};
use crate::{
    command::{
        tcpip::{Close, LinkId, OpenTcp},
        wifi::WifiStatus,
    },
    engine::Expect,
    error::{Error, JoinError},
    event::{MqttLink, WifiLink},
    keeper::{Failed, Keeper, Kept, Loss, Publication, Stage, Stop, Trouble, Unpublished},
    types::{ConnectionState, Dialect, Reconnect},
};

/// How long a broker may take to accept, on firmware that does not wait for it.
const ACCEPT_MS: u32 = 15_000;

#[face]
impl<U: Uart, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Keeps a connection: joins, configures, connects and subscribes as far as that is needed, then waits up to
    /// `timeout_ms` milliseconds, at most one hour, for what happens. Call it again and again, in place of
    /// [`receive`](Self::receive).
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
    /// 30 s of silence in all, and after a publish that has failed, the module is asked. Where it does not know either, only
    /// [`keep_publish`](Self::keep_publish) takes a failed publish for a lost connection.
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
        let timeout_ms = timeout_ms.max(1);
        loop {
            // What has arrived comes first, in its order.
            if let Some(next) = self.next_within(0).await? {
                keeper.heard();
                return Ok(Kept::Event(self.engine.take(next)));
            }
            if keeper.has_restarted(self.counters().restarts) {
                return Ok(keeper.lost(Loss::Module));
            }
            match keeper.stage() {
                Stage::Stopped(stop) => return Ok(Kept::Stopped(stop)),
                Stage::Pause { left_ms, failed } => {
                    let time = left_ms.min(timeout_ms);
                    if let Some(next) = self.next_within(time).await? {
                        return Ok(Kept::Event(self.engine.take(next)));
                    }
                    keeper.go_on(after_pause(failed, left_ms - time));
                    if time == timeout_ms {
                        return Ok(Kept::Nothing);
                    }
                }
                Stage::Ready => {
                    if let Some(loss) = self.loss() {
                        return Ok(keeper.lost(loss));
                    }
                    if core::mem::take(&mut self.engine.publish_failed)
                        && self.is_disconnected().await?
                    {
                        return Ok(keeper.lost(Loss::Broker));
                    }
                    if let Some(next) = self.next_within(timeout_ms).await? {
                        keeper.heard();
                        return Ok(Kept::Event(self.engine.take(next)));
                    }
                    if keeper.quiet(timeout_ms) && self.is_disconnected().await? {
                        return Ok(keeper.lost(Loss::Broker));
                    }
                    return Ok(Kept::Nothing);
                }
                stage => {
                    if let Some(told) = self.set_up(keeper, stage).await? {
                        return Ok(told);
                    }
                }
            }
        }
    }

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
            return Ok(Kept::Unpublished(why));
        }
        if self.stands(keeper) {
            // Where the module does not know, a publish that fails is all that shows it.
            let state = answered(self.connection_state().await)?;
            if !state.is_some_and(ConnectionState::is_connected) {
                return Ok(keeper.lost(Loss::Broker));
            }
            if publication.refused() {
                return Ok(Kept::Unpublished(why));
            }
        }
        self.keep(keeper, timeout_ms).await
    }

    /// What the unsolicited lines say is lost.
    fn loss(&self) -> Option<Loss> {
        let link = self.link_state();
        if link.wifi == WifiLink::Down {
            return Some(Loss::Wifi);
        }
        (link.mqtt == MqttLink::Down).then_some(Loss::Broker)
    }

    /// Whether nothing is known to be lost since `keeper` was ready.
    fn stands(&self, keeper: &Keeper<'_>) -> bool {
        self.loss().is_none() && keeper.restarts() == self.counters().restarts
    }

    /// Whether the module says so; silence is for the next step to find out.
    async fn is_disconnected(&mut self) -> Result<bool, Error<U::Error>> {
        let state = answered(self.connection_state().await)?;
        Ok(!state.is_some_and(may_be_connected))
    }

    /// One step towards what is wished.
    async fn set_up(
        &mut self,
        keeper: &mut Keeper<'_>,
        stage: Stage,
    ) -> Result<Option<Kept<'static>>, Error<U::Error>> {
        let wishes = keeper.wishes;
        let (done, next, trouble) = match stage {
            Stage::Module => {
                let done = self.init().await.map(drop);
                // A restart up to here is part of it.
                keeper.has_restarted(self.counters().restarts);
                (done, Stage::Wifi, Trouble::Module)
            }
            Stage::Wifi => {
                let done = match wishes.wifi {
                    Some(_) if self.is_joined().await? => Ok(()),
                    Some(options) => self.connect_wifi_with(&options).await,
                    None => Ok(()),
                };
                (done, Stage::Configure, Trouble::Wifi(JoinError::Failed))
            }
            Stage::Configure => {
                // The firmware keeps a client that has lost its broker, and refuses to configure another.
                let mut done = self.disconnect().await;
                if done.is_ok() {
                    done = self.usercfg(&wishes.user).await;
                }
                if done.is_ok() {
                    done = self.conncfg(&wishes.connection).await;
                }
                (done, Stage::Connect, Trouble::Configuration)
            }
            Stage::Connect => {
                let done = self.connect(wishes.host, wishes.port, Reconnect::Off).await;
                // ESP-AT has waited for the broker.
                let next = match self.dialect() {
                    Dialect::EspAt => Stage::Subscribe(0),
                    Dialect::Auto | Dialect::Vendor => Stage::Accepted,
                };
                (done, next, Trouble::Unreachable)
            }
            Stage::Accepted => {
                let done = self.wait_connected(ACCEPT_MS).await;
                let done = match done {
                    Ok(state) if may_be_connected(state) => Ok(()),
                    Ok(_) => Err(Error::Rejected(None)),
                    Err(error) => Err(error),
                };
                (done, Stage::Subscribe(0), Trouble::Unreachable)
            }
            Stage::Subscribe(index) => {
                let Some((topic, qos)) = wishes.subscriptions.get(index) else {
                    return Ok(Some(keeper.ready()));
                };
                let done = self.subscribe(topic, *qos).await;
                (done, Stage::Subscribe(index + 1), Trouble::Subscription)
            }
            Stage::Ready | Stage::Pause { .. } | Stage::Stopped(_) => return Ok(None),
        };
        let trouble = match done {
            Ok(()) => {
                keeper.go_on(next);
                return Ok(None);
            }
            Err(Error::Uart(error)) => return Err(Error::Uart(error)),
            Err(Error::Argument(error)) => return Ok(Some(keeper.stopped(Stop::Argument(error)))),
            Err(Error::Join(reason)) => Trouble::Wifi(reason),
            Err(Error::Rejected(_)) if trouble == Trouble::Unreachable => {
                if self.is_reachable(wishes.host, wishes.port).await? {
                    Trouble::Refused
                } else {
                    Trouble::Unreachable
                }
            }
            Err(Error::Rejected(_)) => trouble,
            Err(_) => Trouble::Module,
        };
        Ok(Some(keeper.failed(trouble)))
    }

    async fn is_joined(&mut self) -> Result<bool, Error<U::Error>> {
        let status = answered(self.wifi_status().await)?;
        Ok(matches!(status, Some(WifiStatus::Joined(_))))
    }

    /// Whether the broker's port can be opened: then it is the login that is refused. The module does not tell these apart.
    async fn is_reachable(&mut self, host: &str, port: u16) -> Result<bool, Error<U::Error>> {
        let link = self.probe_link();
        let keep_alive = None;
        let probe = OpenTcp {
            link,
            host,
            port,
            keep_alive,
        };
        self.write(&probe);
        let is_open = answered(self.run(Expect::Final).await)?.is_some();
        if is_open {
            self.write(&Close(link));
            answered(self.run(Expect::Final).await)?;
        }
        Ok(is_open)
    }

    /// The last link where there are five, the only one otherwise.
    #[cfg_attr(not(feature = "sockets"), allow(clippy::unused_self))]
    fn probe_link(&self) -> Option<LinkId> {
        #[cfg(feature = "sockets")]
        if self.engine.links.is_ready {
            return LinkId::new(4);
        }
        None
    }
}

/// What the module has answered; `None` if it did not, or refused. Only a UART that is gone is an error.
fn answered<T, E>(result: Result<T, Error<E>>) -> Result<Option<T>, Error<E>> {
    match result {
        Ok(answer) => Ok(Some(answer)),
        Err(Error::Uart(error)) => Err(Error::Uart(error)),
        Err(_) => Ok(None),
    }
}

/// Firmware that has accepted the request may not tell more.
fn may_be_connected(state: ConnectionState) -> bool {
    state.is_connected() || state == ConnectionState::Accepted
}

const fn after_pause(failed: Failed, left_ms: u32) -> Stage {
    match failed {
        _ if left_ms > 0 => Stage::Pause { left_ms, failed },
        Failed::Module => Stage::Module,
        Failed::Wifi => Stage::Wifi,
        Failed::Broker => Stage::Configure,
    }
}
