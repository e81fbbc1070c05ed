//! Feature `sockets`: datagrams, byte by byte on a scripted wire.

mod common;

use common::buffers;
use common::links::{bound, closes, data, driver, set_up};
use common::script::{Script, Scripted};
use embedded_nal::UdpClientStack;
use esp8266_mqtt::command::basic::Attention;
use esp8266_mqtt::{Argument, ArgumentError, Dialect, Error, Reason};

use Dialect::{EspAt, Vendor};

#[test]
fn datagrams_that_are_pushed() {
    let script = Script::new();
    let (mut module, socket) = bound(&script, Vendor);
    // 40 bytes hold three of them with their headers; link 3 is nobody's.
    script.push("\r\n+IPD,0,10:0123456789\r\n+IPD,3,2:no\r\n+IPD,0,4:\r\nOK");
    script.push("\r\n+IPD,0,6,10.0.0.1,53:sender\r\n+IPD,0,30:012345678901234567890123456789");
    script.push("+MQTTSUBRECV:t,message\r\n");
    let mut buffer = [0; 8];
    for expected in [&b"01234567"[..], b"\r\nOK", b"sender"] {
        let count = module.socket_receive(&socket, &mut buffer, 10);
        assert_eq!(count, Ok(Some(expected.len())));
        assert_eq!(&buffer[..expected.len()], expected);
    }
    assert_eq!(module.socket_receive(&socket, &mut buffer, 10), Ok(None));
    assert_eq!(module.counters().datagrams_dropped, 2);
    assert_eq!(common::receive_all(&mut module).len(), 1);
    // Those of a closed socket are nobody's, and make room.
    script.push("\r\n+IPD,0,20:01234567890123456789");
    assert!(module.poll().is_err());
    closes(&script, &mut module, socket);
    script.command("AT+CIPSTART=0,\"UDP\",\"h\",53", "0,CONNECT\r\n\r\nOK\r\n");
    let socket = module.udp_open("h", 53).expect("open");
    assert_eq!(module.socket_receive(&socket, &mut buffer, 10), Ok(None));
    script.push("\r\n+IPD,0,30:012345678901234567890123456789");
    let count = module.socket_receive(&socket, &mut buffer, 10);
    assert_eq!(count, Ok(Some(8)));
    script.assert_done();
}

#[test]
fn datagrams_that_are_fetched() {
    let script = Script::new();
    let (mut module, socket) = bound(&script, EspAt);
    script.push("\r\n+IPD,0,4\r\n");
    script.command("AT+CIPRECVDATA=0,2048", data(EspAt, b"0123"));
    let mut buffer = [0; 3];
    let count = module.socket_receive(&socket, &mut buffer, 10);
    assert_eq!((count, &buffer), (Ok(Some(3)), b"012"));
    script.command("AT+CIPSEND=0,1", "\r\nOK\r\n\r\n>");
    script.bytes("x", "\r\nRecv 1 bytes\r\n\r\nSEND OK\r\n");
    assert_eq!(module.socket_send(&socket, b"x"), Ok(1));
}

#[test]
fn a_datagram_cut_by_a_restart() {
    let script = Script::new();
    set_up(&script);
    script.command("AT+CIPSTART=0,\"UDP\",\"h\",53", "0,CONNECT\r\n\r\nOK\r\n");
    let buffers = buffers(256, 256).datagrams(vec![0; 400].leak());
    let mut module = Scripted::new(script.clone(), script.clone(), buffers).with_dialect(Vendor);
    let _socket = module.udp_open("h", 53).expect("open");
    script.push("\r\n+IPD,0,300:0123");
    assert!(module.poll().is_err());
    // The module restarts, and what it prints is taken for data until that is given up.
    let version = "AT version:1.7\r\n\r\nOK\r\n";
    script.command("AT+GMR", version).command("AT+GMR", version);
    script.bytes("+++", "").command("AT+GMR", version);
    script.ok("ATE0");
    module.init().expect("init");
    assert_eq!(module.counters().datagrams_dropped, 1);
    script.assert_done();
}

#[test]
fn one_that_just_fits() {
    let script = Script::new();
    let (mut module, socket) = bound(&script, Vendor);
    // 40 bytes, three of them for its header.
    let longest = [7; 37];
    script.push([b"\r\n+IPD,0,37:", &longest[..]].concat());
    let mut buffer = [0; 40];
    let count = module.socket_receive(&socket, &mut buffer, 10);
    assert_eq!(count, Ok(Some(37)));
    assert_eq!(buffer[..37], longest);
}

/// Nobody gets what was sent to an earlier socket of the same link, whatever stands in front of it.
#[test]
fn the_next_socket_of_a_link_begins_with_nothing() {
    let script = Script::new();
    let (mut module, first) = bound(&script, Vendor);
    script.command("AT+CIPSTART=1,\"UDP\",\"h\",54", "1,CONNECT\r\n\r\nOK\r\n");
    let second = module.udp_open("h", 54).expect("open");
    script.push("\r\n+IPD,0,5:first\r\n+IPD,1,6:second\r\n+IPD,0,4:more");
    assert!(module.poll().is_err());
    closes(&script, &mut module, second);
    script.command("AT+CIPSTART=1,\"UDP\",\"h\",54", "1,CONNECT\r\n\r\nOK\r\n");
    let second = module.udp_open("h", 54).expect("open");
    let mut buffer = [0; 8];
    assert_eq!(module.socket_receive(&second, &mut buffer, 10), Ok(None));
    for expected in [&b"first"[..], b"more"] {
        let count = module.socket_receive(&first, &mut buffer, 10);
        assert_eq!(count, Ok(Some(expected.len())));
        assert_eq!(&buffer[..expected.len()], expected);
    }
    assert_eq!(module.counters().datagrams_dropped, 0);
}

/// Getting in step gives up what is half there, and nothing else.
#[test]
fn whole_ones_outlive_a_command_that_is_given_up() {
    for cut in [false, true] {
        let script = Script::new();
        let (mut module, socket) = bound(&script, Vendor);
        script.push("\r\n+IPD,0,5:first\r\n+IPD,0,6:second");
        if cut {
            script.push("\r\n+IPD,0,20:thi");
        }
        assert!(module.poll().is_err());
        script.command("AT", "");
        let silent = module.send(&Attention);
        assert!(matches!(silent, Err(Error::Timeout { .. })), "{silent:?}");
        let version = "AT version:1.7\r\n\r\nOK\r\n";
        script.command("AT+GMR", "").command("AT+GMR", "");
        script
            .bytes("+++", "")
            .command("AT+GMR", format!("\r\n{version}"));
        script.ok("AT");
        module.send(&Attention).expect("in step");
        let mut buffer = [0; 8];
        for expected in [&b"first"[..], b"second"] {
            let count = module.socket_receive(&socket, &mut buffer, 10);
            assert_eq!(count, Ok(Some(expected.len())), "{cut}");
            assert_eq!(&buffer[..expected.len()], expected);
        }
        assert_eq!(module.socket_receive(&socket, &mut buffer, 10), Ok(None));
        assert_eq!(module.counters().datagrams_dropped, u16::from(cut));
        // Behind them there is room for a whole one again.
        script.push("\r\n+IPD,0,8:what now");
        let count = module.socket_receive(&socket, &mut buffer, 10);
        assert_eq!((count, &buffer), (Ok(Some(8)), b"what now"));
        script.assert_done();
    }
}

/// The stack of `embedded-nal` has no way to say that only a part was sent.
#[test]
fn a_datagram_that_is_too_long_for_the_stack() {
    for dialect in [Vendor, EspAt] {
        let script = Script::new();
        set_up(&script);
        let open = "AT+CIPSTART=0,\"UDP\",\"1.2.3.4\",53";
        script.command(open, "0,CONNECT\r\n\r\nOK\r\n");
        let mut module = driver(&script, dialect);
        let mut stack = module.sockets();
        let mut socket = UdpClientStack::socket(&mut stack).expect("a socket");
        let server = "1.2.3.4:53".parse().expect("an address");
        UdpClientStack::connect(&mut stack, &mut socket, server).expect("connect");
        script.take_sent();
        let error = ArgumentError {
            argument: Argument::Payload,
            reason: Reason::TooLong { limit: 2048 },
        };
        assert_eq!(
            UdpClientStack::send(&mut stack, &mut socket, &[7; 2049]),
            Err(nb::Error::Other(Error::Argument(error)))
        );
        assert_eq!(script.sent_len(), 0);
        script.command("AT+CIPSEND=0,2048", "\r\nOK\r\n\r\n>");
        script.bytes([7; 2048], "\r\nRecv 2048 bytes\r\n\r\nSEND OK\r\n");
        let sent = UdpClientStack::send(&mut stack, &mut socket, &[7; 2048]);
        assert_eq!(sent, Ok(()));
        script.assert_done();
    }
}
