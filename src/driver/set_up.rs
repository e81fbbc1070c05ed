//! The steps that make true what a [`Keeper`] wishes.

use super::{DelayNs, Esp8266Mqtt, Uart, face, keep::answered};
use crate::{
    command::{
        tcpip::{Close, LinkId, Multiplexing, OpenTcp, QueryMultiplexing},
        wifi::WifiStatus,
    },
    config::JoinOptions,
    engine::Expect,
    error::{Error, JoinError},
    event::WifiLink,
    keeper::{Keeper, Kept, Loss, Stage, Stop, Trouble},
    types::{Dialect, Reconnect},
};

/// How long a broker may take to accept, on firmware that does not wait for it.
const ACCEPT_MS: u32 = 15_000;

#[face]
impl<U: Uart, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// One step towards what is wished.
    pub(super) async fn set_up(
        &mut self,
        keeper: &mut Keeper<'_>,
        stage: Stage,
    ) -> Result<Option<Kept<'static>>, Error<U::Error>> {
        let wishes = keeper.wishes;
        let (done, next, trouble) = match stage {
            Stage::Module => {
                let done = self.init().await.map(drop);
                // A restart up to here is part of it.
                keeper.restarted(self.counters().restarts);
                (done, Stage::Wifi, Trouble::Module)
            }
            Stage::Wifi => {
                let done = match wishes.wifi {
                    Some(options) if !self.is_joined(Some(&options)).await? => {
                        self.connect_wifi_with(&options).await
                    }
                    None if self.link_state().wifi == WifiLink::Down
                        && !self.is_joined(None).await? =>
                    {
                        Err(Error::Join(JoinError::Failed))
                    }
                    _ => Ok(()),
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
                    Ok(state) if state.may_be_connected() => Ok(()),
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
            Err(Error::Rejected(_))
                if trouble == Trouble::Subscription && self.loss() == Some(Loss::Broker) =>
            {
                return Ok(Some(keeper.cut_off()));
            }
            Err(Error::Rejected(_)) => trouble,
            Err(_) => Trouble::Module,
        };
        Ok(Some(keeper.failed(trouble)))
    }

    /// Whether the module says so: to this access point, or to any.
    async fn is_joined(
        &mut self,
        options: Option<&JoinOptions<'_>>,
    ) -> Result<bool, Error<U::Error>> {
        let Some(WifiStatus::Joined(joined)) = answered(self.wifi_status().await)? else {
            return Ok(false);
        };
        let is_it = options.is_none_or(|wished| {
            let same = |bssid| joined.bssid == bssid;
            joined.ssid == wished.ssid && wished.bssid.is_none_or(same)
        });
        if is_it {
            // The line that says so may have been lost.
            self.engine.link.wifi = WifiLink::Up;
        }
        Ok(is_it)
    }

    /// Whether the broker's port can be opened: then it is the login that is refused. The module does not tell these apart.
    async fn is_reachable(&mut self, host: &str, port: u16) -> Result<bool, Error<U::Error>> {
        // A module that was not restarted may have five links; then one has to be named.
        let links = answered(self.send(&QueryMultiplexing).await)?;
        let link = match links {
            Some(Multiplexing::Multiple) => LinkId::new(4),
            _ => None,
        };
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
}
