//! Runs commands as somebody would who types them.

use crate::{
    list::Kind,
    pages::{Named, root},
    surroundings,
};
use std::{
    io::Read,
    mem::take,
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle, sleep},
    time::{Duration, Instant},
};

/// For a program that goes on; it may have to be compiled.
const PATIENCE: Duration = Duration::from_secs(300);
/// After its first line.
const A_WHILE: Duration = Duration::from_secs(1);

/// Programs that go on are stopped by `leave`, at the latest when this is dropped.
#[derive(Default)]
pub struct Typist(Vec<Running>);

struct Running {
    named: Named,
    child: Child,
    stdout: Output,
    stderr: Output,
}

struct Output(Arc<Mutex<String>>, JoinHandle<()>);

impl Typist {
    /// Types a command and waits for its end, if it has one. Says what is wrong.
    pub fn run(&mut self, named: &Named, kind: Kind) -> Result<(), String> {
        let mut running = Running::start(named, kind);
        match kind {
            Kind::Endless => {
                let start = Instant::now();
                while running.stdout.is_empty() && start.elapsed() < PATIENCE {
                    sleep(Duration::from_millis(50));
                }
                sleep(A_WHILE);
                let ended = running.child.try_wait().expect("a child");
                if ended.is_some() || running.stdout.is_empty() {
                    return Err(running.failed("has ended, or says nothing"));
                }
                self.0.push(running);
                Ok(())
            }
            Kind::Run { code } => running.end(code),
            Kind::Board | Kind::Not => running.end(0),
        }
    }

    /// Stops what still runs.
    pub fn leave(&mut self) -> Vec<String> {
        let still = take(&mut self.0).into_iter();
        still.filter_map(|running| running.stop().err()).collect()
    }
}

impl Drop for Typist {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Running {
    fn start(named: &Named, kind: Kind) -> Self {
        let typed = surroundings::typed(&named.command);
        let line = match kind {
            Kind::Board => surroundings::at_a_board(&typed),
            _ => typed,
        };
        let mut command = Command::new("bash");
        command
            .args(["-c", &line])
            .current_dir(root().join(&named.folder))
            .env("WIFI_PASSWORD", surroundings::PASSWORD)
            .env("CARGO_INSTALL_ROOT", root().join("target/documented"))
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if kind == Kind::Board {
            command.env_remove("CARGO_TARGET_DIR");
        }
        let mut child = command.spawn().expect("bash");
        Self {
            named: named.clone(),
            stdout: Output::of(child.stdout.take().expect("piped")),
            stderr: Output::of(child.stderr.take().expect("piped")),
            child,
        }
    }

    fn end(mut self, code: i32) -> Result<(), String> {
        let status = self.child.wait().expect("a child");
        if status.code() != Some(code) {
            return Err(self.failed(&status.to_string()));
        }
        self.has_printed()
    }

    fn stop(mut self) -> Result<(), String> {
        self.kill();
        self.has_printed()
    }

    /// bash, cargo and what it runs.
    fn kill(&mut self) {
        let group = format!("-{}", self.child.id());
        let mut kill = Command::new("kill");
        kill.args(["--", &group]).stderr(Stdio::null());
        kill.status().ok();
        self.child.wait().ok();
    }

    /// Whether the lines of the page are among the lines of the program, in their order. `…` stands for anything.
    fn has_printed(self) -> Result<(), String> {
        let named = self.named.clone();
        let printed = self.printed();
        let mut lines = printed.lines();
        for wanted in &named.output {
            if !lines.any(|line| is_like(line.trim(), wanted)) {
                let command = named.command;
                return Err(format!("{command}: no line {wanted}\n{printed}"));
            }
        }
        Ok(())
    }

    fn failed(mut self, why: &str) -> String {
        self.kill();
        let command = self.named.command.clone();
        format!("{command}: {why}\n{}", self.printed())
    }

    fn printed(self) -> String {
        self.stdout.all() + &self.stderr.all()
    }
}

impl Output {
    fn of(mut pipe: impl Read + Send + 'static) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let shared = Arc::clone(&text);
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = pipe.read(&mut buffer) {
                let read = String::from_utf8_lossy(&buffer[..count]);
                *shared.lock().expect("no panic") += &read;
            }
        });
        Self(text, reader)
    }

    fn is_empty(&self) -> bool {
        self.0.lock().expect("no panic").is_empty()
    }

    fn all(self) -> String {
        self.1.join().expect("no panic");
        let text = self.0.lock().expect("no panic");
        text.clone()
    }
}

fn is_like(line: &str, wanted: &str) -> bool {
    let Some((start, end)) = wanted.split_once('…') else {
        return line == wanted;
    };
    line.strip_prefix(start).is_some_and(|after| {
        let mut starts = after.char_indices().map(|(at, _)| at).chain([after.len()]);
        starts.any(|at| is_like(&after[at..], end))
    })
}

#[test]
fn dots_stand_for_anything() {
    assert!(is_like("OK, 1 line, 0.020 s", "OK, 1 line, …"));
    assert!(is_like("/dev/pts/3", "…/pts/…"));
    assert!(!is_like("OK, 2 lines, 0.020 s", "OK, 1 line, …"));
    assert!(!is_like("FAILED", "OK"));
}
