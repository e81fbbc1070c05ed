//! Chapter "TCP/IP AT Commands".
//!
//! The module has one connection, or after `AT+CIPMUX=1` ([`SetMultiplexing`]) five. With one, commands carry no link id:
//! give `None`. With five they need one. The module answers `ERROR` to a command of the other mode.

mod address;
mod buffer;
mod close;
mod dns;
mod link;
mod open;
mod passthrough;
mod received;
mod receiving;
mod resolve;
mod send;
mod server;
mod sntp;
mod ssl;
mod status;
mod time;

pub use address::{Addresses, QueryAddresses, SetAddress, TestAddresses};
pub use buffer::{BufferStatus, CheckQueue, CheckSegment, QueryBuffer, ResetBuffer, SegmentStatus};
pub use close::{Close, CloseAll, CloseMode, SetCloseMode, TestClose};
pub use dns::{DnsServers, QueryDns, SetDns, UseDhcpDns};
pub use link::{LinkId, LinkRole, Transport};
pub use open::{OpenSsl, OpenTcp, OpenUdp, UdpPeer, UdpPort};
pub use passthrough::{
    ForgetPassthrough, PassthroughLink, QueryTransferMode, SavePassthrough, SetTransferMode,
    StartPassthrough, TransferMode,
};
pub use received::{DataHeader, HeaderError, data_header};
pub use receiving::{
    PeerInfo, QueryPeerInfo, QueryReceiveMode, QueryWaiting, ReceiveData, ReceiveMode,
    ReceivedData, SetPeerInfo, SetReceiveMode, Waiting,
};
pub use resolve::{Address, Ping, PingTime, Resolve};
pub use send::{Segments, Send, SendBuffered, SendData, SendEx, TestSend, TestSendEx};
pub use server::{
    MaxConnections, Multiplexing, QueryMaxConnections, QueryMultiplexing, QueryServerTimeout,
    ServerTimeout, SetMaxConnections, SetMultiplexing, SetServerTimeout, StartServer, StopServer,
};
pub use sntp::{
    ClearSntp, DisableSntp, EnableSntp, QuerySntp, QueryTime, SntpConfiguration, TimeZone,
};
pub use ssl::{
    QuerySslBuffer, QuerySslConfig, SetSslBuffer, SetSslConfig, SslAuthentication, SslBuffer,
    SslConfiguration, SslConfigurations,
};
pub use status::{
    Link, Links, NetworkState, QueryKeepAlive, QueryLinks, QueryStatus, Status, TcpKeepAlive,
    TcpKeepAlives, TestStatus,
};
pub use time::{DateTime, Month, Weekday};

use super::{Field, Line};
use crate::error::Argument;

/// The most links the module has at a time.
pub const MAX_LINKS: usize = 5;

const PORT: Field = Field::new(Argument::Port, 1, u16::MAX);
const LOCAL_PORT: Field = Field::new(Argument::LocalPort, 1, u16::MAX);
const TCP_KEEP_ALIVE: Field = Field::new(Argument::KeepAlive, 0, 7200);

/// Writes `=`, and the link id where there is one.
fn link<'l, 'b>(line: &'l mut Line<'b>, link: Option<LinkId>) -> &'l mut Line<'b> {
    line.text("=");
    if let Some(link) = link {
        line.number(link.get().into());
    }
    line
}
