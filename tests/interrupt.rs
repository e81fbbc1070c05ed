//! The queue between a receive interrupt and the driver.

mod common;

use common::{buffers, owned, receive};
use embedded_hal_mock::eh1::delay::NoopDelay;
use embedded_io::{Error as _, ErrorKind, ErrorType, Read, ReadReady, Write};
use esp8266_mqtt::{Dialect, Error, Esp8266Mqtt, QueuedError, QueuedUart, RxQueue, RxWriter};
use std::{cell::RefCell, rc::Rc, thread};

/// The transmitting half of a UART; takes at most so many bytes, then fails.
struct Wire {
    sent: Vec<u8>,
    room: usize,
}

impl ErrorType for Wire {
    type Error = ErrorKind;
}

impl Write for Wire {
    fn write(&mut self, buffer: &[u8]) -> Result<usize, ErrorKind> {
        let count = buffer.len().min(self.room);
        if count == 0 {
            return Err(ErrorKind::BrokenPipe);
        }
        self.room -= count;
        self.sent.extend_from_slice(&buffer[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        self.write(b"f").map(drop)
    }
}

fn ends<const N: usize>() -> (RxWriter<'static>, QueuedUart<'static, Wire>) {
    let queue = Box::leak(Box::new(RxQueue::<N>::new()));
    queue.split(Wire {
        sent: Vec::new(),
        room: 8,
    })
}

fn feed(writer: &mut RxWriter<'_>, bytes: &[u8]) {
    for &byte in bytes {
        writer.push(byte);
    }
}

#[test]
fn bytes_come_in_order_as_many_as_fit() {
    let (mut writer, mut uart) = ends::<8>();
    let mut buffer = [0; 4];
    assert_eq!(uart.read_ready(), Ok(false));
    assert_eq!(uart.read(&mut []), Ok(0));
    // Beyond the queue's length, so that it wraps.
    for round in 0..10 {
        let bytes: Vec<u8> = (0..6).map(|i| round * 6 + i).collect();
        feed(&mut writer, &bytes);
        assert_eq!(uart.read_ready(), Ok(true));
        assert_eq!(uart.read(&mut buffer), Ok(4));
        assert_eq!(buffer, bytes[..4]);
        assert_eq!(uart.read(&mut buffer), Ok(2));
        assert_eq!(buffer[..2], bytes[4..]);
        assert_eq!(uart.read_ready(), Ok(false));
    }
    assert_eq!(uart.overruns(), 0);
}

#[test]
fn a_full_queue_counts_and_reports_once_and_keeps_what_it_has() {
    let (mut writer, mut uart) = ends::<4>();
    let mut buffer = [0; 8];
    feed(&mut writer, b"abcdef");
    assert_eq!(uart.overruns(), 3);
    assert_eq!(uart.read_ready(), Ok(true));
    let error = uart.read(&mut buffer).unwrap_err();
    assert_eq!(error, QueuedError::Overrun);
    assert_eq!(error.kind(), ErrorKind::Other);
    assert_eq!(uart.read(&mut buffer), Ok(3));
    assert_eq!(&buffer[..3], b"abc");
    assert_eq!(uart.read_ready(), Ok(false));

    feed(&mut writer, b"g");
    assert_eq!(uart.read(&mut buffer), Ok(1));
    assert_eq!(buffer[0], b'g');
    assert_eq!(uart.overruns(), 3);
}

#[test]
fn a_loss_that_the_uart_noticed_is_reported_without_a_byte() {
    let (mut writer, mut uart) = ends::<4>();
    writer.overrun();
    assert_eq!(uart.read_ready(), Ok(true));
    assert_eq!(uart.read(&mut [0; 4]), Err(QueuedError::Overrun));
    assert_eq!(uart.read_ready(), Ok(false));
    assert_eq!(uart.overruns(), 1);
}

#[test]
fn writes_pass_through() {
    let (_writer, mut uart) = ends::<4>();
    assert_eq!(uart.write(b"AT\r\n"), Ok(4));
    assert_eq!(uart.flush(), Ok(()));
    assert_eq!(uart.write(b"AT\r\n"), Ok(3));
    let error = QueuedError::Tx(ErrorKind::BrokenPipe);
    assert_eq!(uart.write(b"\n"), Err(error));
    assert_eq!(uart.flush(), Err(error));
    assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    assert_eq!(uart.release().sent, b"AT\r\nfAT\r");
}

#[test]
fn both_ends_work_at_the_same_time() {
    const COUNT: usize = 100_000;
    let (mut writer, mut uart) = ends::<16>();
    let done = std::sync::atomic::AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for i in 0..COUNT {
                writer.push((i % 251) as u8);
            }
            done.store(true, std::sync::atomic::Ordering::Release);
        });
        let mut received = 0;
        let mut reports = 0;
        loop {
            let last = done.load(std::sync::atomic::Ordering::Acquire);
            while uart.read_ready() == Ok(true) {
                match uart.read(&mut [0; 5]) {
                    Ok(count) => received += count,
                    Err(_) => reports += 1,
                }
            }
            if last {
                break;
            }
        }
        let lost = uart.overruns() as usize;
        assert_eq!(received + lost, COUNT);
        assert_eq!(reports > 0, lost > 0);
    });
}

#[test]
fn reading_waits_for_the_first_byte() {
    let (mut writer, mut uart) = ends::<16>();
    thread::scope(|scope| {
        let reader = scope.spawn(move || {
            let mut buffer = [0; 1];
            uart.read(&mut buffer).map(|_| buffer[0])
        });
        thread::sleep(std::time::Duration::from_millis(20));
        assert!(!reader.is_finished());
        writer.push(b'x');
        assert_eq!(reader.join().unwrap(), Ok(b'x'));
    });
}

#[test]
fn the_driver_counts_losses_and_receives_what_follows() {
    let (mut writer, uart) = ends::<64>();
    let mut module =
        Esp8266Mqtt::new(uart, NoopDelay::new(), buffers(256, 64)).with_dialect(Dialect::Vendor);
    feed(&mut writer, b"+MQTTSUBRECV:a,one\r\n");
    assert_eq!(receive(&mut module), Some(owned("a", "one")));

    feed(&mut writer, &[b'-'; 70]);
    feed(&mut writer, b"\r\n");
    assert_eq!(receive(&mut module), None);
    assert_eq!(module.counters().uart_errors, 1);

    feed(&mut writer, b"\r\n+MQTTSUBRECV:a,two\r\n");
    assert_eq!(receive(&mut module), Some(owned("a", "two")));
    assert_eq!(module.counters().uart_errors, 1);
}

/// The interrupt and the module behind it, driven from the transmitting half.
#[derive(Clone)]
struct Answering {
    writer: Rc<RefCell<Option<RxWriter<'static>>>>,
    line: Rc<RefCell<Vec<u8>>>,
}

impl ErrorType for Answering {
    type Error = ErrorKind;
}

impl Write for Answering {
    fn write(&mut self, buffer: &[u8]) -> Result<usize, ErrorKind> {
        let mut line = self.line.borrow_mut();
        line.extend_from_slice(buffer);
        if line.ends_with(b"\r\n") {
            let mut writer = self.writer.borrow_mut();
            feed(writer.as_mut().unwrap(), &line);
            feed(
                writer.as_mut().unwrap(),
                b"+MQTTSUBRECV:0,\"t\",2,hi\r\n\r\nOK\r\n",
            );
        }
        Ok(buffer.len())
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

#[test]
fn a_command_is_answered_through_the_queue() {
    let tx = Answering {
        writer: Rc::default(),
        line: Rc::default(),
    };
    let slot = tx.writer.clone();
    let line = tx.line.clone();
    let queue = Box::leak(Box::new(RxQueue::<128>::new()));
    let (writer, uart) = queue.split(tx);
    slot.replace(Some(writer));
    let mut module =
        Esp8266Mqtt::new(uart, NoopDelay::new(), buffers(256, 64)).with_dialect(Dialect::EspAt);
    let sent: Result<(), Error<QueuedError<ErrorKind>>> =
        module.subscribe("t", esp8266_mqtt::QoS::AtMostOnce);
    assert_eq!(sent, Ok(()));
    assert_eq!(line.borrow().as_slice(), b"AT+MQTTSUB=0,\"t\",0\r\n");
    assert_eq!(receive(&mut module), Some(owned("t", "hi")));
}
