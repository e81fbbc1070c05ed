//! Networks with a login for each user (WPA2 Enterprise), and how long joining may take.
//!
//! In the command table of some builds of the firmware. The parameters are those of ESP-AT's manual; no log shows the
//! answers of non-OS firmware.

use super::{
    super::{Field, numbered, query_command, set_command},
    SSID, owned,
};
use crate::{
    error::Argument,
    secret::{Secret, SecretBuffer},
    types::Store,
};
use atat::AtatResp;
use heapless::String;

const IDENTITY: Field = Field::new(Argument::Identity, 1, 32);
const USERNAME: Field = Field::new(Argument::Username, 0, 32);
const PASSWORD: Field = Field::new(Argument::WifiPassword, 0, 32);

numbered! {
    /// How the user is authenticated.
    pub enum EapMethod {
        /// 0: EAP-TLS, with a certificate of the module.
        Tls = 0,
        /// 1: EAP-PEAP.
        Peap = 1,
        /// 2: EAP-TTLS.
        Ttls = 2,
    }
}

/// Which certificates are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct EapCertificates {
    /// Bit 0: the module shows its own.
    pub client: bool,
    /// Bit 1: the module checks the server's.
    pub server: bool,
}

/// `AT+CWJEAP=<ssid>,<method>,<identity>,<user>,<password>,<certificates>`: joins an access point as a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JoinEnterprise<'a> {
    /// Network name, 1 to 32 bytes.
    pub ssid: &'a str,
    /// How the user is authenticated.
    pub method: EapMethod,
    /// Identity before authentication, 1 to 32 bytes.
    pub identity: &'a str,
    /// User name, up to 32 bytes; not for EAP-TLS.
    pub username: &'a str,
    /// Password, up to 32 bytes; not for EAP-TLS.
    pub password: Secret<'a>,
    /// Which certificates are used.
    pub certificates: EapCertificates,
    /// Form of the command name.
    pub store: Store,
}

set_command!(JoinEnterprise<'_>, "+CWJEAP", 20_000, |this, line| line
    .text(this.store.suffix())
    .text("=")
    .quoted(&SSID, this.ssid)
    .number(this.method as u32)
    .quoted(&IDENTITY, this.identity)
    .quoted(&USERNAME, this.username)
    .secret(&PASSWORD, this.password)
    .number(
        u32::from(this.certificates.client) | u32::from(this.certificates.server) << 1
    ));

/// Settings of the last join as a user, answer to `AT+CWJEAP?`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Enterprise {
    /// Network name.
    pub ssid: String<32>,
    /// How the user is authenticated.
    pub method: EapMethod,
    /// Identity before authentication.
    pub identity: String<32>,
    /// User name.
    pub username: String<32>,
    /// Password.
    pub password: SecretBuffer<32>,
    /// Which certificates are used.
    pub certificates: EapCertificates,
}

impl AtatResp for Enterprise {}

query_command! {
    /// `AT+CWJEAP?`: settings of the last join as a user.
    QueryEnterprise(Store), "+CWJEAP", Enterprise, |fields| {
        let ssid = owned(fields.text()?)?;
        let method = EapMethod::from_number(fields.number()?)?;
        let identity = owned(fields.text()?)?;
        let username = owned(fields.text()?)?;
        let password = SecretBuffer(owned(fields.text()?)?);
        let bits = fields.number()?;
        (bits < 4).then_some(Enterprise {
            ssid,
            method,
            identity,
            username,
            password,
            certificates: EapCertificates { client: bits & 1 != 0, server: bits & 2 != 0 },
        })
    }
}

/// Seconds that joining may take, answer to `AT+CWJAPTO?`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct JoinTimeout(pub u16);

impl AtatResp for JoinTimeout {}

query_command! {
    /// `AT+CWJAPTO?`: how long joining may take. Non-OS firmware since AT 1.7.4; in no manual.
    QueryJoinTimeout, "+CWJAPTO", JoinTimeout, |fields| fields.small().map(JoinTimeout)
}

/// `AT+CWJAPTO=<seconds>`: how long joining may take. Non-OS firmware since AT 1.7.4; in no manual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetJoinTimeout(
    /// 1 second or more.
    pub JoinTimeout,
);

set_command!(SetJoinTimeout, "+CWJAPTO", 1_000, |this, line| line
    .text("=")
    .between(Argument::JoinTimeout, this.0.0, 1, u16::MAX));
