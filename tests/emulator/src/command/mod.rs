//! The commands, one file per chapter of the AT manual.

mod aliyun;
mod arguments;
mod basic;
mod call;
pub(crate) mod code;
mod credentials;
mod mqtt;
mod pins;
mod power;
mod tcpip;
mod uart;
mod wifi;

pub use arguments::Argument;
pub(crate) use call::Call;
use code::Code;

use crate::module::{Config, Module};
use crate::settings::{Firmware, Settings};

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
    on: fn(&Settings) -> bool,
    test: Option<Handler>,
    query: Option<Handler>,
    set: Option<Handler>,
    execute: Option<Handler>,
}

impl Entry {
    const fn new(name: &'static str, on: fn(&Settings) -> bool) -> Self {
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

fn any(_: &Settings) -> bool {
    true
}

fn nonos(settings: &Settings) -> bool {
    settings.firmware.is_nonos()
}

fn esp_at(settings: &Settings) -> bool {
    settings.firmware == Firmware::EspAt
}

fn with_mqtt(settings: &Settings) -> bool {
    settings.firmware != Firmware::StockNonOs
}

fn vendor(settings: &Settings) -> bool {
    settings.firmware == Firmware::Vendor
}

/// The entry of `name` in the command table of a module with `settings`.
pub(crate) fn find(settings: &Settings, name: &str) -> Option<&'static Entry> {
    [
        basic::TABLE,
        uart::TABLE,
        power::TABLE,
        pins::TABLE,
        wifi::TABLE,
        wifi::scan::TABLE,
        wifi::esp_at::TABLE,
        wifi::soft_ap::TABLE,
        wifi::addresses::TABLE,
        wifi::provision::TABLE,
        wifi::enterprise::TABLE,
        tcpip::TABLE,
        tcpip::links::TABLE,
        tcpip::send::TABLE,
        tcpip::receive::TABLE,
        tcpip::settings::TABLE,
        tcpip::services::TABLE,
        mqtt::TABLE,
        credentials::TABLE,
    ]
    .into_iter()
    .flatten()
    .find(|entry| entry.name == name && (entry.on)(settings))
}

/// Whether the command writes to flash: never `_CUR`, always `_DEF` and NonOS' plain names, and ESP-AT's plain names
/// if `AT+SYSSTORE=1`.
fn stores(module: &Module, call: &Call) -> bool {
    !call.name.ends_with("_CUR") && (!module.is_esp_at() || module.store)
}

/// What a query shows: the settings in flash for `_DEF`, else those in force.
fn config<'module>(module: &'module Module, call: &Call) -> &'module Config {
    if call.name.ends_with("_DEF") {
        &module.flash.config
    } else {
        &module.config
    }
}

/// Changes the settings in force, and those in flash if the command writes there.
fn set_config(module: &mut Module, call: &Call, change: impl Fn(&mut Config)) {
    change(&mut module.config);
    if stores(module, call) {
        change(&mut module.flash.config);
    }
}
