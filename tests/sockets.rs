//! Feature `sockets`: TCP and UDP next to MQTT, byte by byte on a scripted wire.

mod common;

use core::time::Duration;

use common::links::{closes, data, driver, error, opened, set_up};
use common::script::{Script, Scripted};
use esp8266_mqtt::command::basic::Attention;
use esp8266_mqtt::{
    Argument, ArgumentError, Dialect, Error, Reason, Socket, SocketError, WifiStatus,
};

use Dialect::{EspAt, Vendor};

#[test]
fn sends_and_receives_what_looks_like_answers() {
    let nasty =
        b"\r\nOK\r\n+MQTTSUBRECV:0,\"t\",1,x>\r\nready\r\n0,CLOSED\r\n+IPD,0,3:busy p...\r\n";
    for dialect in [Vendor, EspAt] {
        for chunk in [1, 7, 0] {
            let script = Script::new();
            script.chunk(chunk);
            let (mut module, socket) = opened(&script, dialect);
            script.command(
                &format!("AT+CIPSEND=0,{}", nasty.len()),
                match dialect {
                    Vendor => "\r\nOK\r\n> ",
                    _ => "\r\nOK\r\n\r\n>",
                },
            );
            let len = nasty.len();
            script.bytes(
                nasty,
                format!("\r\nRecv {len} bytes\r\n\r\nSEND OK\r\n\r\n+IPD,0,{len}\r\n"),
            );
            assert_eq!(module.socket_send(&socket, nasty), Ok(len));
            script.command("AT+CIPRECVDATA=0,200", data(dialect, nasty));
            let mut buffer = [0; 200];
            let received = module.socket_receive(&socket, &mut buffer, 10);
            assert_eq!(received, Ok(Some(len)));
            assert_eq!(&buffer[..len], nasty);
            assert_eq!(module.socket_receive(&socket, &mut buffer, 10), Ok(None));
            closes(&script, &mut module, socket);
            assert!(module.poll().is_err(), "nothing else has happened");
            script.assert_done();
        }
    }
}

#[test]
fn a_stream_longer_than_all_buffers() {
    for dialect in [Vendor, EspAt] {
        let script = Script::new();
        script.chunk(16);
        let (mut module, socket) = opened(&script, dialect);
        let stream: Vec<u8> = (0..1460).map(|i| (i * 7) as u8).collect();
        script.push("\r\n+IPD,0,1460\r\n");
        // Fetched in parts; what is left is not announced again.
        script.command("AT+CIPRECVDATA=0,1000", data(dialect, &stream[..1000]));
        script.command("AT+CIPRECVDATA=0,1000", data(dialect, &stream[1000..]));
        let mut buffer = [0; 1000];
        let mut received = Vec::new();
        while let Some(count) = module
            .socket_receive(&socket, &mut buffer, 10)
            .expect("receive")
        {
            received.extend_from_slice(&buffer[..count]);
        }
        assert_eq!(received, stream);
        script.assert_done();
    }
}

#[test]
fn messages_and_streams_side_by_side() {
    for dialect in [Vendor, EspAt] {
        let message = |payload: &str| match dialect {
            Vendor => format!("+MQTTSUBRECV:t,{payload}\r\n"),
            _ => format!("+MQTTSUBRECV:0,\"t\",{},{payload}", payload.len()),
        };
        let script = Script::new();
        let (mut module, socket) = opened(&script, dialect);
        script.push(format!(
            "{}+IPD,0,5\r\n{}",
            message("first"),
            message("second")
        ));
        let answer = data(dialect, b"hello");
        let (head, tail) = answer.split_at(answer.len() - 6);
        let (third, fourth) = (message("third"), message("fourth"));
        let answer = [third.as_bytes(), head, fourth.as_bytes(), tail].concat();
        script.command("AT+CIPRECVDATA=0,8", answer);
        let mut buffer = [0; 8];
        let received = module.socket_receive(&socket, &mut buffer, 10);
        assert_eq!(received, Ok(Some(5)));
        assert_eq!(&buffer[..5], b"hello");
        let payloads: Vec<_> = common::receive_all(&mut module)
            .into_iter()
            .map(|(_, payload)| String::from_utf8(payload).expect("text"))
            .collect();
        assert_eq!(payloads, ["first", "second", "third", "fourth"]);
    }
}

#[test]
fn the_peer_closes() {
    let script = Script::new();
    let (mut module, socket) = opened(&script, EspAt);
    script.push("\r\n+IPD,0,3\r\n0,CLOSED\r\n");
    // What was sent before is still there.
    script.command("AT+CIPRECVDATA=0,10", data(EspAt, b"bye"));
    let mut buffer = [0; 10];
    assert_eq!(module.socket_receive(&socket, &mut buffer, 10), Ok(Some(3)));
    assert_eq!(module.socket_receive(&socket, &mut buffer, 10), Ok(Some(0)));
    let closed = Error::Socket(SocketError::Closed);
    assert_eq!(error(module.socket_send(&socket, b"more")), closed);
    // No command: the link is closed.
    module.socket_close(socket).expect("close");
    script.assert_done();
}

#[test]
fn data_of_a_closed_link_may_be_gone() {
    for announced in [true, false] {
        let script = Script::new();
        let (mut module, socket) = opened(&script, Vendor);
        script.push("\r\n+IPD,0,3\r\n");
        let mut buffer = [0; 3];
        if announced {
            script.push("0,CLOSED\r\n");
            script.command("AT+CIPRECVDATA=0,3", "\r\nERROR\r\n");
            let lost = Error::Socket(SocketError::DataLost);
            let received = module.socket_receive(&socket, &mut buffer, 10);
            assert_eq!(error(received), lost);
        } else {
            // All was fetched, only nobody knew.
            script.command("AT+CIPRECVDATA=0,3", data(Vendor, b"bye"));
            let received = module.socket_receive(&socket, &mut buffer, 10);
            assert_eq!(received, Ok(Some(3)));
            script.push("0,CLOSED\r\n");
            script.command("AT+CIPRECVDATA=0,3", "\r\nERROR\r\n");
            let received = module.socket_receive(&socket, &mut buffer, 10);
            assert_eq!(received, Ok(Some(0)));
        }
        script.assert_done();
    }
}

#[test]
fn opening_fails() {
    let script = Script::new();
    set_up(&script);
    let mut module = driver(&script, Vendor);
    for (answer, reason) in [
        ("DNS Fail\r\n\r\nERROR\r\n", SocketError::UnknownHost),
        ("0,CLOSED\r\n\r\nERROR\r\n", SocketError::Refused),
    ] {
        script.command("AT+CIPSTART=0,\"TCP\",\"host\",80", answer);
        let refused = error(module.tcp_open("host", 80));
        assert_eq!(refused, Error::Socket(reason));
    }
    let argument = Error::Argument(ArgumentError {
        argument: Argument::Port,
        reason: Reason::OutOfRange {
            min: 1,
            max: u16::MAX,
        },
    });
    assert_eq!(error(module.tcp_open("host", 0)), argument);
    // All of them on link 0, which stays free.
    script.command("AT+CIPSTART=0,\"SSL\",\"host\",443", "\r\nOK\r\n");
    let socket = module.tls_open("host", 443).expect("open");
    assert_eq!(socket.link().get(), 0);
    script.assert_done();
}

#[test]
fn five_links() {
    let script = Script::new();
    set_up(&script);
    let mut module = driver(&script, EspAt);
    let mut sockets = Vec::new();
    for link in 0..5 {
        let answer = format!("{link},CONNECT\r\n\r\nOK\r\n");
        script.command(&format!("AT+CIPSTART={link},\"TCP\",\"h\",1"), answer);
        sockets.push(module.tcp_open("h", 1).expect("open"));
    }
    let full = Error::Socket(SocketError::NoFreeLink);
    assert_eq!(error(module.tcp_open("h", 1)), full);
    closes(&script, &mut module, sockets.remove(2));
    script.command("AT+CIPSTART=2,\"TCP\",\"h\",1", "2,CONNECT\r\n\r\nOK\r\n");
    let again = module.tcp_open("h", 1).expect("open");
    assert_eq!(again.link().get(), 2);
    script.assert_done();
}

#[test]
fn links_of_an_earlier_session_are_closed_first() {
    let script = Script::new();
    script.command("AT+CIPMUX=1", "link is builded\r\n\r\nERROR\r\n");
    script.command("AT+CIPCLOSE=5", "MUX=0\r\n\r\nERROR\r\n");
    script.command("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
    let _socket = opened(&script, Vendor);
    script.assert_done();
}

#[test]
fn an_open_that_was_given_up_is_closed() {
    let script = Script::new();
    set_up(&script);
    script.command("AT+CIPSTART=0,\"TCP\",\"h\",1", "");
    let mut module = driver(&script, EspAt);
    assert!(matches!(
        error(module.tcp_open("h", 1)),
        Error::Timeout { .. }
    ));
    script.command("AT+GMR", "0,CONNECT\r\nAT version:2.2\r\n\r\nOK\r\n");
    script.command("AT+CIPCLOSE=0", "0,CLOSED\r\n\r\nOK\r\n");
    script.command("AT+CIPSTART=0,\"TCP\",\"h\",2", "0,CONNECT\r\n\r\nOK\r\n");
    let socket = module.tcp_open("h", 2).expect("open");
    assert_eq!(socket.link().get(), 0);
    script.assert_done();
}

#[test]
fn a_restart_closes_all_sockets() {
    let script = Script::new();
    let (mut module, old) = opened(&script, EspAt);
    script.push("ready\r\n");
    let mut buffer = [0; 8];
    let closed = Error::Socket(SocketError::Closed);
    let received = module.socket_receive(&old, &mut buffer, 10);
    assert_eq!(error(received), closed);
    set_up(&script);
    script.command("AT+CIPSTART=0,\"TCP\",\"h\",1", "0,CONNECT\r\n\r\nOK\r\n");
    let new = module.tcp_open("h", 1).expect("open");
    // The old socket does not touch the new one, which has its link.
    assert_eq!(error(module.socket_send(&old, b"x")), closed);
    module.socket_close(old).expect("close");
    script.command("AT+CIPSEND=0,1", "\r\nOK\r\n\r\n>");
    script.bytes("x", "\r\nRecv 1 bytes\r\n\r\nSEND OK\r\n");
    assert_eq!(module.socket_send(&new, b"x"), Ok(1));
    script.assert_done();
}

/// A stream of which two bytes of five have come, and been asked for.
fn opened_with_a_gap(script: &Script) -> (Scripted, Socket) {
    let (mut module, socket) = opened(script, EspAt);
    script.push("\r\n+IPD,0,5\r\n");
    script.command("AT+CIPRECVDATA=0,8", "+CIPRECVDATA:5,ab");
    let lost = module.socket_receive(&socket, &mut [0; 8], 10);
    assert!(matches!(error(lost), Error::Timeout { .. }));
    (module, socket)
}

#[test]
fn a_stream_with_a_gap_is_not_continued() {
    let script = Script::new();
    let (mut module, socket) = opened_with_a_gap(&script);
    let mut buffer = [0; 8];
    let lost = module.socket_receive(&socket, &mut buffer, 10);
    assert_eq!(error(lost), Error::Socket(SocketError::DataLost));
    // The rest comes after all, and harms nobody.
    script.command("AT+GMR", "OK\0\r\nAT version:2.2\r\n\r\nOK\r\n");
    script.command("AT", "\r\nOK\r\n");
    module.send(&Attention).expect("in step");
    closes(&script, &mut module, socket);
    script.assert_done();
}

#[test]
fn sending_fails() {
    let script = Script::new();
    let (mut module, socket) = opened(&script, Vendor);
    let closed = Error::Socket(SocketError::Closed);
    script.command("AT+CIPSEND=0,2", "link is not valid\r\n\r\nERROR\r\n");
    assert_eq!(error(module.socket_send(&socket, b"ab")), closed);
    script.command("AT+CIPSEND=0,2", "\r\nOK\r\n> ");
    script.bytes("ab", "\r\nRecv 2 bytes\r\n0,CLOSED\r\n\r\nSEND FAIL\r\n");
    assert_eq!(error(module.socket_send(&socket, b"ab")), closed);
    assert_eq!(error(module.socket_send(&socket, b"ab")), closed);
    script.assert_done();
}

#[test]
fn a_stream_that_was_torn_while_sending_is_not_continued() {
    let script = Script::new();
    let (mut module, socket) = opened(&script, EspAt);
    script.command("AT+CIPSEND=0,4", "\r\nOK\r\n\r\n>");
    script.fail_write("AT+CIPSEND=0,4\r\nab".len());
    script.bytes("ab", "");
    let failed = error(module.socket_send(&socket, b"abcd"));
    assert!(matches!(failed, Error::Uart(_)), "{failed:?}");
    let lost = Error::Socket(SocketError::DataLost);
    assert_eq!(error(module.socket_send(&socket, b"x")), lost);
    let received = module.socket_receive(&socket, &mut [0; 4], 10);
    assert_eq!(received, Ok(None), "nothing has come");
    // The missing bytes are paid, then the link is closed.
    script.bytes("\0\0", "\r\nRecv 4 bytes\r\n\r\nSEND OK\r\n");
    script.command("AT+GMR", "AT version:2.2\r\n\r\nOK\r\n");
    closes(&script, &mut module, socket);
    script.assert_done();
}

#[test]
fn more_than_one_command_takes() {
    let script = Script::new();
    let (mut module, socket) = opened(&script, EspAt);
    script.command("AT+CIPSEND=0,2048", "\r\nOK\r\n\r\n>");
    script.bytes([7; 2048], "\r\nRecv 2048 bytes\r\n\r\nSEND OK\r\n");
    assert_eq!(module.socket_send(&socket, &[7; 3000]), Ok(2048));
    assert!(matches!(
        error(module.socket_send(&socket, b"")),
        Error::Argument(_)
    ));
    script.assert_done();
}

#[test]
fn waiting_for_data_ends_in_time() {
    let script = Script::new();
    let (mut module, socket) = opened(&script, EspAt);
    let start = script.now();
    let mut buffer = [0; 8];
    assert_eq!(module.socket_receive(&socket, &mut buffer, 50), Ok(None));
    let waited = script.now() - start;
    assert!(waited >= Duration::from_millis(50) && waited < Duration::from_millis(60));
}

/// With `AT+SYSMSG` the line that tells of a link can be turned off.
#[test]
fn a_link_that_no_line_tells_of() {
    let script = Script::new();
    set_up(&script);
    script.ok("AT+CIPSTART=0,\"TCP\",\"h\",1");
    let mut module = driver(&script, EspAt);
    let socket = module.tcp_open("h", 1).expect("open");
    script.command("AT+CIPSEND=0,1", "\r\nOK\r\n\r\n>");
    script.bytes("x", "\r\nRecv 1 bytes\r\n\r\nSEND OK\r\n");
    assert_eq!(module.socket_send(&socket, b"x"), Ok(1));
    script.assert_done();
}

#[test]
fn a_link_that_is_closed_at_once() {
    let script = Script::new();
    set_up(&script);
    script.command(
        "AT+CIPSTART=0,\"TCP\",\"h\",1",
        "0,CONNECT\r\n0,CLOSED\r\n\r\nOK\r\n",
    );
    let mut module = driver(&script, EspAt);
    let socket = module.tcp_open("h", 1).expect("open");
    let sent = module.socket_send(&socket, b"x");
    assert_eq!(error(sent), Error::Socket(SocketError::Closed));
    script.assert_done();
}

#[test]
fn closing_takes_too_long() {
    let script = Script::new();
    let (mut module, socket) = opened(&script, EspAt);
    script.command("AT+CIPCLOSE=0", "");
    let closed = module.socket_close(socket);
    assert!(matches!(error(closed), Error::Timeout { .. }));
    script.assert_done();
}

/// What was announced is gone while the link is open, or was all there was: neither is a gap.
#[test]
fn there_is_less_than_announced() {
    let script = Script::new();
    let (mut module, socket) = opened(&script, EspAt);
    let mut buffer = [0; 4];
    script.push("\r\n+IPD,0,4\r\n");
    script.command("AT+CIPRECVDATA=0,4", "\r\nERROR\r\n");
    assert_eq!(module.socket_receive(&socket, &mut buffer, 10), Ok(None));
    script.push("\r\n+IPD,0,4\r\n");
    script.command("AT+CIPRECVDATA=0,4", data(EspAt, b"last"));
    assert_eq!(module.socket_receive(&socket, &mut buffer, 10), Ok(Some(4)));
    script.push("0,CLOSED\r\n");
    script.command("AT+CIPRECVDATA=0,4", "\r\nERROR\r\n");
    assert_eq!(module.socket_receive(&socket, &mut buffer, 10), Ok(Some(0)));
    script.assert_done();
}

/// What was lost stays lost, whatever becomes of the link.
#[test]
fn a_gap_outlives_the_link() {
    let script = Script::new();
    let (mut module, socket) = opened_with_a_gap(&script);
    let mut buffer = [0; 8];
    script.push("cde\r\n\r\nOK\r\n0,CLOSED\r\n");
    assert!(module.poll().is_err());
    let lost = module.socket_receive(&socket, &mut buffer, 10);
    assert_eq!(error(lost), Error::Socket(SocketError::DataLost));
    let lost = module.socket_receive(&socket, &mut buffer, 10);
    assert_eq!(error(lost), Error::Socket(SocketError::DataLost));
}

/// The busy line is about bytes behind the data; the data is sent all the same.
#[test]
fn busy_while_data_is_sent() {
    let script = Script::new();
    let (mut module, socket) = opened(&script, EspAt);
    script.command("AT+CIPSEND=0,1", "\r\nOK\r\n\r\n>");
    script.bytes("x", "\r\nbusy s...\r\n");
    script.later(Duration::from_millis(20), "\r\nSEND OK\r\n");
    assert_eq!(module.socket_send(&socket, b"x"), Ok(1));
    script.assert_done();
}

/// Data that comes when nobody asks any more is no answer to what is asked now.
#[test]
fn data_that_comes_late() {
    let script = Script::new();
    let (mut module, socket) = opened(&script, EspAt);
    script.push("\r\n+IPD,0,2\r\n");
    script.command("AT+CIPRECVDATA=0,8", "");
    let lost = module.socket_receive(&socket, &mut [0; 8], 10);
    assert!(matches!(error(lost), Error::Timeout { .. }));
    let late = "+CIPRECVDATA:2,ab\r\n\r\nOK\r\n";
    script.command("AT+GMR", format!("{late}AT version:2.2\r\n\r\nOK\r\n"));
    for _ in 0..2 {
        script.command("AT+CWJAP?", "+CIPRECVDATA:2,cd\r\nNo AP\r\n\r\nOK\r\n");
        assert_eq!(module.wifi_status(), Ok(WifiStatus::NotJoined));
    }
    closes(&script, &mut module, socket);
    script.assert_done();
}

/// Nobody knows what was to follow.
#[test]
fn an_error_behind_data() {
    let script = Script::new();
    let (mut module, socket) = opened(&script, EspAt);
    let mut buffer = [0; 8];
    script.push("\r\n+IPD,0,2\r\n");
    script.command("AT+CIPRECVDATA=0,8", "+CIPRECVDATA:2,ab\r\n\r\nERROR\r\n");
    assert_eq!(module.socket_receive(&socket, &mut buffer, 10), Ok(Some(2)));
    let lost = module.socket_receive(&socket, &mut buffer, 10);
    assert_eq!(error(lost), Error::Socket(SocketError::DataLost));
    script.assert_done();
}

/// As readers of `embedded-io` do: no command for nothing, and what waits is not lost by it.
#[test]
fn an_empty_buffer_takes_nothing() {
    let script = Script::new();
    let (mut module, socket) = opened(&script, Vendor);
    assert_eq!(module.socket_receive(&socket, &mut [], 1_000), Ok(Some(0)));
    assert_eq!(script.now(), Duration::ZERO);
    script.push("\r\n+IPD,0,5\r\n");
    for _ in 0..2 {
        assert_eq!(module.socket_receive(&socket, &mut [], 10), Ok(Some(0)));
    }
    let mut buffer = [0; 8];
    script.command("AT+CIPRECVDATA=0,8", data(Vendor, b"hello"));
    assert_eq!(module.socket_receive(&socket, &mut buffer, 10), Ok(Some(5)));
    closes(&script, &mut module, socket);
    script.assert_done();
}

/// The link of a fetch that a restart has cut is nobody's, not one with a gap.
#[test]
fn a_restart_while_data_is_fetched_leaves_the_link_free() {
    let script = Script::new();
    let (mut module, socket) = opened(&script, EspAt);
    script.push("\r\n+IPD,0,5\r\n");
    script.command("AT+CIPRECVDATA=0,8", "ready\r\n");
    let received = module.socket_receive(&socket, &mut [0; 8], 10);
    assert_eq!(error(received), Error::ModuleReset);
    module.socket_close(socket).expect("nothing to close");
    set_up(&script);
    script.command("AT+CIPSTART=0,\"TCP\",\"h\",1", "0,CONNECT\r\n\r\nOK\r\n");
    let socket = module.tcp_open("h", 1).expect("open");
    assert_eq!(socket.link().get(), 0);
    script.assert_done();
}
