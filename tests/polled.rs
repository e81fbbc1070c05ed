//! The async face without an executor: every method as steps of a main loop, none of which waits.

mod common;

use core::cell::Cell;
use core::future::Future;
use core::pin::pin;
use core::sync::atomic::{AtomicU32, Ordering};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::sync::Arc;
use std::task::Wake;

use common::emulated::{CLIENT, module, ms, published};
use common::in_both_dialects;
use embedded_hal_async::delay::DelayNs as _;
use embedded_io::{ErrorKind, ErrorType};
use embedded_io_async::Write as _;
use esp8266_mqtt::asynch::{Esp8266Mqtt, PolledDelay, PolledUart, poll};
use esp8266_mqtt::{
    Buffers, Dialect, Error, Event, JoinOptions, Keeper, Kept, QoS, Reconnect, UserConfig, Wishes,
};
use esp8266_mqtt_emulator::bench::{Uart, UartError};
use esp8266_mqtt_emulator::{Action, Bench, Fault, Message, Settings};

type Driver<F> = Esp8266Mqtt<'static, PolledUart<Uart>, PolledDelay<F>>;

/// What the rest of the main loop takes.
const REST: Duration = Duration::from_micros(200);

fn driver(bench: &Bench) -> Driver<impl FnMut() -> u32> {
    let clock = bench.clone();
    let buffers = Buffers::new(vec![0; 1024].leak(), vec![0; 256].leak());
    // A counter that wraps around soon.
    let millis = move || (clock.now().as_millis() as u32).wrapping_sub(3_000);
    Esp8266Mqtt::new(PolledUart::new(bench.uart()), PolledDelay(millis), buffers)
}

/// Goes round the main loop until the method has ended. No poll takes longer than a byte does.
fn go_round<T>(
    bench: &Bench,
    future: impl Future<Output = Result<T, Error<UartError>>>,
) -> Result<T, Error<UartError>> {
    // At 9600 baud.
    let byte = Duration::from_micros(1_042);
    let mut future = pin!(future);
    loop {
        let before = bench.now();
        let polled = poll(future.as_mut());
        let took = bench.now() - before;
        assert!(
            took <= byte + Duration::from_micros(20),
            "a poll took {took:?}"
        );
        match polled {
            Ok(value) => return Ok(value),
            Err(nb::Error::WouldBlock) => bench.advance(REST),
            Err(nb::Error::Other(error)) => return Err(error),
        }
    }
}

fn a_session(dialect: Dialect) {
    let bench = Bench::new(module(dialect).with_baud(9_600).with_rx_fifo(32));
    let mut module = driver(&bench);
    go_round(&bench, module.init()).expect("init");
    let joining = module.connect_wifi(Settings::SSID, Settings::PASSWORD);
    go_round(&bench, joining).expect("join");
    let config = UserConfig::new(CLIENT);
    go_round(&bench, module.usercfg(&config)).expect("usercfg");
    let connecting = module.connect("broker", 1883, Reconnect::Off);
    go_round(&bench, connecting).expect("connect");
    let state = go_round(&bench, module.wait_connected(5_000)).expect("an answer");
    assert!(state.is_connected());
    go_round(&bench, module.publish("out", [0; 200], QoS::AtMostOnce)).expect("publish");
    assert_eq!(published(&bench).len(), 1);
}

fn a_silent_module(dialect: Dialect) {
    let bench = Bench::new(module(dialect));
    bench.fault(Fault::Silence);
    let mut module = driver(&bench);
    let begin = bench.now();
    let failed = go_round(&bench, module.init());
    assert!(matches!(failed, Err(Error::Timeout { .. })), "{failed:?}");
    let took = bench.now() - begin;
    assert!(took > ms(5_000) && took < ms(15_000), "{took:?}");
}

fn the_keeper(dialect: Dialect) {
    let bench = Bench::new(module(dialect).with_baud(9_600).with_rx_fifo(32));
    let mut module = driver(&bench);
    let topics = [("in", QoS::AtMostOnce)];
    let wishes = Wishes::new("broker", 1883, UserConfig::new(CLIENT))
        .wifi(JoinOptions::new(Settings::SSID, Settings::PASSWORD))
        .subscriptions(&topics);
    let mut keeper = Keeper::new(wishes, 5);
    let mut told = Vec::new();
    let mut step = 0;
    while step < 3 {
        assert!(bench.now() < ms(120_000), "{told:?}");
        match go_round(&bench, module.keep(&mut keeper, 100)).expect("a UART") {
            Kept::Ready { again } => {
                told.push(format!("ready {again}"));
                let message = Message::new("in", "on");
                bench.schedule_after(ms(50), Action::Deliver(message));
                bench.schedule_after(ms(400), Action::RestartModule);
                step += 1;
            }
            Kept::Lost(loss) => told.push(format!("lost {loss:?}")),
            Kept::Event(Event::Message(message)) => {
                told.push(String::from_utf8_lossy(message.payload()).into_owned());
            }
            _ => {}
        }
    }
    let once = ["on", "lost Module", "ready true"];
    let expected: Vec<_> = ["ready false"]
        .into_iter()
        .chain(once)
        .chain(once)
        .collect();
    assert_eq!(told, expected);
}

/// Where there is an executor after all, every poll asks for the next one.
fn in_an_executor(dialect: Dialect) {
    #[derive(Default)]
    struct Wakes(AtomicU32);
    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let bench = Bench::new(module(dialect));
    let mut module = driver(&bench);
    let wakes = Arc::new(Wakes::default());
    let waker = Waker::from(Arc::clone(&wakes));
    let mut future = pin!(module.init());
    loop {
        let before = wakes.0.load(Ordering::Relaxed);
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
        if let Poll::Ready(result) = polled {
            result.expect("init");
            return;
        }
        assert!(
            wakes.0.load(Ordering::Relaxed) > before,
            "nobody polls again"
        );
        bench.advance(REST);
    }
}

in_both_dialects!(a_session, a_silent_module, the_keeper, in_an_executor);

/// A UART without room for every second byte.
#[derive(Default)]
struct Narrow {
    is_full: bool,
    taken: Vec<u8>,
    flushed: usize,
}

impl ErrorType for Narrow {
    type Error = ErrorKind;
}

impl embedded_io::Write for Narrow {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        self.is_full = !self.is_full;
        if self.is_full {
            return Ok(0);
        }
        self.taken.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        self.flushed += 1;
        Ok(())
    }
}

/// How many polls it takes.
fn polls<T: PartialEq + core::fmt::Debug>(
    future: impl Future<Output = Result<T, ErrorKind>>,
    expected: T,
) -> usize {
    let mut future = pin!(future);
    for count in 1..10 {
        match poll(future.as_mut()) {
            Err(nb::Error::WouldBlock) => {}
            done => {
                assert_eq!(done, Ok(expected));
                return count;
            }
        }
    }
    panic!("no end")
}

#[test]
fn a_uart_without_room_is_asked_again() {
    let mut uart = PolledUart::new(Narrow::default());
    assert_eq!(polls(uart.write(b"ab"), 1), 2);
    // Once for the byte before it.
    assert_eq!(polls(uart.write(b"b"), 1), 3);
    assert_eq!(polls(uart.write(b""), 0), 2);
    assert_eq!(polls(uart.flush(), ()), 1);
    let uart = uart.release();
    assert_eq!((&*uart.taken, uart.flushed), (&b"ab"[..], 1));
}

/// Nanoseconds and microseconds are rounded up to the milliseconds of the clock; the first of them may be nearly over.
#[test]
fn a_pause_is_never_too_short() {
    let now = Cell::new(u32::MAX - 1);
    for step in [1, 5] {
        for unit in ["ns", "us", "ms"] {
            let mut delay = PolledDelay(|| now.get());
            let mut pause = pin!(async {
                match unit {
                    "ns" => delay.delay_ns(1_000_001).await,
                    "us" => delay.delay_us(1_001).await,
                    _ => delay.delay_ms(2).await,
                }
                Ok::<_, ErrorKind>(())
            });
            assert!(poll(pause.as_mut()).is_err(), "{unit}");
            now.set(now.get().wrapping_add(2));
            assert!(poll(pause.as_mut()).is_err(), "{unit}");
            now.set(now.get().wrapping_add(step));
            assert!(poll(pause.as_mut()).is_ok(), "{unit}");
        }
    }
}

/// What stands for a UART: so many errors, then bytes; then its other side is gone.
struct Noisy {
    errors: u8,
    bytes: &'static [u8],
}

impl ErrorType for Noisy {
    type Error = ErrorKind;
}

impl embedded_io_async::Read for Noisy {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        if self.errors > 0 {
            self.errors -= 1;
            return Err(ErrorKind::InvalidData);
        }
        self.bytes
            .read(buffer)
            .await
            .map_err(|error| match error {})
    }
}

impl embedded_io_async::Write for Noisy {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        Ok(bytes.len())
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

/// Each poll returns, so that others can run, the clock among them; the last one with the result.
#[test]
fn a_uart_that_has_ended_is_silent() {
    let now = Cell::new(0);
    let (mut rx, mut tx) = ([0; 64], [0; 64]);
    let buffers = Buffers::new(&mut rx, &mut tx);
    let ended = Noisy {
        errors: 0,
        bytes: b"",
    };
    let mut module = Esp8266Mqtt::new(ended, PolledDelay(|| now.get()), buffers);
    for (timeout_ms, expected) in [(0, 1), (5, 7)] {
        let mut count = 0;
        let mut future = pin!(module.receive_within(timeout_ms));
        loop {
            count += 1;
            match poll(future.as_mut()) {
                Ok(None) => break,
                Err(nb::Error::WouldBlock) if count < 20 => now.set(now.get() + 1),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(count, expected, "{timeout_ms} ms");
    }
}

/// Without time to wait too, as on the blocking face: only so many errors in a row end a look at the UART.
#[test]
fn noise_does_not_hide_what_comes_behind_it() {
    for (errors, looks) in [(1, 1), (63, 1), (64, 2), (128, 3)] {
        let (mut rx, mut tx) = ([0; 64], [0; 64]);
        let buffers = Buffers::new(&mut rx, &mut tx);
        let bytes = b"+MQTTSUBRECV:0,\"in\",2,on\r\n";
        let uart = Noisy { errors, bytes };
        let mut module = Esp8266Mqtt::new(uart, PolledDelay(|| 0), buffers);
        for look in 1..=looks {
            let received = poll(pin!(module.receive_within(0)));
            let message = received.expect("no pause and no error");
            let payload = message.map(|message| message.payload().to_vec());
            let expected = (look == looks).then(|| b"on".to_vec());
            assert_eq!(payload, expected, "{errors} errors, look {look}");
        }
    }
}
