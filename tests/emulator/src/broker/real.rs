//! A real broker behind TCP: MQTT 3.1.1 by `rumqttc`.

use core::time::Duration;
use std::collections::VecDeque;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};

use rumqttc::{
    AsyncClient, ConnectionError, Event, EventLoop, Incoming, LastWill, MqttOptions,
    NetworkOptions, Outgoing, QoS,
};
use tokio::sync::oneshot;

use super::{Broker, BrokerEvent, ConnectRequest, Message, Token};

/// Requests that may wait for the connection's thread.
const QUEUE: usize = 1024;
/// Largest packet either way, bytes.
const MAX_PACKET: usize = 256 * 1024;
/// Seconds for TCP and CONNACK.
const CONNECT_TIMEOUT: u64 = 10;

/// The network as the module sees it. Only for wall-clock time: [`RealTimePort`](crate::RealTimePort) and the binary.
///
/// Each connection has a thread of its own, which ends with it.
#[derive(Default)]
pub struct RealBroker {
    instead: Option<(String, u16)>,
    connection: Option<Connection>,
}

struct Connection {
    client: AsyncClient,
    events: mpsc::Receiver<BrokerEvent>,
    tokens: Arc<Mutex<Tokens>>,
    /// A message could not be sent.
    broken: bool,
    /// Told when the socket is to be closed without a word.
    stop: oneshot::Sender<()>,
}

/// Tokens of requests, first in the order of sending, then by packet identifier.
#[derive(Default)]
struct Tokens {
    publish: VecDeque<Token>,
    subscribe: VecDeque<Token>,
    unsubscribe: VecDeque<Token>,
    sent: Vec<(u16, BrokerEvent)>,
}

impl RealBroker {
    /// Connects to the hosts that `AT+MQTTCONN` names.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Connects to this address, whatever host and port `AT+MQTTCONN` names.
    #[must_use]
    pub fn always(host: impl Into<String>, port: u16) -> Self {
        Self {
            instead: Some((host.into(), port)),
            connection: None,
        }
    }

    fn options(&self, request: &ConnectRequest) -> Option<MqttOptions> {
        if request.client_id.is_empty() && !request.clean_session {
            return None;
        }
        let (host, port) = self
            .instead
            .clone()
            .unwrap_or((request.host.clone(), request.port));
        let mut options = MqttOptions::new(&request.client_id, host, port);
        options.set_keep_alive(Duration::from_secs(u64::from(request.keepalive.max(1))));
        options.set_clean_session(request.clean_session);
        options.set_max_packet_size(MAX_PACKET, MAX_PACKET);
        if !request.username.is_empty() {
            options.set_credentials(&request.username, &request.password);
        }
        if let Some(will) = &request.will {
            let Message { topic, payload, .. } = will;
            options.set_last_will(LastWill::new(
                topic,
                payload.clone(),
                qos(will.qos),
                will.retain,
            ));
        }
        Some(options)
    }
}

fn qos(number: u8) -> QoS {
    match number {
        0 => QoS::AtMostOnce,
        1 => QoS::AtLeastOnce,
        _ => QoS::ExactlyOnce,
    }
}

impl Connection {
    fn tokens(&self) -> std::sync::MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Broker for RealBroker {
    fn connect(&mut self, now: Duration, request: &ConnectRequest) {
        self.cut(now);
        let (sender, events) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let tokens = Arc::new(Mutex::new(Tokens::default()));
        let Some(options) = self.options(request) else {
            // What a broker would answer to a session without a name.
            let _ = sender.send(BrokerEvent::Refused);
            let options = MqttOptions::new("unused", "", 0);
            let client = AsyncClient::new(options, QUEUE).0;
            self.connection = Some(Connection {
                client,
                events,
                tokens,
                broken: false,
                stop,
            });
            return;
        };
        let (client, mut event_loop) = AsyncClient::new(options, QUEUE);
        let mut network = NetworkOptions::new();
        network.set_connection_timeout(CONNECT_TIMEOUT);
        network.set_tcp_nodelay(true);
        event_loop.set_network_options(network);
        let shared = Arc::clone(&tokens);
        std::thread::spawn(move || run(event_loop, &sender, stopped, &shared));
        self.connection = Some(Connection {
            client,
            events,
            tokens,
            broken: false,
            stop,
        });
    }

    fn publish(&mut self, _: Duration, token: Token, message: &Message) {
        let Some(connection) = &mut self.connection else {
            return;
        };
        if message.qos > 0 {
            connection.tokens().publish.push_back(token);
        }
        let Message { topic, payload, .. } = message;
        // A queue that is full for so long is a dead link; and a broker closes the connection for a wildcard in a topic,
        // which the crate does not send.
        connection.broken |= connection
            .client
            .try_publish(topic, qos(message.qos), message.retain, payload.clone())
            .is_err();
    }

    fn subscribe(&mut self, _: Duration, token: Token, filter: &str, level: u8) {
        let Some(connection) = &self.connection else {
            return;
        };
        connection.tokens().subscribe.push_back(token);
        let _ = connection.client.try_subscribe(filter, qos(level));
    }

    fn unsubscribe(&mut self, _: Duration, token: Token, filter: &str) {
        let Some(connection) = &self.connection else {
            return;
        };
        connection.tokens().unsubscribe.push_back(token);
        let _ = connection.client.try_unsubscribe(filter);
    }

    fn disconnect(&mut self, _: Duration) {
        // The thread ends by itself once DISCONNECT is out.
        if let Some(connection) = self.connection.take() {
            let _ = connection.client.try_disconnect();
        }
    }

    fn cut(&mut self, _: Duration) {
        if let Some(connection) = self.connection.take() {
            let _ = connection.stop.send(());
        }
    }

    fn poll(&mut self, now: Duration) -> Option<BrokerEvent> {
        let connection = self.connection.as_ref()?;
        if connection.broken {
            self.cut(now);
            return Some(BrokerEvent::Lost);
        }
        connection.events.try_recv().ok()
    }

    fn next_due(&self) -> Option<Duration> {
        None
    }
}

impl Drop for RealBroker {
    fn drop(&mut self) {
        self.cut(Duration::ZERO);
    }
}

fn run(
    mut event_loop: EventLoop,
    events: &mpsc::Sender<BrokerEvent>,
    mut stopped: oneshot::Receiver<()>,
    tokens: &Mutex<Tokens>,
) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    else {
        let _ = events.send(BrokerEvent::Refused);
        return;
    };
    runtime.block_on(async {
        let mut connected = false;
        loop {
            let event = tokio::select! {
                Ok(()) = &mut stopped, if !stopped.is_terminated() => return,
                event = event_loop.poll() => event,
            };
            let mut tokens = tokens.lock().unwrap_or_else(PoisonError::into_inner);
            let report = match event {
                Ok(Event::Incoming(incoming)) => {
                    connected |= matches!(incoming, Incoming::ConnAck(_));
                    tokens.received(incoming)
                }
                Ok(Event::Outgoing(Outgoing::Disconnect)) => return,
                Ok(Event::Outgoing(outgoing)) => {
                    tokens.sent(&outgoing);
                    None
                }
                Err(_) if connected => Some(BrokerEvent::Lost),
                Err(ConnectionError::NetworkTimeout) => Some(BrokerEvent::Unreachable),
                Err(_) => Some(BrokerEvent::Refused),
            };
            let last = matches!(
                report,
                Some(BrokerEvent::Lost | BrokerEvent::Unreachable | BrokerEvent::Refused)
            );
            if report.is_some_and(|report| events.send(report).is_err()) || last {
                return;
            }
        }
    });
}

impl Tokens {
    fn sent(&mut self, outgoing: &Outgoing) {
        let sent = match outgoing {
            // Packet identifier 0 stands for QoS 0.
            Outgoing::Publish(0) => None,
            Outgoing::Publish(id) => self
                .publish
                .pop_front()
                .map(|token| (*id, BrokerEvent::Published(token))),
            Outgoing::Subscribe(id) => self
                .subscribe
                .pop_front()
                .map(|token| (*id, BrokerEvent::Subscribed(token))),
            Outgoing::Unsubscribe(id) => self
                .unsubscribe
                .pop_front()
                .map(|token| (*id, BrokerEvent::Unsubscribed(token))),
            _ => None,
        };
        self.sent.extend(sent);
    }

    fn acknowledged(&mut self, id: u16) -> Option<BrokerEvent> {
        let index = self.sent.iter().position(|(sent, _)| *sent == id)?;
        Some(self.sent.remove(index).1)
    }

    fn received(&mut self, incoming: Incoming) -> Option<BrokerEvent> {
        match incoming {
            Incoming::ConnAck(_) => Some(BrokerEvent::Connected),
            Incoming::Publish(publish) => Some(BrokerEvent::Message(Message {
                topic: publish.topic,
                payload: publish.payload.to_vec(),
                qos: publish.qos as u8,
                retain: publish.retain,
            })),
            Incoming::PubAck(ack) => self.acknowledged(ack.pkid),
            Incoming::PubComp(ack) => self.acknowledged(ack.pkid),
            Incoming::SubAck(ack) => self.acknowledged(ack.pkid),
            Incoming::UnsubAck(ack) => self.acknowledged(ack.pkid),
            Incoming::Disconnect => Some(BrokerEvent::Lost),
            _ => None,
        }
    }
}
