//! Keeping a connection: what is wished for, how far it is, and when to try again.
//!
//! This part decides and knows neither the wire nor the clock; `keep` of the driver does what it says.

mod publication;
mod told;
mod wishes;

pub use publication::{Publication, Unpublished};
pub use told::{Kept, Loss, Stop, Trouble};
pub use wishes::Wishes;

use crate::error::JoinError;

/// The first pause after a failure; each further one is twice as long.
const FIRST_PAUSE_MS: u32 = 1_000;
/// The longest pause.
const LONGEST_PAUSE_MS: u32 = 60_000;
/// So often in a row a broker may refuse that can be reached, until it has accepted once.
const REFUSALS: u8 = 3;
/// The same of one that has: a broker that restarts behind a proxy refuses too, for some minutes.
const LATER_REFUSALS: u8 = 10;
/// So often in a row an access point may refuse the password: noise on the air looks like a wrong one.
const WRONG_PASSWORDS: u8 = 2;
/// So often in a row a connection may be lost soon after it was made.
const SHORT_LIVES: u8 = 5;
/// A connection that has been quiet for so long in all, or has brought so many events, is a good one. Fewer events can be the
/// retained messages of a new one.
const GOOD_MS: u32 = 10_000;
const GOOD_EVENTS: u8 = 100;
/// How often a module is asked that does not tell when the broker is lost.
const CHECK_MS: u32 = 30_000;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Get in step with the module.
    Module,
    Wifi,
    Configure,
    Connect,
    /// The module has taken the request; the broker has not accepted yet.
    Accepted,
    /// All before this one are subscribed.
    Subscribe(usize),
    Ready,
    /// Wait before the next attempt.
    Pause {
        left_ms: u32,
        failed: Failed,
    },
    Stopped(Stop),
}

/// Where to go on after a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failed {
    Module,
    Wifi,
    Broker,
}

/// Takes all wishes once and keeps them true, by [`keep`](crate::Esp8266Mqtt::keep).
///
/// Pauses between attempts grow from 1 s to 60 s and vary by a quarter, so that many devices do not come back at the same
/// moment. They begin with 1 s again when a connection has been a good one, see [`Kept::Lost`]. What the application
/// publishes is never repeated, unless it asks for that with [`Publication::retry`].
///
/// ```no_run
/// use embedded_hal::delay::DelayNs;
/// use esp8266_mqtt::{Error, Esp8266Mqtt, Event, JoinOptions, Keeper, Kept, QoS, Uart, UserConfig, Wishes};
///
/// fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
///     let wishes = Wishes::new("broker.example", 1883, UserConfig::new("client-id"))
///         .wifi(JoinOptions::new("my-network", "my-password"))
///         .subscriptions(&[("topic_led", QoS::AtMostOnce)]);
///     let mut keeper = Keeper::new(wishes, 4711);
///     loop {
///         match module.keep(&mut keeper, 100)? {
///             Kept::Event(Event::Message(message)) => {
///                 let _led_on = message.payload() == b"on";
///             }
///             // A wrong password, or another device with this client id: nothing more is tried.
///             Kept::Stopped(_reason) => return Ok(()),
///             _ => {}
///         }
///     }
/// }
/// ```
#[derive(Debug)]
pub struct Keeper<'w> {
    pub(crate) wishes: Wishes<'w>,
    stage: Stage,
    random: u32,
    failures: u8,
    refusals: u8,
    wrong_passwords: u8,
    short_lives: u8,
    quiet_ms: u32,
    events: u8,
    unchecked_ms: u32,
    is_unanswered: bool,
    was_ready: bool,
    restarts: u16,
}

impl<'w> Keeper<'w> {
    /// Keeps `wishes`. `seed` varies the pauses: a serial number, or anything else that differs between devices.
    #[must_use]
    pub const fn new(wishes: Wishes<'w>, seed: u32) -> Self {
        Self {
            wishes,
            stage: Stage::Module,
            // The generator stays at 0 for ever.
            random: seed | 1,
            failures: 0,
            refusals: 0,
            wrong_passwords: 0,
            short_lives: 0,
            quiet_ms: 0,
            events: 0,
            unchecked_ms: 0,
            is_unanswered: false,
            was_ready: false,
            restarts: 0,
        }
    }

    /// Whether everything is as wished, as far as is known.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.stage == Stage::Ready
    }

    /// Tries again at once: after [`Kept::Stopped`], or instead of the rest of a pause.
    pub const fn resume(&mut self) {
        self.stage = Stage::Module;
        self.failures = 0;
        self.refusals = 0;
        self.wrong_passwords = 0;
        self.short_lives = 0;
    }

    pub(crate) const fn stage(&self) -> Stage {
        self.stage
    }

    pub(crate) const fn go_on(&mut self, stage: Stage) {
        self.stage = stage;
    }

    /// Notes how often the module has restarted. Returns what there is to tell if it has since it was in step.
    pub(crate) fn restarted(&mut self, restarts: u16) -> Option<Kept<'static>> {
        if core::mem::replace(&mut self.restarts, restarts) == restarts {
            return None;
        }
        match self.stage {
            Stage::Module | Stage::Stopped(_) => None,
            Stage::Ready => Some(self.lost(Loss::Module)),
            Stage::Pause { left_ms, .. } => {
                let failed = Failed::Module;
                self.stage = Stage::Pause { left_ms, failed };
                None
            }
            _ => Some(self.failed(Trouble::Module)),
        }
    }

    /// How often the module had restarted when it was last in step.
    pub(crate) const fn restarts(&self) -> u16 {
        self.restarts
    }

    pub(crate) fn ready(&mut self) -> Kept<'static> {
        self.stage = Stage::Ready;
        self.refusals = 0;
        self.wrong_passwords = 0;
        self.quiet_ms = 0;
        self.events = 0;
        self.unchecked_ms = 0;
        self.is_unanswered = false;
        Kept::Ready {
            again: core::mem::replace(&mut self.was_ready, true),
        }
    }

    /// Something has come over a connection.
    pub(crate) const fn heard(&mut self) {
        self.events = self.events.saturating_add(1);
    }

    /// A connection was quiet for so long. Returns whether it is time to ask the module for its state.
    pub(crate) const fn quiet(&mut self, ms: u32) -> bool {
        self.quiet_ms = self.quiet_ms.saturating_add(ms);
        self.unchecked_ms = self.unchecked_ms.saturating_add(ms);
        let is_due = self.unchecked_ms >= CHECK_MS;
        if is_due {
            self.unchecked_ms = 0;
        }
        is_due
    }

    /// What the module has said when it was asked whether it is connected. Returns whether it is not, as far as can be told:
    /// an answer that is missing or damaged is asked for once more.
    pub(crate) const fn is_cut_off(&mut self, answer: Option<bool>) -> bool {
        let was_unanswered = core::mem::replace(&mut self.is_unanswered, answer.is_none());
        match answer {
            Some(is_connected) => !is_connected,
            None => {
                self.unchecked_ms = CHECK_MS;
                was_unanswered
            }
        }
    }

    const fn was_good(&self) -> bool {
        self.quiet_ms >= GOOD_MS || self.events >= GOOD_EVENTS
    }

    pub(crate) fn lost(&mut self, loss: Loss) -> Kept<'static> {
        if loss != Loss::Broker || self.was_good() {
            self.short_lives = 0;
        } else if self.is_contested() {
            self.stage = Stage::Stopped(Stop::Contested);
            return Kept::Lost(loss);
        }
        self.again(loss)
    }

    /// One more connection was cut off soon after it was made. Returns whether that are too many.
    const fn is_contested(&mut self) -> bool {
        self.short_lives = self.short_lives.saturating_add(1);
        self.short_lives >= SHORT_LIVES
    }

    /// Something was lost, or may be: a good connection is made anew at once.
    pub(crate) fn again(&mut self, loss: Loss) -> Kept<'static> {
        let failed = match loss {
            Loss::Module => Failed::Module,
            // Behind a lost broker there may be a lost access point, or a restart, that was not heard of.
            Loss::Wifi | Loss::Broker => Failed::Wifi,
        };
        let left_ms = if self.was_good() {
            self.failures = 0;
            0
        } else {
            self.pause()
        };
        self.stage = Stage::Pause { left_ms, failed };
        Kept::Lost(loss)
    }

    pub(crate) const fn stopped(&mut self, stop: Stop) -> Kept<'static> {
        self.stage = Stage::Stopped(stop);
        Kept::Stopped(stop)
    }

    pub(crate) fn failed(&mut self, trouble: Trouble) -> Kept<'static> {
        let failed = match trouble {
            Trouble::Module => Failed::Module,
            // The broker may be out of reach because the access point is lost, and the line that says so.
            Trouble::Wifi(_) | Trouble::Unreachable => Failed::Wifi,
            _ => Failed::Broker,
        };
        let is_wrong = trouble == Trouble::Wifi(JoinError::WrongPassword);
        if in_a_row(&mut self.wrong_passwords, is_wrong) >= WRONG_PASSWORDS {
            return self.stopped(Stop::WifiPassword);
        }
        let limit = if self.was_ready {
            LATER_REFUSALS
        } else {
            REFUSALS
        };
        if in_a_row(&mut self.refusals, trouble == Trouble::Refused) >= limit {
            return self.stopped(Stop::Login);
        }
        let in_ms = self.pause();
        self.stage = Stage::Pause {
            left_ms: in_ms,
            failed,
        };
        Kept::Retry {
            after: trouble,
            in_ms,
        }
    }

    /// The broker has hung up before everything was subscribed.
    pub(crate) fn cut_off(&mut self) -> Kept<'static> {
        if self.is_contested() {
            return self.stopped(Stop::Contested);
        }
        self.failed(Trouble::Subscription)
    }

    /// The length of the next pause: twice the last, up to a quarter shorter or longer.
    fn pause(&mut self) -> u32 {
        let pause = (FIRST_PAUSE_MS << self.failures.min(6)).min(LONGEST_PAUSE_MS);
        self.failures = self.failures.saturating_add(1);
        // xorshift32
        self.random ^= self.random << 13;
        self.random ^= self.random >> 17;
        self.random ^= self.random << 5;
        let part = pause / 4;
        // As a multiplication: Cortex-M0 has no divider.
        let vary = ((u64::from(self.random) * u64::from(2 * part)) >> 32) as u32;
        pause - part + vary
    }
}

/// Counts what happens again and again.
const fn in_a_row(count: &mut u8, happens: bool) -> u8 {
    *count = if happens { count.saturating_add(1) } else { 0 };
    *count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::UserConfig;

    #[test]
    fn pauses_grow_vary_and_end() {
        let wishes = Wishes::new("h", 1883, UserConfig::new("c"));
        for seed in [0, 1, 0xffff_ffff] {
            let mut keeper = Keeper::new(wishes, seed);
            let mut different = false;
            for round in 0..200_u32 {
                let base = (1_000_u32 << round.min(6)).min(60_000);
                let pause = keeper.pause();
                assert!(pause >= base / 4 * 3 && pause <= base / 4 * 5, "{pause}");
                different |= pause != base;
            }
            assert!(different);
        }
    }
    /// Devices that were cut off together come back spread over half of the pause, each time in another order.
    #[test]
    fn long_pauses_are_spread_widely() {
        let wishes = Wishes::new("h", 1883, UserConfig::new("c"));
        for seed in [1, 2, 0xffff_ffff] {
            let mut keeper = Keeper::new(wishes, seed);
            for _ in 0..6 {
                keeper.pause();
            }
            let mut parts = [0; 6];
            for _ in 0..600 {
                let part = (keeper.pause() - 45_000) / 5_001;
                parts[part as usize] += 1;
            }
            assert!(parts.iter().all(|count| *count > 50), "{parts:?}");
        }
    }
}
