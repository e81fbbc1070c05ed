//! Every unsolicited line (URC) of the AT firmware, typed.
//!
//! Received MQTT messages are not lines but frames; see [`Message`](crate::Message).

mod table;

pub(crate) use table::{Class, Kind, classify};

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
        segment: u16,
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
        let class = classify(line)?;
        Self::from_class(class, line.get(usize::from(class.text_at)..)?)
    }

    /// `text` is what follows the fixed part of the line.
    pub(crate) fn from_class(class: Class, text: &'a [u8]) -> Option<Self> {
        let link = class.link;
        let mut fields = Fields::new(text);
        Some(match class.kind() {
            Kind::Ready => Self::Ready,
            Kind::ForcedRestart => Self::ForcedRestart,
            Kind::WifiConnected => Self::WifiConnected,
            Kind::WifiGotIp => Self::WifiGotIp,
            Kind::WifiDisconnected => Self::WifiDisconnected,
            Kind::DhcpTimeout => Self::DhcpTimeout,
            Kind::WifiGotIpv6LinkLocal => Self::WifiGotIpv6LinkLocal,
            Kind::WifiGotIpv6Global => Self::WifiGotIpv6Global,
            Kind::MqttConnected => Self::MqttConnected(text),
            Kind::MqttDisconnected => Self::MqttDisconnected,
            Kind::StationConnected => Self::StationConnected(fields.text()?),
            Kind::StationGotIp => Self::StationGotIp {
                mac: fields.text()?,
                ip: fields.text()?,
            },
            Kind::StationDisconnected => Self::StationDisconnected(fields.text()?),
            Kind::LinkOpened => Self::LinkOpened(link),
            Kind::LinkClosed => Self::LinkClosed(link),
            Kind::LinkFailed => Self::LinkFailed(link),
            Kind::LinkState => Self::LinkState {
                up: match fields.number()? {
                    0 => true,
                    1 => false,
                    _ => return None,
                },
                link: u8::try_from(fields.number()?).ok()?,
            },
            Kind::DataWaiting => {
                let first = fields.number()?;
                match fields.number() {
                    Some(len) => Self::DataWaiting {
                        link: Some(u8::try_from(first).ok()?),
                        len,
                    },
                    None => Self::DataWaiting {
                        link: None,
                        len: first,
                    },
                }
            }
            Kind::SegmentSent => Self::SegmentSent {
                link,
                segment: class.segment?,
                ok: true,
            },
            Kind::SegmentFailed => Self::SegmentSent {
                link,
                segment: class.segment?,
                ok: false,
            },
            Kind::ServerFull => Self::ServerFull(leading_number(text)?.0),
            Kind::PassthroughLeft => Self::PassthroughLeft,
            Kind::FrameError => Self::FrameError,
            Kind::FifoOverflow => Self::FifoOverflow,
            Kind::BufferFull => Self::BufferFull,
            Kind::TimeUpdated => Self::TimeUpdated,
            Kind::SmartConfigType => Self::SmartConfigType(from_utf8(text).ok()?),
            Kind::SmartConfigReceiving => Self::SmartConfigReceiving,
            Kind::SmartConfigSsid => Self::SmartConfigSsid(from_utf8(text).ok()?),
            Kind::SmartConfigPassword => {
                Self::SmartConfigPassword(Secret::new(from_utf8(text).ok()?))
            }
            Kind::SmartConfigDone => Self::SmartConfigDone,
            Kind::SmartConfigFailed => Self::SmartConfigFailed,
            Kind::SmartConfigData => Self::SmartConfigData(text),
            Kind::WpsStarted => Self::WpsStarted,
            Kind::WpsSuccess => Self::WpsSuccess,
            Kind::WpsFailed => Self::WpsFailed,
            Kind::WpsStopped => Self::WpsStopped,
        })
    }
}
