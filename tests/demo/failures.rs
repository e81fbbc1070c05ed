//! Every mishap ends with one sentence and the exit code 1.

use crate::{
    demo,
    example::Run,
    peer::{self, Reply},
};
use std::time::Duration;

fn demo_at(port: &str) -> Run {
    demo(&["--port", port, "--ssid", "network", "--host", "broker"])
}

#[test]
fn wrong_wifi_password() {
    for dialect in ["vendor", "esp-at"] {
        demo(&["--dialect", dialect, "--password", "wrong"])
            .failed_with("join Wi-Fi: wrong password: the access point refused it");
    }
}

#[test]
fn unknown_network() {
    demo(&["--ssid", "elsewhere"]).failed_with(
        "join Wi-Fi: no access point of that name is in range: check its spelling, 2.4 GHz only",
    );
}

#[test]
fn refused_login() {
    demo(&["--dialect", "esp-at", "--mqtt-password", "wrong"]).failed_with(
        "connect: the broker refused the login or cannot be reached: check user name, password and host",
    );
    demo(&["--dialect", "vendor", "--mqtt-password", "wrong"]).failed_with(
        "login: no connection within 5 s, so the broker refused it or cannot be reached: check user name, password \
         and host",
    );
}

#[test]
fn wrong_port() {
    let run = demo_at("/dev/no-such-port");
    assert!(
        run.stderr
            .starts_with("error: cannot open the port /dev/no-such-port: "),
        "{}",
        run.stderr
    );
    assert_eq!((run.code, run.stderr.lines().count()), (Some(1), 1));
    let run = demo_at("tcp://127.0.0.1:1");
    assert!(
        run.stderr
            .starts_with("error: cannot connect to tcp://127.0.0.1:1: "),
        "{}",
        run.stderr
    );
    assert_eq!((run.code, run.stderr.lines().count()), (Some(1), 1));
}

#[test]
fn incomplete_arguments() {
    let run = demo(&["--port", "/dev/ttyUSB0"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("--ssid"), "{}", run.stderr);
    let run = demo(&["--aliyun", "product,device"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("not three values separated by commas"));
}

#[test]
fn silent_module() {
    let run = demo_at(&peer::start(|_| Some(Reply::Say(""))));
    run.failed_with(
        "init: no answer to AT+GMR: check power, baud rate, and that TX and RX are crossed",
    );
    // Six attempts and their pauses: neither shorter nor several times as long.
    assert!(run.time > Duration::from_secs(4), "{:?}", run.time);
    assert!(run.time < Duration::from_secs(12), "{:?}", run.time);
}

#[test]
fn firmware_without_mqtt() {
    let port = peer::start(|line| {
        line.starts_with("AT+MQTT")
            .then_some(Reply::Say("\r\nERROR\r\n"))
    });
    demo_at(&port).failed_with("init: the module's firmware has no MQTT commands");
}

#[test]
fn closed_socket() {
    let port = peer::start(|line| line.starts_with("AT+CWJAP").then_some(Reply::HangUp));
    let run = demo_at(&port);
    run.failed_with("join Wi-Fi: the port failed: closed by the other side");
    assert!(run.time < Duration::from_secs(2), "{:?}", run.time);
}

#[test]
fn message_that_does_not_come_back() {
    let run = demo_at(&peer::start(|_| None));
    run.failed_with("receive: only 0 of 1 messages came back, and none in the last 5 s");
    assert!(run.has_line("0 of 1 messages came back"));
}

#[test]
fn restart_while_receiving() {
    let port = peer::start(|line| {
        line.starts_with("AT+MQTTPUB").then_some(Reply::SayLater(
            "\r\nOK\r\n",
            Duration::from_millis(100),
            "\r\nready\r\n",
        ))
    });
    let run = demo_at(&port);
    run.failed_with(
        "the module restarted and has forgotten its connection: check its power supply",
    );
    assert!(run.time < Duration::from_secs(2), "{:?}", run.time);
}

#[test]
fn restart_during_a_command() {
    let port = peer::start(|line| {
        line.starts_with("AT+MQTTCONN=")
            .then_some(Reply::Say("\r\nready\r\n"))
    });
    demo_at(&port).failed_with(
        "the module restarted and has forgotten its connection: check its power supply",
    );
}

#[test]
fn lost_broker() {
    let port = peer::start(|line| {
        line.starts_with("AT+MQTTPUB")
            .then_some(Reply::Say("\r\nOK\r\n+MQTTDISCONNECTED:0\r\n"))
    });
    demo_at(&port).failed_with("receive: the module has lost the broker");
}

#[test]
fn refused_login_on_firmware_that_does_not_tell() {
    let port = peer::start(|line| match line {
        "AT+GMR" => Some(Reply::Say(
            "AT version:1.7.2.0\r\nSDK version:3.0\r\nOK\r\n",
        )),
        "AT+MQTTCONN?" => Some(Reply::Say("\r\nERROR\r\n")),
        _ => line
            .starts_with("AT+MQTTSUB")
            .then_some(Reply::Say("\r\nERROR\r\n")),
    });
    let run = demo_at(&port);
    run.failed_with(
        "subscribe: the module refused: the broker has not accepted the login, or the topic is too long",
    );
    assert!(run.stdout.contains("login (this firmware does not tell)"));
}

#[test]
fn aliyun_on_other_firmware() {
    demo(&["--dialect", "esp-at", "--aliyun", "product,device,secret"])
        .failed_with("aliyun: the module refused: only vendor firmware knows the command");
}
