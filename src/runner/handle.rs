//! Asking the runner for something.

use super::{
    Listener, State, TooManyListeners,
    desk::Ticket,
    request::{Answer, Operation, Outcome, Part, check},
};
use crate::{
    error::Error,
    event::{Counters, LinkState},
};
use core::future::poll_fn;
use embassy_sync::blocking_mutex::raw::RawMutex;
use embedded_io::ErrorKind;

/// Asks the runner for what the [driver](crate::asynch::Esp8266Mqtt) does. Copy one into every task.
///
/// Each method is that of the driver with the same name, which tells its command, limits and errors. Here,
/// [`Error::Uart`] has the kind of the UART's error; texts that are too long for the [`State`] are refused as
/// [`Error::Argument`] with the room that is left for the first that does not fit; and [`Error::Stopped`] tells that the
/// runner was stopped or dropped. Requests are done one at a time, in the order in which they found a place.
pub struct Handle<
    's,
    M: RawMutex,
    const MESSAGE: usize = 256,
    const EVENTS: usize = 8,
    const LISTENERS: usize = 4,
    const REQUEST: usize = 256,
    const QUEUE: usize = 4,
> {
    state: &'s State<M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>,
}

impl<
    M: RawMutex,
    const MESSAGE: usize,
    const EVENTS: usize,
    const LISTENERS: usize,
    const REQUEST: usize,
    const QUEUE: usize,
> Clone for Handle<'_, M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>
{
    fn clone(&self) -> Self {
        *self
    }
}

impl<
    M: RawMutex,
    const MESSAGE: usize,
    const EVENTS: usize,
    const LISTENERS: usize,
    const REQUEST: usize,
    const QUEUE: usize,
> Copy for Handle<'_, M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>
{
}

impl<
    's,
    M: RawMutex,
    const MESSAGE: usize,
    const EVENTS: usize,
    const LISTENERS: usize,
    const REQUEST: usize,
    const QUEUE: usize,
> Handle<'s, M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>
{
    pub(super) const fn new(
        state: &'s State<M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>,
    ) -> Self {
        Self { state }
    }

    /// Receives messages and events from now on.
    ///
    /// # Errors
    /// If `LISTENERS` are in use.
    pub fn listen(
        &self,
    ) -> Result<Listener<'s, M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>, TooManyListeners> {
        Listener::new(self.state)
    }

    /// What is known of Wi-Fi and MQTT without asking the module; as it was before a request that is being done.
    #[must_use]
    pub fn link_state(&self) -> LinkState {
        self.state.desk(|desk| desk.link)
    }

    /// How much was lost, dropped or noise since the driver was made; as it was before a request that is being done.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.state.desk(|desk| desk.counters)
    }

    /// Has the runner carry out `operation`.
    pub(super) async fn done(
        &self,
        operation: Operation,
        parts: &[Part<'_>],
    ) -> Result<(), Error<ErrorKind>> {
        self.outcome(operation, parts).await.map(drop)
    }

    /// Has the runner carry out `operation`, and reads the answer.
    pub(super) async fn ask<T>(
        &self,
        operation: Operation,
        read: fn(Answer) -> Option<T>,
    ) -> Result<T, Error<ErrorKind>> {
        // Each operation has its kind of answer, so that there is always something to read.
        read(self.outcome(operation, &[]).await?).ok_or(Error::Stopped)
    }

    async fn outcome(&self, operation: Operation, parts: &[Part<'_>]) -> Outcome {
        check(parts, REQUEST)?;
        let mut line = InLine {
            state: self.state,
            counted: false,
        };
        let ticket = poll_fn(|context| {
            let counted = &mut line.counted;
            self.state
                .desk(|desk| desk.poll_leave(context, counted, operation, parts))
        })
        .await?;
        let booked = Booked {
            state: self.state,
            ticket,
        };
        drop(line);
        poll_fn(|context| booked.state.desk(|desk| desk.poll_outcome(context, ticket))).await
    }
}

/// Steps out of the line when dropped.
struct InLine<
    's,
    M: RawMutex,
    const MESSAGE: usize,
    const EVENTS: usize,
    const LISTENERS: usize,
    const REQUEST: usize,
    const QUEUE: usize,
> {
    state: &'s State<M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>,
    counted: bool,
}

impl<
    M: RawMutex,
    const MESSAGE: usize,
    const EVENTS: usize,
    const LISTENERS: usize,
    const REQUEST: usize,
    const QUEUE: usize,
> Drop for InLine<'_, M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>
{
    fn drop(&mut self) {
        if self.counted {
            self.state.desk(|desk| desk.leave_line());
        }
    }
}

/// Gives up the place of a request when dropped: withdraws what the runner has not started.
struct Booked<
    's,
    M: RawMutex,
    const MESSAGE: usize,
    const EVENTS: usize,
    const LISTENERS: usize,
    const REQUEST: usize,
    const QUEUE: usize,
> {
    state: &'s State<M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>,
    ticket: Ticket,
}

impl<
    M: RawMutex,
    const MESSAGE: usize,
    const EVENTS: usize,
    const LISTENERS: usize,
    const REQUEST: usize,
    const QUEUE: usize,
> Drop for Booked<'_, M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>
{
    fn drop(&mut self) {
        let ticket = self.ticket;
        self.state.desk(|desk| desk.give_up(ticket));
    }
}
