//! Exhaustive, not sampled: every exchange of a session, disturbed at every place in every way.
//!
//! Each run must give what the undisturbed run gives: the same return value, the same events in the same order and the
//! same counters, plus what was inserted. The number of cases is printed: `cargo test --test exhaustive -- --nocapture`.

#[path = "../common/mod.rs"]
mod common;
mod exchanges;
mod insertions;
mod items;
mod recovery;

mod splits;

use core::time::Duration;

use common::emulated::{Driver, ms};
use common::events;
use esp8266_mqtt::Counters;
use esp8266_mqtt_emulator::{Bench, Settings};
use exchanges::Exchange;

/// What a caller sees of an exchange.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    result: String,
    events: Vec<String>,
    counters: Counters,
}

/// Runs `exchange`, lets the wire fall silent, and collects what has happened.
fn run(exchange: &Exchange, bench: &Bench, module: &mut Driver) -> Seen {
    let result = (exchange.run)(module);
    let mut all = Vec::new();
    // As a main loop does that has nothing else to do; a byte takes 87 us.
    let mut quiet = 0;
    while quiet < 300 {
        let more = events(module);
        quiet = if more.is_empty() { quiet + 1 } else { 0 };
        all.extend(more);
        bench.advance(Duration::from_micros(43));
    }
    Seen {
        result,
        events: all,
        counters: module.counters(),
    }
}

/// A bench and a driver in the state that `exchange` starts in.
fn start(exchange: &Exchange, settings: Settings) -> (Bench, Driver) {
    let (bench, mut module) = (exchange.prepare)(settings);
    bench.advance(ms(20));
    events(&mut module);
    (bench, module)
}

/// An exchange without any disturbance, and what went over the wire.
struct Undisturbed {
    seen: Seen,
    /// Bytes of either direction before it.
    before: [usize; 2],
    received: Vec<u8>,
    sent: Vec<u8>,
}

fn undisturbed(exchange: &Exchange, settings: Settings) -> Undisturbed {
    let (bench, mut module) = start(exchange, settings);
    let before = [bench.received().len(), bench.sent().len()];
    let seen = run(exchange, &bench, &mut module);
    Undisturbed {
        seen,
        received: bench.received().split_off(before[0]),
        sent: bench.sent().split_off(before[1]),
        before,
    }
}
