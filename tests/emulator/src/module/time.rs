//! What happens by itself, and when.

use core::time::Duration;

use super::{Job, Mode, Module, Power};
use crate::broker::BrokerEvent;

/// Silence that ends a packet in passthrough mode.
pub(crate) const PACKET_GAP: Duration = Duration::from_millis(20);

impl Module {
    /// When something will happen by itself; `None` if only the outside can change anything.
    #[must_use]
    pub fn next_due(&self) -> Option<Duration> {
        let job = self.job.as_ref().and_then(Job::due);
        let power = match self.power {
            Power::Booting { ready_at } => Some(ready_at),
            Power::Asleep { until } => until,
            Power::Held | Power::On => None,
        };
        [
            job,
            power,
            self.pause_due(),
            self.station.due,
            self.client.due,
            self.provision.due(),
            self.broker.next_due(),
            self.sockets.due(),
            self.clock.due,
            self.network.next_due(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Lets time pass.
    pub fn advance(&mut self, now: Duration) {
        while let Some(due) = self.next_due().filter(|due| *due <= now) {
            self.now = self.now.max(due);
            self.run_due();
        }
        self.now = self.now.max(now);
        // A real network cannot tell when its next event comes.
        self.poll_network();
    }

    /// When a pause of the host means something: in passthrough, and after `+++`.
    fn pause_due(&self) -> Option<Duration> {
        match &self.mode {
            Mode::Passthrough { typed, since } if !typed.is_empty() => Some(*since + PACKET_GAP),
            Mode::Sending(sending) => sending.due(),
            _ => None,
        }
    }

    fn poll_network(&mut self) {
        while let Some(event) = self.broker.poll(self.now) {
            self.broker_event(event);
        }
        while let Some(event) = self.network.poll(self.now) {
            if self.power == Power::On {
                self.network_event(event);
            }
        }
    }

    fn run_due(&mut self) {
        let now = self.now;
        match self.power {
            Power::Booting { ready_at } if ready_at <= now => self.become_ready(),
            Power::Asleep { until: Some(until) } if until <= now => self.boot(2),
            _ => {}
        }
        self.poll_network();
        if self.station.due.is_some_and(|due| due <= now) {
            self.station_due();
        }
        if self.client.due.is_some_and(|due| due <= now) {
            self.client_due();
        }
        self.provision_due();
        if self.pause_due().is_some_and(|due| due <= now) {
            match &self.mode {
                Mode::Sending(_) => self.cancel_sending(),
                _ => self.passthrough_packet(),
            }
        }
        self.sockets_due();
        self.clock_due();
        self.job_due();
    }

    fn broker_event(&mut self, event: BrokerEvent) {
        if self.power == Power::On {
            self.mqtt_event(event);
        }
    }
}
