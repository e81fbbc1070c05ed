//! Sends a command and waits for its end.

use crate::{
    arguments::Arguments,
    catalogue,
    failure::Failure,
    lines::{Heard, Outcome, outcome},
    payload,
    port::{self, Listener, Outgoing},
};
use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, Sender},
    time::{Duration, Instant},
};

/// How long the module may take for data after its prompt.
const DATA_TIME: Duration = Duration::from_secs(20);

pub struct Module {
    to: Sender<Outgoing>,
    from: Receiver<Heard>,
}

/// What came back.
pub struct Reply {
    pub outcome: Outcome,
    pub lines: Vec<String>,
    pub time: Duration,
}

impl Module {
    pub fn open(arguments: &Arguments, listener: Listener) -> Result<Self, Failure> {
        let (to, from) = port::open(arguments, listener)?;
        Ok(Self { to, from })
    }

    /// Sends a command line and waits for `OK`, `ERROR` or what else ends it.
    pub fn command(&mut self, line: &str) -> Result<Reply, Failure> {
        // What came before was no answer to this.
        while self.from.try_recv().is_ok() {}
        let expects_prompt = payload::announced(line).is_some();
        self.send(format!("{line}\r\n").into_bytes(), expects_prompt)?;
        let mut reply = self.wait(catalogue::time_for(line), outcome)?;
        if expects_prompt && reply.outcome.is_good() {
            // `OK` comes before the prompt.
            let rest = self.wait(DATA_TIME, outcome)?;
            reply.lines.extend(rest.lines);
            reply.outcome = rest.outcome;
            reply.time += rest.time;
        }
        // The echo may hold a password.
        reply.lines.retain(|heard| heard != line);
        Ok(reply)
    }

    /// Sends a part of the data that the module waits for; what it says at the end is awaited with the last part.
    pub fn data(&mut self, bytes: Vec<u8>, is_last: bool) -> Result<Option<Reply>, Failure> {
        self.send(bytes, false)?;
        if !is_last {
            return Ok(None);
        }
        self.wait(DATA_TIME, outcome).map(Some)
    }

    /// Listens for a while, at most until a line holds `text`. Returns whether one did.
    pub fn listen(&mut self, time: Duration, text: Option<&str>) -> Result<bool, Failure> {
        let found = |line: &str| {
            let is_it = text.is_some_and(|text| line.contains(text));
            is_it.then(|| Outcome::Done(line.to_owned()))
        };
        Ok(self.wait(time, found)?.outcome.is_good())
    }

    fn send(&self, bytes: Vec<u8>, expects_prompt: bool) -> Result<(), Failure> {
        let outgoing = Outgoing {
            bytes,
            expects_prompt,
        };
        self.to
            .send(outgoing)
            .map_err(|_| Failure::from("the port is closed".to_owned()))
    }

    fn wait(
        &mut self,
        limit: Duration,
        ends: impl Fn(&str) -> Option<Outcome>,
    ) -> Result<Reply, Failure> {
        let start = Instant::now();
        let mut lines = Vec::new();
        let outcome = loop {
            let left = limit.saturating_sub(start.elapsed());
            match self.from.recv_timeout(left) {
                Ok(Heard::Line(line)) => {
                    let end = ends(&line);
                    lines.push(line);
                    if let Some(outcome) = end {
                        break outcome;
                    }
                }
                Ok(Heard::Prompt) => break Outcome::Prompt,
                Ok(Heard::Gone(why)) => return Err(Failure::from(why)),
                Err(RecvTimeoutError::Timeout) => break Outcome::Timeout,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Failure::from("the port is closed".to_owned()));
                }
            }
        };
        Ok(Reply {
            outcome,
            lines,
            time: start.elapsed(),
        })
    }
}
