//! Publishing, subscribing and receiving on `embedded-hal-mock`, and the adapter to it.

mod common;

use common::hal::Session;
use embedded_hal_mock::eh1::serial::{Mock, Transaction};
use embedded_hal_nb::serial::ErrorKind;
use embedded_io::{Error as _, Read, ReadReady, Write};
use esp8266_mqtt::{Dialect, Error, Event, NbError, NbSerial, QoS};

const VENDOR: Dialect = Dialect::Vendor;
const ESP_AT: Dialect = Dialect::EspAt;
const BLOCKS: nb::Error<ErrorKind> = nb::Error::WouldBlock;

#[test]
fn subscribe_unsubscribe_and_subscriptions() {
    let answer = "+MQTTSUB:0,6,\"a/+\",0\r\n+MQTTSUB:0,6,\"b\",2\r\n\r\nOK\r\n";
    let session = Session::new()
        .ok("AT+MQTTSUB=0,\"a/+\",0")
        .ok("AT+MQTTSUB=0,\"b\",2")
        .command("AT+MQTTSUB?", answer)
        .command("AT+MQTTUNSUB=0,\"a/+\"", "NO UNSUBSCRIBE\r\n\r\nOK\r\n")
        .command("AT+MQTTSUB?", "+MQTTSUB:0,0,\"\",0\r\n\r\nOK\r\n")
        .command("AT+MQTTSUB?", "\r\nOK\r\n");
    session.run(VENDOR, |module| {
        module.subscribe("a/+", QoS::AtMostOnce).unwrap();
        module.subscribe("b", QoS::ExactlyOnce).unwrap();
        let mut all = Vec::new();
        module
            .subscriptions(|topic, qos| all.push((topic.to_owned(), qos)))
            .unwrap();
        let expected = [
            ("a/+".to_owned(), QoS::AtMostOnce),
            ("b".to_owned(), QoS::ExactlyOnce),
        ];
        assert_eq!(all, expected);
        module.unsubscribe("a/+").unwrap();
        for _ in 0..2 {
            module.subscriptions(|topic, _| panic!("{topic}")).unwrap();
        }
    });
}

#[test]
fn publish_text() {
    let session = Session::new()
        .ok(r#"AT+MQTTPUB=0,"t","{\"a\":1\,\"b\":\"\\\\\"}",0,0"#)
        .ok(r#"AT+MQTTPUB=0,"t","on",2,1"#);
    session.run(VENDOR, |module| {
        module
            .publish("t", r#"{"a":1,"b":"\\"}"#, QoS::AtMostOnce)
            .unwrap();
        module
            .publish_retained("t", "on", QoS::ExactlyOnce)
            .unwrap();
    });
}

#[test]
fn publish_raw() {
    let session = Session::new()
        .command("AT+MQTTPUBRAW=0,\"t\",4,1,0", "\r\nOK\r\n\r\n>")
        .write(b"a\r\n\0")
        .read("+MQTTPUB:OK\r\n")
        // With the prompt of NonOS firmware, and the message itself before the result.
        .command("AT+MQTTPUBRAW=0,\"t\",4,0,1", "\r\nOK\r\n> ")
        .write(b">\0\r\n")
        .read("+MQTTSUBRECV:0,\"t\",4,>\0\r\n\r\n+MQTTPUB:OK\r\n");
    session.run(ESP_AT, |module| {
        module.publish("t", b"a\r\n\0", QoS::AtLeastOnce).unwrap();
        module
            .publish_retained("t", b">\0\r\n", QoS::AtMostOnce)
            .unwrap();
        let message = module.poll_receive().unwrap();
        assert_eq!(
            (message.topic(), message.payload()),
            (&b"t"[..], &b">\0\r\n"[..])
        );
    });
}

#[test]
fn publish_too_long_for_a_line_goes_raw_and_unescaped() {
    let payload = "{\"k\":\"v\"},".repeat(25);
    let session = Session::new()
        .command("AT+MQTTPUBRAW=0,\"t\",250,0,0", "\r\nOK\r\n\r\n>")
        .write(&payload)
        .read("+MQTTPUB:OK\r\n");
    session.run(VENDOR, |module| {
        module.publish("t", &payload, QoS::AtMostOnce).unwrap()
    });
}

#[test]
fn publish_raw_refused_and_failed() {
    let line = "AT+MQTTPUBRAW=0,\"t\",1,0,0";
    let session = Session::new()
        .command(line, "\r\nERROR\r\n")
        .command(line, "\r\nOK\r\n\r\n>")
        .write("\n")
        .read("+MQTTDISCONNECTED:0+MQTTPUB:FAIL\r\n");
    session.run(ESP_AT, |module| {
        let refused = module.publish("t", "\n", QoS::AtMostOnce);
        assert_eq!(refused, Err(Error::Rejected(None)));
        let failed = module.publish("t", "\n", QoS::AtMostOnce);
        assert_eq!(failed, Err(Error::PublishFailed));
        assert_eq!(module.poll(), Ok(Event::MqttDisconnected));
    });
}

#[test]
fn disconnect() {
    let session = Session::new()
        .command("AT+MQTTCLEAN=0", "+MQTTDISCONNECTED:0\r\n\r\nOK\r\n")
        .command("AT+MQTTCLEAN=0", "\r\nERROR\r\n");
    session.run(ESP_AT, |module| {
        module.disconnect().unwrap();
        module.disconnect().unwrap();
    });
}

#[test]
fn poll_receive() {
    let session = Session::new()
        .nothing()
        .read("+MQTTSUBRECV:test/a,1,2\r\nWIFI GOT IP\r\n+MQTTSUBRECV:b,\r\n")
        .nothing()
        .read("+MQTTSUB")
        .read("RECV:c,3\r")
        .read("\n");
    session.run(VENDOR, |module| {
        assert_eq!(module.poll_receive(), Err(nb::Error::WouldBlock));
        let message = module.poll_receive().unwrap();
        assert_eq!(
            (message.topic_str(), message.payload_str()),
            (Ok("test/a"), Ok("1,2"))
        );
        let message = module.poll_receive().unwrap();
        assert_eq!((message.topic(), message.payload()), (&b"b"[..], &b""[..]));
        assert_eq!(module.poll_receive(), Err(nb::Error::WouldBlock));
        let message = module.poll_receive().unwrap();
        assert_eq!((message.topic(), message.payload()), (&b"c"[..], &b"3"[..]));
    });
}

#[test]
fn poll() {
    let session = Session::new()
        .nothing()
        .read("WIFI DISCONNECT\r\n+MQTTSUBRECV:0,\"t\",2,\r\n\r\n\r\nready\r\n0,CLOSED\r\n")
        .nothing();
    session.run(ESP_AT, |module| {
        assert_eq!(module.poll(), Err(nb::Error::WouldBlock));
        assert_eq!(module.poll(), Ok(Event::WifiDisconnected));
        let Ok(Event::Message(message)) = module.poll() else {
            panic!("no message")
        };
        assert_eq!(message.payload(), b"\r\n");
        assert_eq!(module.poll(), Ok(Event::ModuleRestarted));
        let closed = esp8266_mqtt::Urc::LinkClosed(Some(0));
        assert_eq!(module.poll(), Ok(Event::Other(closed)));
        assert_eq!(module.poll(), Err(nb::Error::WouldBlock));
    });
}

fn serial(transactions: &[Transaction<u8>]) -> (NbSerial<Mock<u8>>, Mock<u8>) {
    let mock = Mock::new(transactions);
    (NbSerial::new(mock.clone()), mock)
}

#[test]
fn the_adapter_keeps_the_byte_it_has_looked_at() {
    let looks = [Transaction::read_error(BLOCKS), Transaction::read(b'a')];
    let (mut uart, mut mock) = serial(&looks);
    assert_eq!(uart.read_ready(), Ok(false));
    assert_eq!(uart.read_ready(), Ok(true));
    assert_eq!(uart.read_ready(), Ok(true), "without another read");
    mock.done();
    mock.update_expectations(&[Transaction::read(b'b'), Transaction::read_error(BLOCKS)]);
    let mut buffer = [0; 4];
    assert_eq!(uart.read(&mut buffer), Ok(2));
    assert_eq!(buffer, *b"ab\0\0");
    mock.done();
}

#[test]
fn the_adapter_reports_an_error_behind_bytes_with_the_next_call() {
    let overrun = || Transaction::read_error(nb::Error::Other(ErrorKind::Overrun));
    let (mut uart, mut mock) = serial(&[
        Transaction::read_many(b"ab"),
        overrun(),
        Transaction::read(b'c'),
        overrun(),
        Transaction::read(b'd'),
        Transaction::read_error(BLOCKS),
    ]);
    let mut buffer = [0; 8];
    assert_eq!(uart.read(&mut buffer), Ok(2));
    assert_eq!(uart.read_ready(), Err(NbError(ErrorKind::Overrun)));
    assert_eq!(uart.read(&mut buffer), Ok(1));
    assert_eq!(
        uart.read(&mut buffer),
        Err(NbError(ErrorKind::Overrun)),
        "without a look before"
    );
    assert_eq!(uart.read(&mut buffer), Ok(1));
    assert_eq!(buffer[0], b'd');
    mock.done();
}

/// Bytes were lost between the two halves of the line.
#[test]
fn an_error_in_the_middle_of_a_read_is_counted() {
    let session = Session::new()
        .then(Transaction::read_many(b"WIFI "))
        .then(Transaction::read_error(nb::Error::Other(
            ErrorKind::Overrun,
        )))
        .then(Transaction::read_many(b" IP\r\n"))
        .then(Transaction::read_error(BLOCKS))
        .then(Transaction::read_error(BLOCKS));
    session.run(Dialect::Vendor, |module| {
        module.poll().ok();
        module.poll().ok();
        assert_eq!(module.counters().uart_errors, 1);
    });
}

#[test]
fn the_adapter_fills_the_buffer_and_no_more() {
    let (mut uart, mut mock) = serial(&[Transaction::read_many(b"abcd")]);
    let mut buffer = [0; 3];
    assert_eq!(uart.read(&mut []), Ok(0));
    assert_eq!(uart.read(&mut buffer), Ok(3));
    assert_eq!(&buffer, b"abc");
    assert_eq!(uart.read(&mut buffer[..1]), Ok(1));
    assert_eq!(buffer[0], b'd');
    mock.done();
}

#[test]
fn the_adapter_waits_for_the_first_byte_and_for_the_transmitter() {
    let (mut uart, mut mock) = serial(&[
        Transaction::read_error(BLOCKS),
        Transaction::read_error(BLOCKS),
        Transaction::read(b'a'),
        Transaction::read_error(BLOCKS),
        Transaction::write_error(b'x', BLOCKS),
        Transaction::write(b'x'),
        Transaction::flush_error(BLOCKS),
        Transaction::flush(),
    ]);
    assert_eq!(uart.read(&mut [0; 4]), Ok(1));
    assert_eq!(uart.write(b""), Ok(0));
    assert_eq!(uart.write(b"xy"), Ok(1));
    assert_eq!(uart.flush(), Ok(()));
    mock.done();
}

#[test]
fn the_adapter_passes_errors_on() {
    for (kind, expected) in [
        (ErrorKind::Overrun, embedded_io::ErrorKind::Other),
        (ErrorKind::Other, embedded_io::ErrorKind::Other),
        (ErrorKind::FrameFormat, embedded_io::ErrorKind::InvalidData),
        (ErrorKind::Parity, embedded_io::ErrorKind::InvalidData),
        (ErrorKind::Noise, embedded_io::ErrorKind::InvalidData),
    ] {
        let error = nb::Error::Other(kind);
        let (mut uart, mut mock) = serial(&[
            Transaction::read_error(error),
            Transaction::read_error(error),
            Transaction::write_error(b'x', error),
            Transaction::flush_error(error),
        ]);
        for result in [
            uart.read_ready().map(usize::from),
            uart.read(&mut [0; 4]),
            uart.write(b"x"),
            uart.flush().map(|()| 0),
        ] {
            let error = result.unwrap_err();
            assert_eq!((error.0, error.kind()), (kind, expected));
        }
        mock.done();
    }
}

/// Noise on the line is counted; what came around it is read.
#[test]
fn errors_while_receiving_are_counted() {
    let overrun = || Transaction::read_error(nb::Error::Other(ErrorKind::Overrun));
    let session = Session::new()
        .then(overrun())
        .read("+MQTTSUBRECV:t,1\r\n")
        .write("AT+CWQAP\r")
        .then(Transaction::write(b'\n'))
        .then(overrun())
        .then(Transaction::read_many(b"\r\nO"))
        .then(overrun())
        .read("K\r\n");
    session.run(VENDOR, |module| {
        assert_eq!(module.poll_receive().unwrap().payload(), b"1");
        module.disconnect_wifi().unwrap();
        assert!(module.counters().uart_errors >= 2);
    });
}
