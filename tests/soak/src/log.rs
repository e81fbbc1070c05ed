//! The last things that happened, for the message of a failure.

use std::collections::VecDeque;
use std::time::Duration;

use esp8266_mqtt_emulator::trace::Trace;

const NOTES: usize = 2_000;
const TRACES: usize = 500;

/// What the application and the script did, and what passed over the wire.
#[derive(Default)]
pub struct Log {
    notes: VecDeque<(Duration, String)>,
    traces: VecDeque<Trace>,
}

impl Log {
    pub fn note(&mut self, at: Duration, text: String) {
        if self.notes.len() >= NOTES {
            self.notes.pop_front();
        }
        self.notes.push_back((at, text));
    }

    pub fn wire(&mut self, trace: Trace) {
        if trace.bytes().is_empty() {
            return;
        }
        if self.traces.len() >= TRACES {
            self.traces.pop_front();
        }
        self.traces.push_back(trace);
    }

    /// The last `count` lines, in the order of their time.
    pub fn last(&self, count: usize) -> Vec<String> {
        let mut wire = Trace::default();
        for trace in &self.traces {
            wire.append(trace);
        }
        let wire = wire
            .lines()
            .into_iter()
            .map(|line| (line.at, line.to_string()));
        let note = |(at, text): &(Duration, String)| {
            (
                *at,
                format!("{:>12.3} ms  -- {text}", at.as_secs_f64() * 1000.0),
            )
        };
        let mut all: Vec<_> = self.notes.iter().map(note).chain(wire).collect();
        all.sort_by_key(|(at, _)| *at);
        let first = all.len().saturating_sub(count);
        all.into_iter().skip(first).map(|(_, line)| line).collect()
    }
}
