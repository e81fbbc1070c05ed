//! What blocks, and so has a thread of its own: names, connections, pings.

use core::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use core::time::Duration;
use std::io::ErrorKind;
use std::net::{TcpStream, ToSocketAddrs, UdpSocket};
use std::time::Instant;

use super::{LinkToken, NetworkEvent, OpenRequest, Transport};

/// How long a connection may take until the peer counts as unreachable.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a ping waits.
const PING_TIMEOUT: Duration = Duration::from_secs(1);
/// Any host that is there accepts or refuses a connection to the echo port: raw sockets need privileges.
const PING_PORT: u16 = 7;

/// What a thread has found.
pub(super) enum Found {
    Opened(LinkToken, TcpStream),
    Event(NetworkEvent),
    Udp(LinkToken, UdpSocket, SocketAddrV4),
}

pub(super) fn ipv4(address: SocketAddr) -> Option<SocketAddrV4> {
    match address {
        SocketAddr::V4(address) => Some(address),
        SocketAddr::V6(_) => None,
    }
}

pub(super) fn look_up(host: &str, port: u16) -> Option<SocketAddrV4> {
    (host, port).to_socket_addrs().ok()?.find_map(ipv4)
}

pub(super) fn open(link: LinkToken, request: &OpenRequest) -> Found {
    let Some(remote) = look_up(&request.host, request.port) else {
        return Found::Event(NetworkEvent::UnknownHost(link));
    };
    if request.transport == Transport::Udp {
        let own = (Ipv4Addr::UNSPECIFIED, request.local_port.unwrap_or(0));
        let socket = UdpSocket::bind(own).and_then(|socket| {
            socket.set_nonblocking(true)?;
            socket.set_broadcast(true)?;
            Ok(socket)
        });
        return match socket {
            Ok(socket) => Found::Udp(link, socket, remote),
            Err(_) => Found::Event(NetworkEvent::Refused(link)),
        };
    }
    match TcpStream::connect_timeout(&remote.into(), CONNECT_TIMEOUT) {
        Ok(stream) => Found::Opened(link, stream),
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
            Found::Event(NetworkEvent::Refused(link))
        }
        Err(_) => Found::Event(NetworkEvent::Unreachable(link)),
    }
}

pub(super) fn ping(host: &str) -> Option<Duration> {
    let address = look_up(host, PING_PORT)?;
    let start = Instant::now();
    match TcpStream::connect_timeout(&address.into(), PING_TIMEOUT) {
        Ok(_) => Some(start.elapsed()),
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => Some(start.elapsed()),
        Err(_) => None,
    }
}
