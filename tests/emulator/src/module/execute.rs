//! From a command line to its final answer.

use core::time::Duration;

use super::input::Malformed;
use super::record::{Refusal, Refused, Understood};
use super::{Answer, Job, Mode, Module};
use crate::command::code::{self, Code};
use crate::command::{self, Argument, Call, Form, Outcome};
use crate::fault::Reaction;
use crate::settings::Prompt;

impl Module {
    /// A byte while a command runs: thrown away, and each line end is answered.
    pub(super) fn refuse_byte(&mut self, byte: u8) {
        self.refused_line.push(byte);
        if byte != b'\n' {
            return;
        }
        let line = core::mem::take(&mut self.refused_line);
        if line == b"AT+RST\r\n" && !self.is_esp_at() {
            self.print(b"\r\nWill force to restart!!!\r\n");
            self.print(b"\r\nOK\r\n");
            return self.restart_after_output();
        }
        self.refuse_as_busy("");
    }

    fn refuse_as_busy(&mut self, name: &str) {
        self.refuse(name, Refusal::Busy);
        self.print_code(code::BUSY);
        let sending =
            matches!(self.job, Some(Job::Publish(..) | Job::Sending(_))) && !self.is_esp_at();
        self.print(if sending {
            b"\r\nbusy s...\r\n"
        } else {
            b"\r\nbusy p...\r\n"
        });
    }

    fn refuse(&mut self, name: &str, why: Refusal) {
        self.record.refused.push(Refused {
            at: self.now,
            name: name.into(),
            why,
        });
    }

    pub(super) fn command_line(&mut self, line: Result<Vec<u8>, Malformed>) {
        let line = match line {
            Ok(line) => line,
            Err(malformed) => {
                let (why, code) = match malformed {
                    Malformed::LineEnd => (Refusal::LineEnd, code::NO_LINE_END),
                    Malformed::Prefix => (Refusal::Prefix, code::NO_PREFIX),
                };
                self.refuse("", why);
                return self.print_error(code);
            }
        };
        let Some(call) = Call::new(&line, !self.is_esp_at()) else {
            self.refuse("", Refusal::Unknown);
            return self.print_error(code::UNKNOWN);
        };
        let fault = self.take_fault(&call.name);
        if matches!(fault, Some(Reaction::Busy { .. })) {
            return self.refuse_as_busy(&call.name);
        }
        self.understand(&call);
        if let Some(reaction) = fault {
            return self.react(reaction, call);
        }
        let at = self.now + self.settings.latency.command;
        self.start_job(Job::Execute(call, at));
    }

    fn start_job(&mut self, job: Job) {
        self.refused_line.clear();
        self.job = Some(job);
        self.job_due();
    }

    fn understand(&mut self, call: &Call) {
        let known = command::find(&self.settings, &call.name).is_some();
        if let (true, Ok(arguments)) = (known, &call.arguments) {
            let mut arguments = arguments.clone();
            if call.name == "ATE" {
                arguments.push(Argument::Word(call.text.clone()));
            }
            self.record.understood.push(Understood {
                at: self.now,
                name: call.name.clone(),
                form: call.form,
                arguments,
            });
        }
    }

    fn take_fault(&mut self, name: &str) -> Option<Reaction> {
        let mut due = None;
        for (index, fault) in self.faults.iter_mut().enumerate() {
            let matches = match fault.name.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => name == fault.name,
            };
            if matches {
                fault.countdown = fault.countdown.saturating_sub(1);
                if fault.countdown == 0 && due.is_none() {
                    due = Some(index);
                }
            }
        }
        let index = due?;
        if let Reaction::Busy { times } = &mut self.faults[index].reaction
            && *times > 1
        {
            *times -= 1;
            self.faults[index].countdown = 1;
            return Some(Reaction::Busy { times: 1 });
        }
        Some(self.faults.remove(index).reaction)
    }

    fn react(&mut self, reaction: Reaction, call: Call) {
        let at = self.now + self.settings.latency.command;
        let text = |text: &[u8]| Job::Answer(Answer::Text(text.to_vec()), at);
        match reaction {
            Reaction::Error => self.start_job(text(b"\r\nERROR\r\n")),
            Reaction::Fail => self.start_job(text(b"\r\nFAIL\r\n")),
            Reaction::Busy { .. } => self.refuse_as_busy(&call.name),
            Reaction::Text(bytes) => self.start_job(text(&bytes)),
            Reaction::Silent => {}
            Reaction::Hang => self.start_job(Job::Hung),
            Reaction::Late(by) => self.start_job(Job::Execute(call, at + by)),
            Reaction::PublishFail => {
                self.publish_fails = true;
                self.start_job(Job::Execute(call, at));
            }
            Reaction::JoinCode(code) => {
                let word = if self.is_esp_at() { "ERROR" } else { "FAIL" };
                let answer = format!("+CWJAP:{code}\r\n\r\n{word}\r\n").into_bytes();
                let at = at + self.settings.latency.join_failure;
                self.start_job(Job::Answer(Answer::Text(answer), at));
            }
        }
    }

    pub(crate) fn job_due(&mut self) {
        if self
            .job
            .as_ref()
            .and_then(Job::due)
            .is_none_or(|due| due > self.now)
        {
            return;
        }
        match self.job.take() {
            Some(Job::Execute(call, _)) => self.execute(&call),
            Some(Job::Answer(answer, _)) => self.answer(&answer),
            Some(Job::Prompt(payload, _)) => {
                self.print(match self.settings.prompt {
                    Prompt::Line => b"\r\n>",
                    Prompt::Space => b"> ",
                });
                self.mode = Mode::Payload(payload);
            }
            Some(Job::Publish(message, _)) => self.publish_payload(message),
            Some(Job::DataPrompt(sending, _)) => self.prompt_for_data(sending),
            Some(Job::FieldPrompt(field, _)) => {
                self.print(b"\r\n>");
                self.mode = Mode::Field(field);
            }
            Some(Job::PassthroughPrompt(_)) => {
                self.print(b"\r\n>");
                self.mode = Mode::passthrough(self.now);
            }
            Some(Job::GiveUpOpening(link, _)) => self.give_up_opening(link),
            Some(Job::Update(step, _)) => self.update_step(step),
            other => self.job = other,
        }
    }

    fn answer(&mut self, answer: &Answer) {
        match answer {
            Answer::Ok => self.print(b"\r\nOK\r\n"),
            Answer::Text(text) => self.print(text),
        }
    }

    fn execute(&mut self, call: &Call) {
        let entry = command::find(&self.settings, &call.name);
        let handler = entry.and_then(|entry| entry.handler(call.form));
        let Some(handler) = handler else {
            let code = if entry.is_some() {
                code::FORM
            } else {
                code::UNKNOWN
            };
            self.refuse(&call.name, Refusal::Unknown);
            return self.print_error(code);
        };
        let reply = match &call.arguments {
            Err(code) if call.form == Form::Set => {
                self.print_module_code(call, *code);
                Err(*code)
            }
            _ => handler(self, call),
        };
        match reply {
            Ok(Outcome::Ok) => self.print(b"\r\nOK\r\n"),
            Ok(Outcome::Pending) => {}
            Err(code) => {
                self.refuse(&call.name, Refusal::Failed(code));
                self.print_error(code);
            }
        }
    }

    /// Keeps the command under way; something else will answer it.
    pub(crate) fn keep_busy(&mut self, job: Job) {
        self.job = Some(job);
    }

    /// `OK` after `time`.
    pub(crate) fn finish_after(&mut self, time: Duration) {
        self.job = Some(Job::Answer(Answer::Ok, self.now + time));
        self.job_due();
    }

    /// `text` and `OK` after `time`.
    pub(crate) fn finish_with_after(&mut self, mut text: Vec<u8>, time: Duration) {
        text.extend(b"\r\nOK\r\n");
        self.job = Some(Job::Answer(Answer::Text(text), self.now + time));
        self.job_due();
    }

    /// The command under way is the join.
    pub(crate) fn is_joining(&self) -> bool {
        matches!(self.job, Some(Job::Join(_)))
    }

    /// The MQTT operation that the command under way waits for.
    pub(crate) fn awaited(&self) -> Option<&super::Operation> {
        match &self.job {
            Some(Job::Mqtt(operation)) => Some(operation),
            _ => None,
        }
    }

    /// Ends the command under way with `bytes`.
    pub(crate) fn finish_with(&mut self, bytes: &[u8]) {
        self.job = None;
        self.print(bytes);
    }

    /// Ends the command under way with `ERROR`.
    pub(crate) fn finish_with_error(&mut self, code: Code) {
        self.job = None;
        self.refuse("", Refusal::Failed(code));
        self.print_error(code);
    }

    /// The word that NonOS AT prints before `ERROR`; ESP-AT has codes instead.
    pub(crate) fn refuse_with(&mut self, word: &str) -> Code {
        if !self.is_esp_at() {
            self.print_line(word);
        }
        code::FAILED
    }

    fn print_error(&mut self, code: Code) {
        self.print_code(code);
        self.print(b"\r\nERROR\r\n");
    }

    /// The MQTT module adds its own code for a payload that cannot be read.
    fn print_module_code(&mut self, call: &Call, code: Code) {
        if call.name == "MQTTPUB" && code == code::parse_failure(2) {
            self.print_code(code::mqtt(0x6044));
        }
    }

    fn print_code(&mut self, code: Code) {
        if self.syslog && self.is_esp_at() {
            self.print_line(&format!("ERR CODE:0x{code:08x}"));
        }
    }
}
