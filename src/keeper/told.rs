//! What a [`Keeper`](super::Keeper) tells its application, and the words for it.

use super::Unpublished;
use crate::{
    error::{ArgumentError, JoinError},
    event::Event,
};
use core::fmt;

/// What [`keep`](crate::Esp8266Mqtt::keep) has to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Kept<'a> {
    /// A message, or something else that the module has said.
    Event(Event<'a>),
    /// Everything is as wished: joined, connected and subscribed.
    ///
    /// `again` says that it was so before: without a persistent session, messages that were published in between are
    /// missed.
    Ready {
        /// Not for the first time.
        again: bool,
    },
    /// It is no longer as wished. What was published just before may be lost: at QoS 0, and on vendor firmware at any QoS,
    /// because its `OK` means only that the module has the message.
    ///
    /// It is set up again at once, or after a pause as between attempts if that connection was no good one: it brought less
    /// than 10 s of quiet and less than 100 events.
    Lost(Loss),
    /// An attempt has failed.
    Retry {
        /// Why.
        after: Trouble,
        /// Milliseconds until the next one.
        in_ms: u32,
    },
    /// It will not get better by itself: nothing more is tried until [`Keeper::resume`](super::Keeper::resume).
    Stopped(Stop),
    /// The message of [`keep_publish`](crate::Esp8266Mqtt::keep_publish) is published. At QoS 1 and 2 ESP-AT says so when
    /// the broker has acknowledged it, vendor firmware when the module has it.
    Published {
        /// How often it was sent. After more than one attempt the broker may have it more than once.
        attempts: u16,
    },
    /// The message of [`keep_publish`](crate::Esp8266Mqtt::keep_publish) is given up.
    Unpublished(Unpublished),
    /// Nothing has happened in the given time.
    Nothing,
}

/// What was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Loss {
    /// The module has restarted.
    Module,
    /// The access point.
    Wifi,
    /// The broker.
    Broker,
}

/// Why an attempt has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Trouble {
    /// The module does not answer, or restarts.
    Module,
    /// The access point could not be joined.
    Wifi(JoinError),
    /// The module refuses its configuration.
    Configuration,
    /// The broker cannot be reached; or it refuses, and has a name of more than 64 bytes, which cannot be tried over TCP.
    Unreachable,
    /// The broker can be reached but does not accept the connection.
    Refused,
    /// The broker has not taken a subscription.
    Subscription,
}

/// Why nothing more is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Stop {
    /// A wish cannot be sent.
    Argument(ArgumentError),
    /// The access point refuses the password.
    WifiPassword,
    /// The broker can be reached and refuses, three times in a row: user name, password or client id are wrong. Ten times,
    /// which takes some minutes, if it has accepted them before.
    Login,
    /// The connection is lost five times in a row soon after it was made: another client has the same client id, or the
    /// broker hangs up because of a subscription.
    Contested,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Module => "the module has restarted",
            Self::Wifi => "the access point is lost",
            Self::Broker => "the broker is lost",
        })
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Module => "the module does not answer or restarts: check its supply and wires",
            Self::Wifi(error) => return error.fmt(f),
            Self::Configuration => "the module refuses its configuration: check its firmware",
            Self::Unreachable => "the broker cannot be reached: check its address and port",
            Self::Refused => "the broker does not accept the connection: check the login",
            Self::Subscription => "a subscription was not taken: check its topic",
        })
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Argument(error) => return write!(f, "{error}: correct it"),
            Self::WifiPassword => return JoinError::WrongPassword.fmt(f),
            Self::Login => "the broker refuses the login: check user name, password and client id",
            Self::Contested => {
                "lost again and again soon after connecting: check that no other client has this id"
            }
        })
    }
}
