//! Where handles leave their requests and fetch the outcomes.
//!
//! A request is copied into a place when it is left and out of it when the runner starts it, so that a place can be given
//! up at any time: by then nobody reads from it. The number in the ticket keeps a late outcome away from the next holder.

use super::request::{Operation, Outcome, Part, Request};
use crate::{
    error::Error,
    event::{Counters, LinkState},
};
use core::task::{Context, Poll};
use embassy_sync::waitqueue::{MultiWakerRegistration, WakerRegistration};
use embedded_io::ErrorKind;

enum Stage {
    Free,
    Waiting,
    Running,
    Done(Outcome),
}

struct Place<const REQUEST: usize> {
    number: u32,
    stage: Stage,
    request: Request<REQUEST>,
    waker: WakerRegistration,
}

impl<const REQUEST: usize> Place<REQUEST> {
    const EMPTY: Self = Self {
        number: 0,
        stage: Stage::Free,
        request: Request::new(),
        waker: WakerRegistration::new(),
    };

    const fn is_free(&self) -> bool {
        matches!(self.stage, Stage::Free)
    }
}

/// Names a request: its place, and its number, which no other has.
#[derive(Clone, Copy)]
pub(super) struct Ticket {
    place: usize,
    number: u32,
}

pub(super) struct Desk<const REQUEST: usize, const QUEUE: usize, const LISTENERS: usize> {
    places: [Place<REQUEST>; QUEUE],
    next_number: u32,
    runner: WakerRegistration,
    /// Who waits for a place, and how many they are.
    line: MultiWakerRegistration<QUEUE>,
    in_line: usize,
    listeners: MultiWakerRegistration<LISTENERS>,
    /// Why there will be no more outcomes and events.
    ended: Option<Error<ErrorKind>>,
    pub link: LinkState,
    pub counters: Counters,
}

impl<const REQUEST: usize, const QUEUE: usize, const LISTENERS: usize>
    Desk<REQUEST, QUEUE, LISTENERS>
{
    pub const fn new() -> Self {
        Self {
            places: [const { Place::EMPTY }; QUEUE],
            next_number: 0,
            runner: WakerRegistration::new(),
            line: MultiWakerRegistration::new(),
            in_line: 0,
            listeners: MultiWakerRegistration::new(),
            ended: None,
            link: LinkState::new(),
            counters: Counters::new(),
        }
    }

    /// Leaves a request, or lines up for a place. `in_line` is whether this caller is counted as standing in line.
    ///
    /// A newcomer does not overtake those who stand in line: one task that publishes without a pause would otherwise
    /// take its own place again and again.
    pub fn poll_leave(
        &mut self,
        context: &Context<'_>,
        in_line: &mut bool,
        operation: Operation,
        parts: &[Part<'_>],
    ) -> Poll<Result<Ticket, Error<ErrorKind>>> {
        if let Some(error) = self.ended {
            return Poll::Ready(Err(error));
        }
        let may_take = *in_line || self.in_line == 0;
        let free = self.places.iter().position(Place::is_free);
        let free = free.filter(|_| may_take);
        let Some((index, place)) = free.and_then(|i| Some((i, self.places.get_mut(i)?))) else {
            if !*in_line {
                *in_line = true;
                self.in_line += 1;
            }
            self.line.register(context.waker());
            return Poll::Pending;
        };
        place.number = self.next_number;
        place.stage = Stage::Waiting;
        place.request.set(operation, parts);
        self.next_number = self.next_number.wrapping_add(1);
        self.runner.wake();
        Poll::Ready(Ok(Ticket {
            place: index,
            number: place.number,
        }))
    }

    /// Somebody stands in line no longer. Another may have lined up in front of a free place because of him.
    pub fn leave_line(&mut self) {
        self.in_line = self.in_line.saturating_sub(1);
        self.line.wake();
    }

    fn place(&mut self, ticket: Ticket) -> Option<&mut Place<REQUEST>> {
        let place = self.places.get_mut(ticket.place)?;
        (place.number == ticket.number && !place.is_free()).then_some(place)
    }

    /// The outcome, once.
    pub fn poll_outcome(&mut self, context: &Context<'_>, ticket: Ticket) -> Poll<Outcome> {
        match self.place(ticket) {
            Some(Place {
                stage: Stage::Done(outcome),
                ..
            }) => Poll::Ready(*outcome),
            Some(place) => {
                place.waker.register(context.waker());
                Poll::Pending
            }
            None => Poll::Ready(Err(Error::Stopped)),
        }
    }

    /// The holder of the ticket has what he wanted, or wants it no longer.
    pub fn give_up(&mut self, ticket: Ticket) {
        if let Some(place) = self.place(ticket) {
            place.stage = Stage::Free;
            place.waker = WakerRegistration::new();
            self.line.wake();
        }
    }

    /// The oldest request that waits.
    pub fn poll_next(&mut self, context: &Context<'_>) -> Poll<(Ticket, Request<REQUEST>)> {
        let now = self.next_number;
        let waiting = self.places.iter_mut().enumerate();
        let waiting = waiting.filter(|(_, place)| matches!(place.stage, Stage::Waiting));
        let Some((index, place)) = waiting.max_by_key(|(_, place)| now.wrapping_sub(place.number))
        else {
            self.runner.register(context.waker());
            return Poll::Pending;
        };
        place.stage = Stage::Running;
        let ticket = Ticket {
            place: index,
            number: place.number,
        };
        Poll::Ready((ticket, place.request.clone()))
    }

    /// The runner has done, or given up, a request.
    pub fn finish(&mut self, ticket: Ticket, outcome: Outcome) {
        if let Some(place) = self.place(ticket) {
            place.stage = Stage::Done(outcome);
            place.waker.wake();
        }
    }

    /// There is a runner.
    pub const fn open(&mut self) {
        self.ended = None;
    }

    /// There is no runner any more: everybody who waits learns why. No request is being done by now.
    pub fn close(&mut self, error: Error<ErrorKind>) {
        if self.ended.is_some() {
            return;
        }
        self.ended = Some(error);
        for place in &mut self.places {
            if matches!(place.stage, Stage::Waiting) {
                place.stage = Stage::Done(Err(error));
                place.waker.wake();
            }
        }
        self.line.wake();
        self.listeners.wake();
    }

    /// Why there will be no more events.
    pub fn poll_ended(&mut self, context: &Context<'_>) -> Poll<Error<ErrorKind>> {
        if let Some(error) = self.ended {
            return Poll::Ready(error);
        }
        self.listeners.register(context.waker());
        Poll::Pending
    }
}
