//! The fixed texts that unsolicited lines begin with.

use crate::command::leading_number;

/// What an unsolicited line is about; the first byte of what the driver stores of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Ready,
    ForcedRestart,
    WifiConnected,
    WifiGotIp,
    WifiDisconnected,
    DhcpTimeout,
    WifiGotIpv6LinkLocal,
    WifiGotIpv6Global,
    MqttConnected,
    MqttDisconnected,
    StationConnected,
    StationGotIp,
    StationDisconnected,
    LinkOpened,
    LinkClosed,
    LinkFailed,
    LinkState,
    DataWaiting,
    SegmentSent,
    SegmentFailed,
    ServerFull,
    PassthroughLeft,
    FrameError,
    FifoOverflow,
    BufferFull,
    TimeUpdated,
    SmartConfigType,
    SmartConfigReceiving,
    SmartConfigSsid,
    SmartConfigPassword,
    SmartConfigDone,
    SmartConfigFailed,
    SmartConfigData,
    WpsStarted,
    WpsSuccess,
    WpsFailed,
    WpsStopped,
}

/// A text that ends in `:`, `,` or a blank is the beginning of a line, any other one is the whole line.
const LINES: &[(&str, Kind)] = &[
    ("ready", Kind::Ready),
    ("invalid", Kind::Ready),
    ("Invalid", Kind::Ready),
    ("Will force to restart!!!", Kind::ForcedRestart),
    ("WIFI CONNECTED", Kind::WifiConnected),
    ("WIFI GOT IP", Kind::WifiGotIp),
    ("WIFI DISCONNECT", Kind::WifiDisconnected),
    ("DHCP TIMEOUT", Kind::DhcpTimeout),
    ("WIFI GOT IPv6 LL", Kind::WifiGotIpv6LinkLocal),
    ("WIFI GOT IPv6 GL", Kind::WifiGotIpv6Global),
    ("+MQTTCONNECTED:", Kind::MqttConnected),
    ("+MQTTDISCONNECTED:", Kind::MqttDisconnected),
    ("+STA_CONNECTED:", Kind::StationConnected),
    ("+DIST_STA_IP:", Kind::StationGotIp),
    ("+STA_DISCONNECTED:", Kind::StationDisconnected),
    ("CONNECT", Kind::LinkOpened),
    ("CLOSED", Kind::LinkClosed),
    ("CONNECT FAIL", Kind::LinkFailed),
    ("+LINK_CONN:", Kind::LinkState),
    ("+IPD,", Kind::DataWaiting),
    ("Have ", Kind::ServerFull),
    ("+QUITT", Kind::PassthroughLeft),
    ("FRM_ERR", Kind::FrameError),
    ("RX OVF!", Kind::FifoOverflow),
    ("buf full!!!", Kind::BufferFull),
    ("+TIME_UPDATED", Kind::TimeUpdated),
    ("smartconfig type:", Kind::SmartConfigType),
    ("Smart get wifi info", Kind::SmartConfigReceiving),
    ("ssid:", Kind::SmartConfigSsid),
    ("password:", Kind::SmartConfigPassword),
    ("smartconfig connected wifi", Kind::SmartConfigDone),
    ("smartconfig connect fail", Kind::SmartConfigFailed),
    ("smartconfig set config fail", Kind::SmartConfigFailed),
    ("+SCRD:", Kind::SmartConfigData),
    ("wps started", Kind::WpsStarted),
    ("wps success,connecting ap ...", Kind::WpsSuccess),
    ("wps fail", Kind::WpsFailed),
    ("opmode mismatch when wps", Kind::WpsFailed),
    ("wps stoped", Kind::WpsStopped),
];

/// The texts of [`LINES`] one after the other, each with its length before it: a table of slices would double the size.
const TEXT: [u8; text_len()] = flatten();
const KINDS: [Kind; LINES.len()] = kinds();

const fn text_len() -> usize {
    let mut len = 0;
    let mut i = 0;
    while i < LINES.len() {
        len += 1 + LINES[i].0.len();
        i += 1;
    }
    len
}

const fn flatten() -> [u8; text_len()] {
    let mut all = [0; text_len()];
    let mut at = 0;
    let mut i = 0;
    while i < LINES.len() {
        let text = LINES[i].0.as_bytes();
        all[at] = text.len() as u8;
        let mut j = 0;
        while j < text.len() {
            all[at + 1 + j] = text[j];
            j += 1;
        }
        at += 1 + text.len();
        i += 1;
    }
    all
}

const fn kinds() -> [Kind; LINES.len()] {
    let mut all = [Kind::Ready; LINES.len()];
    let mut i = 0;
    while i < LINES.len() {
        all[i] = LINES[i].1;
        i += 1;
    }
    all
}

/// What a line is: the index of its fixed text, the numbers before that, and where the text after it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Class {
    pub index: u8,
    pub link: Option<u8>,
    pub segment: Option<u16>,
    pub text_at: u8,
}

/// Indices of segment results, above those of [`LINES`].
const SENT: u8 = 128;
const FAILED: u8 = 129;

impl Class {
    pub fn kind(&self) -> Kind {
        match self.index {
            SENT => Kind::SegmentSent,
            FAILED => Kind::SegmentFailed,
            index => KINDS
                .get(usize::from(index))
                .copied()
                .unwrap_or(Kind::BufferFull),
        }
    }

    /// Whether this is a segment result, the only kind with a segment number.
    pub const fn is_segment(&self) -> bool {
        matches!(self.index, SENT | FAILED)
    }
}

/// Finds out what `line` is; `None` if it is no URC.
pub(crate) fn classify(line: &[u8]) -> Option<Class> {
    let mut class = Class {
        index: 0,
        link: None,
        segment: None,
        text_at: 0,
    };
    let Some((first, rest)) = numbered(line) else {
        let (index, text) = lookup(line)?;
        class.index = index;
        class.text_at = u8::try_from(line.len() - text.len()).ok()?;
        return Some(class);
    };
    // `<link>,CONNECT` and its like, or `[<link>,]<segment>,SEND OK`.
    let (segment, result) = numbered(rest).unwrap_or((first, rest));
    if result.len() < rest.len() || result.starts_with(b"SEND") {
        class.segment = Some(segment);
        class.link = u8::try_from(first)
            .ok()
            .filter(|_| result.len() < rest.len());
        class.index = match result {
            b"SEND OK" => SENT,
            b"SEND FAIL" => FAILED,
            _ => return None,
        };
        return Some(class);
    }
    class.link = Some(u8::try_from(first).ok()?);
    class.index = lookup(rest)?.0;
    class.text_at = u8::try_from(line.len()).ok()?;
    matches!(
        class.kind(),
        Kind::LinkOpened | Kind::LinkClosed | Kind::LinkFailed
    )
    .then_some(class)
}

/// `<number>,` and what follows it.
fn numbered(line: &[u8]) -> Option<(u16, &[u8])> {
    let (number, rest) = leading_number(line)?;
    Some((u16::try_from(number).ok()?, rest.strip_prefix(b",")?))
}

fn lookup(line: &[u8]) -> Option<(u8, &[u8])> {
    let mut table = TEXT.as_slice();
    let mut index = 0;
    while let Some((&len, rest)) = table.split_first() {
        let (text, rest) = rest.split_at_checked(usize::from(len))?;
        table = rest;
        if let Some(tail) = line.strip_prefix(text)
            && (tail.is_empty() || matches!(text.last(), Some(b':' | b',' | b' ')))
        {
            return Some((index, tail));
        }
        index += 1;
    }
    None
}
