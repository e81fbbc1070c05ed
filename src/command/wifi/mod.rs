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

use super::{Field, lines};
use crate::{error::Argument, types::Store};
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

pub(super) fn owned<const N: usize>(text: &str) -> Option<String<N>> {
    String::try_from(text).ok()
}
