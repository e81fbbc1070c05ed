//! Named only because the digester wants a type that knows the unsolicited lines.

use atat::atat_derive::AtatUrc;

#[derive(Clone, AtatUrc)]
pub enum Urc {
    #[at_urc("WIFI DISCONNECT")]
    WifiDisconnected,
    #[at_urc("+MQTTDISCONNECTED")]
    Disconnected,
}
