//! MQTT commands: chapter "MQTT AT Commands" of ESP-AT 2.2.1, and the vendor's manual.

use core::ops::RangeInclusive;

use super::code::{self, Code};
use super::{Call, Entry, Outcome, Reply, credentials, vendor, with_mqtt};
use crate::broker::Message;
use crate::module::{
    ConnectionConfig, Link, Module, Payload, State, Target, UserConfig, packet_header,
};
use crate::settings::{ConnectionQuery, Firmware};

pub(super) const TABLE: &[Entry] = &[
    Entry::new("MQTTUSERCFG", with_mqtt)
        .query(credentials::user_config)
        .set(user_config),
    Entry::new("MQTTCONNCFG", with_mqtt)
        .query(credentials::connection_config)
        .set(connection_config),
    Entry::new("MQTTCONN", with_mqtt)
        .query(connection)
        .set(connect),
    Entry::new("ALIYUN_MQTTCONN", vendor).set(super::aliyun::connect),
    Entry::new("MQTTPUB", with_mqtt).set(publish),
    Entry::new("MQTTPUBRAW", with_mqtt).set(publish_raw),
    Entry::new("MQTTSUB", with_mqtt)
        .query(subscriptions)
        .set(subscribe),
    Entry::new("MQTTUNSUB", with_mqtt).set(unsubscribe),
    Entry::new("MQTTCLEAN", with_mqtt).set(clean),
];

/// Topic filters that the firmware remembers.
const MAX_SUBSCRIPTIONS: usize = 10;

/// Gives a failed check the MQTT module's own code.
pub(super) fn or<T>(result: Result<T, Code>, extension: Code) -> Result<T, Code> {
    result.map_err(|_| code::mqtt(extension))
}

pub(super) fn link_id(call: &Call, parameters: usize) -> Result<(), Code> {
    call.count(parameters..=parameters)?;
    or(call.number(0, 0..=0), 0x6011).map(drop)
}

fn small(number: i64) -> u8 {
    u8::try_from(number).unwrap_or_default()
}

/// Longest credential, topic and will message: the vendor's manual against what ESP-AT really checks.
fn limit(module: &Module, vendor: usize, esp_at: usize) -> RangeInclusive<usize> {
    0..=if module.is_esp_at() { esp_at } else { vendor }
}

fn topic(module: &Module, call: &Call) -> Result<String, Code> {
    let longest = *limit(module, 64, 128).end();
    if call.text(1, 0..=0).is_ok() {
        return Err(code::mqtt(0x6042));
    }
    or(call.string(1, 1..=longest), 0x6043)
}

fn user_config(module: &mut Module, call: &Call) -> Reply {
    link_id(call, 8)?;
    let user = UserConfig {
        scheme: small(or(call.number(1, 1..=10), 0x6013)?),
        client_id: or(call.string(2, 0..=256), 0x6016)?,
        username: or(call.string(3, limit(module, 64, 256)), 0x6019)?,
        password: or(call.string(4, limit(module, 64, 256)), 0x601c)?,
        path: or(call.string(7, 0..=32), 0x6029)?,
    };
    or(call.number(5, 0..=1), 0x601e)?;
    or(call.number(6, 0..=1), 0x6020)?;
    if module.is_esp_at() && module.client.state > State::ConnectionConfigured {
        return Err(code::mqtt(0x6002));
    }
    module.client.user = Some(user);
    module.client.state = module.client.state.max(State::UserConfigured);
    if module.is_esp_at() {
        module.client.state = State::UserConfigured;
    }
    Ok(Outcome::Ok)
}

fn connection_config(module: &mut Module, call: &Call) -> Reply {
    link_id(call, 7)?;
    let shortest = if module.is_esp_at() { 0 } else { 60 };
    let keepalive = or(call.number(1, shortest..=7200), 0x602d)?;
    let disable_clean = or(call.number(2, 0..=1), 0x602f)?;
    let topic = or(call.string(3, limit(module, 64, 128)), 0x6032)?;
    let payload = or(call.text(4, 0..=64), 0x6035)?.to_vec();
    let qos = small(or(call.number(5, 0..=2), 0x6037)?);
    let retain = or(call.number(6, 0..=1), 0x6039)? == 1;
    let in_time = module.client.state <= State::ConnectionConfigured || !module.is_esp_at();
    if module.client.user.is_none() || !in_time {
        return Err(code::mqtt(0x6001));
    }
    let will = (!topic.is_empty()).then_some(Message {
        topic,
        payload,
        qos,
        retain,
    });
    module.client.connection = Some(ConnectionConfig {
        keepalive: match keepalive {
            0 => 120,
            seconds => u16::try_from(seconds).unwrap_or_default(),
        },
        clean_session: disable_clean == 0,
        will,
    });
    module.client.state = module.client.state.max(State::ConnectionConfigured);
    Ok(Outcome::Ok)
}

fn connect(module: &mut Module, call: &Call) -> Reply {
    link_id(call, 4)?;
    let host = or(call.string(1, 1..=128), 0x603c)?;
    let port = or(call.number(2, 1..=65_535), 0x603e)?;
    let reconnect = or(call.number(3, 0..=1), 0x6040)? == 1;
    let client = &module.client;
    if client.state >= State::Connected {
        return Err(code::mqtt(0x6004));
    }
    let retries = client
        .target
        .as_ref()
        .is_some_and(|target| target.reconnect);
    if module.is_esp_at() && client.state == State::Disconnected && retries {
        return Err(code::mqtt(0x6051));
    }
    let Some(user) = client.user.clone() else {
        return Err(code::mqtt(0x6001));
    };
    if host.contains([':', '/', ' ']) {
        return Err(code::mqtt(0x6052));
    }
    let connection = client.connection.clone();
    module.start_connection(Target {
        host,
        port: u16::try_from(port).unwrap_or_default(),
        reconnect,
        user,
        connection,
    });
    Ok(Outcome::Pending)
}

fn connection(module: &mut Module, _: &Call) -> Reply {
    let prefix = match (module.firmware(), module.settings.connection_query) {
        (Firmware::Vendor, ConnectionQuery::Refused) => return Err(code::FORM),
        (Firmware::Vendor, ConnectionQuery::WithAt) => "AT+MQTTCONN:",
        _ => "+MQTTCONN:",
    };
    let state = module.mqtt_state();
    let details = match &module.client.target {
        Some(target) if state >= State::Connected as u8 || !module.is_esp_at() => {
            module.target_text(target)
        }
        _ => {
            let user = module.client.user.as_ref();
            let scheme = user.map_or(0, |user| user.scheme);
            format!("{scheme},\"\",\"\",\"\",0")
        }
    };
    module.print_line(&format!("{prefix}0,{state},{details}"));
    Ok(Outcome::Ok)
}

/// ESP-AT publishes and subscribes on a live link only; the vendor's firmware queues.
fn need_link(module: &Module) -> Result<(), Code> {
    let usable = if module.is_esp_at() {
        module.client.link == Link::Up
    } else {
        module.client.target.is_some()
    };
    if usable {
        Ok(())
    } else {
        Err(code::mqtt(0x6006))
    }
}

fn message(module: &Module, call: &Call, payload: Vec<u8>) -> Result<Message, Code> {
    Ok(Message {
        topic: topic(module, call)?,
        payload,
        qos: small(or(call.number(3, 0..=2), 0x6048)?),
        retain: or(call.number(4, 0..=1), 0x604a)? == 1,
    })
}

fn publish(module: &mut Module, call: &Call) -> Reply {
    link_id(call, 5)?;
    let payload = or(call.text(2, 0..=256), 0x6046)?.to_vec();
    if payload.is_empty() {
        return Err(code::mqtt(0x6045));
    }
    let message = message(module, call, payload)?;
    need_link(module)?;
    module.start_publish(message);
    Ok(Outcome::Pending)
}

fn publish_raw(module: &mut Module, call: &Call) -> Reply {
    link_id(call, 5)?;
    let length = or(call.number(2, 1..=i64::from(u16::MAX)), 0x604c)?;
    let length = usize::try_from(length).unwrap_or_default();
    let mut message = message(module, call, vec![0; length])?;
    need_link(module)?;
    if packet_header(&message) + length > module.settings.mqtt_buffer {
        return Err(code::mqtt(0x604c));
    }
    message.payload.clear();
    module.ask_for_payload(Payload::new(message, length));
    Ok(Outcome::Pending)
}

fn subscribe(module: &mut Module, call: &Call) -> Reply {
    link_id(call, 3)?;
    let topic = topic(module, call)?;
    let qos = small(or(call.number(2, 0..=2), 0x6048)?);
    need_link(module)?;
    let known = &module.client.subscriptions;
    if known.len() >= MAX_SUBSCRIPTIONS && known.iter().all(|(known, _)| *known != topic) {
        return Err(code::mqtt(0x600d));
    }
    module.start_subscribe(topic, qos);
    Ok(Outcome::Pending)
}

fn subscriptions(module: &mut Module, _: &Call) -> Reply {
    let state = module.mqtt_state();
    if state < State::Disconnected as u8 {
        module.print_line(&format!("+MQTTSUB:0,{state},\"\",0"));
    }
    for (topic, qos) in module.client.subscriptions.clone() {
        module.print_line(&format!("+MQTTSUB:0,{state},\"{topic}\",{qos}"));
    }
    Ok(Outcome::Ok)
}

fn unsubscribe(module: &mut Module, call: &Call) -> Reply {
    link_id(call, 2)?;
    let topic = topic(module, call)?;
    need_link(module)?;
    module.start_unsubscribe(topic);
    Ok(Outcome::Pending)
}

fn clean(module: &mut Module, call: &Call) -> Reply {
    link_id(call, 1)?;
    if module.client.state == State::Uninitialised {
        return Err(code::mqtt(0x6003));
    }
    module.clean();
    Ok(Outcome::Ok)
}
