//! A broker inside the process, for the virtual clock.

use core::time::Duration;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::session::{Line, Shared};
use super::{Broker, BrokerEvent, ConnectRequest, Message, Token};

/// How a host name answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum HostState {
    /// A broker listens there.
    #[default]
    Up,
    /// The connection is refused.
    Refusing,
    /// Nothing ever comes back.
    Unreachable,
}

/// A message that a broker took over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// When the broker got it.
    pub at: Duration,
    /// The publishing client, `None` if it was [`MemoryBroker::publish`].
    pub client_id: Option<String>,
    /// The message.
    pub message: Message,
}

/// MQTT 3.1.1 broker without a network: sessions, wildcards, retained messages, wills, client identifier takeover.
///
/// Cloning gives another handle to the same broker.
#[derive(Clone, Default)]
pub struct MemoryBroker(Arc<Mutex<Shared>>);

impl MemoryBroker {
    /// A broker that answers on every host name and lets everybody in.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new connection for one module.
    #[must_use]
    pub fn link(&self) -> MemoryLink {
        let mut shared = self.shared();
        shared.lines.push(Line::default());
        MemoryLink {
            broker: self.clone(),
            line: shared.lines.len() - 1,
        }
    }

    /// From a request to its acknowledgement, and from a publish to its delivery.
    pub fn set_round_trip(&self, round_trip: Duration) {
        self.shared().round_trip = round_trip;
    }

    /// Sets how `host` answers.
    pub fn set_host(&self, host: impl Into<String>, state: HostState) {
        self.shared().hosts.insert(host.into(), state);
    }

    /// Sets how all hosts answer that [`set_host`](Self::set_host) did not name.
    pub fn set_other_hosts(&self, state: HostState) {
        self.shared().other_hosts = state;
    }

    /// Adds a user; from the first one on nobody gets in without name and password.
    pub fn add_user(&self, name: impl Into<String>, password: impl Into<String>) {
        self.shared().users.push((name.into(), password.into()));
    }

    /// Publishes as another client would.
    pub fn publish(&self, message: Message) {
        self.shared().route(None, message);
    }

    /// Connects as another client would, which ends a connection with the same client identifier.
    pub fn take_over(&self, client_id: &str) {
        self.shared().take_over(client_id, usize::MAX);
    }

    /// Breaks all connections; with `stay_down` new ones are unreachable until [`restore`](Self::restore).
    pub fn lose(&self, stay_down: bool) {
        let mut shared = self.shared();
        shared.offline = stay_down;
        for line in 0..shared.lines.len() {
            if shared.lines[line].client.is_some() {
                shared.leave(line, true);
                shared.push(line, Duration::ZERO, BrokerEvent::Lost);
            }
        }
    }

    /// The broker is reachable again.
    pub fn restore(&self) {
        self.shared().offline = false;
    }

    /// All messages that the broker took over, oldest first, wills included.
    #[must_use]
    pub fn published(&self) -> Vec<Published> {
        self.shared().published.clone()
    }

    /// All connection requests, oldest first, refused ones included.
    #[must_use]
    pub fn connects(&self) -> Vec<ConnectRequest> {
        self.shared().connects.clone()
    }

    /// The topic filters and QoS of a client's session.
    #[must_use]
    pub fn subscriptions(&self, client_id: &str) -> Vec<(String, u8)> {
        self.shared().filters(client_id)
    }

    /// Client identifiers of the live connections.
    #[must_use]
    pub fn clients(&self) -> Vec<String> {
        let shared = self.shared();
        let clients = shared.lines.iter().filter_map(|line| line.client.as_ref());
        clients.map(|client| client.id.clone()).collect()
    }

    pub(crate) fn set_now(&self, now: Duration) {
        self.shared().now = now;
    }
}

/// One module's connection to a [`MemoryBroker`].
pub struct MemoryLink {
    broker: MemoryBroker,
    line: usize,
}

impl MemoryLink {
    fn shared_at(&self, now: Duration) -> MutexGuard<'_, Shared> {
        let mut shared = self.broker.shared();
        shared.now = now;
        shared
    }
}

impl Broker for MemoryLink {
    fn connect(&mut self, now: Duration, request: &ConnectRequest) {
        self.shared_at(now).connect(self.line, request);
    }

    fn publish(&mut self, now: Duration, token: Token, message: &Message) {
        let mut shared = self.shared_at(now);
        let Some(client) = &shared.lines[self.line].client else {
            return;
        };
        let id = client.id.clone();
        if message.qos > 0 {
            let after = shared.round_trip;
            shared.push(self.line, after, BrokerEvent::Published(token));
        }
        shared.route(Some(id), message.clone());
    }

    fn subscribe(&mut self, now: Duration, token: Token, filter: &str, qos: u8) {
        let mut shared = self.shared_at(now);
        if shared.subscribe(self.line, filter, qos) {
            let after = shared.round_trip;
            shared.push(self.line, after, BrokerEvent::Subscribed(token));
            shared.send_retained(self.line, filter, qos);
        }
    }

    fn unsubscribe(&mut self, now: Duration, token: Token, filter: &str) {
        let mut shared = self.shared_at(now);
        shared.unsubscribe(self.line, filter);
        let after = shared.round_trip;
        shared.push(self.line, after, BrokerEvent::Unsubscribed(token));
    }

    fn disconnect(&mut self, now: Duration) {
        self.shared_at(now).leave(self.line, false);
    }

    fn cut(&mut self, now: Duration) {
        self.shared_at(now).leave(self.line, true);
    }

    fn poll(&mut self, now: Duration) -> Option<BrokerEvent> {
        let mut shared = self.shared_at(now);
        let events = &mut shared.lines[self.line].events;
        if events.front().is_some_and(|(at, _)| *at <= now) {
            return events.pop_front().map(|(_, event)| event);
        }
        None
    }

    fn next_due(&self) -> Option<Duration> {
        let shared = self.broker.shared();
        shared.lines[self.line].events.front().map(|(at, _)| *at)
    }
}
