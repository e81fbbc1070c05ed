//! The UART is gone, the runner is dropped, the module restarts.

use super::*;
use common::in_both_dialects;
use core::cell::Cell;
use core::sync::atomic::{AtomicUsize, Ordering};
use embassy_futures::join::{join, join4};
use embedded_io::ErrorKind;
use esp8266_mqtt::runner::raw::CriticalSectionRawMutex;
use esp8266_mqtt::{Error, MqttLink};
use esp8266_mqtt_emulator::{Fault, Reaction};
use std::rc::Rc;

in_both_dialects!(
    everybody_learns_that_the_uart_is_gone,
    a_repaired_uart_goes_on,
    a_write_error_fails_one_request,
    the_driver_comes_back,
    a_restart_is_told_and_mended,
    handles_in_threads,
);

/// A UART that somebody can unplug.
struct Plug {
    uart: Uart,
    out: Rc<Cell<bool>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PlugError(ErrorKind);

impl core::fmt::Display for PlugError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl core::error::Error for PlugError {}

impl embedded_io::Error for PlugError {
    fn kind(&self) -> ErrorKind {
        self.0
    }
}

impl embedded_io::ErrorType for Plug {
    type Error = PlugError;
}

impl Plug {
    async fn or_out<T, E: embedded_io::Error>(
        out: &Cell<bool>,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, PlugError> {
        let mut work = pin!(work);
        poll_fn(|context| {
            if out.get() {
                return core::task::Poll::Ready(Err(PlugError(ErrorKind::NotConnected)));
            }
            let result = work.as_mut().poll(context);
            result.map_err(|error| PlugError(error.kind()))
        })
        .await
    }
}

impl Read for Plug {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, PlugError> {
        Self::or_out(&self.out, self.uart.read(buffer)).await
    }
}

impl Write for Plug {
    async fn write(&mut self, buffer: &[u8]) -> Result<usize, PlugError> {
        Self::or_out(&self.out, self.uart.write(buffer)).await
    }

    async fn flush(&mut self) -> Result<(), PlugError> {
        Self::or_out(&self.out, self.uart.flush()).await
    }
}

const GONE: Error<ErrorKind> = Error::Uart(ErrorKind::NotConnected);

fn plugged(dialect: Dialect) -> (Rig<2, Plug>, Rc<Cell<bool>>) {
    let bench = Bench::new(quick(dialect));
    let out = Rc::new(Cell::new(false));
    let plug = Plug {
        uart: bench.uart(),
        out: Rc::clone(&out),
    };
    let mut rig = Rig::with_uart(&bench, plug);
    rig.connect();
    (rig, out)
}

fn everybody_learns_that_the_uart_is_gone(dialect: Dialect) {
    for idle in [false, true] {
        let (mut rig, out) = plugged(dialect);
        let (mut reading, mut unread) = (rig.listen(), rig.listen());
        numbers(&mut rig);
        read(&mut reading);
        let handle = rig.handle;
        if !idle {
            rig.bench
                .fault(Fault::command("MQTTPUB", 1, Reaction::Silent));
        }
        let mut delay = rig.bench.delay();
        let requests = async {
            if idle {
                return;
            }
            // One is being done, one waits, two stand in line.
            let all = join4(
                handle.publish("out", "1", QOS),
                handle.publish("out", "2", QOS),
                handle.subscribe("new", QOS),
                handle.connection_state(),
            );
            let failed = all.await;
            assert_eq!(failed, (Err(GONE), Err(GONE), Err(GONE), Err(GONE)));
        };
        let tasks: Vec<Boxed<'_>> = vec![
            Box::pin(requests),
            Box::pin(async { assert_eq!(reading.next().await, Err(GONE)) }),
            Box::pin(async {
                embedded_hal_async::delay::DelayNs::delay_ms(&mut delay, 50).await;
                out.set(true);
            }),
        ];
        let mut tasks = pin!(all(tasks));
        let ended = rig.run_or_end(tasks.as_mut());
        assert_eq!(ended, Err(PlugError(ErrorKind::NotConnected)));
        // All have been woken; the set polls some of them at a time.
        assert!((0..10).any(|_| step(tasks.as_mut()).is_ready()));
        // Later ones as well, and what was there to read comes first.
        assert_eq!(now(handle.publish("out", "3", QOS)), Err(GONE));
        assert_eq!(read(&mut unread), ["0", "1", "2"]);
        for _ in 0..2 {
            assert_eq!(now(unread.next()), Err(GONE));
        }
    }
}

fn numbers(rig: &mut Rig<2, Plug>) {
    for number in 0..3_u8 {
        rig.deliver_after(ms(5) * u32::from(number), number.to_string());
    }
    rig.pass(ms(50));
}

fn a_repaired_uart_goes_on(dialect: Dialect) {
    let (mut rig, out) = plugged(dialect);
    let mut inbox = rig.listen();
    out.set(true);
    let ended = rig.run_or_end(core::future::pending::<()>());
    assert!(ended.is_err());
    assert_eq!(now(inbox.next()), Err(GONE));
    out.set(false);
    let handle = rig.handle;
    let published = async {
        // A runner that has not started again has still ended.
        embassy_futures::yield_now().await;
        handle.publish("out", "again", QOS).await
    };
    assert_eq!(rig.run(published), Ok(()));
    assert_eq!(rig.published(), ["again"]);
    numbers(&mut rig);
    assert_eq!(read(&mut inbox), ["0", "1", "2"]);
}

/// An error that is no end: it concerns who asked, nobody else.
fn a_write_error_fails_one_request(dialect: Dialect) {
    let mut rig = rig(dialect);
    let handle = rig.handle;
    let index = rig.bench.sent().len() as u64 + 5;
    rig.bench.fault(Fault::WriteError { index });
    let both = rig.run(join(
        handle.publish("out", "1", QOS),
        handle.publish("out", "2", QOS),
    ));
    assert_eq!(both, (Err(Error::Uart(ErrorKind::Other)), Ok(())));
    assert_eq!(rig.published(), ["2"]);
}

fn the_driver_comes_back(dialect: Dialect) {
    let mut rig = rig(dialect);
    let mut inbox = rig.listen();
    let handle = rig.handle;
    // Between two runs it can be used as it is.
    let mut topics = Vec::new();
    let module = rig.runner.module_mut();
    let listed = block_on(module.subscriptions(|topic, _| topics.push(topic.to_owned())));
    assert_eq!((listed, topics), (Ok(()), vec!["in".to_owned()]));
    assert_eq!(rig.run(handle.publish("out", "1", QOS)), Ok(()));

    let mut waits = Box::pin(handle.publish("out", "2", QOS));
    assert!(step(waits.as_mut()).is_pending());
    let mut module = rig.runner.release();
    assert_eq!(now(waits), Err(Error::Stopped));
    assert_eq!(now(inbox.next()), Err(Error::Stopped));
    let refused = now(handle.publish("out", "3", QOS));
    assert_eq!(refused, Err(Error::Stopped));
    let published = block_on(module.publish("out", "4", QOS));
    assert_eq!(published, Ok(()));
    let published = common::emulated::published(&rig.bench);
    let payloads: Vec<_> = published.iter().map(|it| &it.payload[..]).collect();
    assert_eq!(payloads, [b"1", b"4"]);
}

fn a_restart_is_told_and_mended(dialect: Dialect) {
    let mut rig = rig(dialect);
    let mut inbox = rig.listen();
    let handle = rig.handle;
    let bench = rig.bench.clone();
    let late = Fault::command("MQTTPUB", 1, Reaction::Late(ms(3_000)));
    bench.fault(late);
    bench.schedule_after(ms(100), Action::RestartModule);
    let publish = async {
        let lost = handle.publish("out", "lost", QOS).await;
        assert_eq!(lost, Err(Error::ModuleReset));
    };
    let mend = async {
        while inbox.next().await.expect("an event") != Notice::ModuleRestarted {}
        assert_eq!(handle.link_state().mqtt, MqttLink::Down);
        handle.init().await.expect("init");
        let joined = handle.connect_wifi(Settings::SSID, Settings::PASSWORD);
        joined.await.expect("join");
        connect(handle).await;
        let published = handle.publish("out", "mended", QOS).await;
        assert_eq!(published, Ok(()));
        bench.broker().publish(Message::new("in", "hello"));
        let message = inbox.next_message().await.expect("a message");
        assert_eq!(message.payload(), b"hello");
    };
    rig.run(all(vec![Box::pin(publish), Box::pin(mend)]));
    assert_eq!(rig.handle.counters().restarts, 1);
    assert_eq!(rig.published(), ["mended"]);
}

/// With a lock for it, handles and listeners may be in other threads.
fn handles_in_threads(dialect: Dialect) {
    type Shared = State<CriticalSectionRawMutex>;
    let bench = Bench::new(quick(dialect));
    let buffers = Buffers::new(vec![0; 512].leak(), vec![0; 256].leak());
    let mut module = Esp8266Mqtt::new(bench.uart(), bench.delay(), buffers);
    block_on(async {
        module.init().await.expect("init");
        let configured = module.usercfg(&UserConfig::new(CLIENT)).await;
        configured.expect("usercfg");
        let connected = module.connect("broker", 1883, Reconnect::Off).await;
        connected.expect("connect");
    });
    bench.advance(ms(10));
    let mut state = Shared::new();
    let (mut runner, handle) = state.split(module);
    let mut inbox = handle.listen().expect("a place");
    // Counts threads that have ended, be it by a panic.
    struct Ended<'c>(&'c AtomicUsize);
    impl Drop for Ended<'_> {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let ended = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for name in ["a", "b", "c"] {
            let ended = Ended(&ended);
            scope.spawn(move || {
                let _ended = ended;
                for number in 0..20 {
                    let payload = format!("{name}{number}");
                    let published = block_on(handle.publish("out", payload, QOS));
                    published.expect("publish");
                }
            });
        }
        let listening = Ended(&ended);
        scope.spawn(move || {
            let _ended = listening;
            block_on(async {
                handle.subscribe("echo", QOS).await.expect("subscribe");
                handle.publish("echo", "hello", QOS).await.expect("publish");
                let message = inbox.next_message().await.expect("a message");
                assert_eq!(message.payload(), b"hello");
            });
        });
        let all = poll_fn(|_| match ended.load(Ordering::SeqCst) {
            4 => core::task::Poll::Ready(()),
            _ => core::task::Poll::Pending,
        });
        block_on(select(runner.run(), all));
    });
    let published = common::emulated::published(&bench);
    assert_eq!(published.len(), 61);
}
