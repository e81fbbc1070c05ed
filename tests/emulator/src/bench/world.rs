//! The event loop of the bench.

use core::time::Duration;

use super::Action;
use super::faults::WireFaults;
use super::host::{Host, Shift};
use crate::broker::{Broker, MemoryBroker};
use crate::fault::Fault;
use crate::module::{CommandFault, Module};
use crate::settings::{AccessPoint, Settings};
use crate::trace::{Direction, Trace};
use crate::wire::{Sampler, byte_time};

/// A host that polls every microsecond would spend its day asking everybody for the next event. The test's own hand on
/// the broker is the only change that is not seen at once.
const LOOK_AGAIN: Duration = Duration::from_micros(50);

struct Planned {
    at: Duration,
    action: Action,
    broker: MemoryBroker,
}

pub(crate) struct World {
    now: Duration,
    pub module: Module,
    pub host: Host,
    pub faults: WireFaults,
    pub trace: Trace,
    /// The host has no baud of its own, as at the far end of a byte stream.
    pub follow_baud: bool,
    module_shift: Option<Shift>,
    to_host: Sampler,
    to_module: Sampler,
    agenda: Vec<Planned>,
    /// Nothing happens before this time, as far as was known at the last look.
    quiet_until: Duration,
    in_range: Vec<AccessPoint>,
}

impl World {
    pub fn new(settings: Settings, broker: Box<dyn Broker>) -> Self {
        let mut world = Self {
            now: Duration::ZERO,
            host: Host::new(&settings),
            faults: WireFaults::default(),
            trace: Trace::default(),
            follow_baud: false,
            module_shift: None,
            to_host: Sampler::default(),
            to_module: Sampler::default(),
            agenda: Vec::new(),
            quiet_until: Duration::ZERO,
            in_range: settings.access_points.clone(),
            module: Module::new(settings, broker),
        };
        world.start_shifts();
        world
    }

    pub fn now(&self) -> Duration {
        self.now
    }

    pub fn set_host_baud(&mut self, baud: u32) {
        self.host.baud = baud;
    }

    pub fn add_fault(&mut self, fault: Fault) {
        match fault {
            Fault::Command {
                name,
                occurrence,
                reaction,
            } => self.module.add_fault(CommandFault {
                name,
                countdown: occurrence.max(1),
                reaction,
            }),
            Fault::HoldBytes { index, time } => self.host.hold(index, time),
            other => self.faults.add(other),
        }
        self.start_shifts();
    }

    pub fn schedule(&mut self, at: Duration, action: Action, broker: MemoryBroker) {
        let at = at.max(self.now);
        self.quiet_until = Duration::ZERO;
        let after = self.agenda.partition_point(|planned| planned.at <= at);
        self.agenda.insert(after, Planned { at, action, broker });
    }

    /// When the next thing happens by itself.
    pub fn next_event(&self) -> Option<Duration> {
        [
            self.module_shift.map(|shift| shift.end),
            self.host.shift.map(|shift| shift.end),
            self.module.next_due(),
            self.agenda.first().map(|planned| planned.at),
            self.idle_due(Direction::ToHost),
            self.idle_due(Direction::ToModule),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// When the receiver at the end of `direction` completes a frame although the line has gone idle.
    fn idle_due(&self, direction: Direction) -> Option<Duration> {
        let (sampler, shift) = match direction {
            Direction::ToHost => (&self.to_host, &self.module_shift),
            Direction::ToModule => (&self.to_module, &self.host.shift),
        };
        sampler.next_due().filter(|_| shift.is_none())
    }

    /// Lets the clock run up to `until`.
    pub fn run_until(&mut self, until: Duration) {
        if until >= self.quiet_until {
            let mut next = self.next_event();
            while let Some(event) = next.filter(|event| *event <= until) {
                self.now = self.now.max(event);
                self.run_due();
                next = self.next_event();
            }
            let look_again = until + LOOK_AGAIN;
            self.quiet_until = next.map_or(look_again, |event| event.min(look_again));
        }
        self.now = self.now.max(until);
    }

    /// Lets the clock run up to the next event; false if there is none.
    pub fn run_to_next_event(&mut self) -> bool {
        match self.next_event() {
            Some(event) => {
                self.quiet_until = Duration::ZERO;
                self.run_until(event.max(self.now));
                true
            }
            None => false,
        }
    }

    fn run_due(&mut self) {
        let now = self.now;
        if let Some(shift) = self.module_shift.take_if(|shift| shift.end <= now) {
            self.arrive_at_host(shift);
        }
        if let Some(shift) = self.host.shift.take_if(|shift| shift.end <= now) {
            self.arrive_at_module(shift);
        }
        if self
            .idle_due(Direction::ToHost)
            .is_some_and(|due| due <= now)
            && let Some(byte) = self.to_host.idle(now)
        {
            self.host_hears(byte);
        }
        if self
            .idle_due(Direction::ToModule)
            .is_some_and(|due| due <= now)
            && let Some(byte) = self.to_module.idle(now)
        {
            self.module_hears(byte);
        }
        while self.agenda.first().is_some_and(|planned| planned.at <= now) {
            let planned = self.agenda.remove(0);
            self.perform(planned.action, &planned.broker);
        }
        self.module.advance(now);
        self.start_shifts();
    }

    fn perform(&mut self, action: Action, broker: &MemoryBroker) {
        let now = self.now;
        broker.set_now(now);
        match action {
            Action::Inject(bytes) => self.module.inject(now, &bytes),
            Action::Deliver(message) => broker.publish(message),
            Action::RestartModule => self.module.restart(now, 4),
            Action::LoseWifi => self.module.set_access_points(now, Vec::new()),
            Action::RestoreWifi => self.module.set_access_points(now, self.in_range.clone()),
            Action::CutMqtt => broker.lose(false),
            Action::LoseBroker => broker.lose(true),
            Action::RestoreBroker => broker.restore(),
            Action::StationJoins(mac) => self.module.station_joins(now, &mac),
            Action::StationLeaves(mac) => self.module.station_leaves(now, &mac),
            Action::Broadcast(heard) => self.module.broadcast(now, heard),
            Action::PressWpsButton => self.module.press_wps_button(now),
            Action::SetPin { pin, high } => self.module.set_pin(now, pin, high),
            Action::Fault(fault) => self.add_fault(fault),
        }
    }

    /// Gives both transmitters their next bytes.
    pub fn start_shifts(&mut self) {
        let now = self.now;
        self.quiet_until = Duration::ZERO;
        if self.follow_baud {
            self.host.baud = self.module.baud();
        }
        let shift = |value, baud| Shift {
            value,
            baud,
            start: now,
            end: now + byte_time(baud),
            restart: false,
        };
        if self.host.shift.is_none()
            && let Some(byte) = self.host.tx.pop_front()
        {
            self.host.shift = Some(shift(Some(byte), self.host.baud));
        }
        while self.module_shift.is_none() {
            if let Some(byte) = self.faults.insertion(self.module.has_output()) {
                self.module_shift = Some(shift(Some(byte), self.module.baud()));
                return;
            }
            let Some((byte, baud)) = self.module.transmit(now) else {
                return;
            };
            if self.faults.silence {
                continue;
            }
            let fate = self.faults.pass(Direction::ToHost, byte);
            self.module_shift = Some(Shift {
                restart: fate.restart,
                ..shift(fate.value, baud)
            });
        }
    }

    fn arrive_at_host(&mut self, shift: Shift) {
        if shift.restart {
            self.module.restart(self.now, 4);
        }
        let Some(value) = shift.value else { return };
        if shift.baud == self.host.baud && !self.to_host.is_busy() {
            return self.host_hears(value);
        }
        let heard = self
            .to_host
            .byte(value, shift.start, shift.baud, self.host.baud);
        heard.into_iter().for_each(|byte| self.host_hears(byte));
    }

    fn arrive_at_module(&mut self, shift: Shift) {
        let Some(sent) = shift.value else { return };
        self.trace.push(self.now, Direction::ToModule, sent);
        let fate = self.faults.pass(Direction::ToModule, sent);
        if let Some(value) = fate.value.filter(|_| !self.faults.silence) {
            if shift.baud == self.module.baud() && !self.to_module.is_busy() {
                self.module_hears(value);
            } else {
                let heard = self
                    .to_module
                    .byte(value, shift.start, shift.baud, self.module.baud());
                heard.into_iter().for_each(|byte| self.module_hears(byte));
            }
        }
        if fate.restart {
            self.module.restart(self.now, 4);
        }
    }

    fn host_hears(&mut self, byte: u8) {
        self.trace.push(self.now, Direction::ToHost, byte);
        self.host.take_in(byte);
    }

    fn module_hears(&mut self, byte: u8) {
        self.module.receive(self.now, byte);
    }
}
