//! The data mode of `AT+MQTTLONGCLIENTID` and its kin.

use core::time::Duration;

use super::{Job, Mode, Module};

/// A credential of the MQTT client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    ClientId,
    Username,
    Password,
}

/// A credential that is being typed.
#[derive(Debug)]
pub(crate) struct LongField {
    field: Field,
    length: usize,
    typed: Vec<u8>,
}

impl LongField {
    pub fn new(field: Field, length: usize) -> Self {
        Self {
            field,
            length,
            typed: Vec::new(),
        }
    }
}

impl Module {
    pub(crate) fn set_user_field(&mut self, field: Field, value: String) {
        if let Some(user) = &mut self.client.user {
            match field {
                Field::ClientId => user.client_id = value,
                Field::Username => user.username = value,
                Field::Password => user.password = value,
            }
        }
    }

    pub(crate) fn ask_for_field(&mut self, field: LongField) {
        self.print(b"\r\nOK\r\n");
        let at = self.now + self.settings.latency.prompt;
        self.keep_busy(Job::FieldPrompt(field, at));
        self.job_due();
    }

    pub(super) fn field_byte(&mut self, byte: u8) {
        let Mode::Field(field) = &mut self.mode else {
            return;
        };
        field.typed.push(byte);
        if field.typed.len() < field.length {
            return;
        }
        let (field, typed) = (field.field, core::mem::take(&mut field.typed));
        self.mode = Mode::Commands;
        match String::from_utf8(typed) {
            Ok(value) => {
                self.set_user_field(field, value);
                self.finish_after(Duration::ZERO);
            }
            Err(_) => self.finish_with_error(crate::command::code::FAILED),
        }
    }
}
