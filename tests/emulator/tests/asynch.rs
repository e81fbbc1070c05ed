//! The bench under an executor.

mod common;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use common::ms;
use embedded_hal_async::delay::DelayNs;
use embedded_io_async::{Read, Write};
use esp8266_mqtt_emulator::{Bench, Settings};

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

#[test]
fn a_command_is_written_and_its_answer_read() {
    let bench = Bench::new(Settings::vendor().fast().with_echo(false));
    let mut uart = bench.uart();
    block_on(async {
        uart.write_all(b"AT\r\n").await.unwrap();
        uart.flush().await.unwrap();
        assert!(bench.now() >= ms(4), "four bytes at 9600 baud");
        let mut answer = [0; 6];
        uart.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"\r\nOK\r\n");
    });
    assert!(bench.now() < ms(12), "{:?}", bench.now());
}

#[test]
fn a_delay_ends_although_a_read_waits_for_ever() {
    let bench = Bench::new(Settings::vendor());
    let (mut uart, mut delay) = (bench.uart(), bench.delay());
    let mut buffer = [0; 8];
    let mut read = pin!(uart.read(&mut buffer));
    let mut delay = pin!(delay.delay_ms(5));
    let mut context = Context::from_waker(Waker::noop());
    while delay.as_mut().poll(&mut context).is_pending() {
        assert!(read.as_mut().poll(&mut context).is_pending());
    }
    assert!(bench.now() >= ms(5) && bench.now() < ms(6));
}
