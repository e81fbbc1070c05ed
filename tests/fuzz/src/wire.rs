//! Pieces of what a module sends.

use core::time::Duration;

use arbitrary::{Arbitrary, Unstructured};
use esp8266_mqtt::Dialect;
use esp8266_mqtt_emulator::{Action, Bench, InitialState, Settings};

/// Topics without a comma, which the vendor's form cannot carry.
const TOPICS: [&str; 4] = ["t", "a/b/c", "$sys/x", "in door"];
/// What a firmware might say when nobody expects it.
const LINES: [&str; 16] = [
    "OK",
    "ERROR",
    "FAIL",
    "busy p...",
    "busy s...",
    "ready",
    "SEND OK",
    "WIFI DISCONNECT",
    "WIFI GOT IP",
    "-CWJAP:1",
    "ERR CODE:0x01090000",
    "-MQTTDISCONNECTED:0",
    "-MQTTPUB:FAIL",
    "AT-MQTTPUB=0",
    ">",
    "",
];

/// The dialects with a firmware each.
#[derive(Arbitrary, Debug, Clone, Copy)]
pub enum Spoken {
    Vendor,
    EspAt,
}

impl Spoken {
    #[must_use]
    pub const fn dialect(self) -> Dialect {
        match self {
            Self::Vendor => Dialect::Vendor,
            Self::EspAt => Dialect::EspAt,
        }
    }

    /// A module that has joined, answers at once and has a host that loses no byte.
    #[must_use]
    pub fn settings(self) -> Settings {
        let settings = match self {
            Self::Vendor => Settings::vendor(),
            Self::EspAt => Settings::esp_at(),
        };
        let mut settings = settings
            .fast()
            .with_baud(115_200)
            .with_initial(InitialState::Joined)
            .with_rx_fifo(16_384);
        settings.latency.boot = Duration::from_millis(300);
        settings
    }
}

/// A message that begins with its number, so that it can be told from all others.
#[must_use]
pub fn message(spoken: Spoken, number: usize, topic: u8, rest: &[u8]) -> Vec<u8> {
    let topic = TOPICS[usize::from(topic) % TOPICS.len()];
    let mut payload = format!("#{number}#").into_bytes();
    payload.extend_from_slice(rest);
    let mut line = match spoken {
        Spoken::EspAt => format!("+MQTTSUBRECV:0,\"{topic}\",{},", payload.len()).into_bytes(),
        Spoken::Vendor => {
            payload.retain(|byte| !matches!(byte, b'\r' | b'\n'));
            format!("+MQTTSUBRECV:{topic},").into_bytes()
        }
    };
    line.append(&mut payload);
    line.extend_from_slice(b"\r\n");
    line
}

/// The number of a message, if it has one.
#[must_use]
pub fn number(payload: &[u8]) -> Option<usize> {
    let digits = payload.strip_prefix(b"#")?;
    let end = digits.iter().position(|&byte| byte == b'#')?;
    core::str::from_utf8(&digits[..end]).ok()?.parse().ok()
}

/// Any bytes that begin no frame of known length, then a line end: the line is clean again behind them.
#[derive(Debug, Clone)]
pub struct Noise(pub Vec<u8>);

impl<'a> Arbitrary<'a> for Noise {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let mut bytes = if u.arbitrary()? {
            u.choose(&LINES)?.as_bytes().to_vec()
        } else {
            short(u, 40)?
        };
        bytes.retain(|&byte| byte != b'+');
        bytes.extend_from_slice(b"\r\n");
        Ok(Self(bytes))
    }
}

/// As many as the data is for, at most `most`.
pub fn until_the_end<'a, T: Arbitrary<'a>>(u: &mut Unstructured<'a>, most: usize) -> Vec<T> {
    core::iter::from_fn(|| (!u.is_empty()).then(|| u.arbitrary().ok())?)
        .take(most)
        .collect()
}

/// Up to `most` bytes.
pub fn short(u: &mut Unstructured<'_>, most: usize) -> arbitrary::Result<Vec<u8>> {
    let len = u.int_in_range(0..=most)?;
    (0..len).map(|_| u.arbitrary()).collect()
}

/// Up to 255 bytes.
#[derive(Debug, Clone)]
pub struct Payload(pub Vec<u8>);

impl<'a> Arbitrary<'a> for Payload {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        short(u, 255).map(Self)
    }
}

/// Which numbers were sent, received, and how many the driver has counted as dropped.
#[derive(Debug, Default)]
pub struct Account {
    pub sent: usize,
    pub received: Vec<usize>,
    /// When the last of them is printed.
    last: Duration,
}

impl Account {
    /// The module prints another message, so long from now, but not before an earlier one. It stands behind a line end:
    /// the module may be in the middle of echoing a command.
    pub fn send(&mut self, bench: &Bench, spoken: Spoken, after_us: u16, topic: u8, rest: &[u8]) {
        self.sent += 1;
        let message = message(spoken, self.sent, topic, rest);
        let line = [b"\r\n", message.as_slice()].concat();
        let at = bench.now() + Duration::from_micros(after_us.into());
        self.last = self.last.max(at);
        bench.at(self.last, Action::Inject(line));
    }

    pub fn note(&mut self, payload: &[u8]) {
        self.received.extend(number(payload));
    }

    /// Every message was received, once and in order, or counted.
    pub fn check(&self, dropped: u16, bench: &Bench) {
        let in_order = self.received.is_sorted_by(|a, b| a < b);
        let all = self.received.len() + usize::from(dropped) == self.sent;
        assert!(
            in_order && all,
            "{} sent, {dropped} dropped, received {:?}{}",
            self.sent,
            self.received,
            shown(bench)
        );
    }
}

/// What went over the wire, to be read by people.
#[must_use]
pub fn shown(bench: &Bench) -> String {
    let lines = bench.lines();
    let shown = lines.iter().map(|line| format!("\n{line}"));
    shown.collect()
}
