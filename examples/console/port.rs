//! Where the module is. A thread owns the port: it sends what it is given and hands on what it reads.

#[path = "../demo/port/mod.rs"]
mod real;

use crate::{
    arguments::{Arguments, Emulated},
    failure::Failure,
    lines::{Cutter, Heard},
};
use embedded_io::{Error as _, Read, ReadReady, Write};
use esp8266_mqtt_emulator::{
    AccessPoint, RealBroker, RealTimePort, Settings, broker::start_embedded,
};
use std::{
    sync::mpsc::{Receiver, Sender, TryRecvError, channel},
    thread,
    time::Duration,
};

/// The access point near the emulated module.
pub const SSID: &str = "emulated-ap";
pub const PASSWORD: &str = "emulated-password";

const NAP: Duration = Duration::from_millis(1);

/// What is to be sent, and whether a prompt is expected from then on.
pub struct Outgoing {
    pub bytes: Vec<u8>,
    pub expects_prompt: bool,
}

pub type Listener = Box<dyn FnMut(&Heard) + Send>;

/// Opens the port and starts its thread. `listener` is called there with everything that is heard.
pub fn open(
    arguments: &Arguments,
    listener: Listener,
) -> Result<(Sender<Outgoing>, Receiver<Heard>), Failure> {
    match arguments.port.as_deref() {
        None => {
            let firmware = arguments.emulator;
            start(move || emulated(firmware), listener)
        }
        Some(port) => match port.strip_prefix("tcp://") {
            Some(address) => {
                let address = address.to_owned();
                start(move || real::Tcp::connect(&address), listener)
            }
            None => {
                let (path, baud) = (port.to_owned(), arguments.baud);
                start(move || real::Serial::open(&path, baud), listener)
            }
        },
    }
}

fn emulated(firmware: Emulated) -> Result<RealTimePort, Failure> {
    let port = start_embedded(&[])
        .map_err(|error| Failure::from(format!("cannot start the broker: {error}")))?;
    let mut settings = match firmware {
        Emulated::Vendor => Settings::vendor(),
        Emulated::EspAt => Settings::esp_at(),
    };
    let millis = Duration::from_millis;
    settings.latency.associate = millis(300);
    settings.latency.dhcp = millis(200);
    settings.latency.join_failure = millis(1000);
    settings.latency.join_poll = settings.latency.join_poll.min(millis(100));
    let settings = settings.with_access_points(vec![AccessPoint::new(SSID, PASSWORD)]);
    let broker = RealBroker::always("127.0.0.1", port);
    Ok(RealTimePort::new(settings, Box::new(broker)))
}

fn start<P: Read + ReadReady + Write>(
    open: impl FnOnce() -> Result<P, Failure> + Send + 'static,
    mut listener: Listener,
) -> Result<(Sender<Outgoing>, Receiver<Heard>), Failure> {
    let (to_module, outgoing) = channel();
    let (heard, from_module) = channel();
    let (opened, result) = channel();
    thread::spawn(move || {
        let mut port = match open() {
            Ok(port) => {
                opened.send(Ok(())).ok();
                port
            }
            Err(failure) => {
                opened.send(Err(failure.to_string())).ok();
                return;
            }
        };
        let mut tell = |what: Heard| {
            listener(&what);
            heard.send(what).is_ok()
        };
        if let Err(why) = serve(&mut port, &outgoing, &mut tell) {
            tell(Heard::Gone(why));
        }
    });
    let opened = result
        .recv()
        .unwrap_or_else(|_| Err("the port's thread ended".into()));
    opened.map_err(Failure::from)?;
    Ok((to_module, from_module))
}

/// Until the console ends or the port fails.
fn serve<P: Read + ReadReady + Write>(
    port: &mut P,
    outgoing: &Receiver<Outgoing>,
    tell: &mut impl FnMut(Heard) -> bool,
) -> Result<(), String> {
    let failed = |error: P::Error| format!("the port failed: {:?}", error.kind());
    let mut cutter = Cutter::default();
    let mut buffer = [0; 256];
    loop {
        match outgoing.try_recv() {
            Ok(Outgoing {
                bytes,
                expects_prompt,
            }) => {
                cutter.expects_prompt = expects_prompt;
                let mut rest = bytes.as_slice();
                while !rest.is_empty() {
                    let count = port.write(rest).map_err(failed)?;
                    rest = &rest[count..];
                }
            }
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => return Ok(()),
        }
        if port.read_ready().map_err(failed)? {
            let count = port.read(&mut buffer).map_err(failed)?;
            cutter.push(&buffer[..count]);
        } else {
            thread::sleep(NAP);
        }
        while let Some(heard) = cutter.next() {
            if !tell(heard) {
                return Ok(());
            }
        }
    }
}
