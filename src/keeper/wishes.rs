//! What is to be kept.

use crate::{
    config::{ConnectionConfig, JoinOptions, UserConfig},
    types::QoS,
};

/// Everything that a connection needs, for [`Keeper`](super::Keeper).
#[derive(Debug, Clone, Copy)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Wishes<'a> {
    /// The access point; `None` if the module joins by itself.
    pub wifi: Option<JoinOptions<'a>>,
    /// Who connects.
    pub user: UserConfig<'a>,
    /// Keep-alive, session, will.
    pub connection: ConnectionConfig<'a>,
    /// Name or address of the broker.
    pub host: &'a str,
    /// Its port.
    pub port: u16,
    /// Topic filters, at most 10: the module keeps no more.
    pub subscriptions: &'a [(&'a str, QoS)],
}

impl<'a> Wishes<'a> {
    /// A connection to a broker, with the defaults of [`ConnectionConfig`] and no subscriptions.
    #[must_use]
    pub const fn new(host: &'a str, port: u16, user: UserConfig<'a>) -> Self {
        Self {
            wifi: None,
            user,
            connection: ConnectionConfig::new(),
            host,
            port,
            subscriptions: &[],
        }
    }

    /// Joins this access point.
    #[must_use]
    pub const fn wifi(mut self, options: JoinOptions<'a>) -> Self {
        self.wifi = Some(options);
        self
    }

    /// Sets keep-alive, session and will.
    #[must_use]
    pub const fn connection(mut self, config: ConnectionConfig<'a>) -> Self {
        self.connection = config;
        self
    }

    /// Subscribes to these topic filters.
    #[must_use]
    pub const fn subscriptions(mut self, topics: &'a [(&'a str, QoS)]) -> Self {
        self.subscriptions = topics;
        self
    }
}
