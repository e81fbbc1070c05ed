//! Sessions and routing of [`MemoryBroker`](super::MemoryBroker).

use core::time::Duration;
use std::collections::{BTreeMap, HashMap, VecDeque};

use super::{BrokerEvent, ConnectRequest, HostState, Message, Published};

#[derive(Default)]
pub(super) struct Session {
    filters: Vec<(String, u8)>,
    waiting: Vec<Message>,
}

#[derive(Default)]
pub(super) struct Line {
    pub client: Option<Client>,
    pub events: VecDeque<(Duration, BrokerEvent)>,
}

pub(super) struct Client {
    pub id: String,
    clean: bool,
    pub will: Option<Message>,
}

#[derive(Default)]
pub(super) struct Shared {
    pub hosts: HashMap<String, HostState>,
    pub other_hosts: HostState,
    pub users: Vec<(String, String)>,
    pub round_trip: Duration,
    pub offline: bool,
    pub now: Duration,
    sessions: HashMap<String, Session>,
    retained: BTreeMap<String, Message>,
    pub lines: Vec<Line>,
    pub published: Vec<Published>,
    pub connects: Vec<ConnectRequest>,
}

impl Shared {
    pub fn push(&mut self, line: usize, after: Duration, event: BrokerEvent) {
        let at = self.now + after;
        // Keeping the order of one TCP stream matters more than the exact time of an event.
        let events = &mut self.lines[line].events;
        let at = events.back().map_or(at, |(last, _)| at.max(*last));
        events.push_back((at, event));
    }

    pub fn connect(&mut self, line: usize, request: &ConnectRequest) {
        let round_trip = self.round_trip;
        self.connects.push(request.clone());
        let host = self
            .hosts
            .get(&request.host)
            .copied()
            .unwrap_or(self.other_hosts);
        let known = self.users.is_empty()
            || self
                .users
                .iter()
                .any(|(user, password)| *user == request.username && *password == request.password);
        if self.offline || host == HostState::Unreachable {
            return self.push(line, Duration::ZERO, BrokerEvent::Unreachable);
        }
        let nameless = request.client_id.is_empty() && !request.clean_session;
        if host == HostState::Refusing || !known || nameless {
            return self.push(line, round_trip, BrokerEvent::Refused);
        }
        self.take_over(&request.client_id, line);
        let session = self.sessions.entry(request.client_id.clone()).or_default();
        if request.clean_session {
            *session = Session::default();
        }
        let waiting = core::mem::take(&mut session.waiting);
        self.lines[line].client = Some(Client {
            id: request.client_id.clone(),
            clean: request.clean_session,
            will: request.will.clone(),
        });
        self.push(line, round_trip, BrokerEvent::Connected);
        for message in waiting {
            self.push(line, round_trip, BrokerEvent::Message(message));
        }
    }

    /// MQTT 3.1.1 3.1.4: a second connection with the same client identifier ends the first.
    pub fn take_over(&mut self, id: &str, except: usize) {
        let holders: Vec<usize> = (0..self.lines.len())
            .filter(|&line| line != except)
            .filter(|&line| {
                self.lines[line]
                    .client
                    .as_ref()
                    .is_some_and(|client| client.id == id)
            })
            .collect();
        for line in holders {
            self.leave(line, true);
            self.push(line, Duration::ZERO, BrokerEvent::Lost);
        }
    }

    /// Ends the connection of `line`; `send_will` if it was not by DISCONNECT.
    pub fn leave(&mut self, line: usize, send_will: bool) {
        let Some(client) = self.lines[line].client.take() else {
            return;
        };
        self.lines[line].events.clear();
        if client.clean {
            self.sessions.remove(&client.id);
        }
        if let (true, Some(will)) = (send_will, client.will) {
            self.route(Some(client.id), will);
        }
    }

    pub fn subscribe(&mut self, line: usize, filter: &str, qos: u8) -> bool {
        let Some(client) = &self.lines[line].client else {
            return false;
        };
        let session = self.sessions.entry(client.id.clone()).or_default();
        session.filters.retain(|(known, _)| known != filter);
        session.filters.push((filter.into(), qos));
        true
    }

    pub fn send_retained(&mut self, line: usize, filter: &str, qos: u8) {
        let retained: Vec<Message> = self
            .retained
            .values()
            .filter(|message| matches(&message.topic, filter))
            .cloned()
            .collect();
        for mut message in retained {
            message.qos = message.qos.min(qos);
            self.push(line, self.round_trip, BrokerEvent::Message(message));
        }
    }

    pub fn unsubscribe(&mut self, line: usize, filter: &str) {
        let Some(client) = &self.lines[line].client else {
            return;
        };
        if let Some(session) = self.sessions.get_mut(&client.id) {
            session.filters.retain(|(known, _)| known != filter);
        }
    }

    pub fn filters(&self, client_id: &str) -> Vec<(String, u8)> {
        let session = self.sessions.get(client_id);
        session
            .map(|session| session.filters.clone())
            .unwrap_or_default()
    }

    /// Takes a message over and hands it to every session that subscribed to it.
    pub fn route(&mut self, from: Option<String>, message: Message) {
        self.published.push(Published {
            at: self.now,
            client_id: from,
            message: message.clone(),
        });
        if message.retain {
            if message.payload.is_empty() {
                self.retained.remove(&message.topic);
            } else {
                self.retained.insert(message.topic.clone(), message.clone());
            }
        }
        let mut online = Vec::new();
        for (id, session) in &mut self.sessions {
            let granted = session
                .filters
                .iter()
                .filter(|(filter, _)| matches(&message.topic, filter))
                .map(|(_, qos)| *qos)
                .max();
            let Some(granted) = granted else { continue };
            let copy = Message {
                qos: message.qos.min(granted),
                retain: false,
                ..message.clone()
            };
            let line = self
                .lines
                .iter()
                .position(|line| line.client.as_ref().is_some_and(|client| client.id == *id));
            match line {
                Some(line) => online.push((line, copy)),
                None if copy.qos > 0 => session.waiting.push(copy),
                None => {}
            }
        }
        online.sort_by_key(|(line, _)| *line);
        for (line, copy) in online {
            self.push(line, self.round_trip, BrokerEvent::Message(copy));
        }
    }
}

/// MQTT 3.1.1 4.7: whether `filter` covers `topic`.
fn matches(topic: &str, filter: &str) -> bool {
    if topic.starts_with('$') && filter.starts_with(['+', '#']) {
        return false;
    }
    // Without a level before it, the crate's function refuses every topic with a `$` and panics at a first character
    // that is not ASCII.
    rumqttc::matches(&format!("/{topic}"), &format!("/{filter}"))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn wildcards_and_dollar_topics() {
        for (topic, filter) in [
            ("a/b", "a/b"),
            ("a/b", "a/+"),
            ("a/b/c", "a/#"),
            ("a", "a/#"),
            ("$oc/x", "$oc/x"),
            ("$oc/x", "$oc/#"),
            ("é/x", "é/+"),
        ] {
            assert!(matches(topic, filter), "{topic} {filter}");
        }
        for (topic, filter) in [
            ("a/b", "a"),
            ("a/b/c", "a/+"),
            ("$oc/x", "#"),
            ("$oc/x", "+/x"),
            ("oc", "$oc"),
        ] {
            assert!(!matches(topic, filter), "{topic} {filter}");
        }
    }
}
