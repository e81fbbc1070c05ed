//! Programs of the examples, which `cargo test` builds and `cargo test --test …` does not.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::{
    env::{consts::EXE_SUFFIX, current_exe},
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// `target/debug/deps/NAME-…` is the test, `target/debug/examples/NAME` the example.
pub fn executable(name: &str) -> PathBuf {
    let mut path = current_exe().expect("a path");
    path.pop();
    path.pop();
    path.join("examples").join(format!("{name}{EXE_SUFFIX}"))
}

/// What a program has printed, and how it ended.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub time: Duration,
}

/// Runs it to its end; nobody types anything.
pub fn run(command: &mut Command) -> Run {
    let start = Instant::now();
    let output = command
        .stdin(Stdio::null())
        .output()
        .expect("the example is built");
    Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
        time: start.elapsed(),
    }
}

impl Run {
    #[track_caller]
    pub fn has(&self, text: &str) {
        let Self { stdout, stderr, .. } = self;
        assert!(stdout.contains(text), "{text}: {stdout}{stderr}");
    }

    #[track_caller]
    pub fn ended_with(&self, code: i32) {
        assert_eq!(self.code, Some(code), "{}{}", self.stdout, self.stderr);
    }
}
