//! Where the module is. A thread owns the port: it sends what it is given and hands on what it reads.

#[path = "../demo/port/mod.rs"]
mod real;

use crate::{
    answer::{Kind, Outcome, kind},
    arguments::Emulator,
    failure::Failure,
    frames::{Frame, Frames},
};
use embedded_io::{Read, ReadReady, Write};
use esp8266_mqtt_emulator::{
    AccessPoint, RealBroker, RealTimePort, Settings, broker::start_embedded,
};
use std::{
    sync::mpsc::{Receiver, Sender, TryRecvError, channel},
    thread,
    time::{Duration, Instant},
};

const MQTT_USER: &str = "demo";
const MQTT_PASSWORD: &str = "demo-password";
pub const SSID: &str = "emulated-ap";
pub const PASSWORD: &str = "emulated-password";

/// What is around the emulated module, by the names that files use.
pub const SURROUNDINGS: [(&str, &str); 5] = [
    ("SSID", SSID),
    ("PASSWORD", PASSWORD),
    ("BROKER", "broker.emulated"),
    ("MQTT_USER", MQTT_USER),
    ("MQTT_PASSWORD", MQTT_PASSWORD),
];

const NAP: Duration = Duration::from_millis(1);
/// What has not ended after so long without a byte does not end any more.
const QUIET: Duration = Duration::from_secs(1);
/// From `OK` to the prompt.
const PROMPT_TIME: Duration = Duration::from_secs(5);
/// Bytes are written in such pieces, and the port is read in between: the echo comes at the same pace.
const PIECE: usize = 16;

pub enum Port {
    /// With its baud rate, if not the firmware's own.
    Emulated(Emulator, Option<u32>),
    Tcp(String),
    /// With its baud rate.
    Serial(String, u32),
}

/// What is to be sent.
pub struct Outgoing {
    pub bytes: Vec<u8>,
    /// How long its answer may take; `None` if it has none.
    pub limit: Option<Duration>,
    /// Whether a prompt belongs to the answer.
    pub expects_prompt: bool,
}

/// What was heard.
#[derive(Clone, Debug)]
pub enum Heard {
    Frame(Frame),
    /// What was sent last is not going to be answered.
    Silence(Duration),
    /// The port is gone.
    Gone(String),
}

/// Opens the port and starts its thread. `listener` is called there with everything that is heard.
pub fn open(
    port: Port,
    listener: impl FnMut(&Heard) + Send + 'static,
) -> Result<(Sender<Outgoing>, Receiver<Heard>), Failure> {
    match port {
        Port::Emulated(firmware, baud) => start(move || emulated(firmware, baud), listener),
        Port::Tcp(address) => start(move || real::Tcp::connect(&address), listener),
        Port::Serial(path, baud) => start(move || real::Serial::open(&path, baud), listener),
    }
}

/// A module as shipped, but quicker in finding and losing access points than the real one.
fn emulated(firmware: Emulator, baud: Option<u32>) -> Result<RealTimePort, Failure> {
    let port = start_embedded(&[(MQTT_USER, MQTT_PASSWORD)])
        .map_err(|error| format!("cannot start the broker: {error}"))?;
    let mut settings = match firmware {
        Emulator::Vendor => Settings::vendor(),
        Emulator::EspAt => Settings::esp_at(),
    };
    if let Some(baud) = baud {
        settings.baud = baud;
    }
    let settings = settings
        .brisk()
        .with_access_points(vec![AccessPoint::new(SSID, PASSWORD)]);
    let broker = RealBroker::always("127.0.0.1", port);
    Ok(RealTimePort::new(settings, Box::new(broker)))
}

/// The port is opened in its thread because not every port can be moved to another one.
fn start<P: Read + ReadReady + Write>(
    open: impl FnOnce() -> Result<P, Failure> + Send + 'static,
    mut listener: impl FnMut(&Heard) + Send + 'static,
) -> Result<(Sender<Outgoing>, Receiver<Heard>), Failure> {
    let (to_module, outgoing) = channel();
    let (heard, from_module) = channel();
    let (opened, result) = channel();
    thread::spawn(move || {
        let mut port = match open() {
            Ok(port) => port,
            Err(failure) => return opened.send(Err(failure)).unwrap_or_default(),
        };
        opened.send(Ok(())).ok();
        let mut tell = |what: Heard| {
            listener(&what);
            heard.send(what).ok();
        };
        if let Err(why) = Exchange::default().serve(&mut port, &outgoing, &mut tell) {
            tell(Heard::Gone(why));
        }
    });
    result.recv().map_err(|_| "the port's thread ended")??;
    Ok((to_module, from_module))
}

/// What is under way on the port.
#[derive(Default)]
struct Exchange {
    frames: Frames,
    unsent: Vec<u8>,
    /// The command line that the module is going to send back.
    echo: Option<Vec<u8>>,
    /// Until when an answer may come, and how long that was.
    answer: Option<(Instant, Duration)>,
}

impl Exchange {
    /// Until the console ends or the port fails.
    fn serve<P: Read + ReadReady + Write>(
        &mut self,
        port: &mut P,
        outgoing: &Receiver<Outgoing>,
        tell: &mut impl FnMut(Heard),
    ) -> Result<(), String> {
        let failed = |error: P::Error| format!("the port failed: {error}");
        let mut buffer = [0; 256];
        let mut last = Instant::now();
        loop {
            if self.unsent.is_empty() {
                match outgoing.try_recv() {
                    Ok(next) => self.begin(next),
                    Err(TryRecvError::Empty) => {}
                    Err(TryRecvError::Disconnected) => return Ok(()),
                }
            }
            let mut is_idle = true;
            if !self.unsent.is_empty() {
                let piece = &self.unsent[..self.unsent.len().min(PIECE)];
                let count = port.write(piece).map_err(failed)?;
                self.unsent.drain(..count);
                is_idle = count == 0;
                if self.unsent.is_empty() {
                    port.flush().map_err(failed)?;
                }
            }
            if port.read_ready().map_err(failed)? {
                let count = port.read(&mut buffer).map_err(failed)?;
                self.frames.push(&buffer[..count]);
                (is_idle, last) = (false, Instant::now());
            }
            while let Some(frame) = self.frames.next() {
                self.heard(frame, tell);
            }
            if last.elapsed() > QUIET
                && let Some(frame) = self.frames.flush()
            {
                self.heard(frame, tell);
            }
            if let Some((deadline, limit)) = self.answer
                && Instant::now() > deadline
            {
                self.answer = None;
                self.frames.expects_prompt = false;
                tell(Heard::Silence(limit));
            }
            if is_idle {
                thread::sleep(NAP);
            }
        }
    }

    fn begin(&mut self, next: Outgoing) {
        self.frames.expects_prompt = next.expects_prompt;
        // What the line takes on the wire, both ways, at the slowest usual rate.
        let transfer = Duration::from_millis(2) * next.bytes.len() as u32;
        self.answer = next
            .limit
            .map(|limit| (Instant::now() + limit + transfer, limit));
        self.echo = next.bytes.strip_suffix(b"\r\n").map(<[u8]>::to_vec);
        self.unsent = next.bytes;
    }

    fn heard(&mut self, frame: Frame, tell: &mut impl FnMut(Heard)) {
        match &frame {
            Frame::Prompt => self.answer = None,
            Frame::Line(line) if self.echo.as_ref() == Some(line) => {
                self.echo = None;
                return;
            }
            Frame::Line(line) => match kind(line) {
                Kind::End(Outcome::Done) if self.frames.expects_prompt => {
                    self.answer = Some((Instant::now() + PROMPT_TIME, PROMPT_TIME));
                }
                Kind::End(_) => {
                    self.answer = None;
                    self.frames.expects_prompt = false;
                }
                Kind::Unsolicited | Kind::Part => {}
            },
            Frame::Message(_) => {}
        }
        tell(Heard::Frame(frame));
    }
}
