//! The books find what is wrong, and nothing else.

use std::time::Duration;

use fastrand::Rng;

use crate::account::{Account, IN_FLIGHT, Outage, REACH, Report, SUBSCRIBING};
use crate::chaos;
use crate::payload::{self, Name, Way};
use crate::stream::{Fate, Fault};

const fn ms(millis: usize) -> Duration {
    Duration::from_millis(millis as u64)
}

/// Books in which message `n` of each stream was sent at `n` ms, and `publish` said `Ok`.
fn books(messages: usize) -> Account {
    let mut books = Account::new(true);
    for number in 0..messages {
        for qos in 0..2 {
            books.down[qos].send(ms(number));
            books.down[qos].sent[number].taken = Some(ms(number));
            books.up[qos].send(ms(number));
            books.publish_done(qos, number, true, ms(number));
        }
    }
    books
}

fn outage(well: usize, ready: usize) -> Outage {
    Outage {
        well: ms(well),
        told: ms(well + 1),
        ready: Some(ms(ready)),
        unnoticed: ms(5),
        broker_killed: false,
        published: 0,
    }
}

#[test]
fn a_message_that_nobody_said_was_lost_fails() {
    for missing in [0, 3, 9] {
        let mut books = books(10);
        let numbers = (0..10).filter(|number| *number != missing);
        let done: Vec<_> = numbers
            .filter_map(|number| books.delivered(0, number, ms(number)).err())
            .collect();
        if missing < 9 {
            assert_eq!(done.first(), Some(&Fault::Missing(missing)));
        } else {
            assert_eq!(books.finish(), Err((Way::Down, 0, Fault::Missing(9))));
        }
    }
}

#[test]
fn twice_late_or_never_sent_fails() {
    let mut books = books(10);
    assert_eq!(books.delivered(0, 0, ms(0)), Ok(()));
    assert_eq!(books.delivered(0, 0, ms(0)), Err(Fault::Twice(0)));
    assert_eq!(books.delivered(0, 10, ms(0)), Err(Fault::NeverSent(10)));
    books.told(Report::Garbled, 1);
    assert_eq!(books.delivered(0, 2, ms(2)), Ok(()));
    assert_eq!(books.delivered(0, 1, ms(2)), Err(Fault::Late(1)));
    assert_eq!(books.arrived(1, 0, ms(0)), Ok(()));
    assert_eq!(books.arrived(1, 0, ms(0)), Err(Fault::Twice(0)));
}

#[test]
fn sent_again_may_come_again() {
    let mut books = books(3);
    books.down[1].repeated(0, ms(4));
    for _ in 0..2 {
        assert_eq!(books.delivered(1, 0, ms(4)), Ok(()));
    }
    assert_eq!(books.down[1].duplicates, 1);
    assert_eq!(books.delivered(1, 0, ms(4)), Err(Fault::Twice(0)));
}

#[test]
fn a_word_explains_as_many_as_it_says() {
    let mut two = books(10);
    two.told(Report::Dropped, 2);
    assert_eq!(two.delivered(0, 2, ms(2)), Ok(()));
    assert_eq!(two.down[0].count(Fate::Lost(Report::Dropped)), 2);
    assert_eq!(two.delivered(0, 4, ms(4)), Err(Fault::Missing(3)));

    let mut one = books(10);
    one.told(Report::Dropped, 1);
    assert_eq!(one.delivered(0, 2, ms(2)), Err(Fault::Missing(1)));
}

#[test]
fn a_word_is_forgotten() {
    for (between, explained) in [(REACH as usize - 1, true), (REACH as usize, false)] {
        let mut books = books(between + 2);
        books.told(Report::Garbled, 1);
        for number in 0..between {
            assert_eq!(books.delivered(0, number, ms(number)), Ok(()));
        }
        let done = books.delivered(0, between + 1, ms(between));
        assert_eq!(done.is_ok(), explained);
    }
    let mut books = books(3);
    books.ready(ms(0));
    assert_eq!(books.delivered(0, 0, ms(1)), Ok(()));
    books.told(Report::Garbled, 1);
    books.told_uart_error(ms(9));
    books.ready(ms(0));
    assert_eq!(books.delivered(0, 2, ms(2)), Err(Fault::Missing(1)));
}

#[test]
fn a_uart_error_explains_one_gap_of_what_was_sent_before() {
    let mut one = books(30);
    one.told_uart_error(ms(10));
    assert_eq!(one.delivered(0, 8, ms(12)), Ok(()));
    assert_eq!(one.delivered(1, 8, ms(12)), Ok(()));
    assert_eq!(one.delivered(0, 10, ms(12)), Err(Fault::Missing(9)));

    let mut late = books(30);
    late.told_uart_error(ms(10));
    assert_eq!(late.delivered(0, 20, ms(21)), Err(Fault::Missing(11)));
    // Not spent where a word explains enough.
    let mut both = books(30);
    both.told(Report::Dropped, 1);
    both.told_uart_error(ms(20));
    for number in [1, 9] {
        assert_eq!(both.delivered(0, number, ms(12)), Ok(()));
    }
}

#[test]
fn an_outage_explains_what_was_sent_in_it() {
    let until = 100 + SUBSCRIBING.as_millis() as usize;
    for (last, next, missing) in [
        (50, 120, None),
        (46, 120, None),
        (44, 120, Some(45)),
        (60, until + 1, None),
        (60, until + 3, Some(until + 1)),
    ] {
        let mut books = books(1000);
        // What came before.
        books.down[0].next = last;
        assert_eq!(books.delivered(0, last, ms(last)), Ok(()));
        books.outages.push(outage(51, 100));
        let done = books.delivered(0, next, ms(next + 1));
        assert_eq!(done.err(), missing.map(Fault::Missing), "{last} {next}");
        // It is over.
        if done.is_ok() {
            let again = books.delivered(0, next + 2, ms(next + 3));
            assert_eq!(again, Err(Fault::Missing(next + 1)));
        }
    }
    // Without it nothing is explained.
    let mut books = books(200);
    books.down[0].next = 50;
    assert_eq!(books.delivered(0, 120, ms(121)), Err(Fault::Missing(50)));
}

#[test]
fn a_publish_is_lost_only_just_before_an_outage_or_with_an_error() {
    let just_before = |qos: usize, killed: bool, distance: u64| {
        let mut books = books(100);
        books.up[qos].next = 40;
        let published = books.up[qos].sent[40].ordinal + distance;
        books.outages.push(Outage {
            broker_killed: killed,
            published,
            ..outage(60, 70)
        });
        books.arrived(qos, 41, ms(75)).is_ok()
    };
    assert!(just_before(0, false, 0));
    assert!(just_before(0, false, IN_FLIGHT - 1));
    assert!(!just_before(0, false, IN_FLIGHT));
    // At QoS 1 the broker has said that it has it.
    assert!(!just_before(1, false, 0));
    assert!(just_before(1, true, 0));

    let mut plain = books(10);
    assert_eq!(plain.arrived(0, 1, ms(1)), Err(Fault::Missing(0)));
    let mut failed = books(10);
    failed.publish_done(0, 0, false, ms(0));
    assert_eq!(failed.arrived(0, 1, ms(1)), Ok(()));
    let mut damaged = books(10);
    damaged.arrived_damaged(ms(1));
    assert_eq!(damaged.arrived(0, 1, ms(1)), Ok(()));
    assert_eq!(damaged.arrived(0, 3, ms(1)), Err(Fault::Missing(2)));
}

#[test]
fn every_damaged_byte_shows() {
    for way in [Way::Down, Way::Up] {
        for number in 0..16 {
            let name = Name {
                way,
                qos: 1,
                number,
            };
            let topic = payload::topic(way, 1).as_bytes();
            let good = payload::write(name);
            assert!(good.len() >= payload::SHORTEST);
            assert_eq!(payload::read(topic, &good), Some(name));
            for at in 0..good.len() {
                for mask in [1, 4, 0x80] {
                    let mut bad = good.clone();
                    bad[at] ^= mask;
                    assert_eq!(payload::read(topic, &bad), None);
                }
            }
        }
    }
}

#[test]
fn a_script_is_the_same_for_the_same_seed_and_ends_in_time() {
    let script = |seed| chaos::script(&mut Rng::with_seed(seed), 1_000);
    assert_eq!(format!("{:?}", script(1)), format!("{:?}", script(1)));
    assert_ne!(format!("{:?}", script(1)), format!("{:?}", script(2)));
    assert!(script(1).is_sorted_by_key(|(at, _)| *at));
    assert!(script(1).iter().all(|(at, _)| *at < 2_000));
}
