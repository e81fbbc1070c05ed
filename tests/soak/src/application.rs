//! The application that is tested: it receives by the keeper and publishes, while the script disturbs it.

use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use esp8266_mqtt::{Counters, Esp8266Mqtt, Keeper, QoS};
use tokio::sync::mpsc::UnboundedSender;

use crate::Sabotage;
use crate::account::{Account, IN_FLIGHT, Time, UNTOLD};
use crate::broker::Mosquitto;
use crate::chaos::Act;
use crate::far::News;
use crate::line::{Hurried, Line};
use crate::log::Log;
use crate::payload::{self, Name, Way};

/// So many messages to the application are on their way at most, as long as it reads.
const WINDOW: usize = 8;
/// And so many in a burst: more than all buffers hold.
const BURST: usize = 160;
/// Something is sent at least so often, whatever is on its way.
const TRICKLE: Duration = Duration::from_millis(50);
/// The application waits so long after a publish that has failed.
const AFTER_ERROR: Duration = Duration::from_millis(50);
/// Nothing more is on its way when nothing has come for so long.
const SILENCE: Duration = Duration::from_secs(2);
/// Longer than any repair takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// One run: a dialect, a script and its books.
pub struct Application<'a> {
    pub module: Esp8266Mqtt<'a, Line, Hurried>,
    pub keeper: Keeper<'a>,
    pub line: Line,
    pub broker: Mosquitto,
    pub to_far: UnboundedSender<Name>,
    pub from_far: Receiver<(Duration, News)>,
    pub epoch: Instant,
    pub messages: usize,
    pub script: std::vec::IntoIter<(usize, Act)>,
    pub sabotage: Option<Sabotage>,
    pub state: State,
}

#[derive(Default)]
pub struct State {
    pub account: Account,
    pub log: Log,
    pub acts: usize,
    /// The longest time without a message around a loss.
    pub longest_outage: Time,
    pub counters: Counters,
    pub planned: Option<(usize, Act)>,
    pub broker_back: Option<Time>,
    pub killed: Option<Time>,
    /// The far end is subscribed.
    pub listening: bool,
    /// The keeper was ready once: before, nobody is subscribed.
    pub began: bool,
    /// The broker was killed, and the keeper has not been ready again.
    pub broker_died: bool,
    pub well: Time,
    pub last_message: Time,
    pub lost: bool,
    last_news: Time,
    pub sent_down: usize,
    pub sent_up: usize,
    last_down: Time,
    last_up: Time,
    pub after_error: Time,
    /// Everything up to these numbers is no longer on its way.
    pub settled_down: [usize; 2],
    pub settled_up: [usize; 2],
    pub burst: bool,
}

impl State {
    pub fn new(firm: bool) -> Self {
        Self {
            account: Account::new(firm),
            ..Self::default()
        }
    }
}

/// Why the soak has failed.
pub type Failure = String;

impl Application<'_> {
    pub fn now(&self) -> Time {
        self.epoch.elapsed()
    }

    pub fn note(&mut self, text: String) {
        let now = self.now();
        self.state.log.note(now, text);
    }

    /// Sends all messages both ways and waits for the last.
    pub fn run(&mut self) -> Result<(), Failure> {
        self.state.planned = self.script.next();
        let mut progress = (0, self.now());
        loop {
            self.hear_far()?;
            self.restart_broker()?;
            self.feed();
            self.disturb()?;
            self.read(64)?;
            self.publish_next()?;
            let trace = self.line.port().take_trace();
            self.state.log.wire(trace);

            let sent = self.state.sent_down + self.state.sent_up;
            let quiet = self
                .now()
                .saturating_sub(self.state.last_news.max(self.state.last_message));
            let is_well = self.keeper.is_ready() && !self.state.broker_died;
            let in_doubt = self.state.account.in_doubt;
            let silence = if in_doubt { UNTOLD } else { SILENCE };
            if sent == 2 * self.messages && is_well && quiet > silence {
                break;
            }
            if sent > progress.0 {
                progress = (sent, self.now());
            } else if self.now() - progress.1 > PATIENCE {
                return Err("nothing goes on".into());
            }
        }
        self.state
            .account
            .finish()
            .map_err(|(way, qos, fault)| format!("{} {fault:?}", payload::topic(way, qos)))
    }

    /// What has come to the far end.
    pub fn hear_far(&mut self) -> Result<(), Failure> {
        while let Ok((at, news)) = self.from_far.try_recv() {
            self.state.last_news = at;
            let account = &mut self.state.account;
            match news {
                News::Listening => self.state.listening = true,
                News::Deaf => self.state.listening = false,
                News::Taken(name) => account.down[name.qos].sent[name.number].taken = Some(at),
                News::Repeated(name) => account.down[name.qos].repeated(name.number, at),
                News::Damaged(what) => {
                    account.arrived_damaged(at);
                    self.state
                        .log
                        .note(at, format!("damaged at the far end: {what}"));
                }
                News::Arrived(name) => {
                    if self.is_sabotaged(Sabotage::LoseUp, name.number) {
                        continue;
                    }
                    self.state.log.note(at, format!("far end: {name}"));
                    let done = self.state.account.arrived(name.qos, name.number, at);
                    done.map_err(|fault| format!("{name}: {fault:?}"))?;
                    let settled = &mut self.state.settled_up[name.qos];
                    *settled = (*settled).max(name.number + 1);
                }
            }
        }
        Ok(())
    }

    pub fn is_sabotaged(&mut self, kind: Sabotage, number: usize) -> bool {
        let is_due = self.sabotage == Some(kind) && number >= self.messages / 8;
        if is_due {
            self.sabotage = None;
            self.note(format!("sabotage: {kind:?} {number}"));
        }
        is_due
    }

    /// Lets the far end send what may be on its way.
    pub fn feed(&mut self) {
        if !self.state.began {
            return;
        }
        let window = if self.state.burst { BURST } else { WINDOW };
        while self.state.sent_down < self.messages {
            let now = self.now();
            let state = &mut self.state;
            let down = &mut state.account.down;
            let on_its_way: usize = (0..2)
                .map(|qos| down[qos].sent.len() - state.settled_down[qos])
                .sum();
            // Both ways go on together, but for a burst.
            let is_ahead = state.sent_down >= state.sent_up + window;
            if (on_its_way >= window || is_ahead) && now - state.last_down < TRICKLE {
                return;
            }
            let qos = state.sent_down % 2;
            let number = down[qos].send(now);
            let way = Way::Down;
            let _ = self.to_far.send(Name { way, qos, number });
            state.sent_down += 1;
            state.last_down = now;
        }
    }

    /// Publishes the next number, if it is time.
    pub fn publish_next(&mut self) -> Result<(), Failure> {
        let now = self.now();
        let state = &mut self.state;
        // After the broker was lost nobody would hear it before the far end is back. Until then the application knows
        // nothing of the loss.
        let is_heard = state.listening || state.broker_died;
        let on_its_way: usize = (0..2)
            .map(|qos| state.account.up[qos].sent.len() - state.settled_up[qos])
            .sum();
        let may = on_its_way < IN_FLIGHT as usize / 2 || now - state.last_up >= TRICKLE;
        if state.sent_up == self.messages
            || !may
            || !is_heard
            || now < state.after_error
            || !self.keeper.is_ready()
        {
            return Ok(());
        }
        let qos = state.sent_up % 2;
        let number = state.account.up[qos].send(now);
        state.sent_up += 1;
        state.last_up = now;
        let way = Way::Up;
        let name = Name { way, qos, number };
        let level = [QoS::AtMostOnce, QoS::AtLeastOnce][qos];
        let topic = payload::topic(way, qos);
        let done = self.module.publish(topic, payload::write(name), level);
        self.count();
        let now = self.now();
        self.state
            .account
            .publish_done(qos, number, done.is_ok(), now);
        match done {
            Ok(()) => self.note(format!("published {name}")),
            Err(error) => {
                self.note(format!("publishing {name}: {error}"));
                self.state.after_error = now + AFTER_ERROR;
            }
        }
        Ok(())
    }
}
