//! What the module may say at any time, and what a caller sees of it.

use super::common::emulated::{connected, ms, quick, urc};
use super::common::events;
use esp8266_mqtt::Dialect;
use esp8266_mqtt_emulator::Action;

/// Every unsolicited line that is not about a restart, as the firmware prints it.
const LINES: &[&str] = &[
    "+MQTTCONNECTED:0,1,\"broker\",\"1883\",\"\",1",
    "+MQTTDISCONNECTED:0",
    "\r\nWill force to restart!!!",
    "+QUITT",
    "\r\n+QUITT",
    "FRM_ERR",
    "RX OVF!",
    "+TIME_UPDATED",
    "WIFI CONNECTED",
    "WIFI GOT IP",
    "WIFI DISCONNECT",
    "DHCP TIMEOUT",
    "WIFI GOT IPv6 LL",
    "WIFI GOT IPv6 GL",
    "+STA_CONNECTED:\"ca:d7:19:d8:a6:44\"",
    "+DIST_STA_IP:\"ca:d7:19:d8:a6:44\",\"192.168.4.2\"",
    "+STA_DISCONNECTED:\"ca:d7:19:d8:a6:44\"",
    "smartconfig type:ESPTOUCH",
    "Smart get wifi info",
    "ssid:net",
    "password:secret",
    "smartconfig connected wifi",
    "smartconfig connect fail",
    "smartconfig set config fail",
    "wps started",
    "wps success,connecting ap ...",
    "wps fail",
    "wps stoped",
    "opmode mismatch when wps",
    "CONNECT",
    "1,CONNECT",
    "CLOSED",
    "1,CLOSED",
    "CONNECT FAIL",
    "1,CONNECT FAIL",
    "+LINK_CONN:0,1,\"TCP\",0,\"192.168.1.2\",80,5000",
    "\r\n+IPD,512",
    "\r\n+IPD,1,512",
    "Have 5 Connections",
    "7,SEND OK",
    "1,7,SEND OK",
    "1,7,SEND FAIL",
];

/// Something inserted into what the module says.
#[derive(Clone)]
pub struct Inserted {
    pub bytes: Vec<u8>,
    /// What the caller sees of it on an idle line.
    pub events: Vec<String>,
}

pub fn message(dialect: Dialect) -> Inserted {
    Inserted {
        bytes: urc(dialect, "in/topic", "a, \"payload\""),
        events: vec!["a, \\\"payload\\\"".to_owned()],
    }
}

/// One of each line, several in one burst, and messages.
pub fn all(dialect: Dialect) -> Vec<Inserted> {
    let mut bytes: Vec<Vec<u8>> = LINES
        .iter()
        .map(|line| format!("{line}\r\n").into_bytes())
        .collect();
    bytes.push(b"buf full!!!\n\r".to_vec());
    bytes.push(b"WIFI CONNECTED\r\nWIFI GOT IP\r\n".to_vec());
    bytes.push([urc(dialect, "a", "1"), urc(dialect, "a", "2")].concat());
    bytes.push(urc(dialect, "a", "OK"));
    if dialect == Dialect::EspAt {
        let nasty = "\r\nOK\r\n\r\nERROR\r\n>\r\nready\r\n+MQTTPUB:OK\r\nbusy p...\r\n";
        bytes.push(urc(dialect, "a", nasty));
    }
    let mut all: Vec<_> = bytes
        .into_iter()
        .map(|bytes| Inserted {
            events: on_an_idle_line(dialect, &bytes),
            bytes,
        })
        .collect();
    all.push(message(dialect));
    all
}

fn on_an_idle_line(dialect: Dialect, bytes: &[u8]) -> Vec<String> {
    let (bench, mut module) = connected(quick(dialect));
    bench.advance(ms(20));
    events(&mut module);
    bench.schedule_after(ms(1), Action::Inject(bytes.to_vec()));
    bench.advance(ms(100));
    let seen = events(&mut module);
    let lines = bytes.split(|byte| *byte == b'\n').count();
    assert!(!seen.is_empty() && seen.len() < lines + 1, "{seen:?}");
    seen
}
