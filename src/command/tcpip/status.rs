//! Asking which links there are.

use super::{
    super::{Fields, answers, asking_command, leading_number, lines, set_command},
    LinkId, LinkRole, MAX_LINKS, Transport,
};
use atat::AtatResp;
use core::net::SocketAddrV4;
use heapless::Vec;

/// `AT+CIPSTATUS=?`: answers `OK` where the command exists. Non-OS firmware only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestStatus;

set_command!(TestStatus, "+CIPSTATUS", 1_000, |_this, line| line
    .text("=?"));

/// `AT+CIPSTATUS`: state of the network and the open links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryStatus;

/// `AT+CIPSTATE?`: the open links. ESP-AT since 2.2, which discourages [`QueryStatus`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryLinks;

/// What the station is doing, `STATUS:<n>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum NetworkState {
    /// 0: not started.
    Inactive,
    /// 1: started, not joining.
    Idle,
    /// 2: joined, with an address.
    GotIp,
    /// 3: joined, and a TCP or SSL link is or was open.
    Connected,
    /// 4: joined, and the last link is closed.
    Disconnected,
    /// 5: not joined. Printed also between `WIFI CONNECTED` and `WIFI GOT IP`.
    NotJoined,
}

impl NetworkState {
    /// The state whose number is `value`.
    #[must_use]
    pub const fn from_number(value: u32) -> Option<Self> {
        Some(match value {
            0 => Self::Inactive,
            1 => Self::Idle,
            2 => Self::GotIp,
            3 => Self::Connected,
            4 => Self::Disconnected,
            5 => Self::NotJoined,
            _ => return None,
        })
    }

    /// Whether the station has an address.
    #[must_use]
    pub const fn has_ip(self) -> bool {
        matches!(self, Self::GotIp | Self::Connected | Self::Disconnected)
    }
}

/// Answer to `AT+CIPSTATUS`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Status {
    /// What the station is doing.
    pub state: NetworkState,
    /// The links that are open.
    pub links: Vec<Link, MAX_LINKS>,
}

impl AtatResp for Status {}

/// Answer to `AT+CIPSTATE?`: the links that are open.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Links(pub Vec<Link, MAX_LINKS>);

impl AtatResp for Links {}

/// One open link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Link {
    /// Its id; 0 in single-connection mode.
    pub id: LinkId,
    /// What it speaks.
    pub transport: Transport,
    /// The other end.
    pub remote: SocketAddrV4,
    /// Port of the module.
    pub local_port: u16,
    /// Which end the module is.
    pub role: LinkRole,
}

impl Link {
    /// Reads one line `+CIPSTATUS:<id>,"<type>","<ip>",<remote port>,<local port>,<role>`, or the same with `+CIPSTATE:`,
    /// without its line end.
    #[must_use]
    pub fn parse(line: &[u8]) -> Option<Self> {
        let fields = line
            .strip_prefix(b"+CIPSTATUS:")
            .or_else(|| line.strip_prefix(b"+CIPSTATE:"))?;
        let mut fields = Fields::new(fields);
        Some(Self {
            id: LinkId::from_number(fields.number()?)?,
            transport: Transport::from_name(fields.bare()?)?,
            remote: SocketAddrV4::new(fields.address()?, fields.small()?),
            local_port: fields.small()?,
            role: if fields.flag()? {
                LinkRole::Server
            } else {
                LinkRole::Client
            },
        })
    }
}

/// All lines that begin with `name`, which all have to be links.
fn links(text: &[u8], name: &str) -> Option<Vec<Link, MAX_LINKS>> {
    let mut all = Vec::new();
    for line in lines(text).filter(|line| line.starts_with(name.as_bytes())) {
        all.push(Link::parse(line)?).ok()?;
    }
    Some(all)
}

asking_command!(
    QueryStatus => Status, "+CIPSTATUS", 1_000,
    |_this, _line| {},
    |text| {
        let (state, rest) = leading_number(answers(text, "STATUS").next()?)?;
        Some(Status {
            state: NetworkState::from_number(state).filter(|_| rest.is_empty())?,
            links: links(text, "+CIPSTATUS:")?,
        })
    }
);

asking_command!(
    QueryLinks => Links, "+CIPSTATE", 1_000,
    |_this, line| line.text("?"),
    |text| links(text, "+CIPSTATE:").map(Links)
);

/// `AT+CIPALIVE?`: the TCP keep-alive times. Undocumented, non-OS firmware only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryKeepAlive;

/// Keep-alive time of one link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TcpKeepAlive {
    /// The link.
    pub link: LinkId,
    /// Seconds between probes.
    pub seconds: u16,
}

/// Answer to `AT+CIPALIVE?`: the links that have a keep-alive time.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TcpKeepAlives(pub Vec<TcpKeepAlive, MAX_LINKS>);

impl AtatResp for TcpKeepAlives {}

impl TcpKeepAlive {
    /// Reads one line `+CIPALIVE:id <id>,<seconds>` without its line end.
    #[must_use]
    pub fn parse(line: &[u8]) -> Option<Self> {
        let (link, rest) = leading_number(line.strip_prefix(b"+CIPALIVE:id ")?)?;
        Some(Self {
            link: LinkId::from_number(link)?,
            seconds: Fields::new(rest.strip_prefix(b",")?).small()?,
        })
    }
}

asking_command!(
    QueryKeepAlive => TcpKeepAlives, "+CIPALIVE", 1_000,
    |_this, line| line.text("?"),
    |text| {
        let mut all = Vec::new();
        for line in lines(text) {
            if line != b"Not set TCP keep alive" {
                all.push(TcpKeepAlive::parse(line)?).ok()?;
            }
        }
        Some(TcpKeepAlives(all))
    }
);
