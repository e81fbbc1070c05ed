//! Futures dropped at every point.

use super::*;
use common::in_both_dialects;
use core::task::Poll;
use embassy_futures::join::join;
use esp8266_mqtt::Error;
use esp8266_mqtt_emulator::{Fault, Reaction};

in_both_dialects!(
    a_request_may_be_dropped_at_every_poll,
    a_request_that_waits_is_withdrawn,
    a_late_result_is_nobody_elses,
    who_stands_in_line_may_leave_it,
    a_dropped_wait_for_an_event_takes_nothing,
    run_may_be_dropped_at_every_poll,
);

/// A host that polls every 20 µs.
fn unhurried<const QUEUE: usize>(dialect: Dialect) -> Rig<QUEUE> {
    let mut rig: Rig<QUEUE> = rig_with({
        let mut settings = quick(dialect);
        settings.host.call_cost = Duration::from_micros(20);
        settings
    });
    // What the connecting left behind.
    rig.pass(ms(20));
    rig
}

/// Payloads for `AT+MQTTPUB` and for `AT+MQTTPUBRAW`.
const PAYLOADS: [&[u8]; 2] = [b"text", b"line\r\nline\r\n"];

/// The request and the runner are polled in turns, so many times; then the request is dropped.
fn a_request_may_be_dropped_at_every_poll(dialect: Dialect) {
    let mut cases = 0;
    for payload in PAYLOADS {
        for polls in 0.. {
            // One place, which the next request needs.
            let mut rig = unhurried::<1>(dialect);
            let mut inbox = rig.listen();
            rig.deliver_after(ms(1), "during");
            let handle = rig.handle;
            let ended = {
                let mut runner = pin!(rig.runner.run());
                let mut request = Box::pin(handle.publish("out", payload, QOS));
                let mut ended = false;
                for _ in 0..polls {
                    if let Poll::Ready(done) = step(request.as_mut()) {
                        assert_eq!(done, Ok(()));
                        ended = true;
                        break;
                    }
                    assert!(step(runner.as_mut()).is_pending());
                }
                drop(request);
                // The runner goes on: what follows must not wait for `run` to be started again.
                let end = rig.bench.now() + ms(100);
                while rig.bench.now() < end {
                    assert!(step(runner.as_mut()).is_pending());
                }
                let mut last = pin!(handle.publish("out", "last", QOS));
                let end = rig.bench.now() + ms(200);
                let result = loop {
                    if let Poll::Ready(done) = step(last.as_mut()) {
                        break done;
                    }
                    assert!(rig.bench.now() < end, "dropped after {polls} polls");
                    assert!(step(runner.as_mut()).is_pending());
                };
                assert_eq!(result, Ok(()), "dropped after {polls} polls");
                ended
            };
            rig.pass(ms(20));
            let mut expected = vec!["last".to_owned()];
            // The first poll leaves the request, the runner's next one starts it.
            if polls > 0 {
                expected.insert(0, payload.escape_ascii().to_string());
            }
            assert_eq!(rig.published(), expected, "dropped after {polls} polls");
            assert_eq!(read(&mut inbox), ["during"], "dropped after {polls} polls");
            cases += 1;
            if ended {
                break;
            }
        }
    }
    println!("{cases} drops");
    assert!(cases > 100, "{cases}");
}

/// With and without the runner in between.
fn a_request_that_waits_is_withdrawn(dialect: Dialect) {
    for start_first in [false, true] {
        let mut rig = unhurried::<2>(dialect);
        let handle = rig.handle;
        let mut first = Box::pin(handle.publish("out", "first", QOS));
        let mut second = Box::pin(handle.publish("out", "second", QOS));
        assert!(step(first.as_mut()).is_pending());
        assert!(step(second.as_mut()).is_pending());
        if start_first {
            let mut runner = pin!(rig.runner.run());
            for _ in 0..20 {
                assert!(step(runner.as_mut()).is_pending());
            }
            drop(second);
            let done = block_on(select(runner, first));
            assert!(matches!(done, Either::Second(Ok(()))));
        } else {
            drop(second);
            assert_eq!(rig.run(first), Ok(()));
        }
        let third = rig.run(handle.publish("out", "third", QOS));
        assert_eq!(third, Ok(()));
        assert_eq!(rig.published(), ["first", "third"]);
    }
}

/// The next request has the place of a dropped one while the runner still works on that.
fn a_late_result_is_nobody_elses(dialect: Dialect) {
    let mut rig = unhurried::<1>(dialect);
    let handle = rig.handle;
    rig.bench
        .fault(Fault::command("MQTTPUB", 1, Reaction::Error));
    let mut refused = Box::pin(handle.publish("out", "refused", QOS));
    assert!(step(refused.as_mut()).is_pending());
    let mut runner = Box::pin(rig.runner.run());
    for _ in 0..20 {
        assert!(step(runner.as_mut()).is_pending());
    }
    drop(refused);
    let done = block_on(select(runner, handle.publish("out", "taken", QOS)));
    assert!(matches!(done, Either::Second(Ok(()))), "{done:?}");
    assert_eq!(rig.published(), ["taken"]);
}

/// One leaves the line before there is a place, one when it has been called and not polled.
fn who_stands_in_line_may_leave_it(dialect: Dialect) {
    let mut rig = unhurried::<1>(dialect);
    let handle = rig.handle;
    let mut first = Box::pin(handle.publish("out", "1", QOS));
    let mut line: Vec<_> = ["2", "3", "4"]
        .into_iter()
        .map(|payload| Box::pin(handle.publish("out", payload, QOS)))
        .collect();
    assert!(step(first.as_mut()).is_pending());
    for request in &mut line {
        assert!(step(request.as_mut()).is_pending());
    }
    drop(line.remove(0));
    assert_eq!(rig.run(first), Ok(()));
    drop(line.remove(0));
    let last = line.remove(0);
    assert_eq!(rig.run(last), Ok(()));
    let after = rig.run(handle.publish("out", "5", QOS));
    assert_eq!(after, Ok(()));
    assert_eq!(rig.published(), ["1", "4", "5"]);
}

fn a_dropped_wait_for_an_event_takes_nothing(dialect: Dialect) {
    let mut rig = unhurried::<1>(dialect);
    let mut inbox = rig.listen();
    let mut seen = Vec::new();
    for number in 0..10_u8 {
        rig.deliver_after(ms(2) * u32::from(number), number.to_string());
    }
    let mut runner = pin!(rig.runner.run());
    let end = rig.bench.now() + ms(50);
    while rig.bench.now() < end {
        assert!(step(runner.as_mut()).is_pending());
        if let Poll::Ready(notice) = step(pin!(inbox.next())) {
            seen.push(shown(&notice.expect("an event")));
        }
    }
    let expected: Vec<_> = (0..10).map(|number| number.to_string()).collect();
    assert_eq!(seen, expected);
}

/// `run` is dropped and started again; another request waits meanwhile.
fn run_may_be_dropped_at_every_poll(dialect: Dialect) {
    let mut cases = 0;
    let mut stopped = 0;
    for payload in PAYLOADS {
        for polls in 0.. {
            let mut rig = unhurried::<2>(dialect);
            let mut inbox = rig.listen();
            rig.deliver_after(ms(1), "during");
            let handle = rig.handle;
            let mut first = Box::pin(handle.publish("out", payload, QOS));
            let mut second = Box::pin(handle.publish("out", "second", QOS));
            assert!(step(first.as_mut()).is_pending());
            assert!(step(second.as_mut()).is_pending());
            let mut done = None;
            {
                let mut runner = pin!(rig.runner.run());
                for _ in 0..polls {
                    assert!(step(runner.as_mut()).is_pending());
                    if let Poll::Ready(result) = step(first.as_mut()) {
                        done = Some(result);
                        break;
                    }
                }
            }
            let ended = done.is_some();
            let (first, second) = match done {
                Some(result) => (result, rig.run(second)),
                None => rig.run(join(first, second)),
            };
            // Never started, or done to its end, or given up: nothing else.
            match first {
                Ok(()) => assert!(polls == 0 || ended, "dropped after {polls} polls"),
                Err(error) => assert_eq!(error, Error::Stopped),
            }
            stopped += usize::from(first.is_err());
            // The poll that has ended the first has started the second.
            let expected = if ended { Err(Error::Stopped) } else { Ok(()) };
            assert_eq!(second, expected, "dropped after {polls} polls");
            let last = rig.run(handle.publish("out", "last", QOS));
            assert_eq!(last, Ok(()), "dropped after {polls} polls");
            rig.pass(ms(20));
            let mut published = rig.published();
            assert_eq!(published.pop().as_deref(), Some("last"));
            if !ended {
                assert_eq!(published.pop().as_deref(), Some("second"));
            }
            if first.is_ok() {
                assert_eq!(published, [payload.escape_ascii().to_string()]);
            }
            assert_eq!(read(&mut inbox), ["during"], "dropped after {polls} polls");
            cases += 1;
            if ended {
                break;
            }
        }
    }
    println!("{cases} drops, {stopped} requests given up");
    assert!(stopped > 100, "{stopped}");
}
