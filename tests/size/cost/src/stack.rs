//! The most stack that a session uses, beside the driver and its buffers: painted before, looked at afterwards.
#![no_std]
#![no_main]

use core::convert::Infallible;
use core::hint::black_box;
use core::ptr::{read_volatile, write_volatile};

use embedded_io::{ErrorType, Read, ReadReady, Write};
use esp8266_mqtt::{
    Buffers, ConnectionConfig, Error, Esp8266Mqtt, QoS, Reconnect, UserConfig, Will,
};
use size_cost::{NoDelay, figure, finish};

/// A module that expects a session and knows its answers: the next one after each line feed.
struct Module {
    answers: core::slice::Iter<'static, &'static [u8]>,
    arrived: &'static [u8],
}

impl ErrorType for Module {
    type Error = Infallible;
}

impl Read for Module {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Infallible> {
        self.arrived.read(buf).map_err(|never| match never {})
    }
}

impl ReadReady for Module {
    fn read_ready(&mut self) -> Result<bool, Infallible> {
        Ok(!self.arrived.is_empty())
    }
}

impl Write for Module {
    fn write(&mut self, buf: &[u8]) -> Result<usize, Infallible> {
        if buf.last() == Some(&b'\n') {
            self.arrived = self.answers.next().copied().unwrap_or_default();
        }
        Ok(buf.len())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

type Driver<'a> = Esp8266Mqtt<'a, Module, NoDelay>;

#[inline(never)]
fn session(module: &mut Driver<'_>) -> Result<usize, Error<Infallible>> {
    module.init()?;
    module.connect_wifi("ssid", "password")?;
    module.usercfg(&UserConfig::new("client").credentials("user", "secret"))?;
    module.conncfg(&ConnectionConfig::new().will(Will::new("topic/will", "gone")))?;
    module.connect("broker.example", 1883, Reconnect::Off)?;
    module.subscribe("topic/in", QoS::AtMostOnce)?;
    module.publish("topic/out", b"hello", QoS::AtMostOnce)?;
    module.publish("topic/out", &[0, b'\r', 0xff, b'\n'], QoS::AtMostOnce)?;
    let mut received = 0;
    while let Ok(message) = module.poll_receive() {
        received += black_box(message.payload()).len();
    }
    Ok(received)
}

/// What the module says, one entry for each line that the driver sends; the last comes with a message.
static ANSWERS: [&[u8]; 11] = [
    b"AT version:2.2.1.0(ESP8266)\r\nSDK version:v3.4\r\nBin version:2.2.1\r\n\r\nOK\r\n", // AT+GMR
    b"ATE0\r\n\r\nOK\r\n",
    b"+MQTTCONN:0,0,0,\"\",\"\",\"\",0\r\n\r\nOK\r\n", // AT+MQTTCONN?
    b"WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n",    // AT+CWJAP
    b"\r\nOK\r\n",                                     // AT+MQTTUSERCFG
    b"\r\nOK\r\n",                                     // AT+MQTTCONNCFG
    b"+MQTTCONNECTED:0,1,\"broker.example\",\"1883\",\"\",0\r\n\r\nOK\r\n", // AT+MQTTCONN
    b"\r\nOK\r\n",                                     // AT+MQTTSUB
    b"\r\nOK\r\n",                                     // AT+MQTTPUB
    b"\r\nOK\r\n\r\n>",                                // AT+MQTTPUBRAW
    b"+MQTTPUB:OK\r\n+MQTTSUBRECV:0,\"topic/in\",5,hello\r\n",
];

/// What is looked at below the caller's stack.
const DEPTH: usize = 4096;
const PAINT: u32 = 0xA5A5_5A5A;

fn stack_pointer() -> usize {
    cortex_m::register::msp::read() as usize
}

/// Paints the stack below `top`, but for what this function itself may need of it.
#[inline(never)]
fn paint(top: usize) {
    for at in (top - DEPTH..top - 64).step_by(4) {
        // SAFETY: nobody's memory until something is called.
        unsafe { write_volatile(at as *mut u32, PAINT) }
    }
}

/// How far below `top` the paint is gone.
#[inline(never)]
fn high_water(top: usize) -> usize {
    let mut at = top - DEPTH;
    // SAFETY: as in `paint`.
    while unsafe { read_volatile(at as *const u32) } == PAINT {
        at += 4;
    }
    top - at
}

#[cortex_m_rt::entry]
fn main() -> ! {
    let uart = Module {
        answers: ANSWERS.iter(),
        arrived: &[],
    };
    let (mut rx, mut tx) = ([0; 512], [0; 256]);
    let mut module = Esp8266Mqtt::new(uart, NoDelay, Buffers::new(&mut rx, &mut tx));
    let top = stack_pointer();
    paint(top);
    let received = session(&mut module);
    let used = high_water(top);
    assert_eq!(received.ok(), Some(5));
    figure("stack.session", used as u32);
    finish()
}
