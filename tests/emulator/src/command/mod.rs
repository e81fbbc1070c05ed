//! The commands, one file per chapter of the AT manual.

mod aliyun;
mod arguments;
mod basic;
mod call;
pub(crate) mod code;
mod mqtt;
mod tcpip;
mod wifi;

pub use arguments::Argument;
pub(crate) use call::Call;
use code::Code;

use crate::module::Module;
use crate::settings::Firmware;

/// Which of the four forms a command line has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `AT+X=?`
    Test,
    /// `AT+X?`
    Query,
    /// `AT+X=…`
    Set,
    /// `AT+X`
    Execute,
}

/// How a handler leaves its command.
pub(crate) enum Outcome {
    /// `OK` at once.
    Ok,
    /// Something else will answer: the join, the broker, the payload.
    Pending,
}

pub(crate) type Reply = Result<Outcome, Code>;
type Handler = fn(&mut Module, &Call) -> Reply;

/// One command of the table: a handler for each form that the firmware has.
pub(crate) struct Entry {
    pub name: &'static str,
    on: fn(Firmware) -> bool,
    test: Option<Handler>,
    query: Option<Handler>,
    set: Option<Handler>,
    execute: Option<Handler>,
}

impl Entry {
    const fn new(name: &'static str, on: fn(Firmware) -> bool) -> Self {
        Self {
            name,
            on,
            test: None,
            query: None,
            set: None,
            execute: None,
        }
    }

    const fn test(mut self, handler: Handler) -> Self {
        self.test = Some(handler);
        self
    }

    const fn query(mut self, handler: Handler) -> Self {
        self.query = Some(handler);
        self
    }

    const fn set(mut self, handler: Handler) -> Self {
        self.set = Some(handler);
        self
    }

    const fn execute(mut self, handler: Handler) -> Self {
        self.execute = Some(handler);
        self
    }

    pub fn handler(&self, form: Form) -> Option<Handler> {
        match form {
            Form::Test => self.test,
            Form::Query => self.query,
            Form::Set => self.set,
            Form::Execute => self.execute,
        }
    }
}

fn any(_: Firmware) -> bool {
    true
}

fn nonos(firmware: Firmware) -> bool {
    firmware.is_nonos()
}

fn esp_at(firmware: Firmware) -> bool {
    firmware == Firmware::EspAt
}

fn with_mqtt(firmware: Firmware) -> bool {
    firmware != Firmware::StockNonOs
}

fn vendor(firmware: Firmware) -> bool {
    firmware == Firmware::Vendor
}

/// The entry of `name` in the command table of `firmware`.
pub(crate) fn find(firmware: Firmware, name: &str) -> Option<&'static Entry> {
    [basic::TABLE, wifi::TABLE, tcpip::TABLE, mqtt::TABLE]
        .into_iter()
        .flatten()
        .find(|entry| entry.name == name && (entry.on)(firmware))
}
