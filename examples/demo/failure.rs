//! What went wrong, in one sentence for the terminal.

use esp8266_mqtt::{Error, JoinError};
use std::{error, fmt, time::Duration};

/// Why the demo ends early.
pub struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for Failure {
    fn from(sentence: String) -> Self {
        Self(sentence)
    }
}

impl Failure {
    /// `error` of the driver in `step`. What a plain `ERROR` of the module means depends on the step.
    pub fn new<E: error::Error>(step: &str, error: Error<E>) -> Self {
        let why = match (step, error) {
            (_, Error::Uart(error)) => format!("the port failed: {error}"),
            (_, Error::Join(JoinError::WrongPassword)) => {
                "wrong password: the access point refused it".into()
            }
            ("init", Error::Rejected(_)) => "the module's firmware has no MQTT commands".into(),
            ("connect", Error::Rejected(_)) => {
                "the broker refused the login or cannot be reached: check user name, password and host".into()
            }
            ("aliyun", Error::Rejected(_)) => {
                "the module refused: only vendor firmware knows the command".into()
            }
            ("subscribe", Error::Rejected(_)) => {
                "the module refused: the broker has not accepted the login, or the topic is too long"
                    .into()
            }
            ("publish", Error::Rejected(_)) => {
                "the module refused: no connection to the broker, or the message is too long".into()
            }
            (_, error) => error.to_string(),
        };
        Self(format!("{step}: {why}"))
    }

    pub fn restarted() -> Self {
        Self("the module restarted and has forgotten its connection: check its power supply".into())
    }

    pub fn lost(what: &str) -> Self {
        Self(format!("receive: the module has lost the {what}"))
    }

    pub fn login_unanswered(time: Duration) -> Self {
        Self(format!(
            "login: no connection within {} s, so the broker refused it or cannot be reached: check user name, \
             password and host",
            time.as_secs()
        ))
    }

    pub fn missing(back: usize, all: usize, silence: Duration) -> Self {
        Self(format!(
            "receive: only {back} of {all} messages came back, and none in the last {} s",
            silence.as_secs()
        ))
    }
}
