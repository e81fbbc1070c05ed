//! What the module says, cut in two at every byte, and read in one piece or byte by byte.

use core::time::Duration;

use super::common::emulated::ms;
use super::{exchanges, run, start, undisturbed};
use esp8266_mqtt_emulator::Fault;

/// The host reads up to a byte, then nothing for a while, then all that has come since.
#[test]
fn cut_at_every_byte() {
    let mut cases = 0;
    for (exchange, dialect, settings) in exchanges::all() {
        let settings = settings.with_rx_fifo(4096);
        let plain = undisturbed(exchange, settings.clone());
        for at in 0..plain.received.len() {
            cases += 1;
            let (bench, mut module) = start(exchange, settings.clone());
            bench.fault(Fault::HoldBytes {
                index: (plain.before[0] + at) as u64,
                time: ms(7),
            });
            let seen = run(exchange, &bench, &mut module);
            assert_eq!(seen, plain.seen, "{}, {dialect:?}, {at}", exchange.name);
        }
    }
    println!("{cases} cases: cut at every byte");
}

/// A host that is quick enough to see each byte alone, and hosts that find several at each look.
#[test]
fn chunks_of_every_length() {
    let mut cases = 0;
    for (exchange, dialect, settings) in exchanges::all() {
        let settings = settings.with_rx_fifo(4096);
        let plain = undisturbed(exchange, settings.clone());
        // A byte takes 87 us; at 3 ms a look finds 34.
        for looks_us in [1, 20, 87, 100, 200, 300, 500, 700, 1000, 1500, 3000] {
            cases += 1;
            let mut settings = settings.clone();
            settings.host.call_cost = Duration::from_micros(looks_us);
            let (bench, mut module) = start(exchange, settings);
            let seen = run(exchange, &bench, &mut module);
            assert_eq!(
                seen, plain.seen,
                "{}, {dialect:?}, {looks_us}",
                exchange.name
            );
        }
    }
    println!("{cases} cases: chunks of every length");
}
