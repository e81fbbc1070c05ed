//! Every unsolicited line (URC) of the AT firmware, typed.
//!
//! Received MQTT messages are not lines but frames; see [`Message`](crate::Message).

mod table;

pub(crate) use table::{Kind, classify};

use crate::{
    command::{Fields, leading_number},
    secret::Secret,
};
use core::str::from_utf8;

/// An unsolicited line. Text is borrowed from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Urc<'a> {
    /// `ready`: the module has started. Very old firmware prints `invalid`.
    Ready,
    /// `Will force to restart!!!`: `AT+RST` came while a command was being executed.
    ForcedRestart,
    /// `WIFI CONNECTED`: associated with the access point.
    WifiConnected,
    /// `WIFI GOT IP`: the module has an address.
    WifiGotIp,
    /// `WIFI DISCONNECT`: the access point is lost.
    WifiDisconnected,
    /// `DHCP TIMEOUT`: no address was given; the module tries again.
    DhcpTimeout,
    /// `WIFI GOT IPv6 LL`: link-local IPv6 address.
    WifiGotIpv6LinkLocal,
    /// `WIFI GOT IPv6 GL`: global IPv6 address.
    WifiGotIpv6Global,
    /// `+MQTTCONNECTED:0,…`: the broker has accepted. The text is what follows the colon.
    MqttConnected(&'a [u8]),
    /// `+MQTTDISCONNECTED:0`: the broker is lost or has refused.
    MqttDisconnected,
    /// `+STA_CONNECTED:"<mac>"`: a station has joined the soft access point.
    StationConnected(&'a str),
    /// `+DIST_STA_IP:"<mac>","<ip>"`: a station has been given an address.
    StationGotIp {
        /// MAC address of the station.
        mac: &'a str,
        /// Its address.
        ip: &'a str,
    },
    /// `+STA_DISCONNECTED:"<mac>"`: a station has left.
    StationDisconnected(&'a str),
    /// `CONNECT`, `<id>,CONNECT`: a TCP, UDP or SSL link is open. `None` in single-connection mode.
    LinkOpened(Option<u8>),
    /// `CLOSED`, `<id>,CLOSED`: a link is closed.
    LinkClosed(Option<u8>),
    /// `CONNECT FAIL`, `<id>,CONNECT FAIL`: a link could not be opened.
    LinkFailed(Option<u8>),
    /// `+LINK_CONN:<status>,<id>,…`: a link's state, if `AT+SYSMSG` asks for this form.
    LinkState {
        /// Whether the link is up.
        up: bool,
        /// Link id.
        link: u8,
    },
    /// `+IPD,[<id>,]<length>`: data waits in the module (passive receive mode).
    DataWaiting {
        /// Link id; `None` in single-connection mode.
        link: Option<u8>,
        /// Bytes waiting.
        len: u32,
    },
    /// `[<id>,]<segment>,SEND OK` or `SEND FAIL`: fate of a segment of `AT+CIPSENDBUF`.
    SegmentSent {
        /// Link id; `None` in single-connection mode.
        link: Option<u8>,
        /// Segment number.
        segment: u32,
        /// Whether it was sent.
        ok: bool,
    },
    /// `Have <n> Connections`: the server refused one more client.
    ServerFull(u32),
    /// `+QUITT`: passthrough mode was left.
    PassthroughLeft,
    /// `FRM_ERR`: the module saw a framing error on its UART.
    FrameError,
    /// `RX OVF!`: the module lost bytes, its UART FIFO overran.
    FifoOverflow,
    /// `buf full!!!`: the module lost bytes, its UART buffer is full.
    BufferFull,
    /// `+TIME_UPDATED`: SNTP has set the clock.
    TimeUpdated,
    /// `smartconfig type:<kind>`: which of ESPTOUCH, AIRKISS the phone speaks.
    SmartConfigType(&'a str),
    /// `Smart get wifi info`: credentials are coming.
    SmartConfigReceiving,
    /// `ssid:<name>`: the network that SmartConfig received.
    SmartConfigSsid(&'a str),
    /// `password:<password>`: the password that SmartConfig received.
    SmartConfigPassword(Secret<'a>),
    /// `smartconfig connected wifi`: joined.
    SmartConfigDone,
    /// `smartconfig connect fail` or `smartconfig set config fail`.
    SmartConfigFailed,
    /// `+SCRD:<length>,<data>`: reserved data of SmartConfig, as it came.
    SmartConfigData(&'a [u8]),
    /// `wps started`.
    WpsStarted,
    /// `wps success,connecting ap ...`.
    WpsSuccess,
    /// `wps fail`, or `opmode mismatch when wps`.
    WpsFailed,
    /// `wps stoped`.
    WpsStopped,
}

impl<'a> Urc<'a> {
    /// Reads one line without its line end; `None` if it is no URC or a broken one.
    #[must_use]
    pub fn parse(line: &'a [u8]) -> Option<Self> {
        if let Some((_, urc)) = WHOLE_LINES.iter().find(|(text, _)| *text == line) {
            return Some(*urc);
        }
        let (link, text) = match line {
            [digit @ b'0'..=b'9', b',', text @ ..] => (Some(digit - b'0'), text),
            text => (None, text),
        };
        match text {
            b"CONNECT" => Some(Self::LinkOpened(link)),
            b"CLOSED" => Some(Self::LinkClosed(link)),
            b"CONNECT FAIL" => Some(Self::LinkFailed(link)),
            _ if line.first().is_some_and(u8::is_ascii_digit) => segment_result(line),
            _ => Self::with_text(line),
        }
    }

    /// Reads a line that has more than its fixed text.
    fn with_text(line: &'a [u8]) -> Option<Self> {
        let (prefix, _) = PREFIXES
            .iter()
            .enumerate()
            .find(|(_, text)| line.starts_with(text))?;
        let text = line.get(PREFIXES.get(prefix)?.len()..)?;
        let mut fields = Fields::new(text);
        Some(match prefix {
            0 => Self::MqttConnected(text),
            // ESP-AT 2.2 prints `+MQTTPUB:FAIL` behind it when the link drops while a payload is sent.
            1 if text == b"0" || text == b"0+MQTTPUB:FAIL" => Self::MqttDisconnected,
            2 => Self::StationConnected(fields.text()?),
            3 => Self::StationGotIp {
                mac: fields.text()?,
                ip: fields.text()?,
            },
            4 => Self::StationDisconnected(fields.text()?),
            5 => Self::LinkState {
                up: match fields.number()? {
                    0 => true,
                    1 => false,
                    _ => return None,
                },
                link: u8::try_from(fields.number()?).ok()?,
            },
            6 => {
                let first = fields.number()?;
                let (link, len) = if fields.is_empty() {
                    (None, first)
                } else {
                    (Some(u8::try_from(first).ok()?), fields.number()?)
                };
                fields
                    .is_empty()
                    .then_some(Self::DataWaiting { link, len })?
            }
            7 => Self::ServerFull(match leading_number(text)? {
                (count, b" Connections") => count,
                _ => return None,
            }),
            8 => Self::SmartConfigType(from_utf8(text).ok()?),
            9 => Self::SmartConfigSsid(from_utf8(text).ok()?),
            10 => Self::SmartConfigPassword(Secret::new(from_utf8(text).ok()?)),
            11 => {
                leading_number(text)?.1.strip_prefix(b",")?;
                Self::SmartConfigData(text)
            }
            _ => return None,
        })
    }
}

/// Lines without any parameter. Searched, not matched: a `match` on texts takes 5 kB of a Cortex-M0's flash.
static WHOLE_LINES: [(&[u8], Urc<'static>); 24] = [
    (b"ready", Urc::Ready),
    (b"invalid", Urc::Ready),
    (b"Invalid", Urc::Ready),
    (b"Will force to restart!!!", Urc::ForcedRestart),
    (b"WIFI CONNECTED", Urc::WifiConnected),
    (b"WIFI GOT IP", Urc::WifiGotIp),
    (b"WIFI DISCONNECT", Urc::WifiDisconnected),
    (b"DHCP TIMEOUT", Urc::DhcpTimeout),
    (b"WIFI GOT IPv6 LL", Urc::WifiGotIpv6LinkLocal),
    (b"WIFI GOT IPv6 GL", Urc::WifiGotIpv6Global),
    (b"+QUITT", Urc::PassthroughLeft),
    (b"FRM_ERR", Urc::FrameError),
    (b"RX OVF!", Urc::FifoOverflow),
    (b"buf full!!!", Urc::BufferFull),
    (b"+TIME_UPDATED", Urc::TimeUpdated),
    (b"Smart get wifi info", Urc::SmartConfigReceiving),
    (b"smartconfig connected wifi", Urc::SmartConfigDone),
    (b"smartconfig connect fail", Urc::SmartConfigFailed),
    (b"smartconfig set config fail", Urc::SmartConfigFailed),
    (b"wps started", Urc::WpsStarted),
    (b"wps success,connecting ap ...", Urc::WpsSuccess),
    (b"wps fail", Urc::WpsFailed),
    (b"opmode mismatch when wps", Urc::WpsFailed),
    (b"wps stoped", Urc::WpsStopped),
];

/// Beginnings of lines with parameters, in the order of [`Urc::with_text`].
static PREFIXES: [&[u8]; 12] = [
    b"+MQTTCONNECTED:",
    b"+MQTTDISCONNECTED:",
    b"+STA_CONNECTED:",
    b"+DIST_STA_IP:",
    b"+STA_DISCONNECTED:",
    b"+LINK_CONN:",
    b"+IPD,",
    b"Have ",
    b"smartconfig type:",
    b"ssid:",
    b"password:",
    b"+SCRD:",
];

/// `[<link>,]<segment>,SEND OK` or `SEND FAIL`.
fn segment_result(line: &[u8]) -> Option<Urc<'_>> {
    let (first, rest) = leading_number(line)?;
    let rest = rest.strip_prefix(b",")?;
    let (link, segment, result) = match leading_number(rest) {
        Some((segment, rest)) => (Some(first), segment, rest.strip_prefix(b",")?),
        None => (None, first, rest),
    };
    Some(Urc::SegmentSent {
        link: match link {
            Some(link) => Some(u8::try_from(link).ok()?),
            None => None,
        },
        segment,
        ok: match result {
            b"SEND OK" => true,
            b"SEND FAIL" => false,
            _ => return None,
        },
    })
}
