//! Joining by itself: after a restart, after a loss, with what was set before; and how far it is.

use super::super::{Enabled, query_command, set_command};

query_command! {
    /// `AT+CWAUTOCONN?`: whether the module joins by itself after a restart.
    QueryAutoJoin, "+CWAUTOCONN", Enabled, |fields| fields.flag().map(Enabled)
}

/// `AT+CWAUTOCONN=<0|1>`: whether the module joins by itself after a restart; on by default. Writes flash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetAutoJoin(
    /// Join.
    pub bool,
);

set_command!(SetAutoJoin, "+CWAUTOCONN", 1_000, |this, line| line
    .text("=")
    .flag(this.0));
