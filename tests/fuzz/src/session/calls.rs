//! The calls of an application.

use core::fmt::Debug;

use arbitrary::Arbitrary;
use esp8266_mqtt::command::mqtt::{Publish, Subscribe};
use esp8266_mqtt::command::{Command, basic::QueryVersion};
use esp8266_mqtt::{
    ConnectionConfig, Event, JoinOptions, Keeper, Kept, QoS, Reconnect, Socket, UserConfig, Will,
    Wishes,
};
use esp8266_mqtt_emulator::network::Peer;
use esp8266_mqtt_emulator::{Bench, Settings};

use super::Driver;
use crate::wire::{Account, Payload};

const HOST: &str = "server.example";
const QOS: QoS = QoS::AtMostOnce;

#[derive(Arbitrary, Debug)]
pub enum Call {
    Init,
    Join,
    JoinWrongly,
    Leave,
    WifiStatus,
    UserConfig,
    ConnectionConfig,
    Connect,
    ConnectionState,
    Disconnect,
    Subscribe(u8),
    Unsubscribe(u8),
    Subscriptions,
    Publish(Payload),
    Receive(u8),
    Scan,
    Ping,
    Resolve,
    IpInfo,
    Time,
    OpenTcp,
    OpenUdp,
    Send(Payload),
    ReceiveData(u8),
    Close,
    Unblocked(Unblocked, u8),
    Keep(u8),
}

/// A command by `start` and `poll_response`.
#[derive(Arbitrary, Debug, Clone, Copy)]
pub enum Unblocked {
    Version,
    Subscribe,
    Publish,
}

impl Call {
    /// The longest that it may take by its documentation, in seconds.
    pub const fn limit_s(&self) -> u64 {
        match self {
            Self::Init => 20,
            // All steps of the set-up.
            Self::Keep(_) => 200,
            _ => 50,
        }
    }
}

/// What an application keeps between its calls.
pub struct State {
    socket: Option<Socket>,
    keeper: Keeper<'static>,
    _servers: [Peer; 2],
}

const TOPICS: [(&str, QoS); 2] = [("t", QOS), ("in door", QoS::AtLeastOnce)];

impl State {
    pub fn new(bench: &Bench) -> Self {
        let network = bench.network();
        let wishes = Wishes::new("broker", 1883, UserConfig::new("kept"))
            .wifi(JoinOptions::new(Settings::SSID, Settings::PASSWORD))
            .subscriptions(&TOPICS);
        Self {
            socket: None,
            keeper: Keeper::new(wishes, 1),
            _servers: [
                network.tcp(HOST, 80).echoing(),
                network.udp(HOST, 53).echoing(),
            ],
        }
    }

    /// Makes `call`; what it returns is not looked at.
    pub fn make(&mut self, driver: &mut Driver<'_>, call: &Call, account: &mut Account) {
        let mut buffer = [0; 300];
        match call {
            Call::Init => ended(driver.init()),
            Call::Join => ended(driver.connect_wifi(Settings::SSID, Settings::PASSWORD)),
            Call::JoinWrongly => ended(driver.connect_wifi(Settings::SSID, "wrong")),
            Call::Leave => ended(driver.disconnect_wifi()),
            Call::WifiStatus => ended(driver.wifi_status()),
            Call::UserConfig => {
                ended(driver.usercfg(&UserConfig::new("id").credentials("u", "p,\"\\")));
            }
            Call::ConnectionConfig => {
                let will = Will::new("will", "gone, \"really\"");
                ended(driver.conncfg(&ConnectionConfig::new().will(will)));
            }
            Call::Connect => ended(driver.connect("broker", 1883, Reconnect::Off)),
            Call::ConnectionState => ended(driver.connection_state()),
            Call::Disconnect => ended(driver.disconnect()),
            Call::Subscribe(topic) => ended(driver.subscribe(filter(*topic), QOS)),
            Call::Unsubscribe(topic) => ended(driver.unsubscribe(filter(*topic))),
            Call::Subscriptions => ended(driver.subscriptions(|_, _| {})),
            Call::Publish(payload) => ended(driver.publish("out", &payload.0, QOS)),
            Call::Receive(ms) => {
                if let Ok(Some(message)) = driver.receive_within((*ms).into()) {
                    account.note(message.payload());
                }
            }
            Call::Scan => ended(driver.scan(|_| {})),
            Call::Ping => ended(driver.ping(HOST)),
            Call::Resolve => ended(driver.resolve(HOST)),
            Call::IpInfo => ended(driver.ip_info()),
            Call::Time => ended(driver.sntp_time()),
            Call::OpenTcp => {
                // A handle that is not closed keeps its link, as in an application that forgets one.
                self.socket = driver.tcp_open(HOST, 80).ok().or(self.socket.take());
            }
            Call::OpenUdp => {
                self.socket = driver.udp_open(HOST, 53).ok().or(self.socket.take());
            }
            Call::Send(payload) => {
                if let Some(socket) = &self.socket {
                    ended(driver.socket_send(socket, &payload.0));
                }
            }
            Call::ReceiveData(ms) => {
                if let Some(socket) = &self.socket {
                    ended(driver.socket_receive(socket, &mut buffer, (*ms).into()));
                }
            }
            Call::Close => {
                if let Some(socket) = self.socket.take() {
                    ended(driver.socket_close(socket));
                }
            }
            Call::Unblocked(command, patience) => unblocked(driver, *command, *patience),
            Call::Keep(ms) => {
                if let Ok(Kept::Event(Event::Message(message))) =
                    driver.keep(&mut self.keeper, (*ms).into())
                {
                    account.note(message.payload());
                }
            }
        }
    }
}

fn filter(number: u8) -> &'static str {
    TOPICS[usize::from(number) % TOPICS.len()].0
}

/// Only how it ends is of no interest: that it does is.
fn ended<T, E: Debug>(result: Result<T, E>) {
    drop(result);
}

fn unblocked(driver: &mut Driver<'_>, command: Unblocked, patience: u8) {
    match command {
        Unblocked::Version => start_and_poll(driver, &QueryVersion, patience),
        Unblocked::Subscribe => {
            let topic = filter(0);
            start_and_poll(driver, &Subscribe { topic, qos: QOS }, patience);
        }
        Unblocked::Publish => {
            let command = Publish {
                topic: "out",
                payload: b"text",
                qos: QOS,
                retain: false,
            };
            start_and_poll(driver, &command, patience);
        }
    }
}

/// Polls for some time, then gives up.
fn start_and_poll<C: Command>(driver: &mut Driver<'_>, command: &C, patience: u8) {
    if driver.start(command).is_err() {
        return;
    }
    for _ in 0..u32::from(patience) * 16 {
        match driver.poll_response(command) {
            Err(nb::Error::WouldBlock) => {}
            _ => return,
        }
    }
    driver.abandon();
}
