//! The module against a real broker over TCP, in wall-clock time.
#![cfg(feature = "embedded-broker")]

use std::time::{Duration, Instant};

use embedded_io::{Read, ReadReady, Write};
use esp8266_mqtt_emulator::broker::start_embedded;
use esp8266_mqtt_emulator::{
    Action, Direction, Fault, InitialState, RealBroker, RealTimePort, Settings,
};

struct Host(RealTimePort);

impl Host {
    fn new(port: u16) -> Self {
        let settings = Settings::esp_at()
            .fast()
            .with_echo(false)
            .with_initial(InitialState::Joined)
            .with_rx_fifo(4096);
        Self(RealTimePort::new(
            settings,
            Box::new(RealBroker::always("127.0.0.1", port)),
        ))
    }

    /// Types a line and returns what comes in up to and including `end`.
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
                let mut buffer = [0; 64];
                let count = self.0.read(&mut buffer).unwrap();
                heard += &String::from_utf8_lossy(&buffer[..count]);
            } else {
                std::thread::sleep(Duration::from_micros(200));
            }
        }
        heard
    }

    fn connect(&mut self, name: &str, will: &str) {
        self.ask(
            &format!(r#"AT+MQTTUSERCFG=0,1,"{name}","user","secret",0,0,"""#),
            "OK\r\n",
        );
        self.ask(
            &format!(r#"AT+MQTTCONNCFG=0,60,0,"{will}","gone",0,0"#),
            "OK\r\n",
        );
        let heard = self.ask(r#"AT+MQTTCONN=0,"broker.example",1883,0"#, "OK\r\n");
        assert_eq!(
            heard,
            "+MQTTCONNECTED:0,1,\"broker.example\",\"1883\",\"\",0\r\n\r\nOK\r\n"
        );
    }
}

#[test]
fn a_message_of_each_quality_of_service_comes_back_and_the_will_after_a_reset() {
    let port = start_embedded(&[("user", "secret")]).unwrap();
    let mut host = Host::new(port);
    host.connect("one", "will/one");
    for qos in 0..3 {
        let ok = host.ask(&format!(r#"AT+MQTTSUB=0,"t/{qos}",{qos}"#), "OK\r\n");
        assert_eq!(ok, "\r\nOK\r\n");
        let urc = format!("+MQTTSUBRECV:0,\"t/{qos}\",5,hello\r\n");
        host.0
            .write_all(format!("AT+MQTTPUB=0,\"t/{qos}\",\"hello\",{qos},0\r\n").as_bytes())
            .unwrap();
        let mut heard = String::new();
        while !(heard.contains(&urc) && heard.contains("\r\nOK\r\n")) {
            heard += &host.wait("\r\n");
        }
    }
    host.ask(r#"AT+MQTTPUBRAW=0,"t/1",3,1,0"#, ">");
    host.0.write_all(b"\0\r\n").unwrap();
    host.wait("+MQTTSUBRECV:0,\"t/1\",3,\0\r\n\r\n");
    assert_eq!(host.ask(r#"AT+MQTTUNSUB=0,"t/1""#, "OK\r\n"), "\r\nOK\r\n");

    let mut other = Host::new(port);
    other.connect("two", "");
    other.ask(r#"AT+MQTTSUB=0,"will/#",1"#, "OK\r\n");
    host.ask("AT+RST", "WIFI GOT IP\r\n");
    other.wait("+MQTTSUBRECV:0,\"will/one\",4,gone\r\n");
    assert_eq!(other.ask("AT+MQTTCLEAN=0", "OK\r\n"), "\r\nOK\r\n");
}

#[test]
fn a_wrong_password_and_a_closed_port_are_refused() {
    let port = start_embedded(&[("user", "other")]).unwrap();
    for port in [port, 1] {
        let mut host = Host::new(port);
        host.ask(
            r#"AT+MQTTUSERCFG=0,1,"one","user","secret",0,0,"""#,
            "OK\r\n",
        );
        let heard = host.ask(r#"AT+MQTTCONN=0,"broker.example",1883,0"#, "ERROR\r\n");
        assert_eq!(heard, "+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n");
    }
}

/// Keepalive of the tests below, seconds. The broker drops a client that is silent for half as long again.
const KEEPALIVE: u64 = 1;

fn connect_with_keepalive(host: &mut Host) {
    host.ask(
        r#"AT+MQTTUSERCFG=0,1,"alive","user","secret",0,0,"""#,
        "OK\r\n",
    );
    let line = format!(r#"AT+MQTTCONNCFG=0,{KEEPALIVE},0,"","",0,0"#);
    host.ask(&line, "OK\r\n");
    host.ask(r#"AT+MQTTCONN=0,"broker.example",1883,0"#, "OK\r\n");
}

#[test]
fn pings_keep_the_connection_alive() {
    let port = start_embedded(&[("user", "secret")]).unwrap();
    let mut host = Host::new(port);
    connect_with_keepalive(&mut host);
    // The module's own clock stands still meanwhile: nobody looks at it.
    std::thread::sleep(Duration::from_secs(4 * KEEPALIVE));
    let heard = host.ask(r#"AT+MQTTPUB=0,"t","hello",1,0"#, "OK\r\n");
    assert_eq!(heard, "\r\nOK\r\n", "no +MQTTDISCONNECTED");
}

#[test]
fn virtual_hours_do_not_end_the_connection() {
    let port = start_embedded(&[("user", "secret")]).unwrap();
    let settings = Settings::esp_at()
        .fast()
        .with_echo(false)
        .with_initial(InitialState::Joined)
        .with_rx_fifo(4096);
    let broker = Box::new(RealBroker::always("127.0.0.1", port));
    let bench = esp8266_mqtt_emulator::Bench::with_broker(settings, broker);
    let mut uart = bench.uart();
    let mut ask = |line: &str| {
        uart.write_all(line.as_bytes()).unwrap();
        uart.write_all(b"\r\n").unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        let mut heard = String::new();
        while !heard.ends_with("OK\r\n") {
            assert!(Instant::now() < deadline, "{heard:?}");
            std::thread::sleep(Duration::from_millis(1));
            bench.advance(Duration::from_millis(10));
            while uart.read_ready().unwrap() {
                let mut buffer = [0; 64];
                let count = uart.read(&mut buffer).unwrap();
                heard += &String::from_utf8_lossy(&buffer[..count]);
            }
        }
        heard
    };
    ask(r#"AT+MQTTUSERCFG=0,1,"hours","user","secret",0,0,"""#);
    ask(&format!(r#"AT+MQTTCONNCFG=0,{KEEPALIVE},0,"","",0,0"#));
    ask(r#"AT+MQTTCONN=0,"broker.example",1883,0"#);
    bench.advance(Duration::from_secs(3 * 3600));
    std::thread::sleep(Duration::from_secs(3 * KEEPALIVE));
    bench.advance(Duration::from_secs(3 * 3600));
    assert_eq!(ask(r#"AT+MQTTPUB=0,"t","hello",1,0"#), "\r\nOK\r\n");
}

/// As brokers do it, and so that no message is lost without a word.
#[test]
fn a_wildcard_in_the_topic_of_a_message_ends_the_connection() {
    let port = start_embedded(&[]).unwrap();
    let mut host = Host::new(port);
    host.connect("one", "");
    let heard = host.ask(r#"AT+MQTTPUB=0,"t/+","hello",0,0"#, "NECTED:0\r\n");
    assert!(heard.ends_with("+MQTTDISCONNECTED:0\r\n"), "{heard:?}");
}

/// What happens by a script happens to this module as well.
#[test]
fn actions_and_faults_at_a_place_still_to_come() {
    let port = start_embedded(&[]).unwrap();
    let mut host = Host::new(port);
    assert_eq!(host.ask("AT", "OK\r\n"), "\r\nOK\r\n");
    assert_eq!(host.0.passed(Direction::ToModule), 4);
    let index = host.0.passed(Direction::ToHost) + 2;
    host.0.fault(Fault::DropByte {
        direction: Direction::ToHost,
        index,
    });
    assert_eq!(host.ask("AT", "K\r\n"), "\r\nK\r\n");
    host.0
        .schedule_after(Duration::from_millis(20), Action::RestartModule);
    // It joins again by itself.
    assert!(host.wait("WIFI GOT IP\r\n").contains("\r\nready\r\n"));
}
