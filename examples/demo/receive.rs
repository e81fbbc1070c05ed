//! Waiting: for the broker's answer to the login, and for the messages to come back.

use crate::{failure::Failure, steps::Steps};
use embedded_hal::delay::DelayNs;
use embedded_io::{Read, ReadReady, Write};
use esp8266_mqtt::{ConnectionState, Dialect, Esp8266Mqtt, Event, MqttLink, WifiLink};
use std::{
    thread::sleep,
    time::{Duration, Instant},
};

const LOGIN_TIME: Duration = Duration::from_secs(5);
const LOGIN_POLL: Duration = Duration::from_millis(100);
/// For firmware that cannot be asked whether the broker has accepted.
const BLIND_WAIT: Duration = Duration::from_secs(2);
/// Without a message for so long, no more are expected.
const SILENCE: Duration = Duration::from_secs(5);

/// On vendor firmware `OK` to a connect means "taken", so the module is asked until the broker has answered.
pub fn broker_answer<U: Read + ReadReady + Write, D: DelayNs>(
    module: &mut Esp8266Mqtt<'_, U, D>,
    steps: &mut Steps,
) -> Result<(), Failure> {
    if module.dialect() == Dialect::EspAt {
        return Ok(());
    }
    let deadline = Instant::now() + LOGIN_TIME;
    loop {
        match module.connection_state() {
            Ok(ConnectionState::Accepted) => {
                sleep(BLIND_WAIT);
                steps.passed("login (this firmware does not tell)");
                return Ok(());
            }
            Ok(state) if state.is_connected() => {
                steps.passed("login");
                return Ok(());
            }
            Ok(_) if Instant::now() < deadline => sleep(LOGIN_POLL),
            Ok(_) => return Err(Failure::login_unanswered(LOGIN_TIME)),
            Err(error) => return Err(Failure::new("login", error)),
        }
    }
}

/// The messages that were published and are to come back.
pub struct Echoes<'a> {
    topic: &'a str,
    outstanding: Vec<&'a str>,
    published: usize,
}

impl<'a> Echoes<'a> {
    pub fn new(topic: &'a str) -> Self {
        Self {
            topic,
            outstanding: Vec::new(),
            published: 0,
        }
    }

    /// `message` was published.
    pub fn expect(&mut self, message: &'a str) {
        self.outstanding.push(message);
        self.published += 1;
    }

    /// Takes what has arrived. Says whether that was anything.
    pub fn take<U: Read + ReadReady + Write, D: DelayNs>(
        &mut self,
        module: &mut Esp8266Mqtt<'_, U, D>,
    ) -> Result<bool, Failure> {
        let mut any = false;
        loop {
            match module.poll() {
                Ok(Event::Message(message)) => {
                    any = true;
                    self.arrived(message.topic(), message.payload());
                }
                Ok(Event::MessagesDropped { count, .. }) => {
                    println!("{count} messages did not fit into the receive buffer");
                }
                Ok(_) => {}
                Err(nb::Error::WouldBlock) => break,
                Err(nb::Error::Other(error)) => return Err(Failure::new("receive", error)),
            }
        }
        // The events may be older than the connection, the state is not.
        let link = module.link_state();
        if link.wifi == WifiLink::Down {
            return Err(Failure::lost("access point"));
        }
        if link.mqtt == MqttLink::Down {
            return Err(Failure::lost("broker"));
        }
        Ok(any)
    }

    fn arrived(&mut self, topic: &[u8], payload: &[u8]) {
        println!("topic: {}", String::from_utf8_lossy(topic));
        println!("message: {}", String::from_utf8_lossy(payload));
        let is_this = |message: &&str| message.as_bytes() == payload;
        if topic == self.topic.as_bytes()
            && let Some(index) = self.outstanding.iter().position(is_this)
        {
            self.outstanding.remove(index);
        }
    }

    /// Waits until all have come back, or nothing comes any more.
    pub fn wait<U: Read + ReadReady + Write, D: DelayNs>(
        &mut self,
        module: &mut Esp8266Mqtt<'_, U, D>,
        steps: &mut Steps,
    ) -> Result<(), Failure> {
        let mut last = Instant::now();
        while !self.outstanding.is_empty() {
            if self.take(module)? {
                last = Instant::now();
            } else if last.elapsed() > SILENCE {
                break;
            } else {
                sleep(Duration::from_millis(1));
            }
        }
        let all = self.published;
        let back = all - self.outstanding.len();
        steps.passed("receive");
        println!("{back} of {all} messages came back");
        if back < all {
            return Err(Failure::missing(back, all, SILENCE));
        }
        Ok(())
    }
}
