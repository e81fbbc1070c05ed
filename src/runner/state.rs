//! What runner, handles and listeners share.

use super::{Handle, Notice, Runner, desk::Desk, run::Attached};
use crate::asynch::Esp8266Mqtt;
use core::cell::RefCell;
use embassy_sync::{
    blocking_mutex::{Mutex, raw::RawMutex},
    pubsub::PubSubChannel,
};
use embedded_io::ErrorType;

/// The memory that runner, handles and listeners share. Make one per module, in a static cell or on the stack of a
/// function that does not end.
///
/// `M` is the lock: `NoopRawMutex` when all tasks run on one executor, `CriticalSectionRawMutex` otherwise. A lock is
/// held for as long as one request or event is copied.
///
/// | | | default |
/// | --- | --- | --- |
/// | `MESSAGE` | bytes of topic and payload of a received message; a longer one is reported as [`Notice::MessageTooLong`] | 256 |
/// | `EVENTS` | events kept for listeners; one that is further behind lags | 8 |
/// | `LISTENERS` | listeners at the same time | 4 |
/// | `REQUEST` | bytes of topic and payload of a publish, or of all texts of another request; more is refused | 256 |
/// | `QUEUE` | requests at the same time; more wait for a place | 4 |
///
/// With the defaults it takes 3,664 bytes on a Cortex-M0; about `EVENTS` × (`MESSAGE` + 32) + `QUEUE` × (`REQUEST` + 88).
/// The future of [`Runner::run`] has one more request in it. More than `QUEUE` tasks that wait for a place wake each other
/// all the time: nothing is lost but sleep.
pub struct State<
    M: RawMutex,
    const MESSAGE: usize = 256,
    const EVENTS: usize = 8,
    const LISTENERS: usize = 4,
    const REQUEST: usize = 256,
    const QUEUE: usize = 4,
> {
    desk: Mutex<M, RefCell<Desk<REQUEST, QUEUE, LISTENERS>>>,
    pub(super) notices: PubSubChannel<M, Notice<MESSAGE>, EVENTS, LISTENERS, 0>,
}

impl<
    M: RawMutex,
    const MESSAGE: usize,
    const EVENTS: usize,
    const LISTENERS: usize,
    const REQUEST: usize,
    const QUEUE: usize,
> State<M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>
{
    /// Empty memory. `EVENTS` and `QUEUE` of 0 do not compile.
    #[must_use]
    pub const fn new() -> Self {
        const {
            assert!(EVENTS > 0, "EVENTS must not be 0");
            assert!(QUEUE > 0, "QUEUE must not be 0");
        }
        Self {
            desk: Mutex::new(RefCell::new(Desk::new())),
            notices: PubSubChannel::new(),
        }
    }

    /// Gives the driver to a runner. Call `init`, `connect_wifi` and the like before or after: on `module`, or through
    /// the handle.
    pub fn split<'s, U: ErrorType, D>(
        &'s mut self,
        module: Esp8266Mqtt<'s, U, D>,
    ) -> (
        Runner<'s, U, D, M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>,
        Handle<'s, M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>,
    ) {
        self.desk.get_mut().replace(Desk::new());
        self.desk(|desk| {
            desk.link = module.link_state();
            desk.counters = module.counters();
        });
        (Runner::new(module, Attached(self)), Handle::new(self))
    }

    /// Locks the desk. `with` must not lock it again.
    pub(super) fn desk<T>(
        &self,
        with: impl FnOnce(&mut Desk<REQUEST, QUEUE, LISTENERS>) -> T,
    ) -> T {
        self.desk.lock(|desk| with(&mut desk.borrow_mut()))
    }
}

impl<
    M: RawMutex,
    const MESSAGE: usize,
    const EVENTS: usize,
    const LISTENERS: usize,
    const REQUEST: usize,
    const QUEUE: usize,
> Default for State<M, MESSAGE, EVENTS, LISTENERS, REQUEST, QUEUE>
{
    fn default() -> Self {
        Self::new()
    }
}
