//! The split form: one runner, several tasks with handles, each polled only when it was woken.

#[path = "../common/mod.rs"]
mod common;

mod drops;
mod ends;
mod events;
mod requests;
mod wakers;

use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::time::Duration;

use common::emulated::{CLIENT, ms, quick};
use embassy_futures::{
    block_on,
    select::{Either, select},
};
use embedded_io_async::{Read, Write};
use esp8266_mqtt::asynch::Esp8266Mqtt;
use esp8266_mqtt::runner::{Handle, Listener, Notice, Runner, State, raw::NoopRawMutex};
use esp8266_mqtt::{Buffers, Dialect, QoS, Reconnect, UserConfig};
use esp8266_mqtt_emulator::bench::{Delay, Uart};
use esp8266_mqtt_emulator::{Action, Bench, Message, Settings};
use futures_util::stream::{FuturesUnordered, StreamExt};

const MESSAGE: usize = 32;
const EVENTS: usize = 3;
const LISTENERS: usize = 2;
const REQUEST: usize = 64;
const QUEUE: usize = 2;

type Module<const QUEUE: usize = { crate::QUEUE }> =
    Handle<'static, NoopRawMutex, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>;
type Inbox<const QUEUE: usize = { crate::QUEUE }> =
    Listener<'static, NoopRawMutex, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>;
type Task<U = Uart, const QUEUE: usize = { crate::QUEUE }> =
    Runner<'static, U, Delay, NoopRawMutex, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>;

const QOS: QoS = QoS::AtMostOnce;

/// A module, connected and subscribed to `in`, its runner and a handle.
struct Rig<const QUEUE: usize = { crate::QUEUE }, U: embedded_io::ErrorType = Uart> {
    bench: Bench,
    runner: Task<U, QUEUE>,
    handle: Module<QUEUE>,
}

impl<const QUEUE: usize, U: Read + Write> Rig<QUEUE, U> {
    fn with_uart(bench: &Bench, uart: U) -> Self {
        let buffers = Buffers::new(vec![0; 512].leak(), vec![0; 256].leak());
        let module = Esp8266Mqtt::new(uart, bench.delay(), buffers);
        let state = Box::leak(Box::new(State::new()));
        let (runner, handle) = state.split(module);
        let bench = bench.clone();
        Self {
            bench,
            runner,
            handle,
        }
    }

    /// Runs until `future` is ready.
    fn run<T>(&mut self, future: impl Future<Output = T>) -> T {
        match self.run_or_end(future) {
            Ok(done) => done,
            Err(error) => panic!("the runner has ended: {error:?}"),
        }
    }

    /// Runs until `future` is ready or the runner ends.
    fn run_or_end<T>(&mut self, future: impl Future<Output = T>) -> Result<T, U::Error> {
        let end = self.bench.now() + Duration::from_secs(300);
        let late = poll_fn(|context| {
            assert!(self.bench.now() < end, "somebody waits for ever");
            context.waker().wake_by_ref();
            core::task::Poll::<()>::Pending
        });
        let done = select(select(self.runner.run(), future), late);
        match block_on(done) {
            Either::First(Either::First(error)) => Err(error),
            Either::First(Either::Second(done)) => Ok(done),
            Either::Second(()) => unreachable!(),
        }
    }

    /// Runs for so long.
    fn pass(&mut self, time: Duration) {
        let mut delay = self.bench.delay();
        self.run(async move {
            let micros = u32::try_from(time.as_micros()).expect("an hour at most");
            embedded_hal_async::delay::DelayNs::delay_us(&mut delay, micros).await;
        });
    }

    fn connect(&mut self) {
        let handle = self.handle;
        self.run(async {
            handle.init().await.expect("init");
            connect(handle).await;
        });
        assert!(self.bench.module().is_connected());
    }

    fn listen(&self) -> Inbox<QUEUE> {
        self.handle.listen().expect("a place")
    }

    fn deliver_after(&self, time: Duration, payload: impl AsRef<[u8]>) {
        let message = Message::new("in", payload);
        self.bench.schedule_after(time, Action::Deliver(message));
    }

    /// The payloads of what the module has published, as text.
    fn published(&self) -> Vec<String> {
        let published = common::emulated::published(&self.bench);
        let payloads = published.into_iter().map(|message| message.payload);
        payloads
            .map(|payload| payload.escape_ascii().to_string())
            .collect()
    }
}

async fn connect<const QUEUE: usize>(handle: Module<QUEUE>) {
    let configured = handle.usercfg(&UserConfig::new(CLIENT)).await;
    configured.expect("usercfg");
    let connected = handle.connect("broker", 1883, Reconnect::Off).await;
    connected.expect("connect");
    // Vendor firmware has only taken the request.
    while !handle
        .connection_state()
        .await
        .expect("state")
        .is_connected()
    {}
    handle.subscribe("in", QOS).await.expect("subscribe");
}

fn rig_with<const QUEUE: usize>(settings: Settings) -> Rig<QUEUE> {
    let bench = Bench::new(settings);
    let mut rig = Rig::with_uart(&bench, bench.uart());
    rig.connect();
    rig
}

fn rig(dialect: Dialect) -> Rig {
    rig_with(quick(dialect))
}

type Boxed<'t> = Pin<Box<dyn Future<Output = ()> + 't>>;

/// Runs tasks to their ends; each is polled only when it was woken, as an executor does.
async fn all(tasks: Vec<Boxed<'_>>) {
    let mut tasks: FuturesUnordered<_> = tasks.into_iter().collect();
    while tasks.next().await.is_some() {}
}

/// What a listener has to read at the moment.
fn read<const QUEUE: usize>(inbox: &mut Inbox<QUEUE>) -> Vec<String> {
    let mut all = Vec::new();
    while let core::task::Poll::Ready(Ok(notice)) = embassy_futures::poll_once(inbox.next()) {
        all.push(shown(&notice));
    }
    all
}

/// A message as its payload, any other notice as itself.
fn shown(notice: &Notice<MESSAGE>) -> String {
    match notice {
        Notice::Message(message) => message.payload().escape_ascii().to_string(),
        other => format!("{other:?}"),
    }
}

/// Polls once, as a task that was woken.
fn step<F: Future>(future: Pin<&mut F>) -> core::task::Poll<F::Output> {
    let waker = core::task::Waker::noop();
    future.poll(&mut core::task::Context::from_waker(waker))
}

/// What is ready without waiting.
fn now<F: Future>(future: F) -> F::Output {
    match step(pin!(future)) {
        core::task::Poll::Ready(output) => output,
        core::task::Poll::Pending => panic!("somebody waits"),
    }
}
