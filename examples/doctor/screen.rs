//! What the user sees: a line for each check.

use crate::diagnosis::Problem;

pub struct Screen {
    /// Progress is overwritten by the result, on a terminal that shows nothing else in between.
    overwrites: bool,
}

impl Screen {
    pub const fn new(overwrites: bool) -> Self {
        Self { overwrites }
    }

    /// A check that takes its time has begun.
    pub fn working(&self, check: &str, what: &str) {
        if self.overwrites {
            eprint!("\r\x1b[K{check:<12} {what} …");
        } else {
            eprintln!("{check:<12} {what} …");
        }
    }

    pub fn passed(&self, check: &str, what: &str) {
        self.clear();
        println!("{check:<12} {what}");
    }

    pub fn failed(&self, check: &str, problem: &Problem) {
        self.clear();
        println!("{check:<12} FAILED: {}", problem.seen);
    }

    fn clear(&self) {
        if self.overwrites {
            eprint!("\r\x1b[K");
        }
    }
}
