//! Feature `sockets` on the emulated module: streams, datagrams and messages at the same time, and what goes wrong.

mod common;

use common::emulated::{connected, ms, names, quick};
use common::{in_both_dialects, receive_all};
use embedded_nal::{
    AddrType, Dns, TcpClientStack, TcpError as _, TcpErrorKind, UdpClientStack, nb,
};
use esp8266_mqtt::{Buffers, Dialect, Error, Esp8266Mqtt, QoS, SocketError};
use esp8266_mqtt_emulator::bench::{Delay, Uart, UartError};
use esp8266_mqtt_emulator::{Action, Bench, Message};

type Driver = Esp8266Mqtt<'static, Uart, Delay>;

in_both_dialects!(
    streams_both_ways_with_messages_in_between,
    the_peer_closes,
    nobody_answers,
    datagrams,
    the_module_restarts,
    the_stack_of_embedded_nal,
);

/// Connected to the broker, with a place for datagrams.
fn start(dialect: Dialect) -> (Bench, Driver) {
    let (bench, module) = connected(quick(dialect).with_rx_fifo(64));
    drop(module);
    let buffers = Buffers::new(vec![0; 1024].leak(), vec![0; 256].leak());
    let buffers = buffers.datagrams(vec![0; 1024].leak());
    let mut module = Esp8266Mqtt::new(bench.uart(), bench.delay(), buffers);
    module.init().expect("init");
    (bench, module)
}

fn bytes(count: usize, seed: u8) -> Vec<u8> {
    (0..count)
        .map(|i| (i as u8).wrapping_mul(31) ^ seed)
        .collect()
}

fn streams_both_ways_with_messages_in_between(dialect: Dialect) {
    let (bench, mut module) = start(dialect);
    let peer = bench.network().tcp("server.example", 80);
    module.subscribe("t", QoS::AtMostOnce).expect("subscribe");
    let socket = module.tcp_open("server.example", 80).expect("open");
    let (there, back) = (bytes(10_000, 1), bytes(10_000, 2));
    let (mut sent, mut received) = (0, Vec::new());
    let mut messages = 0;
    let mut buffer = [0; 700];
    let mut delivered = 0;
    while received.len() < back.len() || sent < there.len() {
        if delivered < 40 {
            let at = delivered * 250;
            peer.send(&back[at..at + 250]);
            let message = Message::new("t", format!("message {delivered}"));
            bench.schedule_after(ms(1), Action::Deliver(message));
            delivered += 1;
        }
        if sent < there.len() {
            let part = &there[sent..there.len().min(sent + 900)];
            sent += module.socket_send(&socket, part).expect("send");
        }
        if let Some(count) = module
            .socket_receive(&socket, &mut buffer, 20)
            .expect("receive")
        {
            assert!(count > 0, "still open");
            received.extend_from_slice(&buffer[..count]);
        }
        messages += receive_all(&mut module).len();
    }
    bench.advance(ms(100));
    messages += receive_all(&mut module).len();
    assert!(received == back);
    assert!(peer.received() == there);
    assert_eq!(messages, 40);
    assert_eq!(bench.overruns(), 0);
    module.socket_close(socket).expect("close");
    assert!(!peer.is_open());
}

fn the_peer_closes(dialect: Dialect) {
    let (bench, mut module) = start(dialect);
    let peer = bench.network().tcp("h", 80);
    let socket = module.tcp_open("h", 80).expect("open");
    bench.advance(ms(10));
    peer.close();
    let received = module.socket_receive(&socket, &mut [0; 10], 1_000);
    assert_eq!(received, Ok(Some(0)));
    let closed = Err(Error::Socket(SocketError::Closed));
    assert_eq!(module.socket_send(&socket, b"x"), closed);
    module.socket_close(socket).expect("close");
    let again = module.tcp_open("h", 80).expect("open");
    assert_eq!(again.link().get(), 0);
    peer.set_deaf(true);
    let failed = module.socket_send(&again, b"x");
    assert!(failed.is_err(), "{failed:?}");
}

fn nobody_answers(dialect: Dialect) {
    let (bench, mut module) = start(dialect);
    bench.network().add_host("h", [10, 0, 0, 8].into());
    let refused = Error::Socket(SocketError::Refused);
    assert_eq!(module.tcp_open("h", 80).err(), Some(refused));
    let unknown = module.tcp_open("no.such.host", 80).expect_err("unknown");
    assert!(
        matches!(
            unknown,
            Error::Socket(SocketError::UnknownHost | SocketError::Refused)
        ),
        "{unknown:?}"
    );
    let peer = bench.network().tcp("h", 81);
    let socket = module.tcp_open("h", 81).expect("open");
    assert!(peer.is_open());
    assert_eq!(socket.link().get(), 0);
}

fn datagrams(dialect: Dialect) {
    let (bench, mut module) = start(dialect);
    let peer = bench.network().udp("h", 53).echoing();
    let socket = module.udp_open("h", 53).expect("open");
    for payload in [&b"first"[..], b"\r\nOK\r\n", &[0xff; 400]] {
        assert_eq!(module.socket_send(&socket, payload), Ok(payload.len()));
        let mut buffer = [0; 500];
        let received = module.socket_receive(&socket, &mut buffer, 1_000);
        assert_eq!(received, Ok(Some(payload.len())));
        assert_eq!(&buffer[..payload.len()], payload);
    }
    assert_eq!(peer.packets().len(), 3);
    module.socket_close(socket).expect("close");
}

fn the_module_restarts(dialect: Dialect) {
    let (bench, mut module) = start(dialect);
    let peer = bench.network().tcp("h", 80);
    let socket = module.tcp_open("h", 80).expect("open");
    module.restart().expect("restart");
    let closed = Err(Error::Socket(SocketError::Closed));
    assert_eq!(module.socket_receive(&socket, &mut [0; 10], 10), closed);
    module
        .connect_wifi(
            esp8266_mqtt_emulator::Settings::SSID,
            esp8266_mqtt_emulator::Settings::PASSWORD,
        )
        .expect("join");
    let socket = module.tcp_open("h", 80).expect("open");
    assert_eq!(module.socket_send(&socket, b"again"), Ok(5));
    assert!(peer.received().ends_with(b"again"));
}

fn the_stack_of_embedded_nal(dialect: Dialect) {
    let (bench, mut module) = start(dialect);
    let server = bench.network().tcp("server.example", 80);
    let echo = bench.network().udp("10.0.0.9", 7).echoing();
    let mut stack = module.sockets();
    let address = stack.get_host_by_name("server.example", AddrType::IPv4);
    let address = address.expect("known");
    let mut tcp = TcpClientStack::socket(&mut stack).expect("a socket");
    assert!(TcpClientStack::send(&mut stack, &mut tcp, b"x").is_err());
    TcpClientStack::connect(&mut stack, &mut tcp, (address, 80).into()).expect("connect");
    let mut buffer = [0; 16];
    let nothing = TcpClientStack::receive(&mut stack, &mut tcp, &mut buffer);
    assert!(matches!(nothing, Err(nb::Error::WouldBlock)));
    TcpClientStack::send(&mut stack, &mut tcp, b"there").expect("send");
    server.send("back");
    bench.advance(ms(50));
    let none = TcpClientStack::receive(&mut stack, &mut tcp, &mut []);
    assert_eq!(none, Ok(0));
    let count = TcpClientStack::receive(&mut stack, &mut tcp, &mut buffer).expect("data");
    assert_eq!(&buffer[..count], b"back");

    let mut udp = UdpClientStack::socket(&mut stack).expect("a socket");
    UdpClientStack::connect(&mut stack, &mut udp, echo.address().into()).expect("connect");
    UdpClientStack::send(&mut stack, &mut udp, b"echo").expect("send");
    bench.advance(ms(50));
    let (count, from) = UdpClientStack::receive(&mut stack, &mut udp, &mut buffer).expect("data");
    assert_eq!(
        (&buffer[..count], from),
        (&b"echo"[..], echo.address().into())
    );
    UdpClientStack::close(&mut stack, udp).expect("close");
    TcpClientStack::close(&mut stack, tcp).expect("close");
    assert_eq!(server.received(), b"there");
    assert!(stack.get_host_by_name("nobody", AddrType::IPv4).is_err());
    let v6 = stack.get_host_by_name("server.example", AddrType::IPv6);
    assert!(v6.is_err());
    let name = stack.get_host_by_address(address, &mut buffer);
    let unknown = Error::Socket(SocketError::UnknownHost);
    let closed: Error<UartError> = Error::Socket(SocketError::Closed);
    assert_eq!(closed.kind(), TcpErrorKind::PipeClosed);
    assert_eq!(unknown.kind(), TcpErrorKind::Other);
    assert_eq!(name, Err(nb::Error::Other(unknown)));
    let closed = names(&bench);
    let closed = closed.iter().filter(|name| *name == "CIPCLOSE");
    assert_eq!(closed.count(), 2);
}
