//! A host that types command lines and looks at the answer.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::time::Duration;

use embedded_io::{Read, ReadReady, Write};
use esp8266_mqtt_emulator::{AccessPoint, Bench, Settings};

pub struct Host {
    pub bench: Bench,
}

pub const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

impl Host {
    pub fn new(settings: Settings) -> Self {
        Self {
            bench: Bench::new(settings.with_rx_fifo(1 << 16)),
        }
    }

    /// A module that answers at once and does not echo.
    pub fn fast(settings: Settings) -> Self {
        Self::new(settings.fast().with_echo(false).with_baud(115_200))
    }

    /// ESP-AT, joined and connected to a broker.
    pub fn connected_esp_at() -> Self {
        Self::connected(Settings::esp_at())
    }

    pub fn connected(settings: Settings) -> Self {
        let initial = esp8266_mqtt_emulator::InitialState::Joined;
        let mut host = Self::fast(settings.with_initial(initial));
        host.ask(r#"AT+MQTTUSERCFG=0,1,"cid","","",0,0,"""#);
        host.ask(r#"AT+MQTTCONN=0,"broker",1883,0"#);
        assert!(host.bench.module().is_connected());
        host
    }

    pub fn type_bytes(&mut self, bytes: &[u8]) {
        let mut uart = self.bench.uart();
        uart.write_all(bytes).expect("the UART takes all bytes");
        uart.flush().expect("the UART sends all bytes");
    }

    /// Types a line.
    pub fn type_line(&mut self, line: &str) {
        self.type_bytes(line.as_bytes());
        self.type_bytes(b"\r\n");
    }

    /// What has come in.
    pub fn heard(&mut self) -> String {
        let mut uart = self.bench.uart();
        let mut all = Vec::new();
        while uart.read_ready().expect("no UART error") {
            let mut buffer = [0; 64];
            let count = uart.read(&mut buffer).expect("no UART error");
            all.extend_from_slice(&buffer[..count]);
        }
        String::from_utf8_lossy(&all).into_owned()
    }

    /// What comes in within `time`.
    pub fn listen(&mut self, time: Duration) -> String {
        self.bench.advance(time);
        self.heard()
    }

    /// Types a line and returns all that comes in from its first byte to `time` after its last.
    pub fn ask_for(&mut self, line: &str, time: Duration) -> String {
        self.heard();
        self.type_line(line);
        self.listen(time)
    }

    pub fn ask(&mut self, line: &str) -> String {
        self.ask_for(line, ms(200))
    }

    /// Runs a session of `(line, everything heard until the next line)` pairs.
    pub fn session(&mut self, steps: &[(&str, &str)], time: Duration) {
        for (line, expected) in steps {
            let heard = self.ask_for(line, time);
            assert_eq!(
                heard.escape_debug().to_string(),
                expected.escape_debug().to_string(),
                "after {line}"
            );
        }
    }
}

pub fn one_access_point(ssid: &str, password: &str) -> Vec<AccessPoint> {
    vec![AccessPoint::new(ssid, password)]
}
