//! At every byte of every exchange, in both directions: the module restarts, the byte is lost, the byte is damaged, the
//! line falls silent. The call ends in its time; afterwards `init` and a command succeed, and messages are received.

use core::time::Duration;

use super::common::emulated::{ms, urc};
use super::common::receive_all;
use super::exchanges::{self, Exchange};
use super::{start, undisturbed};
use esp8266_mqtt::Dialect;
use esp8266_mqtt_emulator::settings::BootNoise;
use esp8266_mqtt_emulator::{Action, Bench, Direction, Fault, Settings};

const BOTH_WAYS: [Direction; 2] = [Direction::ToHost, Direction::ToModule];

/// Runs `exchange` with one fault, then what a caller does after an error. Returns what the call gave.
fn survives(
    exchange: &Exchange,
    dialect: Dialect,
    settings: Settings,
    fault: impl FnOnce(&Bench),
    what: &str,
) -> String {
    let (bench, mut module) = start(exchange, settings);
    fault(&bench);
    let begin = bench.now();
    let result = (exchange.run)(&mut module);
    let took = bench.now() - begin;
    let context = || {
        format!(
            "{}, {dialect:?}, {what}: {result} after {took:?}",
            exchange.name
        )
    };
    assert!(
        took < Duration::from_secs(exchange.limit_s),
        "{}",
        context()
    );
    // The module may still be starting.
    bench.advance(ms(1_000));
    if let Err(error) = module.init() {
        panic!("init: {error:?} after {}\n{:#?}", context(), bench.lines());
    }
    if let Err(error) = module.wifi_status() {
        panic!("wifi_status: {error:?} after {}", context());
    }
    receive_all(&mut module);
    let message = Action::Inject(urc(dialect, "t", "still there"));
    bench.schedule_after(ms(1), message);
    bench.advance(ms(50));
    let received = receive_all(&mut module);
    assert_eq!(received.len(), 1, "{}\n{:#?}", context(), bench.lines());
    result
}

/// A module whose start takes a while and begins with noise.
fn starting(settings: Settings) -> Settings {
    let mut settings = settings.with_rx_fifo(64);
    settings.latency.boot = ms(300);
    settings.boot_noise = BootNoise::RomText;
    settings
}

/// Calls `case` for every byte of every exchange in both directions.
fn at_every_byte(
    mut case: impl FnMut(&Exchange, Dialect, Settings, Direction, u64, &str),
) -> usize {
    let mut cases = 0;
    for (exchange, dialect, settings) in exchanges::all() {
        let settings = starting(settings);
        let plain = undisturbed(exchange, settings.clone());
        for direction in BOTH_WAYS {
            let (before, count) = match direction {
                Direction::ToHost => (plain.before[0], plain.received.len()),
                Direction::ToModule => (plain.before[1], plain.sent.len()),
            };
            for at in before..before + count {
                cases += 1;
                let settings = settings.clone();
                let result = &plain.seen.result;
                case(exchange, dialect, settings, direction, at as u64, result);
            }
        }
    }
    cases
}

#[test]
fn the_module_restarts() {
    let cases = at_every_byte(|exchange, dialect, settings, direction, index, plain| {
        let result = survives(
            exchange,
            dialect,
            settings,
            |bench| bench.fault(Fault::RestartAtByte { direction, index }),
            &format!("restart at byte {index} {direction:?}"),
        );
        // After the last line of the answer the call is over before the restart is seen.
        let told = ["ModuleReset", "Timeout", "Rejected", "Uart"]
            .iter()
            .any(|error| result.contains(error));
        assert!(
            told || result == plain || exchange.name == "init",
            "{}, {dialect:?}, byte {index} {direction:?}: {result}",
            exchange.name
        );
    });
    println!("{cases} cases: the module restarts at every byte");
}

#[test]
fn a_byte_is_lost() {
    let cases = at_every_byte(|exchange, dialect, settings, direction, index, _| {
        survives(
            exchange,
            dialect,
            settings,
            |bench| bench.fault(Fault::DropByte { direction, index }),
            &format!("byte {index} {direction:?} lost"),
        );
    });
    println!("{cases} cases: every byte is lost");
}

#[test]
fn a_byte_is_damaged() {
    let mut cases = 0;
    for mask in [0x01, 0x20, 0x80, 0x7f] {
        cases += at_every_byte(|exchange, dialect, settings, direction, index, _| {
            survives(
                exchange,
                dialect,
                settings,
                |bench| {
                    bench.fault(Fault::CorruptByte {
                        direction,
                        index,
                        mask,
                    });
                },
                &format!("byte {index} {direction:?} inverted by {mask:#x}"),
            );
        });
    }
    println!("{cases} cases: every byte is damaged, in four ways");
}

/// The cable comes off in front of every line of the module, and in the middle of each, and stays off.
#[test]
fn the_line_falls_silent() {
    let mut cases = 0;
    for (exchange, dialect, settings) in exchanges::all() {
        let plain = undisturbed(exchange, settings.clone());
        let mut line = 0_usize;
        for end in (0..plain.received.len()).filter(|&at| plain.received[at] == b'\n') {
            for at in [line, line.midpoint(end)] {
                cases += 1;
                let (bench, mut module) = start(exchange, settings.clone());
                let index = (plain.before[0] + at) as u64;
                bench.fault(Fault::HoldBytes {
                    index,
                    time: Duration::from_secs(1_000),
                });
                let begin = bench.now();
                let result = (exchange.run)(&mut module);
                let took = bench.now() - begin;
                let what = format!(
                    "{}, {dialect:?}, silence from byte {at}: {result} after {took:?}",
                    exchange.name
                );
                assert!(took < Duration::from_secs(exchange.limit_s), "{what}");
                assert!(
                    result == plain.seen.result || result.contains("Timeout"),
                    "{what}"
                );
            }
            line = end + 1;
        }
    }
    println!("{cases} cases: the line falls silent at every line");
}
