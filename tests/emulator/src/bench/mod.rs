//! A module at the far end of a simulated UART, on a virtual clock.

use core::time::Duration;
use std::cell::{Ref, RefCell};
use std::rc::Rc;

use crate::broker::{Broker, MemoryBroker, Message};
use crate::fault::Fault;
use crate::module::Module;
use crate::network::MemoryNetwork;
use crate::settings::{AccessPoint, Settings, SmartConfig};
use crate::trace::{Direction, Trace, TraceLine};

mod asynch;
mod faults;
pub(crate) mod host;
pub(crate) mod uart;
pub(crate) mod world;

pub use uart::{Delay, ResetPin, Serial, Uart, UartError};

use world::World;

/// Something that happens at a given time.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Action {
    /// The module prints these bytes.
    Inject(Vec<u8>),
    /// Another client publishes this to the broker.
    Deliver(Message),
    /// The module restarts, with the reset cause of a watchdog.
    RestartModule,
    /// All access points are out of range.
    LoseWifi,
    /// The access points of the settings are in range again.
    RestoreWifi,
    /// The MQTT connection breaks; the broker can be reached at once.
    CutMqtt,
    /// The MQTT connection breaks and the broker stays unreachable.
    LoseBroker,
    /// The broker can be reached again.
    RestoreBroker,
    /// A station with this MAC address joins the module's own access point.
    StationJoins(String),
    /// That station leaves again.
    StationLeaves(String),
    /// A phone broadcasts an access point by SmartConfig.
    Broadcast(SmartConfig),
    /// Somebody presses the WPS button of the first access point in range.
    PressWpsButton,
    /// Something drives a pin of the module.
    SetPin {
        /// Number of the GPIO.
        pin: usize,
        /// Its level.
        high: bool,
    },
    /// A fault begins.
    Fault(Fault),
}

/// A single-threaded test bench: virtual clock, UART, module and broker.
///
/// Time passes only when the host does something that takes time: a UART call, a delay, [`advance`](Self::advance).
/// Cloning gives another handle to the same bench.
#[derive(Clone)]
pub struct Bench {
    world: Rc<RefCell<World>>,
    broker: MemoryBroker,
    network: MemoryNetwork,
}

impl Bench {
    /// A bench with a [`MemoryBroker`] that lets everybody in.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let broker = MemoryBroker::new();
        broker.set_round_trip(settings.latency.round_trip);
        let link = Box::new(broker.link());
        Self::of(settings, link, broker)
    }

    /// A bench whose module talks to a broker of the caller's own. [`broker`](Self::broker) and the broker actions
    /// have no effect on it.
    #[must_use]
    pub fn with_broker(settings: Settings, broker: Box<dyn Broker>) -> Self {
        Self::of(settings, broker, MemoryBroker::new())
    }

    fn of(settings: Settings, link: Box<dyn Broker>, broker: MemoryBroker) -> Self {
        let network = MemoryNetwork::new();
        network.set_round_trip(settings.latency.round_trip);
        let mut world = World::new(settings, link);
        world.module.set_network(Box::new(network.port()));
        Self {
            world: Rc::new(RefCell::new(world)),
            broker,
            network,
        }
    }

    /// The host's UART by `embedded-io` and `embedded-io-async`.
    #[must_use]
    pub fn uart(&self) -> Uart {
        Uart::new(Rc::clone(&self.world))
    }

    /// The same UART by `embedded-hal-nb`.
    #[must_use]
    pub fn serial(&self) -> Serial {
        Serial::new(Rc::clone(&self.world))
    }

    /// A delay that advances the virtual clock.
    #[must_use]
    pub fn delay(&self) -> Delay {
        Delay::new(Rc::clone(&self.world))
    }

    /// The pin that drives the module's reset input: low holds it in reset, high lets it boot.
    #[must_use]
    pub fn reset_pin(&self) -> ResetPin {
        ResetPin::new(Rc::clone(&self.world))
    }

    /// Time since the bench was made.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.world.borrow().now()
    }

    /// Lets time pass while the host does nothing.
    pub fn advance(&self, time: Duration) {
        let mut world = self.world.borrow_mut();
        let until = world.now() + time;
        self.broker.set_now(world.now());
        self.network.set_now(world.now());
        world.run_until(until);
        // A real broker or network cannot announce its events.
        world.module.advance(until);
        world.start_shifts();
    }

    /// Makes `action` happen when the clock shows `time`, or now if that has passed.
    pub fn at(&self, time: Duration, action: Action) {
        let broker = self.broker.clone();
        self.world.borrow_mut().schedule(time, action, broker);
    }

    /// Makes `action` happen `time` from now.
    pub fn schedule_after(&self, time: Duration, action: Action) {
        self.at(self.now() + time, action);
    }

    /// Adds a fault.
    pub fn fault(&self, fault: Fault) {
        self.world.borrow_mut().add_fault(fault);
    }

    /// Changes the baud of the host's UART, as a driver does after `AT+UART_CUR`.
    pub fn set_host_baud(&self, baud: u32) {
        self.world.borrow_mut().set_host_baud(baud);
    }

    /// Replaces the access points in range.
    pub fn set_access_points(&self, access_points: Vec<AccessPoint>) {
        let mut world = self.world.borrow_mut();
        let now = world.now();
        world.module.set_access_points(now, access_points);
        world.start_shifts();
    }

    /// The broker of [`new`](Self::new).
    #[must_use]
    pub fn broker(&self) -> MemoryBroker {
        self.broker.set_now(self.now());
        self.broker.clone()
    }

    /// The network around the module, besides the broker: hosts and peers for its TCP and UDP links.
    #[must_use]
    pub fn network(&self) -> MemoryNetwork {
        self.network.set_now(self.now());
        self.network.clone()
    }

    /// The module, for a look at its state. Do not keep the guard while the host goes on.
    #[must_use]
    pub fn module(&self) -> Ref<'_, Module> {
        Ref::map(self.world.borrow(), |world| &world.module)
    }

    /// Everything that passed over the wire.
    #[must_use]
    pub fn trace(&self) -> Trace {
        self.world.borrow().trace.clone()
    }

    /// The lines that passed over the wire.
    #[must_use]
    pub fn lines(&self) -> Vec<TraceLine> {
        self.world.borrow().trace.lines()
    }

    /// All bytes that the host put on the wire.
    #[must_use]
    pub fn sent(&self) -> Vec<u8> {
        self.world.borrow().trace.one_way(Direction::ToModule)
    }

    /// All bytes that reached the host, those included that its FIFO had no room for.
    #[must_use]
    pub fn received(&self) -> Vec<u8> {
        self.world.borrow().trace.one_way(Direction::ToHost)
    }

    /// Bytes lost because the host's FIFO was full.
    #[must_use]
    pub fn overruns(&self) -> u64 {
        self.world.borrow().host.overruns
    }
}
