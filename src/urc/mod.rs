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
        let (link, text) = match line {
            [digit @ b'0'..=b'9', b',', text @ ..] => (Some(digit - b'0'), text),
            text => (None, text),
        };
        Some(match text {
            b"CONNECT" => Self::LinkOpened(link),
            b"CLOSED" => Self::LinkClosed(link),
            b"CONNECT FAIL" => Self::LinkFailed(link),
            b"ready" | b"invalid" | b"Invalid" => Self::Ready,
            b"Will force to restart!!!" => Self::ForcedRestart,
            b"WIFI CONNECTED" => Self::WifiConnected,
            b"WIFI GOT IP" => Self::WifiGotIp,
            b"WIFI DISCONNECT" => Self::WifiDisconnected,
            b"DHCP TIMEOUT" => Self::DhcpTimeout,
            b"WIFI GOT IPv6 LL" => Self::WifiGotIpv6LinkLocal,
            b"WIFI GOT IPv6 GL" => Self::WifiGotIpv6Global,
            b"+QUITT" => Self::PassthroughLeft,
            b"FRM_ERR" => Self::FrameError,
            b"RX OVF!" => Self::FifoOverflow,
            b"buf full!!!" => Self::BufferFull,
            b"+TIME_UPDATED" => Self::TimeUpdated,
            b"Smart get wifi info" => Self::SmartConfigReceiving,
            b"smartconfig connected wifi" => Self::SmartConfigDone,
            b"smartconfig connect fail" | b"smartconfig set config fail" => Self::SmartConfigFailed,
            b"wps started" => Self::WpsStarted,
            b"wps success,connecting ap ..." => Self::WpsSuccess,
            b"wps fail" | b"opmode mismatch when wps" => Self::WpsFailed,
            b"wps stoped" => Self::WpsStopped,
            _ => return Self::with_text(line).or_else(|| segment_result(line)),
        })
        .filter(|urc| link.is_none() || urc.takes_link())
    }

    const fn takes_link(&self) -> bool {
        matches!(
            self,
            Self::LinkOpened(_) | Self::LinkClosed(_) | Self::LinkFailed(_)
        )
    }

    /// Reads a line that has more than its fixed text.
    fn with_text(line: &'a [u8]) -> Option<Self> {
        let (name, text) = line.split_at(line.iter().position(|byte| b":, ".contains(byte))? + 1);
        let mut fields = Fields::new(text);
        Some(match name {
            b"+MQTTCONNECTED:" => Self::MqttConnected(text),
            b"+MQTTDISCONNECTED:" => Self::MqttDisconnected,
            b"+STA_CONNECTED:" => Self::StationConnected(fields.text()?),
            b"+DIST_STA_IP:" => Self::StationGotIp {
                mac: fields.text()?,
                ip: fields.text()?,
            },
            b"+STA_DISCONNECTED:" => Self::StationDisconnected(fields.text()?),
            b"+LINK_CONN:" => Self::LinkState {
                up: match fields.number()? {
                    0 => true,
                    1 => false,
                    _ => return None,
                },
                link: u8::try_from(fields.number()?).ok()?,
            },
            b"+IPD," => {
                let first = fields.number()?;
                let (link, len) = if fields.is_empty() {
                    (None, first)
                } else {
                    (Some(u8::try_from(first).ok()?), fields.number()?)
                };
                Self::DataWaiting { link, len }
            }
            b"Have " => Self::ServerFull(match leading_number(text)? {
                (count, b" Connections") => count,
                _ => return None,
            }),
            b"smartconfig " => Self::SmartConfigType(from_utf8(text.strip_prefix(b"type:")?).ok()?),
            b"ssid:" => Self::SmartConfigSsid(from_utf8(text).ok()?),
            b"password:" => Self::SmartConfigPassword(Secret::new(from_utf8(text).ok()?)),
            b"+SCRD:" => Self::SmartConfigData(text),
            _ => return None,
        })
    }
}

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
