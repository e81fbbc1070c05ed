//! How much of the wire's time is bits, and that nothing is lost while both sides talk: on the emulator's virtual clock, with
//! a module that answers at once and a host whose calls take no time.

use core::time::Duration;

use esp8266_mqtt::{Buffers, Dialect, Esp8266Mqtt, QoS, Reconnect, UserConfig};
use esp8266_mqtt_emulator::bench::{Delay, Uart};
use esp8266_mqtt_emulator::{Action, Bench, InitialState, Message, Settings};

const BAUDS: [u32; 3] = [9_600, 115_200, 921_600];
const FIFOS: [usize; 3] = [1, 16, 32];
const COUNT: usize = 50;
const TOPIC: &str = "topic/of/it";

type Driver = Esp8266Mqtt<'static, Uart, Delay>;

/// All of them, by name: shares in hundredths of a percent, losses in bytes and messages.
pub fn figures() -> Vec<(String, u64)> {
    let mut all = Vec::new();
    for baud in BAUDS {
        for (what, payload) in [
            ("text_16", vec![b'x'; 16]),
            ("text_200", vec![b'x'; 200]),
            ("raw_16", vec![b'\n'; 16]),
            ("raw_480", vec![b'\n'; 480]),
        ] {
            let share = publishing(baud, &payload);
            all.push((format!("wire.publish_{what}.{baud}"), share));
        }
        for len in [16, 480] {
            all.push((format!("wire.receive_{len}.{baud}"), receiving(baud, len)));
        }
    }
    for baud in [115_200, 921_600] {
        for fifo in FIFOS {
            let (sent, received, lost_bytes) = both_ways(baud, fifo);
            assert_eq!(sent, 500);
            let lost = sent - received;
            all.push((format!("duplex.lost_messages.{baud}.fifo_{fifo}"), lost));
            all.push((format!("duplex.lost_bytes.{baud}.fifo_{fifo}"), lost_bytes));
        }
    }
    all
}

fn connected(baud: u32, fifo: usize) -> (Bench, Driver) {
    let mut settings = Settings::esp_at().fast().with_baud(baud).with_rx_fifo(fifo);
    settings.host.call_cost = Duration::ZERO;
    let bench = Bench::new(settings.with_initial(InitialState::Joined));
    let buffers = Buffers::new(vec![0; 1024].leak(), vec![0; 512].leak());
    let mut module = Esp8266Mqtt::new(bench.uart(), bench.delay(), buffers);
    module.init().expect("init");
    assert_eq!(module.dialect(), Dialect::EspAt);
    module.usercfg(&UserConfig::new("client")).expect("usercfg");
    let broker = module.connect("broker", 1883, Reconnect::Off);
    broker.expect("connect");
    module.subscribe(TOPIC, QoS::AtMostOnce).expect("subscribe");
    bench.advance(Duration::from_millis(50));
    while module.poll().is_ok() {}
    (bench, module)
}

/// What the bits of `work` need alone, of the time that it takes.
fn share(bench: &Bench, baud: u32, work: impl FnOnce()) -> u64 {
    let bytes = || bench.trace().bytes().len() as u64;
    let (start, before) = (bench.now(), bytes());
    work();
    let bits = (bytes() - before) * 10;
    let needed = u128::from(bits) * 1_000_000_000 / u128::from(baud);
    u64::try_from(needed * 10_000 / (bench.now() - start).as_nanos()).expect("a share")
}

fn publishing(baud: u32, payload: &[u8]) -> u64 {
    let (bench, mut module) = connected(baud, 16);
    let share = share(&bench, baud, || {
        for _ in 0..COUNT {
            let done = module.publish("own", payload, QoS::AtMostOnce);
            done.expect("publish");
        }
    });
    assert_eq!(bench.broker().published().len(), COUNT);
    share
}

fn receiving(baud: u32, len: usize) -> u64 {
    let (bench, mut module) = connected(baud, 16);
    for _ in 0..COUNT {
        bench.broker().publish(Message::new(TOPIC, vec![b'x'; len]));
    }
    share(&bench, baud, || {
        for _ in 0..COUNT {
            let message = module.receive().expect("a message");
            assert_eq!(message.payload().len(), len);
        }
    })
}

/// Publishes for five seconds while 100 messages come each second: messages sent and received, bytes lost.
fn both_ways(baud: u32, fifo: usize) -> (u64, u64, u64) {
    let (bench, mut module) = connected(baud, fifo);
    let (mut sent, mut received) = (0, 0);
    let end = bench.now() + Duration::from_secs(5);
    while sent < 500 {
        let message = Message::new(TOPIC, format!("{sent}"));
        bench.schedule_after(Duration::from_millis(10 * sent), Action::Deliver(message));
        sent += 1;
    }
    let mut take = |module: &mut Driver, wait_ms| {
        while let Ok(Some(message)) = module.receive_within(wait_ms) {
            assert_eq!(message.payload(), received.to_string().as_bytes());
            received += 1;
        }
    };
    let mut published = 0;
    while bench.now() < end {
        let payload = [vec![b'\n'; 480], vec![b'x'; 100]][published % 2].clone();
        let done = module.publish("own", payload, QoS::AtMostOnce);
        done.expect("publish");
        published += 1;
        take(&mut module, 0);
    }
    take(&mut module, 100);
    (sent, received, bench.overruns())
}
