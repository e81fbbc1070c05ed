//! What names and describes a link.

/// Names one of the five links of multiple-connection mode: 0 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LinkId(u8);

impl LinkId {
    /// All link ids, the lowest first.
    pub const ALL: [Self; super::MAX_LINKS] = [Self(0), Self(1), Self(2), Self(3), Self(4)];

    /// The link of that number; `None` above 4.
    #[must_use]
    pub const fn new(number: u8) -> Option<Self> {
        if (number as usize) < super::MAX_LINKS {
            Some(Self(number))
        } else {
            None
        }
    }

    /// The number, 0 to 4.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    pub(super) fn from_number(number: u32) -> Option<Self> {
        Self::new(u8::try_from(number).ok()?)
    }
}

/// What a link speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// TLS over TCP.
    Ssl,
}

impl Transport {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Ssl => "SSL",
        }
    }

    pub(super) fn from_name(name: &[u8]) -> Option<Self> {
        [Self::Tcp, Self::Udp, Self::Ssl]
            .into_iter()
            .find(|transport| transport.name().as_bytes() == name)
    }
}

/// Which end of a link the module is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum LinkRole {
    /// 0: the module opened the link.
    Client,
    /// 1: the other end opened it, to the module's server.
    Server,
}
