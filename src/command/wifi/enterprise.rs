//! WPA2-Enterprise, which only some builds of the firmware have.

use super::{
    super::{Command, Field, Fields, Line, answers, atat_commands, lines, numbered, set_command},
    SSID, owned,
};
use crate::{
    error::{Argument, Reason},
    secret::{Secret, SecretBuffer},
    types::Store,
};
use atat::AtatResp;
use heapless::String;

const IDENTITY: Field = Field::new(Argument::Identity, 1, 32);
const USERNAME: Field = Field::new(Argument::Username, 1, 32);
const PASSWORD: Field = Field::new(Argument::WifiPassword, 1, 32);

numbered! {
    /// How the station and the network prove who they are.
    pub enum EapMethod {
        /// 0: EAP-TLS, by certificates.
        Tls = 0,
        /// 1: EAP-PEAP, by user name and password.
        Peap = 1,
        /// 2: EAP-TTLS, by user name and password.
        Ttls = 2,
    }
}

/// `AT+CWJEAP=<ssid>,<method>,<identity>,[<username>],[<password>],<certificates>`: joins a WPA2-Enterprise network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JoinEnterprise<'a> {
    /// Network name, 1 to 32 bytes.
    pub ssid: &'a str,
    /// How to prove who it is.
    pub method: EapMethod,
    /// Identity for the first phase, 1 to 32 bytes.
    pub identity: &'a str,
    /// User name and password for the second phase, 1 to 32 bytes each. EAP-TLS alone goes without.
    pub credentials: Option<(&'a str, Secret<'a>)>,
    /// Shows the certificate that is stored in the module.
    pub client_certificate: bool,
    /// Checks the network's certificate against the one that is stored in the module.
    pub verify_server: bool,
    /// Form of the command name. Non-OS firmware has no plain one, ESP-AT no other.
    pub store: Store,
}

set_command!(JoinEnterprise<'_>, "+CWJEAP", 20_000, |this, line| {
    line.text(this.store.suffix())
        .text("=")
        .quoted(&SSID, this.ssid)
        .number(this.method as u32)
        .quoted(&IDENTITY, this.identity);
    match this.credentials {
        Some((username, password)) => {
            line.quoted(&USERNAME, username).secret(&PASSWORD, password);
        }
        None => {
            if this.method != EapMethod::Tls {
                line.fail(Argument::Username, Reason::Empty);
            }
            line.omit().omit();
        }
    }
    line.number(u32::from(this.client_certificate) | u32::from(this.verify_server) << 1)
});

/// `AT+CWJEAP?`: the WPA2-Enterprise network that the module has joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryEnterprise(
    /// Form of the command name. Non-OS firmware has no plain one, ESP-AT no other.
    pub Store,
);

/// Answer to `AT+CWJEAP?`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum EnterpriseStatus {
    /// `No AP`.
    NotJoined,
    /// Joined to this network.
    Joined(EnterpriseNetwork),
}

/// A WPA2-Enterprise network as `AT+CWJEAP?` prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct EnterpriseNetwork {
    /// Network name.
    pub ssid: String<32>,
    /// How the module has proved who it is.
    pub method: EapMethod,
    /// Identity for the first phase.
    pub identity: String<32>,
    /// User name for the second phase; empty for none.
    pub username: String<32>,
    /// Password for the second phase; empty for none.
    pub password: SecretBuffer<32>,
    /// Shows its own certificate.
    pub client_certificate: bool,
    /// Checks the network's certificate.
    pub verify_server: bool,
}

impl AtatResp for EnterpriseStatus {}

impl Command for QueryEnterprise {
    type Response = EnterpriseStatus;
    const NAME: &'static str = "+CWJEAP";

    fn encode(&self, line: &mut Line<'_>) {
        line.text(self.0.suffix()).text("?");
    }

    fn decode(&self, text: &[u8]) -> Option<EnterpriseStatus> {
        if lines(text).any(|line| line == b"No AP") {
            return Some(EnterpriseStatus::NotJoined);
        }
        let mut fields = Fields::new(answers(text, Self::NAME).next()?);
        let ssid = owned(fields.text()?)?;
        let method = EapMethod::from_number(fields.number()?)?;
        let identity = owned(fields.text()?)?;
        let username = owned(fields.text()?)?;
        let password = SecretBuffer(owned(fields.text()?)?);
        let certificates = fields.number().filter(|bits| *bits < 4)?;
        Some(EnterpriseStatus::Joined(EnterpriseNetwork {
            ssid,
            method,
            identity,
            username,
            password,
            client_certificate: certificates & 1 != 0,
            verify_server: certificates & 2 != 0,
        }))
    }
}

atat_commands!(QueryEnterprise);
