//! One exchange with the module: the command that was written, again while the module is busy, and before it whatever
//! brings driver and module in step.
//!
//! It is a loop over turns with one place that waits, not a function per step: each `await` costs the async face flash.

use super::{DelayNs, Esp8266Mqtt, Uart, face};
use crate::{
    command::{Command, basic::QueryVersion, info},
    engine::{Awaited, Expect, Failure, Say},
    error::Error,
    trace::{self, Hidden},
};

const BUSY_PAUSE_MS: u32 = 250;
const BUSY_RETRIES: u8 = 20;
/// The most that `AT+MQTTPUBRAW` of a forgotten session can still be waiting for.
const FILLER: u16 = 1024;

/// What is said to the module, what ends the turn, and how long that may take.
#[derive(Debug, Clone, Copy)]
struct Turn {
    say: Say,
    expect: Expect,
    time_ms: u16,
}

const fn turn(say: Say, expect: Expect, time_ms: u16) -> Turn {
    Turn {
        say,
        expect,
        time_ms,
    }
}

/// A publish whose future was dropped in front of `>` will be asked for its data yet.
const PROMPT: Turn = turn(Say::Nothing, Expect::Prompt, 5_000);
/// Zeros for the data that the module still waits for: it listens to commands when all of it has come.
const ZEROS: Turn = turn(Say::Zeros, Expect::Published, 0);
/// As many line ends as a forgotten session may have announced. A module that waits for none answers `ERROR`.
const LINE_ENDS: Turn = turn(Say::LineEnds, Expect::Published, 0);
/// Ends transparent transmission, between two silences.
const ESCAPE: Turn = turn(Say::Escape, Expect::Nothing, 1_000);
/// The answer can only be mistaken for one to an earlier such question. Long enough for its text at 9600 baud.
const VERSION: Turn = turn(Say::Version, Expect::Version, 600);
/// Answers to earlier bytes may still be on their way.
const BREATH: Turn = turn(Say::Nothing, Expect::Nothing, 300);

/// Into step with a module in any state. It counts as silent when it was asked for its version six times.
static SCRIPT: [Turn; 18] = [
    PROMPT, ZEROS, BREATH, VERSION, BREATH, VERSION, BREATH, ESCAPE, VERSION, BREATH, VERSION,
    BREATH, LINE_ENDS, BREATH, VERSION, BREATH, VERSION, BREATH,
];
const FIRST_VERSION: u8 = 3;
/// The command comes behind the script.
const COMMAND: u8 = SCRIPT.len() as u8;

/// What has become of a turn whose command the module was too busy for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Busy {
    No,
    /// An answer may still come: the busy line can be about bytes before the command.
    Pause,
    /// It has begun to come.
    Answering,
}

/// How far an exchange is.
struct Exchange {
    /// What the command ends with; `Nothing` if there is none, only getting in step.
    expect: Expect,
    /// Index in `SCRIPT`.
    at: u8,
    retries: u8,
    busy: Busy,
    /// An answer to the first question for the version can be no other.
    is_first_certain: bool,
    /// How the last question for the version has ended.
    version: Result<(), Failure>,
}

#[face]
impl<U: Uart, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Writes a command, for [`run`](Self::run) to send.
    pub(in super::super) fn write<C: Command>(&mut self, command: &C) {
        // Decided when compiling.
        if C::NAME == QueryVersion::NAME {
            self.engine.version_asked = true;
        }
        self.engine.line.start(info::<C>());
        command.encode(&mut self.engine.line);
    }

    /// Asks for the version until the module answers. The answer is in the engine afterwards.
    pub(super) async fn get_in_step(&mut self) -> Result<(), Error<U::Error>> {
        self.engine.out_of_step = true;
        self.engine.line.clear(info::<QueryVersion>());
        self.run(Expect::Nothing).await
    }

    /// Sends the command that was written and waits for what is expected.
    pub(super) async fn run(&mut self, expect: Expect) -> Result<(), Error<U::Error>> {
        if expect != Expect::Nothing {
            self.check()?;
        }
        let mut exchange = Exchange {
            expect,
            at: if self.engine.out_of_step { 0 } else { COMMAND },
            retries: BUSY_RETRIES,
            busy: Busy::No,
            is_first_certain: false,
            version: Ok(()),
        };
        loop {
            let time_ms = self.begin_turn(&mut exchange);
            let result = self.drive(&[], Awaited::Outcome, time_ms).await;
            if let Some(done) = self.end_turn(&mut exchange, result) {
                return self.report(done);
            }
        }
    }

    /// Returns how long to wait when everything is said.
    #[inline(never)]
    fn begin_turn(&mut self, exchange: &mut Exchange) -> u32 {
        if exchange.at == 0 {
            exchange.is_first_certain = !core::mem::replace(&mut self.engine.version_asked, true);
            if self.awaits_dropped_prompt() {
                return PROMPT.time_ms.into();
            }
            exchange.at = if self.engine.owed > 0 {
                1
            } else {
                FIRST_VERSION
            };
        }
        let (say, expect, time_ms) = match SCRIPT.get(usize::from(exchange.at)) {
            Some(turn) => (turn.say, turn.expect, turn.time_ms.into()),
            None => (
                Say::Command,
                exchange.expect,
                self.engine.line.info().timeout_ms,
            ),
        };
        match exchange.busy {
            Busy::No => {}
            Busy::Pause => return BUSY_PAUSE_MS,
            Busy::Answering => return time_ms,
        }
        match say {
            Say::LineEnds => self.engine.owed = FILLER,
            Say::Version => trace::sent(b"AT+GMR", Hidden::NONE),
            Say::Command => self.engine.trace_command(),
            _ => {}
        }
        // Until the command is concluded: a future may be dropped from here on.
        self.engine.out_of_step = true;
        if say == Say::Nothing {
            // The answer to what was said before stays.
            self.engine.end();
        } else {
            self.engine.begin(say, expect);
        }
        time_ms
    }

    /// What comes after a turn: another one, or the end.
    #[inline(never)]
    fn end_turn(
        &mut self,
        exchange: &mut Exchange,
        result: Result<(), Failure>,
    ) -> Option<Result<(), Failure>> {
        let at = exchange.at;
        match result {
            Err(Failure::Uart | Failure::WriteStalled) => return Some(self.conclude(result)),
            Err(Failure::Busy | Failure::Timeout) if exchange.busy == Busy::Pause => {
                let is_silent = self.engine.answer().is_empty();
                exchange.busy = if is_silent { Busy::No } else { Busy::Answering };
                return None;
            }
            Err(Failure::Busy) if at > 0 && exchange.retries > 0 => {
                exchange.retries -= 1;
                exchange.busy = Busy::Pause;
                return None;
            }
            _ => {}
        }
        exchange.busy = Busy::No;
        exchange.retries = BUSY_RETRIES;
        exchange.at += 1;
        let turn = SCRIPT.get(usize::from(at));
        match turn.map_or(Say::Command, |turn| turn.say) {
            Say::Command => return Some(self.conclude(result)),
            Say::Version => {
                exchange.version = result;
                if at == FIRST_VERSION {
                    if result.is_ok() && exchange.is_first_certain {
                        exchange.at = COMMAND;
                    }
                } else if result.is_err() {
                    self.engine.give_up_message();
                }
            }
            Say::Nothing if at > FIRST_VERSION && exchange.version.is_ok() => exchange.at = COMMAND,
            Say::Zeros | Say::LineEnds => self.engine.owed = 0,
            _ => {}
        }
        if exchange.at == COMMAND {
            if exchange.version.is_err() {
                self.engine.end();
                return Some(exchange.version);
            }
            self.engine.out_of_step = false;
            self.engine.version_asked = false;
            if exchange.expect == Expect::Nothing {
                return Some(Ok(()));
            }
        }
        None
    }

    /// Goes on with the command in flight: sends the data that the module waits for, then waits for what it makes of it.
    pub(super) async fn go_on(&mut self, data: &[u8], time_ms: u32) -> Result<(), Error<U::Error>> {
        self.engine.out_of_step = true;
        if !data.is_empty() {
            trace::sent_data(data.len());
            self.engine.say = Say::Data;
        }
        let result = self.drive(data, Awaited::Outcome, time_ms).await;
        let done = self.conclude(result);
        self.report(done)
    }

    /// Receives for `ms` milliseconds; results that nobody waits for are dropped.
    pub(super) async fn pause(&mut self, ms: u32) -> Result<(), Error<U::Error>> {
        self.engine.end();
        match self.drive(&[], Awaited::Outcome, ms).await {
            Err(Failure::Timeout) => Ok(()),
            other => self.report(other),
        }
    }

    /// Says what is to be said, of which `data` may be a part, then waits at most so long.
    pub(super) async fn drive(
        &mut self,
        data: &[u8],
        awaited: Awaited,
        time_ms: u32,
    ) -> Result<(), Failure> {
        while let Some(byte) = self.engine.next_byte(data) {
            self.put(byte).await?;
            self.engine.data_sent();
        }
        self.until(awaited, time_ms).await
    }

    /// Ends the command in flight.
    #[inline(never)]
    pub(in super::super) fn conclude(
        &mut self,
        result: Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.engine.out_of_step = matches!(
            result,
            Err(Failure::Timeout | Failure::Uart | Failure::WriteStalled)
        );
        if result.is_err() {
            self.engine.end();
        }
        result
    }
}
