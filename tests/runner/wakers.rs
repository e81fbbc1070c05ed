//! Who is woken. The emulated UART always wakes its task; this one never does.

use super::*;
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::{Context, Poll, Waker};
use embedded_hal_async::delay::DelayNs;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Wake;

/// Answers every line with `OK`, and tells nobody.
#[derive(Clone, Default)]
struct Silent(Rc<RefCell<(Vec<u8>, VecDeque<u8>)>>);

impl embedded_io::ErrorType for Silent {
    type Error = core::convert::Infallible;
}

impl Read for Silent {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Self::Error> {
        poll_fn(|_| {
            let mut line = self.0.borrow_mut();
            let count = line.1.len().min(buffer.len());
            for (slot, byte) in buffer.iter_mut().zip(line.1.drain(..count)) {
                *slot = byte;
            }
            match count {
                0 => Poll::Pending,
                count => Poll::Ready(Ok(count)),
            }
        })
        .await
    }
}

impl Write for Silent {
    async fn write(&mut self, buffer: &[u8]) -> Result<usize, Self::Error> {
        let mut line = self.0.borrow_mut();
        line.0.extend(buffer);
        if buffer.contains(&b'\n') {
            line.1.extend(b"\r\nOK\r\n");
        }
        Ok(buffer.len())
    }

    async fn flush(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}

struct Never;

impl DelayNs for Never {
    async fn delay_ns(&mut self, _: u32) {
        core::future::pending().await
    }
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Woken {
    fn take(&self) -> bool {
        self.0.swap(false, Ordering::SeqCst)
    }
}

fn polled<F: Future>(future: Pin<&mut F>, woken: &Arc<Woken>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(&Waker::from(Arc::clone(woken))))
}

#[test]
fn each_side_wakes_the_other() {
    let uart = Silent::default();
    let buffers = Buffers::new(vec![0; 256].leak(), vec![0; 256].leak());
    let module = Esp8266Mqtt::new(uart.clone(), Never, buffers);
    let mut state: State<NoopRawMutex, 32, 4, 2, 64, 1> = State::new();
    let (mut runner, handle) = state.split(module);
    let mut inbox = handle.listen().expect("a place");
    let [running, asking, lining, listening] = [(); 4].map(|()| Arc::<Woken>::default());

    {
        let mut run = pin!(runner.run());
        assert!(polled(run.as_mut(), &running).is_pending());
        assert!(!running.take());

        // A request wakes the runner.
        let mut asked = Box::pin(handle.publish("out", "1", QOS));
        assert!(polled(asked.as_mut(), &asking).is_pending());
        assert!(running.take());
        let mut in_line = Box::pin(handle.publish("out", "2", QOS));
        assert!(polled(in_line.as_mut(), &lining).is_pending());
        assert!(!running.take());

        // Its outcome wakes who has asked, and the place that is free then who stands in line.
        assert!(polled(run.as_mut(), &running).is_pending());
        assert!(asking.take() && !lining.take());
        assert_eq!(polled(asked.as_mut(), &asking), Poll::Ready(Ok(())));
        assert!(lining.take());
        assert!(polled(in_line.as_mut(), &lining).is_pending());
        assert!(running.take());
        assert!(polled(run.as_mut(), &running).is_pending());
        assert!(lining.take());
        assert_eq!(polled(in_line.as_mut(), &lining), Poll::Ready(Ok(())));

        // Nobody stands in line any more: the next has a place at once, and may leave it.
        let mut next = Box::pin(handle.publish("out", "x", QOS));
        assert!(polled(next.as_mut(), &asking).is_pending());
        assert!(running.take());
        drop(next);

        // An event wakes the listener.
        let mut next = pin!(inbox.next());
        assert!(polled(next.as_mut(), &listening).is_pending());
        uart.0.borrow_mut().1.extend(b"WIFI GOT IP\r\n");
        assert!(polled(run.as_mut(), &running).is_pending());
        assert!(listening.take());
        let event = polled(next.as_mut(), &listening);
        assert_eq!(event, Poll::Ready(Ok(Notice::WifiGotIp)));
    }

    // The end wakes all.
    let mut next = pin!(inbox.next());
    assert!(polled(next.as_mut(), &listening).is_pending());
    let mut asked = Box::pin(handle.publish("out", "3", QOS));
    assert!(polled(asked.as_mut(), &asking).is_pending());
    let mut in_line = Box::pin(handle.publish("out", "4", QOS));
    assert!(polled(in_line.as_mut(), &lining).is_pending());
    drop(runner);
    assert!(asking.take() && lining.take() && listening.take());
    let sent = uart.0.borrow().0.clone();
    assert_eq!(sent.split(|byte| *byte == b'\n').count(), 3);
}

/// Who lines up behind a free place, because somebody else was called to it and then left, gets it.
#[test]
fn a_place_is_not_forgotten() {
    let uart = Silent::default();
    let buffers = Buffers::new(vec![0; 256].leak(), vec![0; 256].leak());
    let module = Esp8266Mqtt::new(uart, Never, buffers);
    let mut state: State<NoopRawMutex, 32, 4, 2, 64, 1> = State::new();
    let (_runner, handle) = state.split(module);
    let [first, second] = [(); 2].map(|()| Arc::<Woken>::default());

    let mut holder = Box::pin(handle.disconnect());
    assert!(step(holder.as_mut()).is_pending());
    let mut called = Box::pin(handle.disconnect());
    assert!(polled(called.as_mut(), &first).is_pending());
    drop(holder);
    assert!(first.take());
    let mut newcomer = Box::pin(handle.disconnect());
    assert!(polled(newcomer.as_mut(), &second).is_pending());
    drop(called);
    assert!(second.take());
}
