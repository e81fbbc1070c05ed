//! The yardstick: the session of `session.rs` with atat's own client, digester and derived commands.
//!
//! It does less. Unsolicited lines are dropped, so it cannot receive a message, and strings are not escaped as ESP-AT
//! wants them.
#![no_std]
#![no_main]

use core::hint::black_box;
use core::sync::atomic::{AtomicU32, Ordering};
use core::task::Waker;

use atat::atat_derive::{AtatCmd, AtatResp, AtatUrc};
use atat::blocking::{AtatClient, SimpleClient};
use atat::{AtDigester, Config, Error};
use embassy_time_driver::Driver;
use size_stub::Uart;

#[derive(Clone, AtatResp)]
struct NoResponse;

#[derive(Clone, AtatCmd)]
#[at_cmd("+CWMODE", NoResponse)]
struct SetMode {
    mode: u8,
}

#[derive(Clone, AtatCmd)]
#[at_cmd("+CWJAP", NoResponse, timeout_ms = 20000)]
struct Join<'a> {
    ssid: &'a str,
    password: &'a str,
}

#[derive(Clone, AtatCmd)]
#[at_cmd("+MQTTUSERCFG", NoResponse)]
struct UserConfig<'a> {
    link: u8,
    scheme: u8,
    client_id: &'a str,
    username: &'a str,
    password: &'a str,
    cert_key: u8,
    ca: u8,
    path: &'a str,
}

#[derive(Clone, AtatCmd)]
#[at_cmd("+MQTTCONN", NoResponse, timeout_ms = 15000)]
struct Connect<'a> {
    link: u8,
    host: &'a str,
    port: u16,
    reconnect: u8,
}

#[derive(Clone, AtatCmd)]
#[at_cmd("+MQTTSUB", NoResponse, timeout_ms = 15000)]
struct Subscribe<'a> {
    link: u8,
    topic: &'a str,
    qos: u8,
}

#[derive(Clone, AtatCmd)]
#[at_cmd("+MQTTPUB", NoResponse, timeout_ms = 15000)]
struct Publish<'a> {
    link: u8,
    topic: &'a str,
    data: &'a str,
    qos: u8,
    retain: u8,
}

/// Named here only because the digester wants a type that knows the unsolicited lines.
#[derive(Clone, AtatUrc)]
enum Urc {
    #[at_urc("WIFI DISCONNECT")]
    WifiDisconnected,
    #[at_urc("+MQTTDISCONNECTED")]
    Disconnected,
}

/// Time goes on by being looked at.
struct Time {
    ticks: AtomicU32,
}

impl Driver for Time {
    fn now(&self) -> u64 {
        let ticks = self.ticks.load(Ordering::Relaxed).wrapping_add(1);
        self.ticks.store(ticks, Ordering::Relaxed);
        ticks.into()
    }

    fn schedule_wake(&self, _: u64, _: &Waker) {}
}

embassy_time_driver::time_driver_impl!(static TIME: Time = Time { ticks: AtomicU32::new(0) });

fn session(buf: &mut [u8]) -> Result<(), Error> {
    let mut client = SimpleClient::new(Uart, AtDigester::<Urc>::new(), buf, Config::new());
    client.send(&SetMode { mode: 1 })?;
    client.send(&Join {
        ssid: "ssid",
        password: "password",
    })?;
    client.send(&UserConfig {
        link: 0,
        scheme: 1,
        client_id: "client",
        username: "user",
        password: "secret",
        cert_key: 0,
        ca: 0,
        path: "",
    })?;
    client.send(&Connect {
        link: 0,
        host: "broker.example",
        port: 1883,
        reconnect: 0,
    })?;
    client.send(&Subscribe {
        link: 0,
        topic: "topic/in",
        qos: 0,
    })?;
    client.send(&Publish {
        link: 0,
        topic: "topic/out",
        data: "hello",
        qos: 0,
        retain: 0,
    })?;
    Ok(())
}

#[cortex_m_rt::entry]
fn main() -> ! {
    size_stub::touch();
    let mut buf = [0; 768];
    black_box(session(&mut buf).is_ok());
    loop {}
}
