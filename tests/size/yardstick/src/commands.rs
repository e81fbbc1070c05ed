//! The commands of `session.rs` as atat derives them, and the session over any of its blocking clients.

use atat::Error;
use atat::atat_derive::{AtatCmd, AtatResp};
use atat::blocking::AtatClient;

#[derive(Clone, AtatResp)]
pub struct NoResponse;

/// To atat's digester, lines that the module says by itself, such as `WIFI GOT IP`, are part of the answer.
pub fn anything(_: &[u8]) -> Result<NoResponse, Error> {
    Ok(NoResponse)
}

#[derive(Clone, AtatCmd)]
#[at_cmd("+CWMODE", NoResponse, parse = anything, termination = "\r\n")]
struct SetMode {
    mode: u8,
}

#[derive(Clone, AtatCmd)]
#[at_cmd("+CWJAP", NoResponse, parse = anything, timeout_ms = 20000, termination = "\r\n")]
struct Join<'a> {
    ssid: &'a str,
    password: &'a str,
}

#[derive(Clone, AtatCmd)]
#[at_cmd("+MQTTUSERCFG", NoResponse, parse = anything, termination = "\r\n")]
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
#[at_cmd("+MQTTCONN", NoResponse, parse = anything, timeout_ms = 15000, termination = "\r\n")]
struct Connect<'a> {
    link: u8,
    host: &'a str,
    port: u16,
    reconnect: u8,
}

#[derive(Clone, AtatCmd)]
#[at_cmd("+MQTTSUB", NoResponse, parse = anything, timeout_ms = 15000, termination = "\r\n")]
struct Subscribe<'a> {
    link: u8,
    topic: &'a str,
    qos: u8,
}

#[derive(Clone, AtatCmd)]
#[at_cmd("+MQTTPUB", NoResponse, parse = anything, timeout_ms = 15000, termination = "\r\n")]
struct Publish<'a> {
    link: u8,
    topic: &'a str,
    data: &'a str,
    qos: u8,
    retain: u8,
}

pub fn configure(client: &mut impl AtatClient) -> Result<(), Error> {
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
    Ok(())
}

pub fn connect_and_publish(client: &mut impl AtatClient) -> Result<(), Error> {
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
