//! Data over links: sending, receiving, passthrough: chapter 5.3 of the protocol.

mod common;

use common::{Host, ms};
use esp8266_mqtt_emulator::{InitialState, Settings};
use std::net::{Ipv4Addr, SocketAddrV4};

const OK: &str = "\r\nOK\r\n";
const ERROR: &str = "\r\nERROR\r\n";

fn joined(settings: Settings) -> Host {
    Host::fast(settings.with_initial(InitialState::Joined))
}

fn both() -> [Host; 2] {
    [Settings::vendor(), Settings::esp_at()].map(joined)
}

/// A word that only NonOS AT prints before `ERROR`.
fn refused(host: &Host, word: &str) -> String {
    if is_esp_at(host) {
        ERROR.into()
    } else {
        format!("{word}\r\n{ERROR}")
    }
}

fn is_esp_at(host: &Host) -> bool {
    host.bench.module().firmware() == esp8266_mqtt_emulator::Firmware::EspAt
}

fn at(ip: [u8; 4], port: u16) -> SocketAddrV4 {
    SocketAddrV4::new(Ipv4Addr::from(ip), port)
}

#[test]
fn the_peer_of_a_udp_link_stays_or_changes() {
    for (mode, peers) in [(0, [7, 7, 7]), (1, [7, 8, 8]), (2, [7, 8, 9])] {
        let mut host = joined(Settings::vendor());
        let network = host.bench.network();
        network.udp("10.0.0.7", 100);
        host.ask(&format!(r#"AT+CIPSTART="UDP","10.0.0.7",100,200,{mode}"#));
        for (from, now) in [7, 8, 9].into_iter().zip(peers) {
            network.datagram(at([10, 0, 0, from], 100), 200, "x");
            let heard = host.listen(ms(10));
            assert_eq!(heard == "\r\n+IPD,1:x", from == now, "{mode} {from}");
            let status = host.ask("AT+CIPSTATUS");
            assert!(status.contains(&format!("\"10.0.0.{now}\"")), "{status}");
        }
        let other = network.udp("10.0.0.20", 300);
        assert_eq!(host.ask(r#"AT+CIPSEND=1,"10.0.0.20",300"#), "\r\nOK\r\n> ");
        host.type_bytes(b"y");
        assert!(host.listen(ms(10)).ends_with("SEND OK\r\n"));
        assert_eq!(other.received(), b"y");
        for (line, word) in [
            (r#"AT+CIPSEND=1,"10.0.0",300"#, "ip error"),
            (r#"AT+CIPSEND=1,"10.0.0.20""#, "no port"),
            (r#"AT+CIPSEND=1,"10.0.0.20",0"#, "port range error"),
            ("AT+CIPSEND=2049", "too long"),
        ] {
            assert_eq!(host.ask(line), format!("{word}\r\n{ERROR}"), "{line}");
        }
    }
}

#[test]
fn sending_is_refused_cut_short_and_given_up() {
    let mut settings = Settings::vendor().with_initial(InitialState::Joined);
    settings.latency.round_trip = ms(100);
    let mut host = Host::new(settings.with_baud(115_200).with_echo(false));
    let peer = host.bench.network().tcp("a", 1);
    host.ask_for(r#"AT+CIPSTART="TCP","a",1"#, ms(500));
    host.ask("AT+CIPSEND=2");
    host.type_line("hi");
    let heard = host.listen(ms(50));
    assert_eq!(heard, "\r\nRecv 2 bytes\r\n\r\nbusy s...\r\n");
    assert_eq!(host.listen(ms(100)), "\r\nSEND OK\r\n");
    host.ask("AT+CIPSEND=20");
    host.type_bytes(b"+++");
    assert_eq!(host.listen(ms(50)), "\r\nSEND Canceled\r\n");
    host.ask("AT+CIPSENDEX=20");
    host.type_bytes(br"a\\0b\0");
    assert!(host.listen(ms(200)).starts_with("\r\nRecv 4 bytes\r\n"));
    assert_eq!(peer.packets().last().unwrap(), br"a\0b");
    peer.set_deaf(true);
    host.ask("AT+CIPSEND=2");
    host.type_bytes(b"hi");
    let failed = "\r\nRecv 2 bytes\r\nSEND FAIL\r\n";
    assert_eq!(host.listen(ms(200)), failed);
    host.ask("AT+CIPSEND=2");
    peer.close();
    assert_eq!(host.listen(ms(200)), "CLOSED\r\n");
    host.type_bytes(b"hi");
    assert_eq!(host.listen(ms(200)), failed);
}

#[test]
fn buffered_segments_have_numbers() {
    let mut settings = Settings::vendor().with_initial(InitialState::Joined);
    settings.latency.round_trip = ms(100);
    let mut host = Host::new(settings.with_baud(115_200).with_echo(false));
    host.bench.network().tcp("a", 1);
    host.ask("AT+CIPMUX=1");
    host.ask_for(r#"AT+CIPSTART=2,"TCP","a",1"#, ms(500));
    assert_eq!(host.ask("AT+CIPSENDBUF=2,3"), "1,0\r\n\r\nOK\r\n> ");
    host.type_bytes(b"abc");
    assert_eq!(host.listen(ms(10)), "\r\nRecv 3 bytes\r\n");
    let short = |host: &mut Host, line: &str| host.ask_for(line, ms(20));
    assert_eq!(
        short(&mut host, "AT+CIPCHECKSEQ=2,1"),
        format!("2,1,FALSE\r\n{OK}")
    );
    assert_eq!(host.listen(ms(100)), "\r\n2,1,SEND OK\r\n");
    host.session(
        &[
            ("AT+CIPCHECKSEQ=2,1", "2,1,TRUE\r\n\r\nOK\r\n"),
            ("AT+CIPCHECKQUEUE=2,1", "2,1,TRUE\r\n\r\nOK\r\n"),
            ("AT+CIPCHECKSEQ=2,2", ERROR),
            ("AT+CIPBUFSTATUS=2", "2,1,1,2920,7\r\n\r\nOK\r\n"),
            ("AT+CIPBUFRESET=2", OK),
            ("AT+CIPBUFSTATUS=2", "1,0,0,2920,7\r\n\r\nOK\r\n"),
            ("AT+CIPBUFSTATUS", "MUX=1\r\n\r\nERROR\r\n"),
            ("AT+CIPCLOSEMODE=2,1", OK),
            ("AT+CIPCLOSEMODE=2,2", ERROR),
        ],
        ms(50),
    );
}

#[test]
fn passive_data_waits_until_it_is_fetched() {
    for mut host in both() {
        let peer = host.bench.network().tcp("a", 1);
        assert_eq!(host.ask("AT+CIPRECVDATA=1"), ERROR, "active mode");
        host.ask("AT+CIPMUX=1");
        assert_eq!(host.ask("AT+CIPRECVMODE=1"), OK);
        assert_eq!(
            host.ask("AT+CIPRECVMODE?"),
            format!("+CIPRECVMODE:1\r\n{OK}")
        );
        host.ask(r#"AT+CIPSTART=1,"TCP","a",1"#);
        peer.send("hello");
        assert_eq!(host.listen(ms(10)), "\r\n+IPD,1,5\r\n");
        peer.send(" world");
        assert_eq!(host.listen(ms(10)), "", "not fetched yet");
        let lengths = if is_esp_at(&host) {
            "-1,11,-1,-1,-1"
        } else {
            "0,11,0,0,0"
        };
        let heard = host.ask("AT+CIPRECVLEN?");
        assert_eq!(heard, format!("+CIPRECVLEN:{lengths}\r\n{OK}"));
        let data = |host: &Host, text: &str| {
            let count = text.len();
            if is_esp_at(host) {
                format!("+CIPRECVDATA:{count},{text}{OK}")
            } else {
                format!("\r\n+CIPRECVDATA,{count}:{text}{OK}")
            }
        };
        let expected = data(&host, "hello w");
        assert_eq!(host.ask("AT+CIPRECVDATA=1,7"), expected);
        peer.send("!");
        assert_eq!(host.listen(ms(10)), "\r\n+IPD,1,5\r\n");
        let expected = data(&host, "orld!");
        assert_eq!(host.ask("AT+CIPRECVDATA=1,100"), expected);
        let expected = data(&host, "");
        assert_eq!(host.ask("AT+CIPRECVDATA=1,100"), expected);

        peer.send([b'x'; 4000]);
        assert_eq!(host.listen(ms(10)), "\r\n+IPD,1,2920\r\n");
        // What had no room moves up, which is news.
        let heard = host.ask_for("AT+CIPRECVDATA=1,2920", ms(400));
        assert!(
            heard.ends_with("xxx\r\nOK\r\n\r\n+IPD,1,1080\r\n"),
            "{heard}"
        );
        peer.close();
        assert_eq!(host.listen(ms(10)), "1,CLOSED\r\n");
        let heard = host.ask("AT+CIPRECVDATA=1,2000");
        if is_esp_at(&host) {
            assert!(heard.starts_with("+CIPRECVDATA:1080,xxx"), "{heard}");
        } else {
            assert_eq!(heard, ERROR);
        }
    }
}

#[test]
fn passthrough_sends_packets_and_ends_with_three_plusses() {
    for mut host in both() {
        let peer = host.bench.network().tcp("a", 1).echoing();
        host.ask("AT+CIPMUX=1");
        let refusal = refused(&host, "CIPMUX and CIPSERVER must be 0");
        assert_eq!(host.ask("AT+CIPMODE=1"), refusal);
        host.ask("AT+CIPMUX=0");
        let messages = if is_esp_at(&host) {
            "SYSMSG"
        } else {
            "SYSMSG_CUR"
        };
        host.ask(&format!("AT+{messages}=1"));
        host.ask(r#"AT+CIPSTART="TCP","a",1"#);
        assert_eq!(host.ask("AT+CIPMODE=1"), OK);
        assert_eq!(host.ask("AT+CIPMODE?"), format!("+CIPMODE:1\r\n{OK}"));
        let refusal = refused(&host, "IPMODE=1");
        assert_eq!(host.ask("AT+CIPSEND=3"), refusal);
        assert_eq!(host.ask("AT+CIPSEND"), "\r\nOK\r\n\r\n>");
        host.type_bytes(b"AT\r\n+++");
        assert_eq!(host.listen(ms(50)), "AT\r\n+++");
        assert_eq!(peer.received(), b"AT\r\n+++");
        host.type_bytes(b"+++");
        let quit = if is_esp_at(&host) {
            "\r\n+QUITT\r\n"
        } else {
            "+QUITT\r\n"
        };
        assert_eq!(host.listen(ms(50)), quit);
        assert_eq!(host.ask("AT"), OK);
        assert_eq!(host.ask("AT+CIPMODE=0"), OK);
        assert_eq!(host.ask("AT+CIPCLOSE"), format!("CLOSED\r\n{OK}"));
    }
}

#[test]
fn a_saved_link_boots_into_passthrough() {
    let mut host = joined(Settings::vendor());
    let peer = host.bench.network().tcp("a", 1);
    assert_eq!(host.ask(r#"AT+SAVETRANSLINK=1,"a",1,"TCP",60"#), OK);
    assert_eq!(host.ask(r#"AT+SAVETRANSLINK=1,"a",0"#), ERROR);
    assert_eq!(host.ask(r#"AT+SAVETRANSLINK=1,"a",1,"SSL""#), ERROR);
    let heard = host.ask_for("AT+RST", ms(500));
    assert!(heard.ends_with("WIFI GOT IP\r\n"), "{heard:?}");
    host.type_bytes(b"raw");
    assert_eq!(host.listen(ms(50)), "");
    assert_eq!(peer.received(), b"raw");
    host.type_bytes(b"+++");
    host.listen(ms(50));
    host.ask("ATE0");
    assert_eq!(host.ask("AT+SAVETRANSLINK=0"), OK);
}
