//! What the test files share.
#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "each test file uses its own part"
)]

pub mod emulated;
pub mod hal;
#[cfg(feature = "sockets")]
pub mod links;
pub mod prop;
pub mod script;
pub mod secrets;

use core::fmt::Debug;

use embedded_hal::delay::DelayNs;
use embedded_io::{Read, ReadReady, Write};
use esp8266_mqtt::{Buffers, Error, Esp8266Mqtt, Event};

/// Runs each function with both dialects.
macro_rules! in_both_dialects {
    ($($(#[$attribute:meta])* $name:ident),+ $(,)?) => {
        mod vendor {
            $(#[test] $(#[$attribute])* fn $name() { super::$name(esp8266_mqtt::Dialect::Vendor); })+
        }
        mod esp_at {
            $(#[test] $(#[$attribute])* fn $name() { super::$name(esp8266_mqtt::Dialect::EspAt); })+
        }
    };
}
pub(crate) use in_both_dialects;

/// Buffers that live as long as the test program.
pub fn buffers(rx: usize, tx: usize) -> Buffers<'static> {
    Buffers::new(vec![0; rx].leak(), vec![0; tx].leak())
}

pub type Owned = (Vec<u8>, Vec<u8>);

pub fn owned(topic: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> Owned {
    (topic.as_ref().to_vec(), payload.as_ref().to_vec())
}

/// The next message; `None` for `WouldBlock`.
pub fn receive<U, D>(module: &mut Esp8266Mqtt<'_, U, D>) -> Option<Owned>
where
    U: Read + ReadReady + Write,
    U::Error: Debug,
    D: DelayNs,
{
    match module.poll_receive() {
        Ok(message) => Some(owned(message.topic(), message.payload())),
        Err(nb::Error::WouldBlock) => None,
        Err(nb::Error::Other(error)) => panic!("{error:?}"),
    }
}

/// All messages that have arrived.
pub fn receive_all<U, D>(module: &mut Esp8266Mqtt<'_, U, D>) -> Vec<Owned>
where
    U: Read + ReadReady + Write,
    U::Error: Debug,
    D: DelayNs,
{
    core::iter::from_fn(|| receive(module)).collect()
}

/// The next event as text: its name, for a message its payload; `None` for `WouldBlock`.
pub fn event<U, D>(module: &mut Esp8266Mqtt<'_, U, D>) -> Option<String>
where
    U: Read + ReadReady + Write,
    U::Error: Debug,
    D: DelayNs,
{
    match module.poll() {
        Ok(Event::Message(message)) => Some(message.payload().escape_ascii().to_string()),
        Ok(event) => Some(format!("{event:?}")),
        Err(nb::Error::WouldBlock) => None,
        Err(nb::Error::Other(error)) => panic!("{error:?}"),
    }
}

/// All events that have happened.
pub fn events<U, D>(module: &mut Esp8266Mqtt<'_, U, D>) -> Vec<String>
where
    U: Read + ReadReady + Write,
    U::Error: Debug,
    D: DelayNs,
{
    core::iter::from_fn(|| event(module)).collect()
}

/// The name of the command that timed out.
pub fn timed_out<T, E>(result: Result<T, Error<E>>) -> Option<&'static str> {
    match result {
        Err(Error::Timeout { command }) => Some(command.as_str()),
        _ => None,
    }
}
