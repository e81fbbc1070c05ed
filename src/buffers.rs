//! The memory the driver works in.

use core::fmt;

/// The two buffers the driver works in. Nothing grows; both are yours.
///
/// | use | receive | transmit |
/// | --- | --- | --- |
/// | small: short messages, read often | 256 | 128 |
/// | usual | 1024 | 256 |
/// | large: bursts while the application is busy | 4096 | 256 |
///
/// The **receive** buffer holds unread messages and events, then the frame that is arriving. A message takes its payload,
/// its topic and about 20 bytes. A quarter, at most 160 bytes, is kept for answers; a message that does not fit into the
/// rest is skipped byte by byte, counted and reported as [`Event::MessagesDropped`](crate::Event::MessagesDropped).
/// With less than 220 bytes the line of ESP-AT's version, 53 bytes, may have no room beside unread messages: `init`
/// then fails until they are read.
/// How to find its size: [`guide::buffers`](crate::guide::buffers).
///
/// The **transmit** buffer holds one command and then the answer to it. 256 bytes are enough for any command; with less,
/// long ones are refused as [`Argument::CommandLine`](crate::Argument::CommandLine). With less than 64 the line of the
/// firmware's version may have no room: `init` then ends with [`Error::Timeout`](crate::Error::Timeout).
pub struct Buffers<'b> {
    pub(crate) rx: &'b mut [u8],
    pub(crate) tx: &'b mut [u8],
    #[cfg(feature = "sockets")]
    pub(crate) datagrams: &'b mut [u8],
}

impl<'b> Buffers<'b> {
    /// Buffers of any length; more than 65,535 bytes are not used.
    pub const fn new(rx: &'b mut [u8], tx: &'b mut [u8]) -> Self {
        Self {
            rx,
            tx,
            #[cfg(feature = "sockets")]
            datagrams: &mut [],
        }
    }

    /// Memory for UDP datagrams that have arrived and were not received yet; each takes 3 bytes more than its data.
    ///
    /// Vendor firmware pushes them; without this buffer they are dropped, and counted. ESP-AT keeps them in the module.
    #[cfg(feature = "sockets")]
    #[must_use]
    pub const fn datagrams(mut self, buffer: &'b mut [u8]) -> Self {
        self.datagrams = buffer;
        self
    }
}

/// Their lengths: what is in them may hold a password.
impl fmt::Debug for Buffers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buffers")
            .field("rx", &self.rx.len())
            .field("tx", &self.tx.len())
            .finish_non_exhaustive()
    }
}
