//! The module's TCP and UDP links, and the data that comes over them.

use super::{Engine, Expect, bump};
use crate::{
    bytes::{half_word, part, rest},
    command::tcpip::{LinkId, MAX_LINKS},
    framer::DataSource,
    urc::Urc,
};

/// Bytes in front of a datagram in the buffer: link and length.
const RECORD: usize = 3;

/// In place of the link where its socket is closed.
const NOBODY: u8 = 0xFF;

/// What a link is for its socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkPhase {
    Free,
    /// `AT+CIPSTART` was sent.
    Opening,
    Open,
    /// The peer, or the module, has closed it.
    Closed,
    /// Bytes of the stream are lost.
    Broken,
}

/// Whether data waits in the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Waiting {
    #[default]
    No,
    /// As much was fetched as was asked for: there may be more, which the module does not say again.
    Maybe,
    /// The module has said so.
    Announced,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    pub phase: LinkPhase,
    pub waiting: Waiting,
    /// Data that was announced has not been sent whole, or not yet.
    pub is_torn: bool,
    /// Tells the sockets apart that have had this link.
    pub generation: u8,
}

pub(crate) struct Links<'b> {
    links: [Link; MAX_LINKS],
    /// The module was told to have five links and to keep data until it is asked for.
    pub is_ready: bool,
    /// Data of this link was asked for.
    pub fetching: Option<LinkId>,
    /// Data that was asked for is at the front of what was received.
    is_fetched: bool,
    /// Where data that is arriving goes.
    target: Target,
    datagrams: &'b mut [u8],
    /// Bytes of it in use.
    used: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Nowhere,
    Fetch,
    Datagrams,
}

impl<'b> Links<'b> {
    pub const fn new(datagrams: &'b mut [u8]) -> Self {
        Self {
            links: [Link {
                phase: LinkPhase::Free,
                waiting: Waiting::No,
                is_torn: false,
                generation: 0,
            }; MAX_LINKS],
            is_ready: false,
            fetching: None,
            is_fetched: false,
            target: Target::Nowhere,
            datagrams,
            used: 0,
        }
    }

    pub fn get(&self, id: LinkId) -> Option<Link> {
        self.links.get(usize::from(id.get())).copied()
    }

    pub fn get_mut(&mut self, id: LinkId) -> Option<&mut Link> {
        self.links.get_mut(usize::from(id.get()))
    }

    pub fn set_phase(&mut self, id: LinkId, phase: LinkPhase) {
        if let Some(link) = self.get_mut(id) {
            link.phase = phase;
        }
    }

    /// Whether the data of a link is being sent.
    pub fn set_torn(&mut self, id: LinkId, is_torn: bool) {
        if let Some(link) = self.get_mut(id) {
            link.is_torn = is_torn;
        }
    }

    /// The first link that is in this phase.
    pub fn find(&self, phase: LinkPhase) -> Option<LinkId> {
        LinkId::ALL
            .into_iter()
            .find(|&id| self.get(id).is_some_and(|link| link.phase == phase))
    }

    /// Makes a link free for the next socket.
    pub fn free(&mut self, id: LinkId) {
        let mut at = 0;
        while at < self.used {
            let len = half_word(self.datagrams, at + 1);
            if let Some(link) = self.datagrams.get_mut(at)
                && *link == id.get()
            {
                *link = NOBODY;
            }
            at += RECORD + len;
        }
        if let Some(link) = self.get_mut(id) {
            link.phase = LinkPhase::Free;
            link.waiting = Waiting::No;
            link.is_torn = false;
            link.generation = link.generation.wrapping_add(1);
        }
    }

    /// The module has restarted.
    pub fn reset(&mut self) {
        for id in LinkId::ALL {
            self.free(id);
        }
        self.is_ready = false;
    }

    /// Notes what a line says of a link that a socket has. Returns whether it does.
    pub fn notice(&mut self, line: &[u8]) -> bool {
        let (id, phase) = match Urc::parse(line) {
            Some(Urc::LinkOpened(Some(id))) => (id, Some(LinkPhase::Open)),
            Some(Urc::LinkClosed(Some(id)) | Urc::LinkFailed(Some(id))) => {
                (id, Some(LinkPhase::Closed))
            }
            Some(Urc::DataWaiting { link: Some(id), .. }) => (id, None),
            _ => return false,
        };
        let Some(link) = LinkId::new(id).and_then(|id| self.get_mut(id)) else {
            return false;
        };
        if link.phase == LinkPhase::Free {
            return false;
        }
        match phase {
            None => link.waiting = Waiting::Announced,
            // What was lost stays lost.
            Some(phase) if link.phase != LinkPhase::Broken => link.phase = phase,
            Some(_) => {}
        }
        true
    }

    /// Data is coming. Returns whether there is a place for it.
    fn begin(&mut self, source: DataSource, len: u16) -> bool {
        self.target = match source {
            DataSource::Fetched => Target::Fetch,
            DataSource::Pushed(link) if self.begin_datagram(link, len) => Target::Datagrams,
            DataSource::Pushed(_) => Target::Nowhere,
        };
        self.target != Target::Nowhere
    }

    fn begin_datagram(&mut self, link: u8, len: u16) -> bool {
        while self.take(NOBODY, &mut []).is_some() {}
        let is_known = LinkId::new(link)
            .and_then(|id| self.get(id))
            .is_some_and(|link| link.phase == LinkPhase::Open);
        let left = rest(self.datagrams, self.used).len();
        if !is_known || left < RECORD + usize::from(len) {
            return false;
        }
        let [low, high] = len.to_le_bytes();
        for byte in [link, low, high] {
            self.store(byte);
        }
        true
    }

    fn store(&mut self, byte: u8) {
        if let Some(slot) = self.datagrams.get_mut(self.used) {
            *slot = byte;
            self.used += 1;
        }
    }

    /// If a datagram has begun, it will not come to its end. Returns whether one has.
    pub fn cut_datagram(&mut self) -> bool {
        if self.target != Target::Datagrams {
            return false;
        }
        self.target = Target::Nowhere;
        let mut at = 0;
        while at < self.used {
            let end = at + RECORD + half_word(self.datagrams, at + 1);
            if end > self.used {
                self.used = at;
                return true;
            }
            at = end;
        }
        false
    }

    /// Whether there is something for the socket of a link: data, or that the link is closed.
    pub fn has_news(&self, id: LinkId) -> bool {
        self.get(id)
            .is_some_and(|link| link.waiting != Waiting::No || link.phase != LinkPhase::Open)
            || self.find_datagram(id.get()).is_some()
    }

    /// Takes the oldest datagram of a link, as much of it as there is room for.
    pub fn take_datagram(&mut self, id: LinkId, buffer: &mut [u8]) -> Option<usize> {
        self.take(id.get(), buffer)
    }

    fn take(&mut self, link: u8, buffer: &mut [u8]) -> Option<usize> {
        let (at, end) = self.find_datagram(link)?;
        let taken = copy(part(self.datagrams, at + RECORD, end), buffer);
        self.remove(at, end);
        Some(taken)
    }

    /// Where the oldest datagram of a link begins and ends; one that is still arriving has to wait.
    fn find_datagram(&self, link: u8) -> Option<(usize, usize)> {
        let mut at = 0;
        while at < self.used {
            let end = at + RECORD + half_word(self.datagrams, at + 1);
            if end > self.used {
                return None;
            }
            if rest(self.datagrams, at).first() == Some(&link) {
                return Some((at, end));
            }
            at = end;
        }
        None
    }

    fn remove(&mut self, mut to: usize, mut from: usize) {
        while let (true, Some(&byte)) = (from < self.used, self.datagrams.get(from)) {
            if let Some(slot) = self.datagrams.get_mut(to) {
                *slot = byte;
            }
            from += 1;
            to += 1;
        }
        self.used = to;
    }
}

fn copy(from: &[u8], to: &mut [u8]) -> usize {
    let mut count = 0;
    for (slot, &byte) in to.iter_mut().zip(from) {
        *slot = byte;
        count += 1;
    }
    count
}

impl Engine<'_> {
    pub(super) fn data_head(&mut self, consumed: usize) {
        let (source, len) = self.framer.data_source();
        if !self.links.begin(source, len) {
            bump(&mut self.counters.datagrams_dropped);
        }
        self.queue.discard(consumed);
    }

    /// Deals with data at the front of what was received. Returns whether that is done, or waits for [`take_data`].
    ///
    /// [`take_data`]: Self::take_data
    pub(super) fn data(&mut self, count: usize) -> bool {
        match self.links.target {
            Target::Fetch
                if self.links.fetching.is_some()
                    && self.expect == Expect::Final
                    && self.is_sent() =>
            {
                self.links.is_fetched = true;
                self.outcome = Some(Ok(()));
                return false;
            }
            // Nobody asks any more: see `break_fetch`.
            Target::Fetch | Target::Nowhere => {}
            Target::Datagrams => {
                for &byte in part(self.queue.partial(), 0, count) {
                    self.links.store(byte);
                }
            }
        }
        self.data_done(count);
        true
    }

    fn data_done(&mut self, count: usize) {
        self.queue.discard(count);
        self.framer.data_taken(count);
    }

    /// Gives up data that was asked for, if any was: bytes of the stream may have come and gone.
    pub fn break_fetch(&mut self) {
        let Some(id) = self.links.fetching.take() else {
            return;
        };
        // One that is being closed, or is nobody's after a restart, would never be free again.
        if let Some(link) = self.links.get_mut(id)
            && !matches!(link.phase, LinkPhase::Free | LinkPhase::Opening)
        {
            link.phase = LinkPhase::Broken;
        }
        if self.links.is_fetched {
            self.links.is_fetched = false;
            self.digest();
        }
    }

    /// Whether data that was asked for is to be taken.
    pub const fn has_data(&self) -> bool {
        self.links.is_fetched
    }

    /// Takes data that was asked for and goes on with what was received behind it. Returns how many bytes there were.
    ///
    /// What `buffer` has no room for is dropped.
    pub fn take_data(&mut self, buffer: &mut [u8]) -> usize {
        let (_, left) = self.framer.data_source();
        let received = self.queue.partial();
        let count = received.len().min(left.into());
        copy(part(received, 0, count), buffer);
        self.links.is_fetched = false;
        self.data_done(count);
        self.digest();
        count
    }
}
