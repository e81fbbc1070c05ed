//! Where passwords come from: an option, the environment, or whoever sits at the terminal.

use crate::arguments::Arguments;
use std::io::{self, IsTerminal};

pub struct Passwords {
    pub wifi: String,
    pub mqtt: String,
}

impl Passwords {
    /// Asks for what is needed and was not given. Without a terminal there is no password.
    pub fn collect(arguments: &Arguments) -> io::Result<Self> {
        let can_ask = arguments.port.is_some() && io::stdin().is_terminal();
        let ask = |given: &Option<String>, needed: bool, what: &str| match given {
            Some(password) => Ok(password.clone()),
            None if needed && can_ask => rpassword::prompt_password(what),
            None => Ok(String::new()),
        };
        let wifi = "Wi-Fi password (empty for an open network): ";
        Ok(Self {
            wifi: ask(&arguments.password, true, wifi)?,
            mqtt: ask(
                &arguments.mqtt_password,
                !arguments.user.is_empty(),
                "MQTT password: ",
            )?,
        })
    }
}
