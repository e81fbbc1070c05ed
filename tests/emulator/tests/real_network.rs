//! TCP and UDP links to real sockets on the PC, in wall-clock time.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use embedded_io::{Read, ReadReady, Write};
use esp8266_mqtt_emulator::{InitialState, MemoryBroker, RealNetwork, RealTimePort, Settings};

struct Host(RealTimePort);

impl Host {
    fn new(settings: Settings, network: RealNetwork) -> Self {
        let settings = settings
            .fast()
            .with_baud(921_600)
            .with_echo(false)
            .with_initial(InitialState::Joined)
            .with_rx_fifo(1 << 16);
        let broker = Box::new(MemoryBroker::new().link());
        Self(RealTimePort::new(settings, broker).with_network(Box::new(network)))
    }

    fn ask(&mut self, line: &str, end: &str) -> String {
        self.0.write_all(line.as_bytes()).unwrap();
        self.0.write_all(b"\r\n").unwrap();
        self.wait(end)
    }

    fn wait(&mut self, end: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(10);
        let mut heard = String::new();
        while !heard.ends_with(end) {
            assert!(Instant::now() < deadline, "no {end:?} in {heard:?}");
            if self.0.read_ready().unwrap() {
                let mut buffer = [0; 256];
                let count = self.0.read(&mut buffer).unwrap();
                heard += &String::from_utf8_lossy(&buffer[..count]);
            } else {
                std::thread::sleep(Duration::from_micros(200));
            }
        }
        heard
    }
}

const LOCAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

#[test]
fn a_stream_goes_out_and_comes_back() {
    let listener = TcpListener::bind(LOCAL).unwrap();
    let port = listener.local_addr().unwrap().port();
    let peer = std::thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        let mut request = [0; 5];
        stream.read_exact(&mut request).unwrap();
        stream.write_all(&request).unwrap();
        stream.write_all(&[b'y'; 4000]).unwrap();
        request
    });
    let mut host = Host::new(Settings::esp_at(), RealNetwork::new());
    host.ask("AT+CIPRECVMODE=1", "OK\r\n");
    let heard = host.ask(
        &format!(r#"AT+CIPSTART="TCP","localhost",{port}"#),
        "OK\r\n",
    );
    assert_eq!(heard, "CONNECT\r\n\r\nOK\r\n");
    host.ask("AT+CIPSEND=5", ">");
    host.0.write_all(b"hello").unwrap();
    let heard = host.wait("CLOSED\r\n");
    assert!(
        heard.contains("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n"),
        "{heard}"
    );
    assert!(heard.contains("\r\n+IPD,"), "{heard}");
    assert_eq!(&peer.join().unwrap(), b"hello");
    let heard = host.ask("AT+CIPRECVDATA=8192", "\r\nOK\r\n");
    let all = "y".repeat(4000);
    assert_eq!(heard, format!("+CIPRECVDATA:4005,hello{all}\r\nOK\r\n"));
}

#[test]
fn datagrams() {
    let peer = UdpSocket::bind(LOCAL).unwrap();
    let port = peer.local_addr().unwrap().port();
    let mut host = Host::new(Settings::vendor(), RealNetwork::new());
    host.ask(
        &format!(r#"AT+CIPSTART="UDP","127.0.0.1",{port}"#),
        "OK\r\n",
    );
    host.ask("AT+CIPSEND=4", "> ");
    host.0.write_all(b"ping").unwrap();
    host.wait("SEND OK\r\n");
    let mut buffer = [0; 16];
    let (count, from) = peer.recv_from(&mut buffer).unwrap();
    assert_eq!(&buffer[..count], b"ping");
    peer.send_to(b"pong", from).unwrap();
    assert_eq!(host.wait(":pong"), "\r\n+IPD,4:pong");
}

#[test]
fn a_client_of_the_modules_server() {
    let free = TcpListener::bind(LOCAL).unwrap().local_addr().unwrap();
    let mut host = Host::new(Settings::vendor(), RealNetwork::with_server(free));
    host.ask("AT+CIPMUX=1", "OK\r\n");
    host.ask("AT+CIPSERVER=1,80", "OK\r\n");
    let mut client = TcpStream::connect(free).unwrap();
    assert_eq!(host.wait("CONNECT\r\n"), "0,CONNECT\r\n");
    client.write_all(b"GET").unwrap();
    assert_eq!(host.wait("GET"), "\r\n+IPD,0,3:GET");
    host.ask("AT+CIPSEND=0,3", "> ");
    host.0.write_all(b"200").unwrap();
    host.wait("SEND OK\r\n");
    assert_eq!(
        host.ask("AT+CIPCLOSE=0", "OK\r\n"),
        "0,CLOSED\r\n\r\nOK\r\n"
    );
    let mut all = String::new();
    client.read_to_string(&mut all).unwrap();
    assert_eq!(all, "200");
}

#[test]
fn refusals_names_and_pings() {
    let closed = TcpListener::bind(LOCAL)
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut host = Host::new(Settings::vendor(), RealNetwork::new());
    let line = format!(r#"AT+CIPSTART="TCP","127.0.0.1",{closed}"#);
    assert_eq!(host.ask(&line, "ERROR\r\n"), "CLOSED\r\n\r\nERROR\r\n");
    let heard = host.ask(r#"AT+CIPDOMAIN="localhost""#, "OK\r\n");
    assert_eq!(heard, "+CIPDOMAIN:127.0.0.1\r\n\r\nOK\r\n");
    let heard = host.ask(r#"AT+PING="127.0.0.1""#, "OK\r\n");
    assert!(heard.starts_with('+'), "{heard}");
}
