//! The task that owns the driver.

use super::{
    Notice, State,
    desk::Ticket,
    request::{Outcome, Request, by_kind},
};
use crate::{
    asynch::{Esp8266Mqtt, Uart},
    error::Error,
};
use core::future::poll_fn;
use embassy_futures::select::{Either, select};
use embassy_sync::blocking_mutex::raw::RawMutex;
use embedded_hal_async::delay::DelayNs;
use embedded_io::{Error as _, ErrorType};

/// Tells everybody who waits when it is dropped.
pub(super) struct Attached<
    's,
    M: RawMutex,
    const MESSAGE: usize,
    const EVENTS: usize,
    const LISTENERS: usize,
    const REQUEST: usize,
    const QUEUE: usize,
>(pub &'s State<M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>);

impl<
    M: RawMutex,
    const MESSAGE: usize,
    const EVENTS: usize,
    const LISTENERS: usize,
    const REQUEST: usize,
    const QUEUE: usize,
> Drop for Attached<'_, M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>
{
    fn drop(&mut self) {
        self.0.desk(|desk| desk.close(Error::Stopped));
    }
}

/// Owns the driver, does what the handles ask for, and hands on what arrives.
pub struct Runner<
    's,
    U: ErrorType,
    D,
    M: RawMutex,
    const MESSAGE: usize = 256,
    const EVENTS: usize = 8,
    const LISTENERS: usize = 4,
    const REQUEST: usize = 256,
    const QUEUE: usize = 4,
> {
    module: Esp8266Mqtt<'s, U, D>,
    attached: Attached<'s, M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>,
}

impl<
    's,
    U: ErrorType,
    D,
    M: RawMutex,
    const MESSAGE: usize,
    const EVENTS: usize,
    const LISTENERS: usize,
    const REQUEST: usize,
    const QUEUE: usize,
> Runner<'s, U, D, M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>
{
    pub(super) const fn new(
        module: Esp8266Mqtt<'s, U, D>,
        attached: Attached<'s, M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>,
    ) -> Self {
        Self { module, attached }
    }

    /// The driver, while [`run`](Self::run) is not running: for what the handles do not have. Requests wait meanwhile.
    ///
    /// Messages that it receives and does not read are handed on later.
    pub const fn module_mut(&mut self) -> &mut Esp8266Mqtt<'s, U, D> {
        &mut self.module
    }

    /// Gives the driver back. Handles and listeners get [`Error::Stopped`].
    pub fn release(self) -> Esp8266Mqtt<'s, U, D> {
        self.module
    }
}

impl<
    U: Uart,
    D: DelayNs,
    M: RawMutex,
    const MESSAGE: usize,
    const EVENTS: usize,
    const LISTENERS: usize,
    const REQUEST: usize,
    const QUEUE: usize,
> Runner<'_, U, D, M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>
{
    /// Runs until the UART is gone for good; put it into a task of its own.
    ///
    /// Everybody who waits, and whoever asks later, gets [`Error::Uart`] with the kind of the error that is returned
    /// here. After a repair it may be called again.
    ///
    /// The future may be dropped, to get at the [driver](Self::module_mut). A request that is being done is given up, and
    /// its handle gets [`Error::Stopped`]; see [`asynch`](crate::asynch) for what has become of it. Requests that wait are
    /// done when `run` is called again. No message is lost.
    pub async fn run(&mut self) -> U::Error {
        self.attached.0.desk(|desk| desk.open());
        let error = self.serve().await;
        let kind = Error::Uart(error.kind());
        self.attached.0.desk(|desk| desk.close(kind));
        error
    }

    async fn serve(&mut self) -> U::Error {
        let state = self.attached.0;
        loop {
            // Events are looked at first: what came during a request is handed on before the next one fills the
            // driver's receive buffer further.
            let request = poll_fn(|context| state.desk(|desk| desk.poll_next(context)));
            let event = self.module.next_event();
            let next = match select(event, request).await {
                Either::First(Ok(event)) => Either::First(Notice::copy(&event)),
                Either::First(Err(Error::Uart(error))) => return error,
                Either::First(Err(_)) => Either::First(None),
                Either::Second(request) => Either::Second(request),
            };
            match next {
                Either::First(notice) => self.post(notice),
                Either::Second((ticket, request)) => self.perform(ticket, &request).await,
            }
        }
    }

    /// Links and counters first: who is woken by an event finds them up to date.
    fn post(&self, notice: Option<Notice<MESSAGE>>) {
        let state = self.attached.0;
        state.desk(|desk| {
            desk.link = self.module.link_state();
            desk.counters = self.module.counters();
        });
        if let Some(notice) = notice {
            state
                .notices
                .immediate_publisher()
                .publish_immediate(notice);
        }
    }

    async fn perform(&mut self, ticket: Ticket, request: &Request<REQUEST>) {
        let mut running = Running {
            state: self.attached.0,
            ticket,
            outcome: Err(Error::Stopped),
        };
        running.outcome = request.perform(&mut self.module).await.map_err(by_kind);
        // Before the handle is woken.
        self.post(None);
    }
}

/// Tells the handle the outcome when it is dropped, be it with the future of `run`.
struct Running<
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
    outcome: Outcome,
}

impl<
    M: RawMutex,
    const MESSAGE: usize,
    const EVENTS: usize,
    const LISTENERS: usize,
    const REQUEST: usize,
    const QUEUE: usize,
> Drop for Running<'_, M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>
{
    fn drop(&mut self) {
        let (ticket, outcome) = (self.ticket, self.outcome);
        self.state.desk(|desk| desk.finish(ticket, outcome));
    }
}
