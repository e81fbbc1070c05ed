//! Asking for the configuration. ESP-AT 2.0 and 2.1 alone have these; they were removed because they print secrets.

use super::{
    super::{Command, Line, atat_commands, fields::Fields, wifi::owned},
    answers,
};
use crate::{
    secret::SecretBuffer,
    types::{QoS, Scheme},
};
use atat::AtatResp;
use heapless::String;

/// `AT+MQTTUSERCFG?`: who connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryUserConfig;

/// Answer to `AT+MQTTUSERCFG?`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct UserConfiguration {
    /// Transport.
    pub scheme: Scheme,
    /// Client id.
    pub client_id: String<256>,
    /// User name.
    pub username: String<64>,
    /// Password.
    pub password: SecretBuffer<64>,
    /// Path of a WebSocket scheme.
    pub path: String<32>,
}

impl AtatResp for UserConfiguration {}

impl Command for QueryUserConfig {
    type Response = UserConfiguration;
    const NAME: &'static str = "+MQTTUSERCFG";

    fn encode(&self, line: &mut Line<'_>) {
        line.text("?");
    }

    fn decode(&self, text: &[u8]) -> Option<UserConfiguration> {
        let mut fields = Fields::new(answers(text, Self::NAME).next()?);
        let scheme = Scheme::from_number(fields.number()?)?;
        let client_id = owned(fields.text()?)?;
        let username = owned(fields.text()?)?;
        let password = SecretBuffer(owned(fields.text()?)?);
        // Ids of certificate and CA.
        fields.number()?;
        fields.number()?;
        Some(UserConfiguration {
            scheme,
            client_id,
            username,
            password,
            path: owned(fields.text()?)?,
        })
    }
}

/// `AT+MQTTCONNCFG?`: how the connection is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryConnectionConfig;

/// Answer to `AT+MQTTCONNCFG?`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ConnectionConfiguration {
    /// Seconds.
    pub keep_alive: u16,
    /// Starts without the broker's stored session.
    pub clean_session: bool,
    /// Topic of the will; empty for none.
    pub will_topic: String<128>,
    /// Message of the will.
    pub will_message: String<128>,
    /// Quality of service of the will.
    pub will_qos: QoS,
    /// Whether the broker retains the will.
    pub will_retain: bool,
}

impl AtatResp for ConnectionConfiguration {}

impl Command for QueryConnectionConfig {
    type Response = ConnectionConfiguration;
    const NAME: &'static str = "+MQTTCONNCFG";

    fn encode(&self, line: &mut Line<'_>) {
        line.text("?");
    }

    fn decode(&self, text: &[u8]) -> Option<ConnectionConfiguration> {
        let mut fields = Fields::new(answers(text, Self::NAME).next()?);
        Some(ConnectionConfiguration {
            keep_alive: u16::try_from(fields.number()?).ok()?,
            clean_session: !fields.flag()?,
            will_topic: owned(fields.text()?)?,
            will_message: owned(fields.text()?)?,
            will_qos: QoS::from_number(fields.number()?)?,
            will_retain: fields.flag()?,
        })
    }
}

/// `AT+MQTTCLIENTID?`: the client id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryClientId;

/// `AT+MQTTUSERNAME?`: the user name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryUsername;

impl Command for QueryClientId {
    type Response = String<256>;
    const NAME: &'static str = "+MQTTCLIENTID";

    fn encode(&self, line: &mut Line<'_>) {
        line.text("?");
    }

    fn decode(&self, text: &[u8]) -> Option<Self::Response> {
        owned(Fields::new(answers(text, Self::NAME).next()?).text()?)
    }
}

impl Command for QueryUsername {
    type Response = String<256>;
    const NAME: &'static str = "+MQTTUSERNAME";

    fn encode(&self, line: &mut Line<'_>) {
        line.text("?");
    }

    fn decode(&self, text: &[u8]) -> Option<Self::Response> {
        owned(Fields::new(answers(text, Self::NAME).next()?).text()?)
    }
}

/// `AT+MQTTPASSWORD?`: the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryPassword;

impl AtatResp for SecretBuffer<256> {}

impl Command for QueryPassword {
    type Response = SecretBuffer<256>;
    const NAME: &'static str = "+MQTTPASSWORD";

    fn encode(&self, line: &mut Line<'_>) {
        line.text("?");
    }

    fn decode(&self, text: &[u8]) -> Option<Self::Response> {
        owned(Fields::new(answers(text, Self::NAME).next()?).text()?).map(SecretBuffer)
    }
}

atat_commands!(
    QueryUserConfig,
    QueryConnectionConfig,
    QueryClientId,
    QueryUsername,
    QueryPassword
);
