//! Sends a command or data and waits for its end.

use crate::{
    answer::{Kind, Outcome, kind},
    catalogue,
    failure::Failure,
    frames::{Frame, readable},
    payload::{self, Data},
    port::{self, Heard, Outgoing, Port},
    redact::redacted,
};
use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, Sender},
    thread::sleep,
    time::{Duration, Instant},
};

/// How long the module may take for data after its prompt.
const DATA_TIME: Duration = Duration::from_secs(20);
/// From `OK` of a restart to `ready`.
const RESTART_TIME: Duration = Duration::from_secs(5);
/// Silence that has to follow `+++`.
const ESCAPE_TIME: Duration = Duration::from_millis(1100);

pub struct Module {
    to: Sender<Outgoing>,
    from: Receiver<Heard>,
    /// What the command that was sent last makes the module wait for, if it agrees.
    announced: Option<Data>,
    /// What the module waits for.
    waits_for: Option<Data>,
}

/// What came back.
pub struct Reply {
    pub outcome: Outcome,
    /// Everything that was heard until the end, without secrets.
    pub lines: Vec<String>,
    pub time: Duration,
}

impl Module {
    pub fn open(
        port: Port,
        listener: impl FnMut(&Heard) + Send + 'static,
    ) -> Result<Self, Failure> {
        let (to, from) = port::open(port, listener)?;
        Ok(Self {
            to,
            from,
            announced: None,
            waits_for: None,
        })
    }

    /// What the module waits for instead of a command.
    pub fn waits_for(&mut self) -> Result<Option<Data>, Failure> {
        while let Ok(heard) = self.from.try_recv() {
            self.note(&heard)?;
        }
        Ok(self.waits_for)
    }

    /// Sends a command line exactly as it is.
    pub fn start(&mut self, line: &str) -> Result<(), Failure> {
        self.announced = payload::announced(line);
        let bytes = format!("{line}\r\n").into_bytes();
        self.send(
            bytes,
            Some(catalogue::time_for(line)),
            self.announced.is_some(),
        )
    }

    /// Sends a command line and waits for `OK`, `ERROR` or what else ends it, with its prompt or restart.
    pub fn command(&mut self, line: &str) -> Result<Reply, Failure> {
        // What came before is no answer to this.
        self.waits_for()?;
        self.start(line)?;
        let start = Instant::now();
        let mut reply = self.wait(None)?;
        if reply.outcome == Outcome::Done {
            if self.announced.is_some() {
                let rest = self.wait(None)?;
                reply.outcome = rest.outcome;
                reply.lines.extend(rest.lines);
            } else if is_restart(line) {
                let rest = self.wait(Some(RESTART_TIME))?;
                reply.lines.extend(rest.lines);
                if rest.outcome != Outcome::Restarted {
                    reply.outcome = Outcome::Silence;
                }
            }
        }
        reply.time = start.elapsed();
        Ok(reply)
    }

    /// Sends data that the module waits for. Whether that was all of it.
    pub fn data(&mut self, bytes: Vec<u8>) -> Result<bool, Failure> {
        let left = match self.waits_for {
            Some(Data::Counted(count)) => count.saturating_sub(bytes.len()),
            _ => 0,
        };
        self.waits_for = (left > 0).then_some(Data::Counted(left));
        self.announced = None;
        let limit = (left == 0).then_some(DATA_TIME);
        self.send(bytes, limit, false)?;
        Ok(left == 0)
    }

    /// Sends a line in passthrough mode, in which `+++` alone ends it.
    pub fn pass(&mut self, line: &str) -> Result<(), Failure> {
        if line != "+++" {
            return self.send(format!("{line}\r\n").into_bytes(), None, false);
        }
        self.send(line.into(), None, false)?;
        self.waits_for = None;
        sleep(ESCAPE_TIME);
        Ok(())
    }

    /// Waits for the end of what was sent last, at most for `limit` if there is one.
    pub fn wait(&mut self, limit: Option<Duration>) -> Result<Reply, Failure> {
        let mut lines = Vec::new();
        let start = Instant::now();
        let outcome = self.listen(limit, |heard| match heard {
            Heard::Frame(Frame::Line(line)) => {
                lines.push(readable(&redacted(line)));
                match kind(line) {
                    Kind::End(outcome) => Some(outcome),
                    Kind::Unsolicited | Kind::Part => None,
                }
            }
            Heard::Frame(Frame::Message(frame)) => {
                lines.push(readable(frame));
                None
            }
            Heard::Frame(Frame::Prompt) => Some(Outcome::Prompt),
            Heard::Silence(_) | Heard::Gone(_) => Some(Outcome::Silence),
        })?;
        Ok(Reply {
            outcome: outcome.unwrap_or(Outcome::Silence),
            lines,
            time: start.elapsed(),
        })
    }

    /// Waits until something is heard that `found` wants; `None` if nothing was in time.
    pub fn listen<T>(
        &mut self,
        limit: Option<Duration>,
        mut found: impl FnMut(&Heard) -> Option<T>,
    ) -> Result<Option<T>, Failure> {
        // Without a limit the port's thread ends the waiting.
        let end = Instant::now() + limit.unwrap_or(Duration::from_secs(3600));
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.from.recv_timeout(left) {
                Ok(heard) => {
                    self.note(&heard)?;
                    if let Some(wanted) = found(&heard) {
                        return Ok(Some(wanted));
                    }
                }
                Err(RecvTimeoutError::Timeout) => return Ok(None),
                Err(RecvTimeoutError::Disconnected) => return Err(closed()),
            }
        }
    }

    /// Whether a command has ended by what was heard, and whether the module waits for data now.
    fn note(&mut self, heard: &Heard) -> Result<(), Failure> {
        match heard {
            Heard::Frame(Frame::Prompt) => self.waits_for = self.announced.take(),
            // Started again, or has all: `AT+CIPSENDEX` also ends at `\0`. Data that is refused as busy was too much.
            Heard::Frame(Frame::Line(line)) => {
                if let Kind::End(Outcome::Restarted | Outcome::Done | Outcome::Refused) = kind(line)
                {
                    self.waits_for = None;
                }
            }
            Heard::Frame(Frame::Message(_)) | Heard::Silence(_) => {}
            Heard::Gone(why) => return Err(why.clone()),
        }
        Ok(())
    }

    fn send(
        &self,
        bytes: Vec<u8>,
        limit: Option<Duration>,
        expects_prompt: bool,
    ) -> Result<(), Failure> {
        let outgoing = Outgoing {
            bytes,
            limit,
            expects_prompt,
        };
        self.to.send(outgoing).map_err(|_| closed())
    }
}

fn closed() -> Failure {
    "the port is closed".into()
}

fn is_restart(line: &str) -> bool {
    let is = |name| line.trim().eq_ignore_ascii_case(name);
    is("AT+RST") || is("AT+RESTORE")
}
