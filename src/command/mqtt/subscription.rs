//! Subscribing, unsubscribing, asking what is subscribed.

use super::{
    super::{Command, Line, atat_commands, fields::Fields, set_command, wifi::owned},
    LINK, TOPIC, answers,
};
use crate::types::QoS;
use atat::AtatResp;
use heapless::{String, Vec};

/// The module keeps at most this many subscriptions.
pub const MAX_SUBSCRIPTIONS: usize = 10;

/// `AT+MQTTSUB=0,<topic>,<qos>`: subscribes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subscribe<'a> {
    /// Topic filter, 1 to 64 (vendor) or 128 bytes.
    pub topic: &'a str,
    /// Highest quality of service for its messages.
    pub qos: QoS,
}

set_command!(Subscribe<'_>, "+MQTTSUB", 20_000, |this, line| line
    .text(LINK)
    .quoted(&TOPIC, this.topic)
    .number(this.qos as u32));

/// `AT+MQTTUNSUB=0,<topic>`: unsubscribes. A topic that was not subscribed is `OK` too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsubscribe<'a>(
    /// The topic filter as it was subscribed.
    pub &'a str,
);

set_command!(Unsubscribe<'_>, "+MQTTUNSUB", 20_000, |this, line| line
    .text(LINK)
    .quoted(&TOPIC, this.0));

/// `AT+MQTTSUB?`: the subscriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuerySubscriptions;

/// One line of the answer to `AT+MQTTSUB?`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Subscription {
    /// Topic filter.
    pub topic: String<128>,
    /// Highest quality of service for its messages.
    pub qos: QoS,
}

/// Answer to `AT+MQTTSUB?`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Subscriptions(
    /// What is subscribed, in the module's order.
    pub Vec<Subscription, MAX_SUBSCRIPTIONS>,
);

impl AtatResp for Subscriptions {}

/// Topic and quality of service of each line `+MQTTSUB:0,<state>,"<topic>",<qos>`; `None` for one that does not parse.
///
/// "Nothing subscribed" is one line with an empty topic while the client is not connected, else no line.
pub(crate) fn subscriptions(text: &[u8]) -> impl Iterator<Item = Option<(&str, QoS)>> {
    answers(text, QuerySubscriptions::NAME).map(|line| {
        let mut fields = Fields::new(line);
        fields.number()?;
        Some((fields.text()?, QoS::from_number(fields.number()?)?))
    })
}

impl Command for QuerySubscriptions {
    type Response = Subscriptions;
    const NAME: &'static str = "+MQTTSUB";

    fn encode(&self, line: &mut Line<'_>) {
        line.text("?");
    }

    fn decode(&self, text: &[u8]) -> Option<Subscriptions> {
        let mut all = Vec::new();
        for subscription in subscriptions(text) {
            let (topic, qos) = subscription?;
            if !topic.is_empty() {
                let topic = owned(topic)?;
                all.push(Subscription { topic, qos }).ok()?;
            }
        }
        Some(Subscriptions(all))
    }
}

atat_commands!(QuerySubscriptions);
