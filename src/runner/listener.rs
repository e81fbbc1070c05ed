//! Waiting for events.

use super::{Notice, Received, State};
use crate::error::Error;
use core::{
    fmt,
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};
use embassy_sync::{
    blocking_mutex::raw::RawMutex,
    pubsub::{Subscriber, WaitResult},
};
use embedded_io::ErrorKind;

/// All places for listeners are taken: give the [`State`] a larger `LISTENERS`, or drop one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TooManyListeners;

impl fmt::Display for TooManyListeners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("all places for listeners are taken")
    }
}

impl core::error::Error for TooManyListeners {}

/// Receives every message and event from its making on, in the order in which they arrived.
///
/// All listeners get all messages; compare the topic. Each may be up to `EVENTS` behind before it loses the oldest, which
/// [`Notice::Lagged`] tells it in their place. Neither the runner nor another listener waits for a slow one.
pub struct Listener<
    's,
    M: RawMutex,
    const MESSAGE: usize = 256,
    const EVENTS: usize = 8,
    const LISTENERS: usize = 4,
    const REQUEST: usize = 256,
    const QUEUE: usize = 4,
> {
    state: &'s State<M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>,
    subscriber: Subscriber<'s, M, Notice<MESSAGE>, EVENTS, LISTENERS, 0>,
    missed: u64,
}

impl<
    's,
    M: RawMutex,
    const MESSAGE: usize,
    const EVENTS: usize,
    const LISTENERS: usize,
    const REQUEST: usize,
    const QUEUE: usize,
> Listener<'s, M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>
{
    pub(super) fn new(
        state: &'s State<M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>,
    ) -> Result<Self, TooManyListeners> {
        Ok(Self {
            state,
            subscriber: state.notices.subscriber().map_err(|_| TooManyListeners)?,
            missed: 0,
        })
    }

    /// Waits for the next event. Dropping the future loses nothing.
    ///
    /// # Errors
    /// When there is nothing left to read and the runner has ended: [`Error::Uart`] if the UART is gone,
    /// [`Error::Stopped`] if the runner was dropped.
    pub async fn next(&mut self) -> Result<Notice<MESSAGE>, Error<ErrorKind>> {
        poll_fn(|context| {
            // In this order: what was posted before the end is read before the end is told.
            let ended = self.state.desk(|desk| desk.poll_ended(context));
            match pin!(self.subscriber.next_message()).poll(context) {
                Poll::Ready(WaitResult::Message(notice)) => Poll::Ready(Ok(notice)),
                Poll::Ready(WaitResult::Lagged(count)) => {
                    self.missed = self.missed.wrapping_add(count);
                    Poll::Ready(Ok(Notice::Lagged { count }))
                }
                Poll::Pending => ended.map(Err),
            }
        })
        .await
    }

    /// Waits for the next message; other events in front of it are dropped, [`missed`](Self::missed) still counts.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    pub async fn next_message(&mut self) -> Result<Received<MESSAGE>, Error<ErrorKind>> {
        loop {
            if let Notice::Message(message) = self.next().await? {
                return Ok(message);
            }
        }
    }

    /// How many events this listener has lost because it was too slow.
    #[must_use]
    pub const fn missed(&self) -> u64 {
        self.missed
    }
}
