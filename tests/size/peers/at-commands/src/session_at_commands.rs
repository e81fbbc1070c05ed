//! The session of `session_full.rs` with at-commands, which builds commands and parses lines, and the least code around it
//! that reads lines from a UART.
//!
//! It does less. What comes while a command runs is dropped, messages too; a payload with a line end in it is cut there.
//! Nothing ends the wait for a module that is silent. Strings are not escaped as ESP-AT wants them. Getting in step with a
//! module in an unknown state is not tried.
#![no_std]
#![no_main]

use core::hint::black_box;

use at_commands::builder::CommandBuilder;
use at_commands::parser::CommandParser;
use embedded_io::{Read, Write};
use size_stub::Uart;

/// The next line, with its end. What does not fit is left out.
fn read_line(buf: &mut [u8]) -> &[u8] {
    let mut len = 0;
    loop {
        let mut byte = [0];
        let Ok(_) = Uart.read(&mut byte);
        if let Some(place) = buf.get_mut(len) {
            [*place] = byte;
            len += 1;
        }
        if byte == *b"\n" {
            return buf.get(..len).unwrap_or_default();
        }
    }
}

fn is(line: &[u8], text: &[u8]) -> bool {
    let parser = CommandParser::parse(line).expect_identifier(text);
    parser.finish().is_ok()
}

fn wait_for(success: &[u8], rx: &mut [u8]) -> Option<()> {
    loop {
        let line = read_line(rx);
        if is(line, success) {
            return Some(());
        }
        if is(line, b"ERROR")
            || is(line, b"FAIL")
            || is(line, b"busy")
            || is(line, b"+MQTTPUB:FAIL")
        {
            return None;
        }
    }
}

fn execute(command: Result<&[u8], usize>, rx: &mut [u8]) -> Option<()> {
    let Ok(()) = Uart.write_all(command.ok()?);
    wait_for(b"OK", rx)
}

fn init(rx: &mut [u8], tx: &mut [u8]) -> Option<(i32, i32)> {
    let command = CommandBuilder::create_execute(tx, true).named("E0");
    execute(command.finish(), rx)?;
    let command = CommandBuilder::create_execute(tx, true).named("+GMR");
    let Ok(()) = Uart.write_all(command.finish().ok()?);
    let version = loop {
        let parser = CommandParser::parse(read_line(rx))
            .expect_identifier(b"AT version:")
            .expect_int_parameter()
            .expect_identifier(b".")
            .expect_int_parameter();
        if let Ok(version) = parser.finish() {
            break version;
        }
    };
    wait_for(b"OK", rx)?;
    Some(version)
}

fn session(rx: &mut [u8], tx: &mut [u8]) -> Option<()> {
    black_box(init(rx, tx)?);
    let command = CommandBuilder::create_set(tx, true)
        .named("+CWMODE")
        .with_int_parameter(1);
    execute(command.finish(), rx)?;
    let command = CommandBuilder::create_set(tx, true)
        .named("+CWJAP")
        .with_string_parameter("ssid")
        .with_string_parameter("password");
    execute(command.finish(), rx)?;
    let command = CommandBuilder::create_set(tx, true)
        .named("+MQTTUSERCFG")
        .with_int_parameter(0)
        .with_int_parameter(1)
        .with_string_parameter("client")
        .with_string_parameter("user")
        .with_string_parameter("secret")
        .with_int_parameter(0)
        .with_int_parameter(0)
        .with_string_parameter("");
    execute(command.finish(), rx)?;
    let command = CommandBuilder::create_set(tx, true)
        .named("+MQTTCONNCFG")
        .with_int_parameter(0)
        .with_int_parameter(120)
        .with_int_parameter(0)
        .with_string_parameter("topic/will")
        .with_string_parameter("gone")
        .with_int_parameter(0)
        .with_int_parameter(0);
    execute(command.finish(), rx)?;
    let command = CommandBuilder::create_set(tx, true)
        .named("+MQTTCONN")
        .with_int_parameter(0)
        .with_string_parameter("broker.example")
        .with_int_parameter(1883)
        .with_int_parameter(0);
    execute(command.finish(), rx)?;
    let command = CommandBuilder::create_set(tx, true)
        .named("+MQTTSUB")
        .with_int_parameter(0)
        .with_string_parameter("topic/in")
        .with_int_parameter(0);
    execute(command.finish(), rx)?;
    let command = CommandBuilder::create_set(tx, true)
        .named("+MQTTPUB")
        .with_int_parameter(0)
        .with_string_parameter("topic/out")
        .with_string_parameter("hello")
        .with_int_parameter(0)
        .with_int_parameter(0);
    execute(command.finish(), rx)?;
    publish_raw(&[0, b'\r', b'\n', 0xff], rx, tx)?;
    receive(rx)
}

fn publish_raw(payload: &[u8], rx: &mut [u8], tx: &mut [u8]) -> Option<()> {
    let command = CommandBuilder::create_set(tx, true)
        .named("+MQTTPUBRAW")
        .with_int_parameter(0)
        .with_string_parameter("topic/out")
        .with_int_parameter(i32::try_from(payload.len()).ok()?)
        .with_int_parameter(0)
        .with_int_parameter(0);
    execute(command.finish(), rx)?;
    let mut byte = [0];
    while byte != *b">" {
        let Ok(_) = Uart.read(&mut byte);
    }
    let Ok(()) = Uart.write_all(payload);
    wait_for(b"+MQTTPUB:OK", rx)
}

fn receive(rx: &mut [u8]) -> ! {
    loop {
        let parser = CommandParser::parse(read_line(rx))
            .expect_identifier(b"+MQTTSUBRECV:")
            .expect_int_parameter()
            .expect_string_parameter()
            .expect_int_parameter()
            .expect_raw_string();
        if let Ok((_link, topic, _len, payload)) = parser.finish() {
            black_box(topic);
            black_box(payload);
        }
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    size_stub::touch();
    let mut rx = [0; 512];
    let mut tx = [0; 256];
    black_box(session(&mut rx, &mut tx).is_some());
    loop {}
}
