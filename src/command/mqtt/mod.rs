//! Chapter "MQTT AT Commands". The link id is 0 everywhere: the module has one client.

mod config;
mod connection;
mod long;
mod publish;
mod query;
mod subscription;
mod tls;
mod within;

pub use crate::config::{ConnectionConfig, UserConfig};
pub use config::{SetClientId, SetPassword, SetUsername};
pub use connection::{Clean, Connect, ConnectAliyun, Connection, QueryConnection};
pub use long::{LongClientId, LongPassword, LongPasswordText, LongText, LongUsername};
pub use publish::{Publish, PublishData, PublishRaw};
pub use query::{
    ConnectionConfiguration, QueryClientId, QueryConnectionConfig, QueryPassword, QueryUserConfig,
    QueryUsername, UserConfiguration,
};
pub use subscription::{
    MAX_SUBSCRIPTIONS, QuerySubscriptions, Subscribe, Subscription, Subscriptions, Unsubscribe,
};

pub use tls::{SetAlpn, SetServerName};
pub use within::{WaitsForBroker, Within};

pub(crate) use connection::connection_state;
pub(crate) use subscription::subscriptions;

use super::{Field, lines};
use crate::error::Argument;

/// First parameter of nearly every command: the link id.
const LINK: &str = "=0";

/// The vendor's manual says 64, ESP-AT since 2.2 checks 128.
const TOPIC: Field = Field::new(Argument::Topic, 1, 128).vendor(1, 64);

/// The lines that begin with `name:` or, as the vendor's manual prints it, `AT` and `name:`.
fn answers<'t>(text: &'t [u8], name: &str) -> impl Iterator<Item = &'t [u8]> {
    lines(text).filter_map(move |line| {
        line.strip_prefix(b"AT")
            .unwrap_or(line)
            .strip_prefix(name.as_bytes())?
            .strip_prefix(b":0,")
    })
}
