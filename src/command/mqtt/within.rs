//! The time that newer firmware lets the host set for what waits for the broker.

use super::{
    super::{Command, Line, NoResponse, atat_commands},
    Connect, Publish, PublishRaw, Subscribe, Unsubscribe,
};
use crate::error::Argument;

/// A command that waits for the broker.
pub trait WaitsForBroker: Command<Response = NoResponse> {}

impl WaitsForBroker for Connect<'_> {}
impl WaitsForBroker for Publish<'_> {}
impl WaitsForBroker for PublishRaw<'_> {}
impl WaitsForBroker for Subscribe<'_> {}
impl WaitsForBroker for Unsubscribe<'_> {}

/// Any of [`Connect`], [`Publish`], [`PublishRaw`], [`Subscribe`] and [`Unsubscribe`] with a last parameter `<timeout>`: how
/// long the module waits for the broker. ESP-AT since 5.0; older firmware answers `ERROR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Within<C> {
    /// The command.
    pub command: C,
    /// 3,000 to 60,000 ms; the firmware's default is 15,000.
    pub timeout_ms: u16,
}

impl<C: WaitsForBroker> Command for Within<C> {
    type Response = NoResponse;
    const NAME: &'static str = C::NAME;
    const TIMEOUT_MS: u32 = 62_000;

    fn encode(&self, line: &mut Line<'_>) {
        self.command.encode(line);
        line.between(Argument::Timeout, self.timeout_ms, 3_000, 60_000);
    }

    fn decode(&self, _: &[u8]) -> Option<NoResponse> {
        Some(NoResponse)
    }
}

atat_commands!({C: WaitsForBroker} Within<C>);
