//! Prints what each step took.

use crate::{failure::Failure, trace::Wire};
use esp8266_mqtt::Error;
use std::{fmt, rc::Rc, time::Instant};

/// Times the steps: each begins where the one before ended.
pub struct Steps {
    wire: Rc<Wire>,
    since: Instant,
    sent: u64,
    received: u64,
}

impl Steps {
    pub fn new(wire: Rc<Wire>) -> Self {
        Self {
            wire,
            since: Instant::now(),
            sent: 0,
            received: 0,
        }
    }

    /// The step `name` has ended with `result`.
    pub fn done<T, E: std::error::Error>(
        &mut self,
        name: &'static str,
        result: Result<T, Error<E>>,
    ) -> Result<T, Failure> {
        let value = result.map_err(|error| Failure::new(name, error))?;
        self.passed(name);
        Ok(value)
    }

    /// The step `name` has ended well.
    pub fn passed(&mut self, name: &str) {
        let (sent, received) = (self.wire.sent(), self.wire.received());
        println!(
            "{name:<12}{:>8.3} s {:>5} bytes out {:>5} bytes in",
            self.since.elapsed().as_secs_f32(),
            sent - self.sent,
            received - self.received,
        );
        self.since = Instant::now();
        (self.sent, self.received) = (sent, received);
    }

    /// Adds something to the step before.
    pub fn note(&self, what: fmt::Arguments<'_>) {
        println!("            {what}");
    }
}
