//! Data from the network: at once with `+IPD`, or kept until `AT+CIPRECVDATA`.

use core::net::SocketAddrV4;

use super::{LINKS, Phase, UdpPeer};
use crate::module::{Mode, Module};
use crate::network::Transport;

/// Bytes that a link keeps in passive mode.
const BUFFER: usize = 2920;
/// Most bytes of one `+IPD`.
const PIECE: usize = 1460;

impl Module {
    pub(super) fn receive_data(&mut self, id: usize, data: Vec<u8>, from: SocketAddrV4) {
        let now = self.now;
        let passive = self.sockets.passive;
        let Some(link) = self.sockets.get_mut(id) else {
            return;
        };
        link.last_used = now;
        if link.transport == Transport::Udp {
            match link.udp_peer {
                UdpPeer::Fixed if from != link.remote => return,
                UdpPeer::Fixed => {}
                UdpPeer::ChangesOnce if from != link.remote => {
                    link.remote = from;
                    link.udp_peer = UdpPeer::Fixed;
                }
                UdpPeer::ChangesOnce => {}
                UdpPeer::Changes => link.remote = from,
            }
        } else if passive && !matches!(self.mode, Mode::Passthrough { .. }) {
            link.beyond.extend(data);
            return self.refill(id);
        }
        if matches!(self.mode, Mode::Passthrough { .. }) {
            return self.print(&data);
        }
        for piece in data.chunks(PIECE) {
            self.print_data_head(id, piece.len(), from);
            self.print(b":");
            self.print(piece);
        }
    }

    fn print_data_head(&mut self, id: usize, length: usize, from: SocketAddrV4) {
        let prefix = self.link_prefix(id);
        let mut head = format!("\r\n+IPD,{prefix}{length}");
        if self.sockets.shows_peer {
            let quote = if self.is_esp_at() { "\"" } else { "" };
            head += &format!(",{quote}{}{quote},{}", from.ip(), from.port());
        }
        self.print(head.as_bytes());
    }

    /// Moves data up into the buffer, and says so unless the host has not fetched what it was told of before.
    fn refill(&mut self, id: usize) {
        let Some(link) = self.sockets.get_mut(id) else {
            return;
        };
        let room = BUFFER.saturating_sub(link.unread.len());
        let count = room.min(link.beyond.len());
        link.unread.extend(link.beyond.drain(..count));
        let length = link.unread.len();
        if count > 0 && !link.announced {
            link.announced = true;
            let prefix = self.link_prefix(id);
            self.print(format!("\r\n+IPD,{prefix}{length}\r\n").as_bytes());
        }
    }

    pub(super) fn refill_buffers(&mut self) {
        for id in 0..LINKS {
            self.refill(id);
        }
    }

    /// What waits on link `id`, up to `length` bytes, and who sent it; `None` if there is no such link.
    pub(crate) fn fetch(&mut self, id: usize, length: usize) -> Option<(Vec<u8>, SocketAddrV4)> {
        let link = self.sockets.links.get_mut(id)?.as_mut()?;
        let count = length.min(link.unread.len());
        let data = link.unread.drain(..count).collect();
        link.announced = false;
        let remote = link.remote;
        if link.phase == Phase::Over && link.unread.is_empty() {
            self.sockets.links[id] = None;
        } else if !link.beyond.is_empty() {
            self.sockets.refill = Some(self.now + self.settings.latency.round_trip);
        }
        Some((data, remote))
    }

    /// Bytes that wait on a link; `None` if there is no such link.
    pub(crate) fn unread(&self, id: usize) -> Option<usize> {
        let link = self.sockets.links.get(id)?.as_ref()?;
        Some(link.unread.len())
    }
}
