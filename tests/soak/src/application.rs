//! The application that is tested: it receives by the keeper and publishes, while the script disturbs it.

use std::sync::mpsc::Receiver;
use std::thread::sleep;
use std::time::{Duration, Instant};

use embedded_io::ReadReady;
use esp8266_mqtt::{Counters, Dialect, Esp8266Mqtt, Event, Keeper, Kept, Loss, QoS, Stop};
use esp8266_mqtt_emulator::{Action, Direction, Fault};
use tokio::sync::mpsc::UnboundedSender;

use crate::Sabotage;
use crate::account::{Account, IN_FLIGHT, Outage, Report, Time, UNNOTICED, UNTOLD};
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
/// The longest time without reading.
const DEAF: Duration = Duration::from_millis(300);
/// Longer than any repair takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the driver has told.
enum Told {
    Message(Option<Name>, Vec<u8>),
    Dropped { count: u16, bytes: u32 },
    Malformed,
    Ready { again: bool },
    Lost(Loss),
    Stopped(Stop),
    Nothing,
    Other(String),
}

impl Told {
    fn new(kept: Kept<'_>) -> Self {
        match kept {
            Kept::Event(Event::Message(message)) => {
                let name = payload::read(message.topic(), message.payload());
                Self::Message(name, message.payload().to_vec())
            }
            Kept::Event(Event::MessagesDropped { count, bytes }) => Self::Dropped { count, bytes },
            Kept::Event(Event::Malformed(_)) => Self::Malformed,
            Kept::Ready { again } => Self::Ready { again },
            Kept::Lost(loss) => Self::Lost(loss),
            Kept::Stopped(stop) => Self::Stopped(stop),
            Kept::Nothing => Self::Nothing,
            other => Self::Other(format!("{other:?}")),
        }
    }
}

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

pub struct State {
    pub account: Account,
    pub log: Log,
    pub acts: usize,
    /// The longest time without a message around a loss.
    pub longest_outage: Time,
    counters: Counters,
    planned: Option<(usize, Act)>,
    broker_back: Option<Time>,
    killed: Option<Time>,
    /// The far end is subscribed.
    listening: bool,
    /// The keeper was ready once: before, nobody is subscribed.
    began: bool,
    /// The keeper was ready again after the broker was killed.
    recovered: bool,
    well: Time,
    last_message: Time,
    lost: bool,
    last_news: Time,
    sent_down: usize,
    sent_up: usize,
    last_down: Time,
    last_up: Time,
    after_error: Time,
    /// Everything up to these numbers is no longer on its way.
    settled_down: [usize; 2],
    settled_up: [usize; 2],
    burst: bool,
}

impl State {
    pub fn new(firm: bool) -> Self {
        Self {
            account: Account::new(firm),
            log: Log::default(),
            acts: 0,
            longest_outage: Time::ZERO,
            counters: Counters::default(),
            planned: None,
            broker_back: None,
            killed: None,
            listening: false,
            began: false,
            recovered: true,
            well: Time::ZERO,
            last_message: Time::ZERO,
            lost: false,
            last_news: Time::ZERO,
            sent_down: 0,
            sent_up: 0,
            last_down: Time::ZERO,
            last_up: Time::ZERO,
            after_error: Time::ZERO,
            settled_down: [0; 2],
            settled_up: [0; 2],
            burst: false,
        }
    }
}

type Failure = String;

impl Application<'_> {
    fn now(&self) -> Time {
        self.epoch.elapsed()
    }

    fn note(&mut self, text: String) {
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
            if sent == 2 * self.messages && self.keeper.is_ready() && quiet > SILENCE {
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
    fn hear_far(&mut self) -> Result<(), Failure> {
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

    fn is_sabotaged(&mut self, kind: Sabotage, number: usize) -> bool {
        let is_due = self.sabotage == Some(kind) && number >= self.messages / 8;
        if is_due {
            self.sabotage = None;
            self.note(format!("sabotage: {kind:?} {number}"));
        }
        is_due
    }

    /// Lets the far end send what may be on its way.
    fn feed(&mut self) {
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

    /// Reads until nothing more has come, or so many times.
    fn read(&mut self, times: usize) -> Result<(), Failure> {
        for _ in 0..times {
            // After an error the application has nothing better to do than to wait.
            let waits = self.now() < self.state.after_error || !self.keeper.is_ready();
            let told = self
                .module
                .keep(&mut self.keeper, if waits { 50 } else { 1 })
                .map(Told::new)
                .map_err(|error| error.to_string())?;
            let is_over = matches!(told, Told::Nothing);
            self.count();
            self.take(told)?;
            if is_over {
                break;
            }
        }
        Ok(())
    }

    /// What the counters tell.
    fn count(&mut self) {
        let now = self.now();
        let before = self.state.counters;
        let counters = self.module.counters();
        self.state.counters = counters;
        if self.sabotage == Some(Sabotage::IgnoreReports) {
            return;
        }
        let stray = counters.stray_lines.wrapping_sub(before.stray_lines);
        self.state.account.told(Report::Garbled, stray.into());
        if stray > 0 {
            self.note(format!("{stray} stray lines"));
        }
        if counters.uart_errors != before.uart_errors {
            self.state.account.told_uart_error(now);
            self.note("UART error".into());
        }
    }

    fn take(&mut self, told: Told) -> Result<(), Failure> {
        let now = self.now();
        let ignores = self.sabotage == Some(Sabotage::IgnoreReports);
        match told {
            Told::Message(
                Some(Name {
                    way: Way::Down,
                    qos,
                    number,
                }),
                _,
            ) => {
                if self.is_sabotaged(Sabotage::LoseDown, number) {
                    return Ok(());
                }
                self.note(format!("received d/{qos} #{number}"));
                let mut done = self.state.account.delivered(qos, number, now);
                if self.is_sabotaged(Sabotage::Repeat, number) {
                    done = done.and(self.state.account.delivered(qos, number, now));
                }
                done.map_err(|fault| format!("d/{qos} #{number}: {fault:?}"))?;
                let settled = &mut self.state.settled_down[qos];
                *settled = (*settled).max(number + 1);
                if self.state.lost {
                    self.state.lost = false;
                    let outage = now - self.state.last_message;
                    self.state.longest_outage = self.state.longest_outage.max(outage);
                }
                self.state.last_message = now;
                self.state.well = now;
            }
            Told::Message(_, payload) => {
                let lines = payload.windows(11).filter(|part| part == b"MQTTSUBRECV");
                let lines = 1 + lines.count();
                self.note(format!("received damaged: {}", payload.escape_ascii()));
                self.state.account.told(Report::Garbled, lines);
            }
            Told::Dropped { count, bytes } if !ignores => {
                self.note(format!("{count} messages dropped, {bytes} bytes"));
                let fit = bytes as usize / payload::SHORTEST;
                let messages = fit.max(count.into());
                self.state.account.told(Report::Dropped, messages);
            }
            Told::Dropped { .. } => {}
            Told::Malformed => {
                self.note("malformed line".into());
                self.state.account.told(Report::Garbled, 1);
            }
            Told::Lost(loss) => self.lost(loss),
            Told::Ready { again } => self.ready(again),
            Told::Stopped(stop) => return Err(format!("the keeper has stopped: {stop:?}")),
            Told::Nothing => {
                if self.keeper.is_ready() {
                    self.state.well = now;
                }
            }
            Told::Other(text) => self.note(text),
        }
        Ok(())
    }

    fn lost(&mut self, loss: Loss) {
        let now = self.now();
        self.note(format!("Lost({loss:?})"));
        self.state.lost = true;
        if self.sabotage == Some(Sabotage::IgnoreLost) {
            return;
        }
        let is_never_told = self.module.dialect() == Dialect::Vendor && loss == Loss::Broker;
        let is_untold = is_never_told || self.state.account.in_doubt;
        let unnoticed = if is_untold { UNTOLD } else { UNNOTICED };
        let well = self.state.well;
        let killed = self.state.killed;
        let broker_killed = killed.is_some_and(|at| at + unnoticed >= well);
        let published = self.state.account.published;
        self.state.account.outages.push(Outage {
            well,
            told: now,
            ready: None,
            unnoticed,
            broker_killed,
            published,
        });
    }

    fn ready(&mut self, again: bool) {
        let now = self.now();
        self.note(format!("Ready, again: {again}"));
        self.state.began = true;
        self.state.recovered = true;
        self.state.well = now;
        self.state.account.ready(now);
        for qos in 0..2 {
            self.state.settled_down[qos] = self.state.account.down[qos].sent.len();
            self.state.settled_up[qos] = self.state.account.up[qos].sent.len();
        }
    }

    /// Publishes the next number, if it is time.
    fn publish_next(&mut self) -> Result<(), Failure> {
        let now = self.now();
        let state = &mut self.state;
        // After the broker was lost nobody would hear it before the far end is back. Until then the application knows
        // nothing of the loss.
        let is_heard = state.listening || !state.recovered;
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

    fn restart_broker(&mut self) -> Result<(), Failure> {
        let now = self.now();
        if self.state.broker_back.is_some_and(|at| at <= now) {
            self.state.broker_back = None;
            self.note("broker starts".into());
            self.broker.restart().map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Does what the script says, one thing after the other.
    fn disturb(&mut self) -> Result<(), Failure> {
        let progress = self.state.sent_down + self.state.sent_up;
        let is_calm = self.keeper.is_ready() && self.state.listening && self.state.recovered;
        let due = self
            .state
            .planned
            .take_if(|(at, _)| *at <= progress && is_calm);
        let Some((_, act)) = due else {
            return Ok(());
        };
        self.state.planned = self.script.next();
        self.state.acts += 1;
        self.note(format!("script: {act:?}"));
        let soon = Duration::ZERO;
        match act {
            Act::RestartModule => self.line.port().schedule_after(soon, Action::RestartModule),
            Act::LoseWifi(time) => {
                let mut port = self.line.port();
                port.schedule_after(soon, Action::LoseWifi);
                port.schedule_after(time, Action::RestoreWifi);
            }
            Act::KillBroker(time) => {
                let now = self.now();
                self.state.killed = Some(now);
                self.state.broker_back = Some(now + time);
                self.state.recovered = false;
                self.broker.kill();
            }
            Act::Noise(bytes) => self.line.port().schedule_after(soon, Action::Inject(bytes)),
            Act::DamageToHost(after, mask) => self.damage(Direction::ToHost, after, Some(mask)),
            Act::DamageToModule(after, mask) => self.damage(Direction::ToModule, after, Some(mask)),
            Act::LoseToHost(after) => self.damage(Direction::ToHost, after, None),
            Act::LoseToModule(after) => self.damage(Direction::ToModule, after, None),
            Act::Deaf(publishes) => {
                self.state.burst = true;
                let (begin, end) = (self.state.sent_up, self.now() + DEAF);
                while self.state.sent_up < begin + publishes && self.now() < end {
                    self.hear_far()?;
                    self.feed();
                    self.publish_next()?;
                }
                self.state.burst = false;
            }
            Act::Asleep(time) => {
                self.state.burst = true;
                self.feed();
                self.state.burst = false;
                let end = self.now() + time;
                while self.now() < end {
                    // The module goes on only when somebody looks at the line.
                    let _ = self.line.read_ready();
                    sleep(Duration::from_millis(1));
                }
            }
        }
        Ok(())
    }

    fn damage(&mut self, direction: Direction, after: u64, mask: Option<u8>) {
        let mut port = self.line.port();
        let index = port.passed(direction) + after;
        port.fault(match mask {
            Some(mask) => Fault::CorruptByte {
                direction,
                index,
                mask,
            },
            None => Fault::DropByte { direction, index },
        });
    }
}
