//! The checks behind Wi-Fi: name, port, login, a message that comes back, and that it stays so.

use crate::{
    checks::{Patient, optional, problem},
    diagnosis::{Checked, Diagnosis, Problem},
};
use embedded_hal::delay::DelayNs;
use esp8266_mqtt::{
    ConnectionState, Dialect, Error, MqttLink, QoS, Reconnect, Uart, WifiLink,
    command::tcpip::{Close, LinkId, Multiplexing, OpenTcp, QueryMultiplexing},
};
use std::net::Ipv4Addr;

const LOGIN_MS: u32 = 15_000;
const ECHO_MS: u32 = 5_000;
const HOLD_MS: u32 = 5_000;
/// Long enough to show lost bytes, short enough for one command.
const MESSAGE_LENGTH: usize = 100;
const TLS_PORTS: [u16; 2] = [8883, 8884];

pub fn dns<U: Uart, D: DelayNs>(patient: &mut Patient<'_, '_, U, D>) -> Checked<String> {
    let host = patient.options.host;
    if host.parse::<Ipv4Addr>().is_ok() {
        return Ok(format!("{host} is an address"));
    }
    patient.screen.working("DNS", "asking, up to 10 s");
    match patient.module.resolve(host) {
        Ok(address) => Ok(format!("{host} is {address}")),
        Err(Error::Rejected(_)) => {
            let seen = format!("the module does not find {host}");
            Err(Diagnosis::UnknownName.because(seen))
        }
        Err(error) => Err(unanswered(error, Diagnosis::UnknownName)),
    }
}

/// Opens the broker's port without saying a word: the module does not tell why a login failed.
pub fn reach<U: Uart, D: DelayNs>(patient: &mut Patient<'_, '_, U, D>) -> Checked<String> {
    let (host, port) = (patient.options.host, patient.options.port);
    patient
        .screen
        .working("broker", "opening its port, up to 20 s");
    let failed = |error| problem(error, Diagnosis::Unreachable);
    let link = match optional(patient.module.send(&QueryMultiplexing))? {
        Some(Multiplexing::Multiple) => LinkId::new(4),
        _ => None,
    };
    let probe = OpenTcp {
        link,
        host,
        port,
        keep_alive: None,
    };
    match patient.module.send(&probe) {
        Ok(_) => {}
        Err(Error::Rejected(_) | Error::Timeout { .. }) => return Err(unreachable(patient)),
        Err(error) => return Err(failed(error)),
    }
    // The broker may have closed it already.
    match patient.module.send(&Close(link)) {
        Ok(_) | Err(Error::Rejected(_)) => Ok(format!("port {port} is open")),
        Err(error) => Err(failed(error)),
    }
}

fn unreachable<U: Uart, D: DelayNs>(patient: &mut Patient<'_, '_, U, D>) -> Problem {
    let (host, port) = (patient.options.host, patient.options.port);
    patient
        .screen
        .working("broker", "sending it a ping, up to 10 s");
    let answers = match patient.module.ping(host) {
        Ok(Some(_)) => "it answers a ping: is it the right port, and the broker running?",
        _ => "it does not answer a ping either",
    };
    Diagnosis::Unreachable.because(format!("port {port} of {host} cannot be opened; {answers}"))
}

/// The module has answered before: where nothing comes now, it is waiting for somebody else.
fn unanswered<E: std::error::Error>(error: Error<E>, diagnosis: Diagnosis) -> Problem {
    match error {
        Error::Timeout { command } => diagnosis.because(format!("no answer to {command} in time")),
        error => problem(error, diagnosis),
    }
}

pub fn login<U: Uart, D: DelayNs>(patient: &mut Patient<'_, '_, U, D>) -> Checked<String> {
    let (host, port) = (patient.options.host, patient.options.port);
    let is_tls = TLS_PORTS.contains(&port);
    let refused = if is_tls {
        Diagnosis::Tls
    } else {
        Diagnosis::Login
    };
    patient
        .screen
        .working("login", "waiting for the broker, up to 30 s");
    let connected = patient.module.connect(host, port, Reconnect::Off);
    let state = match connected {
        Ok(()) if patient.module.dialect() == Dialect::EspAt => Ok(ConnectionState::Connected),
        Ok(()) => patient.module.wait_connected(LOGIN_MS),
        Err(error) => Err(error),
    };
    match state {
        Ok(ConnectionState::Accepted) => {
            Ok("taken by the module; this firmware tells no more".into())
        }
        Ok(state) if state.is_connected() => Ok(format!("accepted as {}", patient.client_id)),
        Ok(_) | Err(Error::Rejected(_)) if is_tls => {
            let seen = format!("{port} is the port of TLS, and nobody answers MQTT without it");
            Err(refused.because(seen))
        }
        Ok(_) | Err(Error::Rejected(_)) => {
            Err(refused.because("the port is open, and the broker does not accept the connection"))
        }
        Err(error) => Err(unanswered(error, refused)),
    }
}

pub fn echo<U: Uart, D: DelayNs>(patient: &mut Patient<'_, '_, U, D>) -> Checked<String> {
    let topic = patient.options.topic;
    let is_known = patient.module.link_state().mqtt == MqttLink::Up || told_connected(patient)?;
    let nothing = if is_known {
        Diagnosis::NoMessages
    } else {
        Diagnosis::NotConnected
    };
    // The client id tells it from what others publish there.
    let mut message = format!("{} ", patient.client_id);
    let digits = ('0'..='9').cycle();
    message.extend(digits.take(MESSAGE_LENGTH.saturating_sub(message.len())));
    patient
        .screen
        .working("messages", "sending one to ourselves, up to 45 s");
    let module = &mut patient.module;
    let sent = module.subscribe(topic, QoS::AtMostOnce);
    let sent = sent.and_then(|()| module.publish(topic, &message, QoS::AtMostOnce));
    sent.map_err(|error| unanswered(error, nothing))?;
    loop {
        let received = module.receive_within(ECHO_MS);
        let Some(received) = received.map_err(|error| problem(error, nothing))? else {
            let seen = format!("what was published to {topic} has not come back");
            return Err(nothing.because(seen));
        };
        let payload = received.payload();
        if payload == message.as_bytes() {
            break;
        }
        if payload.starts_with(patient.client_id.as_bytes()) {
            let (sent, came) = (message.len(), payload.len());
            let seen = format!("{sent} bytes were published, other {came} came back");
            return Err(Diagnosis::Damaged.because(seen));
        }
    }
    let errors = module.counters().uart_errors;
    if errors > 0 {
        let seen = format!("the port has reported {errors} errors while it received");
        return Err(Diagnosis::Damaged.because(seen));
    }
    Ok(format!("one of {} bytes has come back", message.len()))
}

/// Whether the module says so itself, on firmware that may not know.
fn told_connected<U: Uart, D: DelayNs>(patient: &mut Patient<'_, '_, U, D>) -> Checked<bool> {
    let state = patient.module.connection_state();
    let state = state.map_err(|error| problem(error, Diagnosis::NotConnected))?;
    Ok(state.is_connected())
}

/// Another client of the same id would end the connection soon.
pub fn hold<U: Uart, D: DelayNs>(patient: &mut Patient<'_, '_, U, D>) -> Checked<String> {
    patient
        .screen
        .working("connection", "watching whether it stays, 5 s");
    let failed = |error| problem(error, Diagnosis::Contested);
    for _ in 0..HOLD_MS / 100 {
        patient.module.next_event_within(100).map_err(failed)?;
        // The events may be older than the connection, the state is not.
        let link = patient.module.link_state();
        if link.wifi == WifiLink::Down {
            return Err(Diagnosis::NoNetwork.because("the access point is lost"));
        }
        if link.mqtt == MqttLink::Down {
            return Err(Diagnosis::Contested.because("the broker has ended the connection"));
        }
    }
    match patient.module.connection_state().map_err(failed)? {
        ConnectionState::Accepted => Ok("has not been heard to end".into()),
        state if state.is_connected() => Ok("stays".into()),
        _ => Err(Diagnosis::Contested.because("the connection has ended")),
    }
}
