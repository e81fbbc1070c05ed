//! The fixed texts by which the driver tells results and unsolicited lines from answers.

/// What a line means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    // Results: they end a command.
    Ok,
    Refused,
    Busy,
    /// Says nothing that the busy line behind it does not say.
    BusyCode,
    Published,
    PublishFailed,
    // Unsolicited, and followed by the driver.
    Ready,
    WifiConnected,
    WifiGotIp,
    WifiDisconnected,
    MqttConnected,
    MqttDisconnected,
    // Unsolicited, with a link id before it.
    Link,
    /// Unsolicited, to be read by [`Urc::parse`](super::Urc::parse) alone.
    Other,
}

/// A text that ends in a letter or digit is the whole line, any other one is the beginning of lines: the first that fits counts.
/// [`Kind::Other`] comes last.
const LINES: &[(&str, Kind)] = &[
    ("OK", Kind::Ok),
    ("SEND OK", Kind::Ok),
    ("ERROR", Kind::Refused),
    ("FAIL", Kind::Refused),
    ("SEND FAIL", Kind::Refused),
    ("busy ", Kind::Busy),
    ("ERR CODE:0x010b0000", Kind::BusyCode),
    ("+MQTTPUB:OK", Kind::Published),
    ("+MQTTPUB:FAIL", Kind::PublishFailed),
    ("ready", Kind::Ready),
    ("invalid", Kind::Ready),
    ("Invalid", Kind::Ready),
    ("WIFI CONNECTED", Kind::WifiConnected),
    ("WIFI GOT IP", Kind::WifiGotIp),
    ("WIFI DISCONNECT", Kind::WifiDisconnected),
    ("+MQTTCONNECTED:", Kind::MqttConnected),
    ("+MQTTDISCONNECTED:", Kind::MqttDisconnected),
    ("CONNECT", Kind::Link),
    ("CLOSED", Kind::Link),
    ("CONNECT FAIL", Kind::Link),
    ("Will ", Kind::Other),
    ("DHCP ", Kind::Other),
    ("WIFI ", Kind::Other),
    ("+STA_", Kind::Other),
    ("+DIST_", Kind::Other),
    ("+LINK_", Kind::Other),
    ("+IPD,", Kind::Other),
    ("Have ", Kind::Other),
    ("+QUITT", Kind::Other),
    ("FRM_", Kind::Other),
    ("RX ", Kind::Other),
    ("buf ", Kind::Other),
    ("+TIME_", Kind::Other),
    ("smartconfig ", Kind::Other),
    ("Smart ", Kind::Other),
    ("ssid:", Kind::Other),
    ("password:", Kind::Other),
    ("+SCRD:", Kind::Other),
    ("wps ", Kind::Other),
    ("opmode ", Kind::Other),
];

/// The texts of [`LINES`] one after the other, each with its length before it: a table of slices would double the size.
const TEXT: [u8; text_len()] = flatten();
/// The kinds of the first of them; all behind are [`Kind::Other`].
const KINDS: [Kind; followed()] = kinds();

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

const fn followed() -> usize {
    let mut count = 0;
    while !matches!(LINES[count].1, Kind::Other) {
        count += 1;
    }
    count
}

const fn kinds() -> [Kind; followed()] {
    let mut all = [Kind::Other; followed()];
    let mut i = 0;
    while i < LINES.len() {
        if i < all.len() {
            all[i] = LINES[i].1;
        } else {
            assert!(matches!(LINES[i].1, Kind::Other));
        }
        i += 1;
    }
    all
}

impl Kind {
    /// Whether the line ends a command, or is no more than the reason for a busy line.
    pub const fn is_result(self) -> bool {
        matches!(
            self,
            Self::Ok
                | Self::Refused
                | Self::Busy
                | Self::BusyCode
                | Self::Published
                | Self::PublishFailed
        )
    }
}

/// Finds out what `line` is; `None` if it is neither a result nor unsolicited.
pub(crate) fn classify(line: &[u8]) -> Option<Kind> {
    let mut text = line;
    while let [b'0'..=b'9' | b',', rest @ ..] = text {
        text = rest;
    }
    match lookup(text)? {
        kind if text.len() == line.len() => Some(kind),
        Kind::Link => Some(Kind::Link),
        // The fate of a segment of `AT+CIPSENDBUF`, behind its number.
        Kind::Ok | Kind::Refused => Some(Kind::Other),
        _ => None,
    }
}

fn lookup(line: &[u8]) -> Option<Kind> {
    let mut table = TEXT.as_slice();
    let mut kinds = KINDS.iter();
    while let Some((&len, rest)) = table.split_first() {
        let (text, rest) = rest.split_at_checked(usize::from(len))?;
        table = rest;
        let kind = kinds.next().copied().unwrap_or(Kind::Other);
        if line.starts_with(text)
            && (line.len() == text.len() || matches!(text.last(), Some(b':' | b',' | b' ' | b'_')))
        {
            return Some(kind);
        }
    }
    None
}
