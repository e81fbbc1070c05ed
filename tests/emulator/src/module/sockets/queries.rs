//! Answers to `AT+CIPDOMAIN` and `AT+PING`.

use core::net::Ipv4Addr;
use core::time::Duration;

use crate::command::code;
use crate::module::{Job, Module};

impl Module {
    pub(super) fn resolved(&mut self, address: Option<Ipv4Addr>) {
        if !matches!(self.job, Some(Job::Resolve)) {
            return;
        }
        match address {
            Some(address) => {
                self.print_line(&format!("+CIPDOMAIN:{address}"));
                self.finish_with(b"\r\nOK\r\n");
            }
            None => {
                self.print_line("DNS Fail");
                self.finish_with_error(code::FAILED);
            }
        }
    }

    pub(super) fn pinged(&mut self, time: Option<Duration>) {
        if !matches!(self.job, Some(Job::Ping)) {
            return;
        }
        let name = if self.is_esp_at() { "PING:" } else { "" };
        match time {
            Some(time) => {
                self.print_line(&format!("+{name}{}", time.as_millis()));
                self.finish_with(b"\r\nOK\r\n");
            }
            None => {
                let word = if self.is_esp_at() {
                    "TIMEOUT"
                } else {
                    "timeout"
                };
                self.print_line(&format!("+{name}{word}"));
                self.finish_with_error(code::FAILED);
            }
        }
    }
}
