//! The async driver, whose futures are dropped after any number of polls.
//!
//! Messages that arrive at any time are received, each once and in order, or counted as dropped; the next publish reaches
//! the broker as it was given.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;

use arbitrary::{Arbitrary, Unstructured};
use embassy_futures::block_on;
use esp8266_mqtt::asynch::Esp8266Mqtt;
use esp8266_mqtt::{Buffers, Event, JoinOptions, Keeper, Kept, QoS, Reconnect, UserConfig, Wishes};
use esp8266_mqtt_emulator::bench::{Delay, Uart};
use esp8266_mqtt_emulator::{Bench, Message, Settings};

use crate::wire::{self, Account, Payload, Spoken, shown};

type Driver<'b> = Esp8266Mqtt<'b, Uart, Delay>;

const QOS: QoS = QoS::AtMostOnce;
const HOST: &str = "server.example";

const STEPS: usize = 24;

#[derive(Arbitrary, Debug)]
struct Input {
    spoken: Spoken,
    is_small: bool,
}

#[derive(Arbitrary, Debug)]
enum Step {
    /// The call and after how many polls it is dropped.
    Call(Call, u16),
    Message(u16, u8, Payload),
    Poll,
}

#[derive(Arbitrary, Debug)]
enum Call {
    Init,
    WifiStatus,
    Subscribe,
    Unsubscribe,
    Subscriptions,
    Text,
    Bytes(Payload),
    Receive,
    State,
    Scan,
    Resolve,
    Tcp(Payload),
    Keep,
}

/// # Panics
/// If something does not hold.
pub fn run(data: &[u8]) {
    let mut data = Unstructured::new(data);
    let Ok(input) = Input::arbitrary(&mut data) else {
        return;
    };
    let steps: Vec<Step> = wire::until_the_end(&mut data, STEPS);
    let mut rx = vec![0; if input.is_small { 256 } else { 2_048 }];
    let mut tx = [0; 256];
    let mut settings = input.spoken.settings();
    // A host that polls every 20 us.
    settings.host.call_cost = Duration::from_micros(20);
    let bench = Bench::new(settings);
    let _peer = bench.network().tcp(HOST, 80).echoing();
    let mut driver = Esp8266Mqtt::new(bench.uart(), bench.delay(), Buffers::new(&mut rx, &mut tx));
    block_on(connect(&mut driver));

    let wishes = Wishes::new("broker", 1883, UserConfig::new("kept"))
        .wifi(JoinOptions::new(Settings::SSID, Settings::PASSWORD));
    let mut keeper = Keeper::new(wishes, 1);
    let mut account = Account::default();
    for step in &steps {
        match step {
            Step::Call(call, polls) => {
                let future = make(&mut driver, call, &mut keeper, &mut account);
                drop_after(*polls, future);
            }
            Step::Message(after, topic, payload) => {
                account.send(&bench, input.spoken, *after, *topic, &payload.0);
            }
            Step::Poll => take(&mut driver, &mut account),
        }
    }
    // The keeper may have been dropped on its way to a connection.
    if block_on(driver.publish("last", "intact", QOS)).is_err() {
        if let Err(error) = block_on(driver.init()) {
            panic!("init: {error:?}{}", shown(&bench));
        }
        block_on(connect(&mut driver));
        let published = block_on(driver.publish("last", "intact", QOS));
        assert!(published.is_ok(), "{published:?}{}", shown(&bench));
    }
    for _ in 0..400 {
        take(&mut driver, &mut account);
        bench.advance(Duration::from_millis(1));
    }
    take(&mut driver, &mut account);
    let published = bench.broker().published();
    let last = published.last().map(|published| &published.message);
    assert_eq!(
        last,
        Some(&Message::new("last", "intact")),
        "{:#?}",
        shown(&bench)
    );
    account.check(driver.counters().messages_dropped, &bench);
}

async fn connect(driver: &mut Driver<'_>) {
    driver.init().await.expect("init");
    driver.disconnect().await.expect("disconnect");
    driver
        .usercfg(&UserConfig::new("client"))
        .await
        .expect("usercfg");
    driver
        .connect("broker", 1883, Reconnect::Off)
        .await
        .expect("connect");
    driver.wait_connected(1_000).await.expect("state");
}

async fn make(
    driver: &mut Driver<'_>,
    call: &Call,
    keeper: &mut Keeper<'_>,
    account: &mut Account,
) {
    match call {
        Call::Init => drop(driver.init().await),
        Call::WifiStatus => drop(driver.wifi_status().await),
        Call::Subscribe => drop(driver.subscribe("t", QOS).await),
        Call::Unsubscribe => drop(driver.unsubscribe("t").await),
        Call::Subscriptions => drop(driver.subscriptions(|_, _| {}).await),
        Call::Text => drop(driver.publish("out", "text", QOS).await),
        Call::Bytes(payload) => drop(driver.publish("out", &payload.0, QOS).await),
        Call::Receive => {
            if let Ok(Some(message)) = driver.receive_within(5).await {
                account.note(message.payload());
            }
        }
        Call::State => drop(driver.connection_state().await),
        Call::Scan => drop(driver.scan(|_| {}).await),
        Call::Resolve => drop(driver.resolve(HOST).await),
        Call::Tcp(data) => {
            let Ok(socket) = driver.tcp_open(HOST, 80).await else {
                return;
            };
            let mut buffer = [0; 64];
            driver.socket_send(&socket, &data.0).await.ok();
            driver.socket_receive(&socket, &mut buffer, 5).await.ok();
            driver.socket_close(socket).await.ok();
        }
        Call::Keep => {
            if let Ok(Kept::Event(Event::Message(message))) = driver.keep(keeper, 5).await {
                account.note(message.payload());
            }
        }
    }
}

/// Everything that has arrived.
fn take(driver: &mut Driver<'_>, account: &mut Account) {
    loop {
        match driver.poll() {
            Ok(Event::Message(message)) => account.note(message.payload()),
            Ok(_) => {}
            Err(nb::Error::WouldBlock) => return,
            Err(nb::Error::Other(error)) => panic!("{error:?}"),
        }
    }
}

fn drop_after(polls: u16, future: impl Future) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..polls {
        if matches!(future.as_mut().poll(&mut context), Poll::Ready(_)) {
            return;
        }
    }
}
