//! A UART whose far end follows a script.

use core::time::Duration;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use embedded_hal::delay::DelayNs;
use embedded_io::{ErrorKind, ErrorType, Read, ReadReady, Write};
use esp8266_mqtt::{Dialect, Esp8266Mqtt};

use super::buffers;

pub type Scripted = Esp8266Mqtt<'static, Script, Script>;

struct Step {
    command: Vec<u8>,
    answers: Vec<(Duration, Vec<u8>)>,
}

#[derive(Default)]
struct State {
    now: Duration,
    delays: u64,
    steps: VecDeque<Step>,
    /// Bytes of the first step that were written.
    matched: usize,
    sent: Vec<u8>,
    arriving: VecDeque<(Duration, u8)>,
    /// The most bytes that one `read` gives; 0 for any number.
    chunk: usize,
    fail_write_at: Option<usize>,
    stalled: bool,
    /// Takes every byte and answers none.
    silent: bool,
    read_errors: VecDeque<ErrorKind>,
}

impl State {
    fn arrive(&mut self, at: Duration, bytes: &[u8]) {
        let at = self.arriving.back().map_or(at, |(last, _)| at.max(*last));
        self.arriving.extend(bytes.iter().map(|byte| (at, *byte)));
    }

    fn answer_if_matched(&mut self) {
        while let Some(step) = self.steps.front()
            && step.command.len() == self.matched
        {
            let step = self.steps.pop_front().expect("there is a front");
            self.matched = 0;
            for (after, bytes) in step.answers {
                self.arrive(self.now + after, &bytes);
            }
        }
    }

    fn waiting(&self) -> bool {
        !self.read_errors.is_empty()
            || matches!(self.arriving.front(), Some((at, _)) if *at <= self.now)
    }
}

/// Expects commands and answers them; it is the UART and the delay of a driver. Clones are the same script.
///
/// A byte that the script does not expect ends the test.
#[derive(Clone, Default)]
pub struct Script(Rc<RefCell<State>>);

impl core::fmt::Debug for Script {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Script")
    }
}

impl Script {
    pub fn new() -> Self {
        Self::default()
    }

    /// Once exactly `command` was written, `answer` can be read. Without line end, so that halves of commands can be
    /// expected too.
    pub fn bytes(&self, command: impl AsRef<[u8]>, answer: impl AsRef<[u8]>) -> &Self {
        self.0.borrow_mut().steps.push_back(Step {
            command: command.as_ref().to_vec(),
            answers: vec![(Duration::ZERO, answer.as_ref().to_vec())],
        });
        self
    }

    /// As [`bytes`](Self::bytes), with CR LF behind `command`.
    pub fn command(&self, command: &str, answer: impl AsRef<[u8]>) -> &Self {
        self.bytes(format!("{command}\r\n"), answer)
    }

    /// The command is answered with `OK`.
    pub fn ok(&self, command: &str) -> &Self {
        self.command(command, "\r\nOK\r\n")
    }

    /// More of the answer to the last expected command, so long after it.
    pub fn later(&self, after: Duration, answer: impl AsRef<[u8]>) -> &Self {
        let mut state = self.0.borrow_mut();
        let step = state.steps.back_mut().expect("a command before the answer");
        step.answers.push((after, answer.as_ref().to_vec()));
        drop(state);
        self
    }

    /// These bytes arrive now.
    pub fn push(&self, bytes: impl AsRef<[u8]>) -> &Self {
        let mut state = self.0.borrow_mut();
        let now = state.now;
        state.arrive(now, bytes.as_ref());
        drop(state);
        self
    }

    /// No `read` gives more than `bytes`.
    pub fn chunk(&self, bytes: usize) -> &Self {
        self.0.borrow_mut().chunk = bytes;
        self
    }

    /// The write of the byte number `index` since now fails, once.
    pub fn fail_write(&self, index: usize) -> &Self {
        let mut state = self.0.borrow_mut();
        state.fail_write_at = Some(state.sent.len() + index);
        drop(state);
        self
    }

    /// From now on anything may be written, and nothing is answered.
    pub fn silence(&self) -> &Self {
        self.0.borrow_mut().silent = true;
        self
    }

    /// From now on `write` takes nothing, or everything again.
    pub fn stall(&self, stalled: bool) -> &Self {
        self.0.borrow_mut().stalled = stalled;
        self
    }

    /// The next `read` fails.
    pub fn fail_read(&self, kind: ErrorKind) -> &Self {
        self.0.borrow_mut().read_errors.push_back(kind);
        self
    }

    /// Everything that was written since the last call.
    pub fn take_sent(&self) -> Vec<u8> {
        core::mem::take(&mut self.0.borrow_mut().sent)
    }

    pub fn sent_len(&self) -> usize {
        self.0.borrow().sent.len()
    }

    pub fn now(&self) -> Duration {
        self.0.borrow().now
    }

    pub fn delays(&self) -> u64 {
        self.0.borrow().delays
    }

    /// Lets time pass.
    pub fn advance(&self, time: Duration) {
        self.0.borrow_mut().now += time;
    }

    /// Asserts that all expected commands have come, and whole.
    pub fn assert_done(&self) {
        let state = self.0.borrow();
        let open: Vec<_> = state
            .steps
            .iter()
            .map(|step| step.command.escape_ascii().to_string())
            .collect();
        assert!(open.is_empty() && state.matched == 0, "not sent: {open:#?}");
    }

    /// A driver with large buffers whose dialect is fixed, so that it need not be initialised.
    pub fn driver(&self, dialect: Dialect) -> Scripted {
        self.driver_with(dialect, 1024, 256)
    }

    pub fn driver_with(&self, dialect: Dialect, rx: usize, tx: usize) -> Scripted {
        Esp8266Mqtt::new(self.clone(), self.clone(), buffers(rx, tx)).with_dialect(dialect)
    }
}

impl ErrorType for Script {
    type Error = ErrorKind;
}

impl ReadReady for Script {
    fn read_ready(&mut self) -> Result<bool, ErrorKind> {
        Ok(self.0.borrow().waiting())
    }
}

impl Read for Script {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        let mut state = self.0.borrow_mut();
        if let Some(error) = state.read_errors.pop_front() {
            return Err(error);
        }
        if buffer.is_empty() {
            return Ok(0);
        }
        assert!(state.waiting(), "a read that would block for ever");
        let limit = match state.chunk {
            0 => buffer.len(),
            chunk => chunk.min(buffer.len()),
        };
        let mut count = 0;
        while count < limit && state.waiting() {
            buffer[count] = state.arriving.pop_front().expect("it waits").1;
            count += 1;
        }
        Ok(count)
    }
}

impl Write for Script {
    fn write(&mut self, buffer: &[u8]) -> Result<usize, ErrorKind> {
        let mut state = self.0.borrow_mut();
        if state.stalled {
            return Ok(0);
        }
        let Some(&byte) = buffer.first() else {
            return Ok(0);
        };
        if state.fail_write_at == Some(state.sent.len()) {
            state.fail_write_at = None;
            return Err(ErrorKind::Other);
        }
        state.sent.push(byte);
        if state.silent {
            return Ok(1);
        }
        let so_far = state.sent.escape_ascii().to_string();
        let step = state
            .steps
            .front()
            .unwrap_or_else(|| panic!("nothing more expected, but: {so_far}"));
        let expected = step.command.escape_ascii().to_string();
        assert_eq!(
            step.command.get(state.matched),
            Some(&byte),
            "expected {expected}, sent so far {so_far}"
        );
        state.matched += 1;
        state.answer_if_matched();
        Ok(1)
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

impl DelayNs for Script {
    fn delay_ns(&mut self, ns: u32) {
        let mut state = self.0.borrow_mut();
        state.now += Duration::from_nanos(ns.into());
        state.delays += 1;
    }
}
