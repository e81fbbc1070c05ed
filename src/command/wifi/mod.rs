//! Chapter "Wi-Fi AT Commands".

mod address;
mod dhcp;
mod enterprise;
mod join;
mod mode;
mod network;
mod provisioning;
mod reconnect;
mod scan;
mod soft_ap;

pub use address::*;
pub use dhcp::*;
pub use enterprise::*;
pub use join::*;
pub use mode::*;
pub use network::*;
pub use provisioning::*;
pub use reconnect::*;
pub use scan::*;
pub use soft_ap::*;

use super::{Field, Line, answers, lines};
use crate::{
    address::MacAddress,
    error::{Argument, Reason},
    types::Store,
};
use heapless::String;

const SSID: Field = Field::new(Argument::Ssid, 1, 32);
const PASSWORD: Field = Field::new(Argument::WifiPassword, 0, 64);

/// What follows `name`, an optional `_CUR` or `_DEF`, and a colon.
fn after_name<'t>(text: &'t [u8], name: &str) -> Option<&'t [u8]> {
    [Store::Plain, Store::Current, Store::Flash]
        .iter()
        .find_map(|store| {
            lines(text).find_map(|line| {
                line.strip_prefix(name.as_bytes())?
                    .strip_prefix(store.suffix().as_bytes())?
                    .strip_prefix(b":")
            })
        })
}

/// What the first line of an answer says. In some of ESP-AT 2's an equals sign stands where all others have a colon.
fn answer_or_equals<'t>(text: &'t [u8], name: &str) -> Option<&'t [u8]> {
    answers(text, name).next().or_else(|| {
        lines(text).find_map(|line| line.strip_prefix(name.as_bytes())?.strip_prefix(b"="))
    })
}

/// Parameters any of which may be left out. A comma is written only when something follows it.
struct Parameters<'l, 'b> {
    line: &'l mut Line<'b>,
    /// Commas that are owed for what was left out.
    commas: u8,
}

impl<'l, 'b> Parameters<'l, 'b> {
    /// Behind what `line` has and `omitted` more that were left out.
    const fn new(line: &'l mut Line<'b>, omitted: u8) -> Self {
        Self {
            line,
            commas: omitted,
        }
    }

    /// Goes on to the next parameter. Where it has a value, nothing is owed afterwards.
    fn next(&mut self, has_value: bool) {
        self.commas += 1;
        if has_value {
            for _ in 0..core::mem::take(&mut self.commas) {
                self.line.text(",");
            }
        }
    }

    fn number(&mut self, value: Option<u16>) -> &mut Self {
        self.next(value.is_some());
        if let Some(value) = value {
            self.line.digits(value.into());
        }
        self
    }

    fn between(&mut self, argument: Argument, value: Option<u16>, min: u16, max: u16) -> &mut Self {
        if value.is_some_and(|value| value < min || value > max) {
            self.line.fail(argument, Reason::OutOfRange { min, max });
        }
        self.number(value)
    }

    fn mac(&mut self, value: Option<MacAddress>) -> &mut Self {
        self.next(value.is_some());
        if let Some(value) = value {
            self.line.bare_mac(value);
        }
        self
    }
}

pub(super) fn owned<const N: usize>(text: &str) -> Option<String<N>> {
    String::try_from(text).ok()
}
