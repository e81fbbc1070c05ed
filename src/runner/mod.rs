//! One task drives the module, all others have handles: the split form for embassy and other executors.
//!
//! [`State::split`] takes a driver and gives a [`Runner`] and a [`Handle`]. The runner goes into a task of its own and
//! owns driver and UART. The handle is copied into every task that publishes, subscribes or connects; a [`Listener`] is
//! what a task waits for messages and events with. Nothing is allocated, and there is no global state.
//!
//! A handle has no `keep`: after a loss one of the tasks connects again, as below. Who wants a kept connection does without
//! the runner, and calls [`keep`](crate::asynch::Esp8266Mqtt::keep) in the task that owns the driver.
//!
//! # Example
//!
//! ```
//! use embassy_futures::join::join3;
//! use embedded_hal_async::delay::DelayNs;
//! use embedded_io_async::{ErrorKind, Read, Write};
//! use esp8266_mqtt::asynch::Esp8266Mqtt;
//! use esp8266_mqtt::runner::{Handle, Listener, Notice, State, raw::NoopRawMutex};
//! use esp8266_mqtt::{Buffers, Error, MqttLink, QoS, Reconnect, UserConfig};
//!
//! // Names with your own sizes, for the arguments of tasks. Without any, `State<NoopRawMutex>` has the usual ones.
//! type Events<'s> = Listener<'s, NoopRawMutex>;
//! type Module<'s> = Handle<'s, NoopRawMutex>;
//!
//! async fn thermometer(module: Module<'_>, mut delay: impl DelayNs) -> Result<(), Error<ErrorKind>> {
//!     loop {
//!         match module.publish("temperature", "21.5", QoS::AtMostOnce).await {
//!             Err(error @ (Error::Uart(_) | Error::Stopped)) => return Err(error),
//!             // Refused while nothing is connected: the next one is another chance.
//!             _ => delay.delay_ms(60_000).await,
//!         }
//!     }
//! }
//!
//! async fn connect(module: Module<'_>) -> Result<(), Error<ErrorKind>> {
//!     module.connect_wifi("my-network", "my-password").await?;
//!     module.usercfg(&UserConfig::new("client-id")).await?;
//!     module.connect("broker.example", 1883, Reconnect::Off).await?;
//!     // Vendor firmware has only taken the request: did the broker accept?
//!     if !module.wait_connected(10_000).await?.may_be_connected() {
//!         return Err(Error::Rejected(None));
//!     }
//!     module.subscribe("lamp", QoS::AtMostOnce).await
//! }
//!
//! async fn lamp(
//!     module: Module<'_>,
//!     mut events: Events<'_>,
//!     mut delay: impl DelayNs,
//! ) -> Result<(), Error<ErrorKind>> {
//!     loop {
//!         match connect(module).await {
//!             Err(error @ (Error::Uart(_) | Error::Stopped)) => return Err(error),
//!             Err(_) => {
//!                 delay.delay_ms(10_000).await;
//!                 continue;
//!             }
//!             Ok(()) => {}
//!         }
//!         loop {
//!             match events.next().await? {
//!                 Notice::Message(message) if message.topic() == b"lamp" => {
//!                     let _on = message.payload() == b"on";
//!                 }
//!                 // Everything again, unless the notice is of an earlier connection.
//!                 Notice::ModuleRestarted | Notice::MqttDisconnected
//!                     if module.link_state().mqtt == MqttLink::Down => break,
//!                 _ => {}
//!             }
//!         }
//!     }
//! }
//!
//! async fn firmware<U: Read + Write, D: DelayNs + Clone>(uart: U, delay: D) -> Result<(), Error<U::Error>> {
//!     let (mut rx, mut tx) = ([0; 1024], [0; 256]);
//!     let mut module = Esp8266Mqtt::new(uart, delay.clone(), Buffers::new(&mut rx, &mut tx));
//!     module.init().await?;
//!
//!     let mut state = State::<NoopRawMutex>::new();
//!     let (mut runner, handle) = state.split(module);
//!     let Ok(events) = handle.listen() else { return Ok(()) };
//!     let thermometer = thermometer(handle, delay.clone());
//!     let (error, ..) = join3(runner.run(), thermometer, lamp(handle, events, delay)).await;
//!     Err(Error::Uart(error))
//! }
//! ```
//!
//! Tasks of an executor have `'static` arguments, so that everything lives in static cells. Where tasks run on several
//! executors or in interrupts, the lock is `CriticalSectionRawMutex`:
//!
//! ```
//! use embedded_hal_async::delay::DelayNs;
//! use embedded_io_async::{Read, Write};
//! use esp8266_mqtt::{Buffers, asynch::Esp8266Mqtt};
//! use esp8266_mqtt::runner::{Handle, Runner, State, raw::CriticalSectionRawMutex};
//! use static_cell::ConstStaticCell;
//!
//! static RX: ConstStaticCell<[u8; 1024]> = ConstStaticCell::new([0; 1024]);
//! static TX: ConstStaticCell<[u8; 256]> = ConstStaticCell::new([0; 256]);
//! static STATE: ConstStaticCell<State<CriticalSectionRawMutex>> = ConstStaticCell::new(State::new());
//!
//! // #[embassy_executor::task]
//! async fn drive<U: Read + Write, D: DelayNs>(mut runner: Runner<'static, U, D, CriticalSectionRawMutex>) {
//!     let _error = runner.run().await;
//! }
//!
//! // #[embassy_executor::task]
//! async fn blink(module: Handle<'static, CriticalSectionRawMutex>) { /* … */ }
//!
//! fn start<U: Read + Write, D: DelayNs>(uart: U, delay: D) {
//!     let module = Esp8266Mqtt::new(uart, delay, Buffers::new(RX.take(), TX.take()));
//!     let (runner, handle) = STATE.take().split(module);
//!     // spawner.spawn(drive(runner)); spawner.spawn(blink(handle));
//!     # drop((drive(runner), blink(handle)));
//! }
//! ```
//!
//! # Requests
//!
//! Up to `QUEUE` requests are held and done one after the other, oldest first; who finds no place stands in line. Each
//! gets its own result. The texts of a request, its payload as well, are copied when it finds a place, and once more when
//! the runner starts it. They could only be borrowed if a dropped or forgotten future were sure to take them back from
//! the runner in time, and that cannot be had without `unsafe`.
//!
//! Every future may be dropped at any time:
//!
//! | dropped | what happens |
//! | --- | --- |
//! | a request, before it was polled or while it stands in line | nothing was asked |
//! | a request that waits for its turn | it is withdrawn: not a byte of it is sent |
//! | a request that the runner has started | the runner completes it; nobody learns the result |
//! | [`Listener::next`], [`Listener::next_message`] | nothing; the event is still there |
//! | [`Runner::run`] | the request that is being done is given up, its handle gets [`Error::Stopped`](crate::Error::Stopped) |
//! | [`Runner`] | handles and listeners get [`Error::Stopped`](crate::Error::Stopped) |
//!
//! # Messages
//!
//! While no request is being done, a message is handed on as soon as it has come. While one is, messages stay in the
//! driver's receive buffer, and are handed on right after it, before the next request starts. So give that buffer room for
//! what arrives in the time of the longest request: a publish takes some 0.1 s at 9600 baud, a subscription that the
//! broker does not answer 20 s. What there is no room for is counted and reported as [`Notice::MessagesDropped`].
//!
//! The runner never waits for a listener. One that is further behind than `EVENTS` loses the oldest events, and is told by
//! [`Notice::Lagged`] how many. Without a listener, events are dropped.

mod desk;
mod handle;
mod listener;
mod methods;
mod notice;
mod request;
mod run;
mod state;

pub use crate::message::Received;
/// The locks to choose from: `NoopRawMutex` for one executor, `CriticalSectionRawMutex` for several and interrupts.
pub use embassy_sync::blocking_mutex::raw;
pub use handle::Handle;
pub use listener::{Listener, TooManyListeners};
pub use notice::Notice;
pub use run::Runner;
pub use state::State;
