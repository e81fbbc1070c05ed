//! Unsolicited lines and messages at every line boundary of what the module says, between `OK` and `>`, and in every
//! byte's time of what the host says.

use core::time::Duration;

use super::common::emulated::quick;
use super::exchanges::{self, Exchange};
use super::items::{self, Inserted};
use super::{Undisturbed, run, start, undisturbed};
use esp8266_mqtt::Dialect;
use esp8266_mqtt_emulator::{Action, Bench, Fault, Settings};

const BAUD: u32 = 115_200;

/// Runs `exchange` with something inserted, and compares.
fn disturbed(
    exchange: &Exchange,
    settings: Settings,
    plain: &Undisturbed,
    inserted: &Inserted,
    what: &str,
    disturb: impl FnOnce(&Bench),
) {
    let (bench, mut module) = start(exchange, settings);
    disturb(&bench);
    let seen = run(exchange, &bench, &mut module);
    let bytes = inserted.bytes.escape_ascii();
    let context = || format!("{}, {bytes} {what}\n{:#?}", exchange.name, bench.lines());
    assert_eq!(seen.result, plain.seen.result, "{}", context());
    assert!(
        is_with(&seen.events, &plain.seen.events, &inserted.events),
        "{:?} instead of {:?} and {:?}: {}",
        seen.events,
        plain.seen.events,
        inserted.events,
        context()
    );
    assert_eq!(seen.counters, plain.seen.counters, "{}", context());
    assert_eq!(bench.overruns(), 0, "{}", context());
}

/// Whether these are the events of the undisturbed run with the inserted ones somewhere among them, each in order.
fn is_with(events: &[String], plain: &[String], inserted: &[String]) -> bool {
    let Some((event, rest)) = events.split_first() else {
        return plain.is_empty() && inserted.is_empty();
    };
    plain.first() == Some(event) && is_with(rest, &plain[1..], inserted)
        || inserted.first() == Some(event) && is_with(rest, plain, &inserted[1..])
}

/// Positions among the bytes of the module where a line may be inserted: before a line, and before `>`.
fn boundaries(received: &[u8]) -> impl Iterator<Item = usize> {
    (0..received.len()).filter(|&at| {
        let before = at.checked_sub(1).map(|before| received[before]);
        matches!(before, None | Some(b'\n')) || (received[at] == b'>' && before != Some(b'\n'))
    })
}

#[test]
fn every_line_at_every_boundary() {
    let mut cases = 0;
    for (exchange, dialect, settings) in exchanges::all() {
        let plain = undisturbed(exchange, settings.clone());
        for inserted in &items::all(dialect) {
            for at in boundaries(&plain.received) {
                cases += 1;
                disturbed(
                    exchange,
                    settings.clone(),
                    &plain,
                    inserted,
                    &format!("before byte {at}"),
                    |bench| {
                        bench.fault(Fault::InsertBytes {
                            index: (plain.before[0] + at) as u64,
                            bytes: inserted.bytes.clone(),
                        });
                    },
                );
            }
        }
    }
    println!("{cases} cases: every unsolicited line at every line boundary");
}

/// While the host sends each of its bytes, through FIFOs of three depths.
fn a_message_at_every_time(dialect: Dialect) {
    let mut cases = 0;
    let byte = Duration::from_nanos(10_000_000_000 / u64::from(BAUD));
    let inserted = items::message(dialect);
    for (exchange, _, _) in exchanges::all().filter(|(_, of, _)| *of == dialect) {
        for depth in [1, 16, 32] {
            let settings = quick(dialect).with_rx_fifo(depth);
            let plain = undisturbed(exchange, settings.clone());
            let times = plain.sent.len() + plain.received.len() + 2;
            for time in 0..times {
                cases += 1;
                disturbed(
                    exchange,
                    settings.clone(),
                    &plain,
                    &inserted,
                    &format!("after {time} byte times, FIFO of {depth}"),
                    |bench| {
                        let after = byte * u32::try_from(time).expect("a time");
                        bench.schedule_after(after, Action::Inject(inserted.bytes.clone()));
                    },
                );
            }
        }
    }
    println!("{cases} cases: a message in every byte's time, FIFOs of 1, 16 and 32");
}

#[test]
fn a_message_at_every_time_vendor() {
    a_message_at_every_time(Dialect::Vendor);
}

#[test]
fn a_message_at_every_time_esp_at() {
    a_message_at_every_time(Dialect::EspAt);
}
