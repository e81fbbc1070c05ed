//! The MQTT client at work: events of the broker, publishes, subscriptions.

use super::client::{Queued, Wake};
use super::{Job, Link, Module, Operation, State};
use crate::broker::{BrokerEvent, Message};
use crate::command::code;
use crate::settings::Firmware;

impl Module {
    pub(super) fn mqtt_event(&mut self, event: BrokerEvent) {
        match event {
            BrokerEvent::Connected if self.client.link == Link::Connecting => self.connected(),
            BrokerEvent::Refused => self.connection_failed(),
            BrokerEvent::Unreachable => {
                let at = self.now + self.settings.latency.network_timeout;
                self.client.wake_at(at, Wake::GiveUp);
            }
            BrokerEvent::Lost if self.client.link == Link::Up => self.link_lost(),
            BrokerEvent::Message(message) if self.client.link == Link::Up => {
                self.print_message(&message)
            }
            BrokerEvent::Published(token)
            | BrokerEvent::Subscribed(token)
            | BrokerEvent::Unsubscribed(token)
                if token == self.client.awaited =>
            {
                self.acknowledged();
            }
            _ => {}
        }
    }

    fn connected(&mut self) {
        self.client.link = Link::Up;
        self.client.state = State::Connected;
        self.client.was_up = true;
        if self.is_esp_at() {
            self.client.user = None;
            self.client.connection = None;
        }
        self.announce_connection();
        if self.settings.resubscribes {
            for (topic, qos) in self.client.subscriptions.clone() {
                let token = self.client.new_token();
                self.broker.subscribe(self.now, token, &topic, qos);
                self.client.state = State::Subscribed;
            }
        } else {
            self.client.subscriptions.clear();
        }
        if self.awaited() == Some(&Operation::Connect) {
            self.finish_with(b"\r\nOK\r\n");
        }
        while let Some(queued) = self.client.queue.pop_front() {
            self.send_queued(queued);
        }
    }

    fn announce_connection(&mut self) {
        let Some(target) = &self.client.target else {
            return;
        };
        if self.settings.connection_urcs {
            let details = self.target_text(target);
            self.print_line(&format!("+MQTTCONNECTED:0,{details}"));
        }
    }

    /// Scheme, host, port, path and reconnect as printed in URC and query.
    pub(crate) fn target_text(&self, target: &super::Target) -> String {
        let quote = if self.settings.quoted_port { "\"" } else { "" };
        let super::Target {
            host, port, user, ..
        } = target;
        let reconnect = u8::from(target.reconnect);
        let (scheme, path) = (user.scheme, &user.path);
        format!("{scheme},\"{host}\",{quote}{port}{quote},\"{path}\",{reconnect}")
    }

    /// The TCP connection is gone while it was up.
    pub(super) fn link_lost(&mut self) {
        self.client.link = Link::Down;
        self.client.state = State::Disconnected;
        self.client.awaited = 0;
        self.announce_disconnect();
        match self.awaited() {
            Some(Operation::PublishRaw) => self.finish_with(b"+MQTTPUB:FAIL\r\n"),
            Some(Operation::Connect) | None => {}
            Some(_) => self.finish_with_error(code::mqtt(0x6006)),
        }
        if self
            .client
            .target
            .as_ref()
            .is_some_and(|target| !target.reconnect)
        {
            self.client.target = None;
        }
        self.retry_later();
    }

    /// Wi-Fi is there.
    pub(super) fn network_up(&mut self) {
        self.sockets.had_link = false;
        self.clock_network_up();
        self.open_saved_link();
        let waiting = self.client.target.is_some() && self.client.link != Link::Up;
        if waiting && self.firmware() == Firmware::Vendor {
            self.client.wake_at(self.now, Wake::Connect);
        }
    }

    /// Wi-Fi is gone, and every TCP connection with it.
    pub(super) fn network_down(&mut self) {
        self.sockets_down();
        match self.client.link {
            Link::Up => {
                self.broker.cut(self.now);
                self.link_lost();
            }
            Link::Connecting => self.connection_failed(),
            Link::Down => {}
        }
    }

    pub(crate) fn can_publish(&self) -> bool {
        self.firmware() == Firmware::Vendor || self.client.link == Link::Up
    }

    /// Hands a message to the broker; ESP-AT waits for the acknowledgement of QoS 1 and 2.
    pub(crate) fn start_publish(&mut self, message: Message) {
        let raw = self.awaited() == Some(&Operation::PublishRaw);
        let waits = self.is_esp_at() && message.qos > 0;
        self.send_or_queue(Queued::Publish(message));
        match (waits, raw) {
            (true, true) => {}
            (true, false) => self.keep_busy(Job::Mqtt(Operation::Publish)),
            (false, true) => self.finish_with(b"+MQTTPUB:OK\r\n"),
            (false, false) => self.finish_with(b"\r\nOK\r\n"),
        }
    }

    /// Subscribes; ESP-AT waits for SUBACK unless the QoS is 0.
    pub(crate) fn start_subscribe(&mut self, topic: String, qos: u8) {
        self.send_or_queue(Queued::Subscribe(topic.clone(), qos));
        if self.is_esp_at() && qos > 0 {
            self.keep_busy(Job::Mqtt(Operation::Subscribe(topic, qos)));
        } else {
            self.subscribed(&topic, qos);
            self.finish_with(b"\r\nOK\r\n");
        }
    }

    /// Unsubscribes; ESP-AT waits for UNSUBACK.
    pub(crate) fn start_unsubscribe(&mut self, topic: String) {
        self.send_or_queue(Queued::Unsubscribe(topic.clone()));
        if self.is_esp_at() {
            self.keep_busy(Job::Mqtt(Operation::Unsubscribe(topic)));
        } else {
            self.unsubscribed(&topic);
            self.finish_with(b"\r\nOK\r\n");
        }
    }

    fn send_or_queue(&mut self, request: Queued) {
        if self.client.link == Link::Up {
            self.client.awaited = self.send_queued(request);
        } else {
            self.client.queue.push_back(request);
        }
    }

    fn send_queued(&mut self, request: Queued) -> u64 {
        let token = self.client.new_token();
        let now = self.now;
        match request {
            Queued::Publish(message) => self.broker.publish(now, token, &message),
            Queued::Subscribe(topic, qos) => {
                self.subscribed(&topic, qos);
                self.broker.subscribe(now, token, &topic, qos);
            }
            Queued::Unsubscribe(topic) => {
                self.broker.unsubscribe(now, token, &topic);
            }
        }
        token
    }

    fn subscribed(&mut self, topic: &str, qos: u8) {
        self.client.add_subscription(topic, qos);
        if self.client.link == Link::Up {
            self.client.state = State::Subscribed;
        }
    }

    /// Says whether the topic was known.
    fn unsubscribed(&mut self, topic: &str) -> bool {
        let known = self.client.remove_subscription(topic);
        if self.client.subscriptions.is_empty() && self.client.link == Link::Up {
            self.client.state = State::NothingSubscribed;
        }
        known
    }

    fn acknowledged(&mut self) {
        self.client.awaited = 0;
        match self.awaited().cloned() {
            Some(Operation::Publish) => self.finish_with(b"\r\nOK\r\n"),
            Some(Operation::PublishRaw) => self.finish_with(b"+MQTTPUB:OK\r\n"),
            Some(Operation::Subscribe(topic, qos)) => {
                self.subscribed(&topic, qos);
                self.finish_with(b"\r\nOK\r\n");
            }
            Some(Operation::Unsubscribe(topic)) => {
                let known = self.unsubscribed(&topic);
                let extra = self.settings.latency.unknown_unsubscribe;
                self.finish_after(if known {
                    core::time::Duration::ZERO
                } else {
                    extra
                });
            }
            Some(Operation::Connect) | None => {}
        }
    }

    /// `AT+MQTTCLEAN`.
    pub(crate) fn clean(&mut self) {
        self.broker.disconnect(self.now);
        self.client = super::Client {
            last_token: self.client.last_token,
            ..super::Client::default()
        };
    }

    /// Prints a received message, in parts if the packet does not fit into the buffer.
    fn print_message(&mut self, message: &Message) {
        let Message { topic, payload, .. } = message;
        let buffer = self.settings.mqtt_buffer;
        let first = buffer
            .saturating_sub(packet_header(message))
            .max(1)
            .min(payload.len());
        let (first, rest) = payload.split_at(first);
        let mut parts = vec![first];
        parts.extend(rest.chunks(buffer.max(1)));
        for part in parts {
            if self.is_esp_at() {
                let length = part.len();
                self.print(format!("+MQTTSUBRECV:0,\"{topic}\",{length},").as_bytes());
            } else {
                self.print(format!("+MQTTSUBRECV:{topic},").as_bytes());
            }
            self.print(part);
            self.print(b"\r\n");
        }
    }
}

/// Bytes of a PUBLISH packet before the payload.
pub(crate) fn packet_header(message: &Message) -> usize {
    let variable = 2 + message.topic.len() + if message.qos > 0 { 2 } else { 0 };
    let length_bytes = match variable + message.payload.len() {
        0..=127 => 1,
        128..=16_383 => 2,
        _ => 3,
    };
    1 + length_bytes + variable
}
