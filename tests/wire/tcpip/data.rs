//! Sending and fetching data.

use super::links::id;
use crate::harness::{line, reads, refused, refused_by, unreadable, writes};
use atat::AtatCmd;
use core::net::{Ipv4Addr, SocketAddrV4};
use esp8266_mqtt::{
    Argument, Dialect, Reason,
    command::{Command, NoResponse, tcpip::*},
};

fn send(length: u16) -> Send {
    Send {
        link: None,
        length,
        to: None,
    }
}

#[test]
pub fn announcing_data() {
    writes(&TestSend, "AT+CIPSEND=?");
    writes(&TestSendEx, "AT+CIPSENDEX=?");
    writes(&StartPassthrough, "AT+CIPSEND");
    // ESP8266_NONOS_SDK issue 59.
    let command = Send {
        link: id(0),
        ..send(98)
    };
    writes(&command, "AT+CIPSEND=0,98");
    writes(&send(2048), "AT+CIPSEND=2048");
    let to = SocketAddrV4::new(Ipv4Addr::new(192, 168, 101, 110), 8080);
    let command = Send {
        to: Some(to),
        ..command
    };
    writes(&command, r#"AT+CIPSEND=0,98,"192.168.101.110",8080"#);
    let command = Send {
        to: Some(SocketAddrV4::new(*to.ip(), 0)),
        ..command
    };
    let ports = Reason::OutOfRange { min: 1, max: 65535 };
    refused(&command, Argument::Port, ports);

    let ex = |link, length| SendEx { link, length };
    writes(&ex(None, 10), "AT+CIPSENDEX=10");
    writes(&ex(id(2), 2048), "AT+CIPSENDEX=2,2048");
    let buffered = |link, length| SendBuffered { link, length };
    writes(&buffered(None, 10), "AT+CIPSENDBUF=10");
    writes(&buffered(id(2), 2048), "AT+CIPSENDBUF=2,2048");

    for (dialect, max) in [
        (Dialect::Vendor, 2048),
        (Dialect::EspAt, 8192),
        (Dialect::Auto, 8192),
    ] {
        let reason = Reason::OutOfRange { min: 1, max };
        assert!(line(&send(max), dialect).is_ok());
        assert!(line(&ex(None, max), dialect).is_ok());
        for length in [0, max + 1] {
            refused_by(&send(length), dialect, Argument::Length, reason);
            refused_by(&ex(None, length), dialect, Argument::Length, reason);
        }
    }
    let reason = Reason::OutOfRange { min: 1, max: 2048 };
    refused(&buffered(None, 2049), Argument::Length, reason);
    refused(&buffered(None, 0), Argument::Length, reason);
}

#[test]
fn data_is_sent_as_it_is() {
    let mut buffer = [0; 4];
    assert_eq!(AtatCmd::write(&SendData(b"\0\r\n>"), &mut buffer), 4);
    assert_eq!(buffer, *b"\0\r\n>");
    assert_eq!(AtatCmd::write(&SendData(b"12345"), &mut buffer), 0);
    let sent = AtatCmd::parse(&SendData(b""), Ok(b"Recv 98 bytes"));
    assert_eq!(sent, Ok(NoResponse));
    let failed = Err(atat::InternalError::Custom(b"Recv 10 bytes"));
    assert!(AtatCmd::parse(&SendData(b""), failed).is_err());
}

#[test]
pub fn segments() {
    let command = SendBuffered {
        link: None,
        length: 1,
    };
    let segments = |current, sent| Segments { current, sent };
    reads(&command, "2,1", segments(2, 1));
    reads(&command, "1,0", segments(1, 0));
    unreadable(&command, &["", "2", "2,", "2,x", "2,1,0", "2,SEND OK"]);

    let check = |link, segment| CheckSegment { link, segment };
    writes(&check(None, 20), "AT+CIPCHECKSEQ=20");
    writes(&check(id(3), 4_294_967_295), "AT+CIPCHECKSEQ=3,4294967295");
    let queue = |link, segment| CheckQueue { link, segment };
    writes(&queue(None, 20), "AT+CIPCHECKQUEUE=20");
    writes(&queue(id(3), 1), "AT+CIPCHECKQUEUE=3,1");
    for (text, link, segment, holds) in [
        ("20,TRUE", None, 20, true),
        ("20,FALSE", None, 20, false),
        ("3,20,TRUE", id(3), 20, true),
        ("0,1,FALSE", id(0), 1, false),
    ] {
        let status = SegmentStatus {
            link,
            segment,
            holds,
        };
        reads(&check(link, segment), text, status);
        reads(&queue(link, segment), text, status);
    }
    let broken = [
        "",
        "TRUE",
        ",TRUE",
        "20,true",
        "20",
        "5,1,TRUE",
        "1,2,3,TRUE",
        "x,TRUE",
    ];
    unreadable(&check(None, 1), &broken);
    unreadable(&queue(None, 1), &broken);
}

#[test]
pub fn the_send_buffer() {
    writes(&ResetBuffer(None), "AT+CIPBUFRESET");
    writes(&ResetBuffer(id(4)), "AT+CIPBUFRESET=4");
    writes(&QueryBuffer(None), "AT+CIPBUFSTATUS");
    writes(&QueryBuffer(id(0)), "AT+CIPBUFSTATUS=0");
    let status = BufferStatus {
        next: 20,
        sent: 15,
        acknowledged: 10,
        free: 200,
        queue: 7,
    };
    reads(&QueryBuffer(None), "20,15,10,200,7", status);
    unreadable(
        &QueryBuffer(None),
        &["", "20,15,10,200", "20,15,10,200,", "20,15,10,x,7"],
    );
}

fn received<const N: usize>(data: &[u8]) -> ReceivedData<N> {
    ReceivedData(heapless::Vec::from_slice(data).expect("fits"))
}

#[test]
pub fn fetching_data() {
    let command = ReceiveData::<2048> { link: None };
    writes(&command, "AT+CIPRECVDATA=2048");
    assert!(line(&command, Dialect::Vendor).is_ok());
    let command = ReceiveData::<100> { link: id(0) };
    writes(&command, "AT+CIPRECVDATA=0,100");
    let lengths = |max| Reason::OutOfRange { min: 1, max };
    let nothing = ReceiveData::<0> { link: None };
    refused(&nothing, Argument::Length, lengths(65535));
    let much = ReceiveData::<2049> { link: None };
    refused_by(&much, Dialect::Vendor, Argument::Length, lengths(2048));

    reads(&command, "+CIPRECVDATA,5:hello", received(b"hello"));
    reads(&command, "+CIPRECVDATA:5,hello", received(b"hello"));
    reads(&command, "+CIPRECVDATA:0,", received(b""));
    reads(&command, "+CIPRECVDATA:3,1,2", received(b"1,2"));
    unreadable(
        &command,
        &[
            "",
            "hello",
            "+CIPRECVDATA:5",
            "+CIPRECVDATA,5,hello",
            "+CIPRECVDATA:x,hello",
            "+CIPRECVDATA:101,hello",
        ],
    );
    // Other bytes than text come from atat's digester whole.
    let data = b"\0\r\nOK\r\n\xff> ";
    let text = [b"+CIPRECVDATA,10:", data.as_slice()].concat();
    assert_eq!(command.decode(&text), Some(received(data)));
    assert_eq!(command.decode(&text[..text.len() - 1]), None);
    let short = ReceiveData::<9> { link: None };
    assert_eq!(short.decode(&text), None, "more than was asked for");
}

#[test]
fn headers_of_data() {
    let sender = |ip: [u8; 4], port| Some(SocketAddrV4::new(ip.into(), port));
    let cases: [(&str, bool, usize, Option<SocketAddrV4>); 8] = [
        ("+CIPRECVDATA,5:", false, 5, None),
        ("+CIPRECVDATA,2920:", true, 2920, None),
        (
            "+CIPRECVDATA,5,192.168.1.3,80:",
            true,
            5,
            sender([192, 168, 1, 3], 80),
        ),
        ("+CIPRECVDATA:5,", false, 5, None),
        ("+CIPRECVDATA:0,", false, 0, None),
        (
            "+CIPRECVDATA:5,\"192.168.1.3\",80,",
            true,
            5,
            sender([192, 168, 1, 3], 80),
        ),
        (
            "+CIPRECVDATA:5,192.168.1.3,80,",
            true,
            5,
            sender([192, 168, 1, 3], 80),
        ),
        (
            "+CIPRECVDATA:2147483647,\"255.255.255.255\",65535,",
            true,
            2_147_483_647,
            sender([255; 4], 65535),
        ),
    ];
    for (text, sender_shown, data_len, sender) in cases {
        for after in ["", ",", ":", "\"1.2.3.4\",5,", "hello\r\n"] {
            let bytes = [text, after].concat();
            let header = DataHeader {
                len: text.len(),
                data_len,
                sender,
            };
            let read = data_header(bytes.as_bytes(), sender_shown);
            assert_eq!(read, Ok(header), "{bytes}");
        }
        for cut in 0..text.len() {
            let read = data_header(&text.as_bytes()[..cut], sender_shown);
            assert_eq!(read, Err(HeaderError::Incomplete), "{}", &text[..cut]);
        }
    }
    for text in [
        "+IPD,5:",
        "+CIPRECVLEN:5,",
        "CIPRECVDATA",
        "\r\n+CIPRECVDATA,5:",
        "+CIPRECVDATA5",
        "+CIPRECVDATA,:",
        "+CIPRECVDATA:,",
        "+CIPRECVDATA:-1,",
        "+CIPRECVDATA,5x",
        "+CIPRECVDATA,5\r",
        "+CIPRECVDATA:4294967296,",
        "+CIPRECVDATA,5,192.168.1.3:",
        "+CIPRECVDATA,5,192.168.1,80:",
        "+CIPRECVDATA,5,192.168.1.3,65536:",
        "+CIPRECVDATA,5,192.168.1.3,80,1:",
    ] {
        let read = data_header(text.as_bytes(), false);
        assert_eq!(read, Err(HeaderError::Invalid), "{text}");
    }
    let senders = data_header(b"+CIPRECVDATA:5,hello,there,", true);
    assert_eq!(senders, Err(HeaderError::Invalid));
    let endless = ["+CIPRECVDATA,", "1".repeat(40).as_str()].concat();
    let longest = (0..=endless.len())
        .rfind(|&len| data_header(&endless.as_bytes()[..len], true) == Err(HeaderError::Incomplete))
        .expect("some");
    assert!(longest <= 48, "{longest}");
}

#[test]
pub fn waiting_data() {
    writes(&QueryWaiting, "AT+CIPRECVLEN?");
    for (text, waiting) in [
        ("0,0,0,0,0", [Some(0); 5]),
        (
            "100,0,2920,0,5",
            [Some(100), Some(0), Some(2920), Some(0), Some(5)],
        ),
        // The example of ESP-AT's manual, and what its text says.
        ("100,,,,,", [Some(100), None, None, None, None]),
        ("100,,,,", [Some(100), None, None, None, None]),
        (",,7,,", [None, None, Some(7), None, None]),
        ("100", [Some(100), None, None, None, None]),
        ("-1,-1,3,-1,-1", [None, None, Some(3), None, None]),
    ] {
        let text = format!("+CIPRECVLEN:{text}");
        reads(&QueryWaiting, &text, Waiting(waiting));
    }
    unreadable(
        &QueryWaiting,
        &[
            "",
            "+CIPRECVLEN:",
            "+CIPRECVLEN:x",
            "+CIPRECVLEN:1,-2",
            "1,2,3,4,5",
        ],
    );
}
