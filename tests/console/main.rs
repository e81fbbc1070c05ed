//! The example `console`: files that are played, commands that are typed, and what it knows of commands.
//!
//! These tests run the executable of the example, which `cargo test` builds and `cargo test --test console` does not.

#[path = "../../examples/console/catalogue.rs"]
mod catalogue;
#[path = "../common/example.rs"]
mod example;
#[path = "../../examples/console/frames.rs"]
mod frames;
mod hints;
#[cfg(target_os = "linux")]
#[path = "../demo/near.rs"]
mod near;
#[path = "../../examples/console/payload.rs"]
mod payload;
#[path = "../demo/peer.rs"]
mod peer;
mod pieces;
mod play;
mod ports;
#[cfg(target_os = "linux")]
mod typed;

use example::{Run, executable, run};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{self, Command},
    sync::atomic::{AtomicU32, Ordering},
};

fn console(arguments: &[&str]) -> Run {
    run(Command::new(executable("console")).args(arguments))
}

/// A file that is gone with this value.
struct Scratch(PathBuf);

impl Scratch {
    fn new(text: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("console-test-{}-{number}", process::id()));
        fs::write(&path, text).expect("write");
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("text")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_file(&self.0).ok();
    }
}

fn steps() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/console/publish.txt")
}

/// Plays `text` on the emulated module.
fn played(text: &str, arguments: &[&str]) -> Run {
    let file = Scratch::new(text);
    let mut all = vec!["play", file.path()];
    all.extend(arguments);
    console(&all)
}
