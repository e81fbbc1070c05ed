//! TLS of [`OpenSsl`](super::OpenSsl).

use super::{
    super::{Fields, asking_command, lines, query_command, set_command},
    LinkId, MAX_LINKS, link,
};
use crate::error::Argument;
use atat::AtatResp;
use heapless::Vec;

/// Answer to `AT+CIPSSLSIZE?`: bytes of the TLS buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SslBuffer(pub u16);

impl AtatResp for SslBuffer {}

query_command! {
    /// `AT+CIPSSLSIZE?`: size of the TLS buffer. Non-OS firmware only.
    QuerySslBuffer, "+CIPSSLSIZE", SslBuffer, |fields| fields.small().map(SslBuffer)
}

/// `AT+CIPSSLSIZE=<bytes>`: size of the TLS buffer. Non-OS firmware only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetSslBuffer(
    /// Bytes, 2048 to 4096. The largest certificate of the server has to fit.
    pub u16,
);

set_command!(SetSslBuffer, "+CIPSSLSIZE", 1_000, |this, line| line
    .text("=")
    .between(Argument::SslBuffer, this.0, 2048, 4096));

/// Who has to show a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum SslAuthentication {
    /// 0: nobody; encrypted, but the server may be anybody.
    #[default]
    None = 0,
    /// 1: the module.
    Client = 1,
    /// 2: the server.
    Server = 2,
    /// 3: both.
    Mutual = 3,
}

impl SslAuthentication {
    /// The choice whose number is `value`.
    #[must_use]
    pub const fn from_number(value: u32) -> Option<Self> {
        Some(match value {
            0 => Self::None,
            1 => Self::Client,
            2 => Self::Server,
            3 => Self::Mutual,
            _ => return None,
        })
    }
}

/// `AT+CIPSSLCCONF?`: who has to show a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuerySslConfig;

/// One line of the answer to `AT+CIPSSLCCONF?`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SslConfiguration {
    /// The link; `None` from non-OS firmware, which has one setting for all.
    pub link: Option<LinkId>,
    /// Who has to show a certificate.
    pub authentication: SslAuthentication,
    /// Which certificate the module shows; ESP-AT only.
    pub certificate: Option<u8>,
    /// Which CA the server's certificate is checked against; ESP-AT only.
    pub ca: Option<u8>,
}

impl SslConfiguration {
    /// Reads one line `+CIPSSLCCONF:<n>` or `+CIPSSLCCONF:<link>,<n>[,<certificate>,<ca>]`, without its line end.
    #[must_use]
    pub fn parse(line: &[u8]) -> Option<Self> {
        let mut fields = Fields::new(line.strip_prefix(b"+CIPSSLCCONF:")?);
        let first = fields.number()?;
        if fields.is_empty() {
            return Some(Self {
                link: None,
                authentication: SslAuthentication::from_number(first)?,
                certificate: None,
                ca: None,
            });
        }
        let mut configuration = Self {
            link: Some(LinkId::from_number(first)?),
            authentication: SslAuthentication::from_number(fields.number()?)?,
            certificate: None,
            ca: None,
        };
        for number in [&mut configuration.certificate, &mut configuration.ca] {
            if !fields.is_empty() {
                *number = Some(u8::try_from(fields.number()?).ok()?);
            }
        }
        Some(configuration)
    }
}

/// Answer to `AT+CIPSSLCCONF?`: one setting (non-OS firmware), or one for each link.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SslConfigurations(pub Vec<SslConfiguration, MAX_LINKS>);

impl AtatResp for SslConfigurations {}

asking_command!(
    QuerySslConfig => SslConfigurations, "+CIPSSLCCONF", 1_000,
    |_this, line| line.text("?"),
    |text| {
        let mut all = Vec::new();
        for line in lines(text).filter(|line| line.starts_with(b"+CIPSSLCCONF")) {
            all.push(SslConfiguration::parse(line)?).ok()?;
        }
        (!all.is_empty()).then_some(SslConfigurations(all))
    }
);

/// `AT+CIPSSLCCONF=[<link>,]<n>[,<certificate>,<ca>]`: who has to show a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetSslConfig {
    /// Which link; `None` in single-connection mode and on non-OS firmware.
    pub link: Option<LinkId>,
    /// Who has to show a certificate.
    pub authentication: SslAuthentication,
    /// Which certificate and which CA, both 0 where there is one. ESP-AT asks for them with any but
    /// [`SslAuthentication::None`]; non-OS firmware has neither.
    pub certificate_and_ca: Option<(u8, u8)>,
}

set_command!(SetSslConfig, "+CIPSSLCCONF", 1_000, |this, line| {
    link(line, this.link).number(this.authentication as u32);
    if let Some((certificate, ca)) = this.certificate_and_ca {
        line.number(certificate.into()).number(ca.into());
    }
});
