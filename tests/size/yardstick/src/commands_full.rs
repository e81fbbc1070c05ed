//! What `session_full.rs` has beyond `session.rs`, as atat derives it.

use crate::commands::{NoResponse, anything};
use atat::Error;
use atat::atat_derive::{AtatCmd, AtatResp};
use atat::blocking::AtatClient;
use embedded_io::Write;

/// Of the version only the first digit, which tells the dialect.
#[derive(Clone, AtatResp)]
pub struct Version {
    pub major: Option<u8>,
}

fn version(text: &[u8]) -> Result<Version, Error> {
    let digits = text.strip_prefix(b"AT version:");
    let major = digits.and_then(|digits| digits.first().copied());
    Ok(Version { major })
}

#[derive(Clone, AtatCmd)]
#[at_cmd("+GMR", Version, parse = version, termination = "\r\n")]
struct QueryVersion;

#[derive(Clone, AtatCmd)]
#[at_cmd("E0", NoResponse, parse = anything, termination = "\r\n")]
struct EchoOff;

#[derive(Clone, AtatCmd)]
#[at_cmd("+MQTTCONNCFG", NoResponse, parse = anything, termination = "\r\n")]
struct ConnectionConfig<'a> {
    link: u8,
    keep_alive: u16,
    keep_session: u8,
    will_topic: &'a str,
    will: &'a str,
    will_qos: u8,
    will_retain: u8,
}

#[derive(Clone, AtatCmd)]
#[at_cmd("+MQTTPUBRAW", NoResponse, parse = anything, timeout_ms = 5000, termination = "\r\n")]
struct PublishRaw<'a> {
    link: u8,
    topic: &'a str,
    len: usize,
    qos: u8,
    retain: u8,
}

/// What the module takes after its prompt. Its `+MQTTPUB:OK` is not waited for: atat's digester takes a line that no
/// empty line comes before for the echo of a command.
#[derive(Clone, AtatCmd)]
#[at_cmd("", NoResponse, response_code = false)]
struct Payload;

/// The version comes first: as long as the module echoes, the digester does not take the version's line for an echo.
pub fn init(client: &mut impl AtatClient) -> Result<Version, Error> {
    let version = client.send(&QueryVersion)?;
    client.send(&EchoOff)?;
    Ok(version)
}

pub fn set_will(client: &mut impl AtatClient) -> Result<(), Error> {
    client.send(&ConnectionConfig {
        link: 0,
        keep_alive: 120,
        keep_session: 0,
        will_topic: "topic/will",
        will: "gone",
        will_qos: 0,
        will_retain: 0,
    })?;
    Ok(())
}

pub fn announce_raw(client: &mut impl AtatClient, len: usize) -> Result<(), Error> {
    client.send(&PublishRaw {
        link: 0,
        topic: "topic/out",
        len,
        qos: 0,
        retain: 0,
    })?;
    Ok(())
}

pub fn send_raw(client: &mut impl AtatClient, payload: &[u8]) -> Result<(), Error> {
    client.send_with(&Payload, |uart| uart.write_all(payload))?;
    Ok(())
}
