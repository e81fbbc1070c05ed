//! What the driver tells the application, and its way into the books.

use esp8266_mqtt::{Dialect, Event, Kept, Loss, Stop};

use crate::Sabotage;
use crate::account::{Outage, Report, UNNOTICED, UNTOLD};
use crate::application::{Application, Failure};
use crate::payload::{self, Name, Way};

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

impl Application<'_> {
    /// Reads until nothing more has come, or so many times.
    pub fn read(&mut self, times: usize) -> Result<(), Failure> {
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
    pub fn count(&mut self) {
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
        self.state.broker_died = false;
        self.state.well = now;
        self.state.account.ready(now);
        for qos in 0..2 {
            self.state.settled_down[qos] = self.state.account.down[qos].sent.len();
            self.state.settled_up[qos] = self.state.account.up[qos].sent.len();
        }
    }
}
