//! The network of the PC: real TCP and UDP sockets.

use core::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use core::time::Duration;
use std::collections::{BTreeMap, VecDeque};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::sync::mpsc;

use super::blocking::{Found, ipv4, look_up, open, ping};
use super::{FIRST_INCOMING, LinkToken, Network, NetworkEvent, OpenRequest};

/// Largest piece of a stream, and largest datagram.
const PIECE: usize = 1460;

/// The sockets of the PC. Only for wall-clock time: [`RealTimePort`](crate::RealTimePort) and the binary.
///
/// Names are resolved and connections opened in threads of their own. TLS links are plain TCP.
#[derive(Default)]
pub struct RealNetwork {
    streams: BTreeMap<LinkToken, Stream>,
    sockets: BTreeMap<LinkToken, (UdpSocket, SocketAddrV4)>,
    server: Option<SocketAddr>,
    listener: Option<TcpListener>,
    incoming: LinkToken,
    events: VecDeque<NetworkEvent>,
    later: Option<Threads>,
}

struct Stream {
    stream: TcpStream,
    remote: SocketAddrV4,
    unsent: Vec<u8>,
    /// Sends that wait for their acknowledgement.
    sends: usize,
}

/// Results of the threads.
struct Threads {
    sender: mpsc::Sender<Found>,
    receiver: mpsc::Receiver<Found>,
}

impl RealNetwork {
    /// The network of the PC. The module's server listens on 127.0.0.1 and the port that `AT+CIPSERVER` names.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The module's server listens on `address`, whatever port `AT+CIPSERVER` names.
    #[must_use]
    pub fn with_server(address: SocketAddr) -> Self {
        Self {
            server: Some(address),
            ..Self::default()
        }
    }

    fn sender(&mut self) -> mpsc::Sender<Found> {
        let threads = self.later.get_or_insert_with(|| {
            let (sender, receiver) = mpsc::channel();
            Threads { sender, receiver }
        });
        threads.sender.clone()
    }

    fn found(&mut self, found: Found) -> io::Result<()> {
        match found {
            Found::Event(event) => self.events.push_back(event),
            Found::Opened(link, stream) => {
                let local_port = stream.local_addr()?.port();
                let remote = self.add(link, stream)?;
                self.events.push_back(NetworkEvent::Opened {
                    link,
                    remote,
                    local_port,
                });
            }
            Found::Udp(link, socket, remote) => {
                let local_port = socket.local_addr()?.port();
                self.sockets.insert(link, (socket, remote));
                self.events.push_back(NetworkEvent::Opened {
                    link,
                    remote,
                    local_port,
                });
            }
        }
        Ok(())
    }

    fn add(&mut self, link: LinkToken, stream: TcpStream) -> io::Result<SocketAddrV4> {
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        let remote = ipv4(stream.peer_addr()?).ok_or(ErrorKind::Unsupported)?;
        let stream = Stream {
            stream,
            remote,
            unsent: Vec::new(),
            sends: 0,
        };
        self.streams.insert(link, stream);
        Ok(remote)
    }

    fn accept(&mut self) -> io::Result<()> {
        let Some(listener) = &self.listener else {
            return Ok(());
        };
        let (stream, _) = listener.accept()?;
        let local_port = listener.local_addr()?.port();
        self.incoming += 1;
        let link = FIRST_INCOMING + self.incoming;
        let remote = self.add(link, stream)?;
        self.events.push_back(NetworkEvent::Incoming {
            link,
            remote,
            local_port,
        });
        Ok(())
    }

    fn look_at_streams(&mut self) {
        let mut over = Vec::new();
        for (&link, stream) in &mut self.streams {
            if stream.sends > 0 {
                let event = match stream.push() {
                    Ok(true) => Some(NetworkEvent::Sent(link)),
                    Ok(false) => None,
                    Err(_) => Some(NetworkEvent::SendFailed(link)),
                };
                if let Some(event) = event {
                    let sends = core::mem::take(&mut stream.sends);
                    self.events.extend(core::iter::repeat_n(event, sends));
                }
            }
            let mut piece = [0; PIECE];
            match stream.stream.read(&mut piece) {
                Ok(0) => over.push(link),
                Ok(count) => self.events.push_back(NetworkEvent::Received {
                    link,
                    data: piece[..count].to_vec(),
                    from: stream.remote,
                }),
                Err(error) if is_transient(&error) => {}
                Err(_) => over.push(link),
            }
        }
        for link in over {
            self.streams.remove(&link);
            self.events.push_back(NetworkEvent::Closed(link));
        }
    }

    fn look_at_sockets(&mut self) {
        for (&link, (socket, _)) in &self.sockets {
            let mut piece = [0; PIECE];
            if let Ok((count, SocketAddr::V4(from))) = socket.recv_from(&mut piece) {
                let data = piece[..count].to_vec();
                let event = NetworkEvent::Received { link, data, from };
                self.events.push_back(event);
            }
        }
    }
}

impl Stream {
    /// Writes what the socket takes; true if that was all.
    fn push(&mut self) -> io::Result<bool> {
        match self.stream.write(&self.unsent) {
            Ok(count) => drop(self.unsent.drain(..count)),
            Err(error) if is_transient(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(self.unsent.is_empty())
    }
}

fn is_transient(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

impl Network for RealNetwork {
    fn open(&mut self, _: Duration, link: LinkToken, request: &OpenRequest) {
        let (sender, request) = (self.sender(), request.clone());
        std::thread::spawn(move || sender.send(open(link, &request)));
    }

    fn send(&mut self, _: Duration, link: LinkToken, data: &[u8], to: Option<SocketAddrV4>) {
        if let Some(stream) = self.streams.get_mut(&link) {
            stream.unsent.extend(data);
            stream.sends += 1;
            return;
        }
        let sent = self.sockets.get(&link).map(|(socket, remote)| {
            let to = to.unwrap_or(*remote);
            socket.send_to(data, to)
        });
        self.events.push_back(match sent {
            Some(Ok(_)) => NetworkEvent::Sent(link),
            _ => NetworkEvent::SendFailed(link),
        });
    }

    fn close(&mut self, _: Duration, link: LinkToken) {
        self.streams.remove(&link);
        self.sockets.remove(&link);
    }

    fn listen(&mut self, _: Duration, port: Option<u16>) -> bool {
        self.listener = None;
        let Some(port) = port else { return true };
        let address = self
            .server
            .unwrap_or_else(|| (Ipv4Addr::LOCALHOST, port).into());
        let listener = TcpListener::bind(address).and_then(|listener| {
            listener.set_nonblocking(true)?;
            Ok(listener)
        });
        self.listener = listener.ok();
        self.listener.is_some()
    }

    fn resolve(&mut self, _: Duration, name: &str) {
        let (sender, name) = (self.sender(), name.to_owned());
        std::thread::spawn(move || {
            let address = look_up(&name, 0).map(|address| *address.ip());
            sender.send(Found::Event(NetworkEvent::Resolved(address)))
        });
    }

    fn ping(&mut self, _: Duration, host: &str) {
        let (sender, host) = (self.sender(), host.to_owned());
        std::thread::spawn(move || sender.send(Found::Event(NetworkEvent::Pinged(ping(&host)))));
    }

    fn reset(&mut self, _: Duration) {
        let server = self.server;
        let incoming = self.incoming;
        *self = Self {
            server,
            incoming,
            ..Self::default()
        };
    }

    fn poll(&mut self, _: Duration) -> Option<NetworkEvent> {
        if self.events.is_empty() {
            let found = self.later.as_ref();
            if let Some(found) = found.and_then(|later| later.receiver.try_recv().ok()) {
                let link = match &found {
                    Found::Opened(link, _) | Found::Udp(link, ..) => Some(*link),
                    Found::Event(_) => None,
                };
                if let (Err(_), Some(link)) = (self.found(found), link) {
                    self.events.push_back(NetworkEvent::Refused(link));
                }
            }
            let _ = self.accept();
            self.look_at_streams();
            self.look_at_sockets();
        }
        self.events.pop_front()
    }

    fn next_due(&self) -> Option<Duration> {
        None
    }
}
