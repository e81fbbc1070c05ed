//! Links of `AT+CIPSTART` and `AT+CIPSERVER`: chapter 5.3 of the protocol.

mod common;

use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::Duration;

use common::{Host, ms};
use esp8266_mqtt_emulator::broker::HostState;
use esp8266_mqtt_emulator::{Action, InitialState, Settings};

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

fn prompt(host: &Host) -> &'static str {
    if is_esp_at(host) {
        "\r\nOK\r\n\r\n>"
    } else {
        "\r\nOK\r\n> "
    }
}

fn at(ip: [u8; 4], port: u16) -> SocketAddrV4 {
    SocketAddrV4::new(Ipv4Addr::from(ip), port)
}

#[test]
fn one_link_is_opened_used_and_closed() {
    for mut host in both() {
        let peer = host.bench.network().tcp("server.example", 80);
        assert_eq!(host.ask("AT+CIPSTATUS"), format!("STATUS:2\r\n{OK}"));
        let open = r#"AT+CIPSTART="TCP","server.example",80,60"#;
        assert_eq!(host.ask(open), format!("CONNECT\r\n{OK}"));
        let again = host.ask(open);
        assert_eq!(again, format!("ALREADY CONNECTED\r\n{ERROR}"));
        assert_eq!(
            host.ask("AT+CIPSTATUS"),
            format!("STATUS:3\r\n+CIPSTATUS:0,\"TCP\",\"10.0.0.1\",80,4096,0\r\n{OK}")
        );
        assert_eq!(host.ask("AT+CIPSEND=5"), prompt(&host));
        host.type_bytes(b"hel\r\n");
        let sent = "\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n";
        assert_eq!(host.listen(ms(20)), sent);
        assert_eq!(peer.received(), b"hel\r\n");
        peer.send("\r\nOK\r\n");
        assert_eq!(host.listen(ms(20)), "\r\n+IPD,6:\r\nOK\r\n");
        assert_eq!(host.ask("AT+CIPCLOSE"), format!("CLOSED\r\n{OK}"));
        assert!(!peer.is_open());
        let unlinked = refused(&host, "UNLINK");
        assert_eq!(host.ask("AT+CIPCLOSE"), unlinked);
        assert_eq!(host.ask("AT+CIPSTATUS"), format!("STATUS:4\r\n{OK}"));
        host.ask(open);
        peer.close();
        assert_eq!(host.listen(ms(20)), "CLOSED\r\n");
    }
}

#[test]
fn several_links_have_numbers() {
    for mut host in both() {
        let network = host.bench.network();
        let (tcp, udp) = (network.tcp("a", 1), network.udp("b", 2));
        let wrong = refused(&host, "Link type ERROR");
        assert_eq!(host.ask(r#"AT+CIPSTART=0,"TCP","a",1"#), wrong);
        host.ask("AT+CIPMUX=1");
        let wrong = refused(&host, "ID ERROR");
        assert_eq!(host.ask(r#"AT+CIPSTART="TCP","a",1"#), wrong);
        assert_eq!(host.ask(r#"AT+CIPSTART=5,"TCP","a",1"#), wrong);
        let heard = host.ask(r#"AT+CIPSTART=4,"TCP","a",1"#);
        assert_eq!(heard, format!("4,CONNECT\r\n{OK}"));
        let heard = host.ask(r#"AT+CIPSTART=1,"UDP","b",2,1112,0"#);
        assert_eq!(heard, format!("1,CONNECT\r\n{OK}"));
        assert!(host.ask("AT+CIPSTATUS").ends_with(&format!(
            "+CIPSTATUS:1,\"UDP\",\"10.0.0.2\",2,1112,0\r\n\
             +CIPSTATUS:4,\"TCP\",\"10.0.0.1\",1,4096,0\r\n{OK}"
        )));
        if is_esp_at(&host) {
            assert!(host.ask("AT+CIPSTATE?").starts_with("+CIPSTATE:1,\"UDP\""));
        }
        host.ask("AT+CIPDINFO=1");
        tcp.send("abc");
        let quote = if is_esp_at(&host) { "\"" } else { "" };
        assert_eq!(
            host.listen(ms(20)),
            format!("\r\n+IPD,4,3,{quote}10.0.0.1{quote},1:abc")
        );
        assert_eq!(host.ask("AT+CIPSEND=1,2"), prompt(&host));
        host.type_bytes(b"hi");
        host.listen(ms(20));
        assert_eq!(udp.packets(), [b"hi"]);
        let builded = refused(&host, "link is builded");
        assert_eq!(host.ask("AT+CIPMUX=0"), builded);
        let no_number = refused(&host, "MUX=1");
        assert_eq!(host.ask("AT+CIPCLOSE"), no_number);
        assert_eq!(host.ask("AT+CIPCLOSE=4"), format!("4,CLOSED\r\n{OK}"));
        assert_eq!(host.ask("AT+CIPCLOSE=5"), format!("1,CLOSED\r\n{OK}"));
        assert_eq!(host.ask("AT+CIPMUX=0"), OK);
    }
}

#[test]
fn links_that_cannot_be_opened() {
    for mut host in both() {
        let network = host.bench.network();
        network.tcp("up", 1);
        network.set_host("dead", HostState::Unreachable);
        let heard = host.ask(r#"AT+CIPSTART="TCP","nowhere",80"#);
        assert_eq!(heard, format!("DNS Fail\r\n{ERROR}"));
        let heard = host.ask(r#"AT+CIPSTART="TCP","up",2"#);
        assert_eq!(heard, format!("CLOSED\r\n{ERROR}"));
        let word = if is_esp_at(&host) {
            "CLOSED"
        } else {
            "CONNECT FAIL"
        };
        let heard = host.ask(r#"AT+CIPSTART="TCP","dead",2"#);
        assert_eq!(heard, format!("{word}\r\n{ERROR}"));
        for (line, word) in [
            (r#"AT+CIPSTART="SCTP","up",1"#, "Link type ERROR"),
            (r#"AT+CIPSTART="TCP","",1"#, "IP ERROR"),
            (r#"AT+CIPSTART="TCP","up",0"#, "ENTRY ERROR"),
            (r#"AT+CIPSTART="TCP","up",65536"#, "ENTRY ERROR"),
            (r#"AT+CIPSTART="TCP","up""#, "Miss param"),
            ("AT+CIPSEND=5", "link is not valid"),
            ("AT+CIPSEND", "send mode error"),
        ] {
            let expected = refused(&host, word);
            assert_eq!(host.ask(line), expected, "{line}");
        }
        assert_eq!(host.ask(r#"AT+CIPSTART="TCP","up",1,7201"#), ERROR);
        assert_eq!(host.ask(r#"AT+CIPSTART="UDP","up",1,2,3"#), ERROR);
        host.ask("AT+CWQAP");
        host.ask("AT+CWMODE=1");
        let no_ip = refused(&host, "no ip");
        assert_eq!(host.ask(r#"AT+CIPSTART="TCP","up",1"#), no_ip);
    }
}

#[test]
fn an_unreachable_host_takes_its_time() {
    let mut host = Host::new(
        Settings::esp_at()
            .with_initial(InitialState::Joined)
            .with_echo(false),
    );
    let line = r#"AT+CIPSTART="TCP","192.0.2.1",80"#;
    assert_eq!(host.ask_for(line, Duration::from_secs(9)), "");
    assert_eq!(host.ask_for("AT", ms(10)), "\r\nbusy p...\r\n");
    let heard = host.listen(Duration::from_secs(2));
    assert_eq!(heard, format!("CLOSED\r\n{ERROR}"));
}

#[test]
fn only_one_tls_link() {
    let mut host = joined(Settings::vendor());
    host.bench.network().tcp("tls", 443);
    host.ask("AT+CIPMUX=1");
    let heard = host.ask(r#"AT+CIPSTART=0,"SSL","tls",443"#);
    assert_eq!(heard, format!("0,CONNECT\r\n{OK}"));
    let heard = host.ask(r#"AT+CIPSTART=1,"SSL","tls",443"#);
    assert_eq!(heard, format!("ssl reach max\r\n{ERROR}"));
    assert_eq!(host.ask("AT+CIPSENDBUF=0,1"), ERROR, "not for TLS");
    assert_eq!(host.ask("AT+CIPSSLSIZE=4096"), OK);
    assert_eq!(
        host.ask("AT+CIPSSLSIZE?"),
        format!("+CIPSSLSIZE:4096\r\n{OK}")
    );
    assert_eq!(host.ask("AT+CIPSSLSIZE=4097"), ERROR);
    assert_eq!(host.ask("AT+CIPSSLCCONF=3"), OK);
    assert_eq!(
        host.ask("AT+CIPSSLCCONF?"),
        format!("+CIPSSLCCONF:3\r\n{OK}")
    );
    let mut host = joined(Settings::esp_at());
    host.ask("AT+CIPMUX=1");
    assert_eq!(host.ask("AT+CIPSSLCCONF=2,3,1,0"), OK);
    assert!(
        host.ask("AT+CIPSSLCCONF?")
            .contains("+CIPSSLCCONF:2,3,1,0\r\n")
    );
    assert_eq!(host.ask("AT+CIPSSLCCONF=2,4"), ERROR);
}

#[test]
fn the_server_accepts_and_forgets_idle_peers() {
    for mut host in both() {
        let network = host.bench.network();
        let refusal = refused(&host, "MUX=0");
        assert_eq!(host.ask("AT+CIPSERVER=1"), refusal);
        host.ask("AT+CIPMUX=1");
        assert_eq!(host.ask("AT+CIPSERVERMAXCONN=6"), ERROR);
        assert_eq!(host.ask("AT+CIPSERVERMAXCONN=1"), OK);
        assert_eq!(host.ask("AT+CIPSERVER=1"), OK);
        let again = if is_esp_at(&host) {
            ""
        } else {
            "no change\r\n"
        };
        assert_eq!(host.ask("AT+CIPSERVER=1"), format!("{again}{OK}"));
        let refusal = refused(&host, "CIPSERVER must be 0");
        assert_eq!(host.ask("AT+CIPMUX=0"), refusal);
        assert!(network.connect(at([10, 1, 1, 1], 5000), 334).is_none());
        let peer = network.connect(at([10, 1, 1, 1], 5000), 333).unwrap();
        assert_eq!(host.listen(ms(10)), "0,CONNECT\r\n");
        let second = network.connect(at([10, 1, 1, 2], 5000), 333).unwrap();
        let full = if is_esp_at(&host) {
            "Have 1 Connections\r\n"
        } else {
            ""
        };
        assert_eq!(host.listen(ms(10)), full);
        assert!(!second.is_open());
        peer.send("GET");
        assert_eq!(host.listen(ms(10)), "\r\n+IPD,0,3:GET");
        assert_eq!(host.ask("AT+CIPSEND=0,2"), prompt(&host));
        host.type_bytes(b"ok");
        host.listen(ms(10));
        assert_eq!(peer.received(), b"ok");
        assert!(
            host.ask("AT+CIPSTATUS")
                .contains("+CIPSTATUS:0,\"TCP\",\"10.1.1.1\",5000,333,1\r\n")
        );
        assert_eq!(host.ask("AT+CIPCLOSE=5"), ERROR, "not with a server");
        assert_eq!(host.ask("AT+CIPSTO=10"), OK);
        assert_eq!(host.ask("AT+CIPSTO?"), format!("+CIPSTO:10\r\n{OK}"));
        assert_eq!(host.listen(Duration::from_secs(11)), "0,CLOSED\r\n");
        assert_eq!(host.ask("AT+CIPSERVER=0"), OK);
        assert!(network.connect(at([10, 1, 1, 1], 5001), 333).is_none());
    }
}

#[test]
fn links_end_with_wifi_and_announce_themselves_as_asked() {
    let mut host = joined(Settings::vendor());
    host.bench.network().tcp("a", 1);
    host.ask("AT+CIPMUX=1");
    host.ask("AT+SYSMSG_CUR=2");
    let heard = host.ask(r#"AT+CIPSTART=3,"TCP","a",1,60"#);
    let urc = "+LINK_CONN:0,3,\"TCP\",0,\"10.0.0.1\",1,4096\r\n";
    assert_eq!(heard, format!("{urc}{OK}"));
    assert_eq!(
        host.ask("AT+CIPALIVE?"),
        format!("+CIPALIVE:id 3,60\r\n{OK}")
    );
    host.bench.schedule_after(ms(0), Action::LoseWifi);
    let heard = host.listen(ms(10));
    assert_eq!(heard, "WIFI DISCONNECT\r\n3,CLOSED\r\n");
    let heard = host.ask("AT+CIPALIVE?");
    assert_eq!(heard, format!("Not set TCP keep alive\r\n{ERROR}"));
    host.bench.schedule_after(ms(0), Action::RestoreWifi);
    host.listen(ms(10));
    assert_eq!(host.ask("AT+CIPSTATUS"), format!("STATUS:2\r\n{OK}"));
}
