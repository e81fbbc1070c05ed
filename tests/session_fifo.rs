//! No byte is lost while the driver writes, however shallow the FIFO of the host's UART.

mod common;

use core::time::Duration;

use common::emulated::{
    CLIENT, Driver, connect, ms, published, quick, ready, receive_until_quiet, urc,
};
use common::{events, owned};
use esp8266_mqtt::{Buffers, Dialect, Esp8266Mqtt, NbSerial, QoS};
use esp8266_mqtt_emulator::{Action, Bench, Settings};

fn bench(dialect: Dialect, baud: u32, fifo: usize) -> (Bench, Driver) {
    let settings: Settings = quick(dialect).with_baud(baud).with_rx_fifo(fifo);
    let bench = Bench::new(settings);
    let mut module = ready(&bench);
    connect(&mut module);
    bench.advance(ms(20));
    events(&mut module);
    (bench, module)
}

/// The module talks all the time that the driver needs for a raw publish and a text publish of the longest kind.
fn nothing_is_lost(baud: u32, fifo: usize) {
    for dialect in [Dialect::Vendor, Dialect::EspAt] {
        let (bench, mut module) = bench(dialect, baud, fifo);
        let byte = Duration::from_nanos(10_000_000_000 / u64::from(baud));
        let mut expected = Vec::new();
        for i in 0..8 {
            let message = urc(dialect, "m", format!("{i},{}", "z".repeat(20)));
            bench.schedule_after(byte * 70 * i + byte * 5, Action::Inject(message));
            expected.push(owned("m", format!("{i},{}", "z".repeat(20))));
        }
        let text = "t".repeat(200);
        module
            .publish("own", vec![b'\n'; 300], QoS::AtMostOnce)
            .unwrap();
        module.publish("own", &text, QoS::AtMostOnce).unwrap();
        let received = receive_now(&bench, &mut module, byte);
        assert_eq!(received, expected, "{dialect:?}");
        assert_eq!(bench.overruns(), 0, "{dialect:?}");
        assert_eq!(module.counters().uart_errors, 0);
        let sent: Vec<_> = published(&bench)
            .into_iter()
            .map(|message| message.payload)
            .collect();
        assert!(sent == [vec![b'\n'; 300], text.into_bytes()]);
    }
}

/// Polls as often as a main loop without other work does.
fn receive_now(bench: &Bench, module: &mut Driver, byte: Duration) -> Vec<common::Owned> {
    let mut all = Vec::new();
    for _ in 0..4000 {
        all.extend(common::receive(module));
        bench.advance(byte / 4);
    }
    all
}

macro_rules! depths {
    ($($name:ident: $baud:literal, $fifo:literal;)+) => {
        $(#[test] fn $name() { nothing_is_lost($baud, $fifo); })+
    };
}

depths! {
    depth_1_at_9600: 9600, 1;
    depth_16_at_9600: 9600, 16;
    depth_32_at_9600: 9600, 32;
    depth_1_at_115200: 115_200, 1;
    depth_16_at_115200: 115_200, 16;
    depth_32_at_115200: 115_200, 32;
    depth_2_at_921600: 921_600, 2;
    depth_16_at_921600: 921_600, 16;
    depth_32_at_921600: 921_600, 32;
}

/// What the calls of a slow HAL cost counts: at 921600 baud a byte takes 10.9 us.
#[test]
fn slow_calls_need_a_fifo_at_921600() {
    for (fifo, lossless) in [(1, false), (16, true)] {
        let mut settings = quick(Dialect::EspAt).with_baud(921_600).with_rx_fifo(fifo);
        settings.host.call_cost = Duration::from_micros(6);
        let bench = Bench::new(settings);
        let mut module = ready_or_not(&bench);
        for i in 0..10 {
            let message = urc(Dialect::EspAt, "m", format!("{i}"));
            bench.schedule_after(Duration::from_micros(400 * i), Action::Inject(message));
        }
        let _ = module.publish("own", vec![b'\n'; 300], QoS::AtMostOnce);
        let received = receive_until_quiet(&bench, &mut module);
        assert_eq!(bench.overruns() == 0, lossless, "{fifo}");
        assert_eq!(received.len() == 10, lossless, "{fifo}");
        assert_eq!(module.counters().uart_errors > 0, !lossless);
    }
}

fn ready_or_not(bench: &Bench) -> Driver {
    let mut module = common::emulated::driver(bench);
    let _ = module.init();
    let _ = module.usercfg(&esp8266_mqtt::UserConfig::new(CLIENT));
    let _ = module.connect("broker", 1883, esp8266_mqtt::Reconnect::Off);
    module
}

/// The adapter for `embedded-hal-nb` ports reads as promptly.
#[test]
fn nothing_is_lost_through_the_adapter() {
    let settings = quick(Dialect::Vendor).with_rx_fifo(1);
    let bench = Bench::new(settings);
    let (mut rx, mut tx) = ([0; 512], [0; 256]);
    let uart = NbSerial::new(bench.serial());
    let mut module = Esp8266Mqtt::new(uart, bench.delay(), Buffers::new(&mut rx, &mut tx));
    module.init().unwrap();
    module
        .usercfg(&esp8266_mqtt::UserConfig::new(CLIENT))
        .unwrap();
    module
        .connect("broker", 1883, esp8266_mqtt::Reconnect::Off)
        .unwrap();
    for i in 0..5 {
        let message = urc(Dialect::Vendor, "m", format!("{i}"));
        bench.schedule_after(ms(3 * i), Action::Inject(message));
    }
    module
        .publish("own", vec![b'\n'; 300], QoS::AtMostOnce)
        .unwrap();
    let received = common::receive_all(&mut module);
    let expected: Vec<_> = (0..5).map(|i| owned("m", format!("{i}"))).collect();
    assert_eq!((received, bench.overruns()), (expected, 0));
}
