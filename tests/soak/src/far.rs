//! The far end: a client of the broker on a sound network, in a thread of its own.
//!
//! What it publishes goes out at QoS 1, and again after the broker has died, until the broker has taken it: a message counts
//! as sent when it is handed over here, and no loss is on this side. It listens to all topics, so that a message whose topic
//! was damaged on the serial line is seen too.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

use rumqttc::{
    AsyncClient, Event, EventLoop, Incoming, MqttOptions, NetworkOptions, Outgoing, QoS,
};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::payload::{self, Name, Way};

/// More than the soak ever has in flight.
const QUEUE: u16 = 2_000;

/// What the far end has to tell.
#[derive(Debug)]
pub enum News {
    /// Connected and subscribed.
    Listening,
    /// The broker is gone.
    Deaf,
    /// The broker has taken a message.
    Taken(Name),
    /// A message that the broker may have taken already is published again.
    Repeated(Name),
    Arrived(Name),
    /// A message that is none of those that were sent.
    Damaged(String),
}

/// Starts the thread, which ends with the sender of the messages that it is to publish.
pub fn start(port: u16, epoch: Instant, news: Sender<(Duration, News)>) -> UnboundedSender<Name> {
    let (sender, receiver) = unbounded_channel();
    let far = Far {
        port,
        epoch,
        news,
        untaken: RefCell::default(),
    };
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(far.run(receiver));
    });
    sender
}

/// The connection to the broker, which comes back: nobody asks why.
struct Broken;

struct Far {
    port: u16,
    epoch: Instant,
    news: Sender<(Duration, News)>,
    /// Handed over, and not yet taken by the broker, oldest first.
    untaken: RefCell<VecDeque<Name>>,
}

impl Far {
    async fn run(self, mut to_publish: UnboundedReceiver<Name>) {
        // An error is a dead broker, which comes back.
        while self.connection(&mut to_publish).await.is_err() {
            self.tell(News::Deaf);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn tell(&self, news: News) {
        let _ = self.news.send((self.epoch.elapsed(), news));
    }

    /// One connection, until it breaks (an error) or all is over.
    async fn connection(&self, to_publish: &mut UnboundedReceiver<Name>) -> Result<(), Broken> {
        let mut options = MqttOptions::new("far", "127.0.0.1", self.port);
        options.set_inflight(QUEUE);
        let (client, mut events) = AsyncClient::new(options, QUEUE.into());
        let mut network = NetworkOptions::new();
        network.set_tcp_nodelay(true);
        events.set_network_options(network);
        let _ = client.try_subscribe("#", QoS::AtLeastOnce);
        let is_subscribed = |event| matches!(event, Event::Incoming(Incoming::SubAck(_)));
        while !is_subscribed(events.poll().await.map_err(|_| Broken)?) {}
        self.tell(News::Listening);

        // In the order in which the client will send them.
        let unsent = RefCell::new(VecDeque::new());
        for name in self.untaken.borrow().iter() {
            self.tell(News::Repeated(*name));
            publish(&client, &unsent, *name);
        }
        let speak = async {
            while let Some(name) = to_publish.recv().await {
                self.untaken.borrow_mut().push_back(name);
                publish(&client, &unsent, name);
            }
        };
        tokio::select! {
            broken = self.hear(&mut events, &unsent) => Err(broken),
            () = speak => Ok(()),
        }
    }

    async fn hear(&self, events: &mut EventLoop, unsent: &RefCell<VecDeque<Name>>) -> Broken {
        let mut sent = HashMap::new();
        loop {
            match events.poll().await {
                Err(_) => return Broken,
                Ok(Event::Outgoing(Outgoing::Publish(id))) => {
                    sent.extend(unsent.borrow_mut().pop_front().map(|name| (id, name)));
                }
                Ok(Event::Incoming(Incoming::PubAck(ack))) => {
                    if let Some(name) = sent.remove(&ack.pkid) {
                        self.untaken.borrow_mut().retain(|untaken| *untaken != name);
                        self.tell(News::Taken(name));
                    }
                }
                Ok(Event::Incoming(Incoming::Publish(publish))) if !publish.retain => {
                    self.arrived(publish.topic.as_bytes(), &publish.payload);
                }
                Ok(_) => {}
            }
        }
    }

    fn arrived(&self, topic: &[u8], payload: &[u8]) {
        match payload::read(topic, payload) {
            Some(Name { way: Way::Down, .. }) => {}
            Some(name) => self.tell(News::Arrived(name)),
            None => {
                let (topic, payload) = (topic.escape_ascii(), payload.escape_ascii());
                self.tell(News::Damaged(format!("{topic} {payload}")));
            }
        }
    }
}

fn publish(client: &AsyncClient, unsent: &RefCell<VecDeque<Name>>, name: Name) {
    let topic = payload::topic(name.way, name.qos);
    if client
        .try_publish(topic, QoS::AtLeastOnce, false, payload::write(name))
        .is_ok()
    {
        unsent.borrow_mut().push_back(name);
    }
}
