//! The data mode of `AT+MQTTPUBRAW`.

use super::{Job, Mode, Module, Operation};
use crate::broker::Message;

/// A raw publish whose payload is being typed.
pub(crate) struct Payload {
    message: Option<Message>,
    owed: usize,
    typed: Vec<u8>,
}

impl Payload {
    pub fn new(message: Message, length: usize) -> Self {
        Self {
            message: Some(message),
            owed: length,
            typed: Vec::new(),
        }
    }

    /// A payload that nobody remembers having announced.
    pub fn abandoned(owed: usize) -> Self {
        Self {
            message: None,
            owed,
            typed: Vec::new(),
        }
    }
}

impl Module {
    /// `OK` now, `>` a moment later.
    pub(crate) fn ask_for_payload(&mut self, payload: Payload) {
        self.print(b"\r\nOK\r\n");
        let at = self.now + self.settings.latency.prompt;
        self.keep_busy(Job::Prompt(payload, at));
        self.job_due();
    }

    /// Bytes of the payload that are still to come.
    #[must_use]
    pub fn payload_owed(&self) -> usize {
        match &self.mode {
            Mode::Payload(payload) => payload.owed,
            _ => 0,
        }
    }

    pub(crate) fn is_typing_payload(&self) -> bool {
        matches!(self.mode, Mode::Payload(_))
    }

    pub(super) fn payload_byte(&mut self, byte: u8) {
        let Mode::Payload(payload) = &mut self.mode else {
            return;
        };
        payload.typed.push(byte);
        payload.owed = payload.owed.saturating_sub(1);
        if payload.owed > 0 {
            return;
        }
        let message = payload.message.take();
        let typed = core::mem::take(&mut payload.typed);
        self.mode = Mode::Commands;
        if core::mem::take(&mut self.client.held_disconnect) {
            // The firmware held the URC back and prints it without its line end.
            self.print(b"+MQTTDISCONNECTED:0");
        }
        match message {
            Some(mut message) => {
                message.payload = typed;
                let at = self.now + self.settings.latency.command;
                self.keep_busy(Job::Publish(message, at));
                self.job_due();
            }
            None => self.print(b"+MQTTPUB:FAIL\r\n"),
        }
    }

    pub(super) fn publish_payload(&mut self, message: Message) {
        let failing = core::mem::take(&mut self.publish_fails);
        if failing || !self.can_publish() {
            return self.finish_with(b"+MQTTPUB:FAIL\r\n");
        }
        self.keep_busy(Job::Mqtt(Operation::PublishRaw));
        self.start_publish(message);
    }
}
