//! The messages of one way and quality of service: what became of each.

use crate::account::{Report, Time};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Open,
    Delivered,
    Lost(Report),
}

/// Why the soak fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not delivered, and nobody has said so.
    Missing(usize),
    /// Delivered more often than it was sent.
    Twice(usize),
    /// Delivered behind a later one.
    Late(usize),
    NeverSent(usize),
}

#[derive(Clone, Debug)]
pub struct Sent {
    /// Last handed over for sending.
    pub at: Time,
    /// When the broker had taken it, or `publish` had returned.
    pub taken: Option<Time>,
    /// What `publish` said.
    pub failed: bool,
    /// How many publishes had said `Ok` by then.
    pub ordinal: u64,
    pub fate: Fate,
    copies: u32,
    times_sent: u32,
}

/// The messages of one way and quality of service.
#[derive(Debug, Default)]
pub struct Stream {
    pub sent: Vec<Sent>,
    pub next: usize,
    pub duplicates: usize,
    last_arrival: Time,
}

impl Stream {
    /// Opens the account of the next number.
    pub fn send(&mut self, at: Time) -> usize {
        self.sent.push(Sent {
            at,
            taken: None,
            failed: false,
            ordinal: 0,
            fate: Fate::Open,
            copies: 0,
            times_sent: 1,
        });
        self.sent.len() - 1
    }

    pub fn repeated(&mut self, number: usize, at: Time) {
        let sent = &mut self.sent[number];
        sent.at = at;
        sent.times_sent += 1;
    }

    /// A message has come. `explain` gives the report for one that is missing before it.
    pub fn arrived(
        &mut self,
        number: usize,
        at: Time,
        explain: impl FnMut(&Sent, Time) -> Option<Report>,
    ) -> Result<(), Fault> {
        let next = self.next;
        let sent = self.sent.get_mut(number).ok_or(Fault::NeverSent(number))?;
        sent.copies += 1;
        if sent.copies > sent.times_sent {
            return Err(Fault::Twice(number));
        }
        if sent.copies > 1 {
            self.duplicates += 1;
            return Ok(());
        }
        if number < next && sent.times_sent == 1 {
            return Err(Fault::Late(number));
        }
        sent.fate = Fate::Delivered;
        self.close(number, explain)?;
        self.next = self.next.max(number + 1);
        self.last_arrival = at;
        Ok(())
    }

    /// Explains what is missing up to `number`.
    pub fn close(
        &mut self,
        number: usize,
        mut explain: impl FnMut(&Sent, Time) -> Option<Report>,
    ) -> Result<(), Fault> {
        for missing in self.next..number {
            let sent = &mut self.sent[missing];
            let report = explain(sent, self.last_arrival).ok_or(Fault::Missing(missing))?;
            sent.fate = Fate::Lost(report);
        }
        Ok(())
    }

    /// How many have come although `publish` has failed.
    pub fn after_error(&self) -> usize {
        let came = |sent: &&Sent| sent.failed && sent.fate == Fate::Delivered;
        self.sent.iter().filter(came).count()
    }

    pub fn count(&self, fate: Fate) -> usize {
        self.sent.iter().filter(|sent| sent.fate == fate).count()
    }
}
