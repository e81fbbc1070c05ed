//! The bench for `async` firmware.
//!
//! Every poll of a pending future costs the time of a UART call, so any executor that polls again moves the clock on.

use core::future::poll_fn;
use core::task::{Context, Poll};
use core::time::Duration;

use super::uart::{Delay, Uart, UartError, call, read_now, write_now};
use super::world::World;

/// One poll: time passes, and the task wants to be polled again if `look` finds nothing.
fn poll<T>(
    world: &mut World,
    context: &Context<'_>,
    look: impl FnOnce(&mut World) -> Option<T>,
) -> Poll<T> {
    call(world);
    match look(world) {
        Some(found) => Poll::Ready(found),
        None => {
            context.waker().wake_by_ref();
            Poll::Pending
        }
    }
}

impl embedded_io_async::Read for Uart {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, UartError> {
        if buffer.is_empty() {
            return Ok(0);
        }
        poll_fn(|context| {
            poll(&mut self.world.borrow_mut(), context, |world| {
                read_now(world, buffer)
            })
        })
        .await
    }
}

impl embedded_io_async::Write for Uart {
    async fn write(&mut self, buffer: &[u8]) -> Result<usize, UartError> {
        let Some((&first, rest)) = buffer.split_first() else {
            return Ok(0);
        };
        poll_fn(|context| {
            poll(&mut self.world.borrow_mut(), context, |world| {
                world
                    .host
                    .can_write()
                    .then(|| write_now(world, first, rest))
            })
        })
        .await
    }

    async fn flush(&mut self) -> Result<(), UartError> {
        poll_fn(|context| {
            poll(&mut self.world.borrow_mut(), context, |world| {
                (!world.host.is_sending()).then_some(Ok(()))
            })
        })
        .await
    }
}

impl embedded_hal_async::delay::DelayNs for Delay {
    async fn delay_ns(&mut self, ns: u32) {
        let end = self.world.borrow().now() + Duration::from_nanos(u64::from(ns));
        poll_fn(|context| {
            poll(&mut self.world.borrow_mut(), context, |world| {
                (world.now() >= end).then_some(())
            })
        })
        .await;
    }
}
