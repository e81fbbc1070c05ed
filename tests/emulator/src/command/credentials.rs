//! Single fields of the MQTT client's configuration, and their queries.

use super::code::{self, Code};
use super::mqtt::{link_id, or};
use super::{Call, Entry, Outcome, Reply, esp_at, with_mqtt};
use crate::module::{Field, LongField, Module, State, UserConfig};
use crate::settings::{EspAtRelease, Settings};

pub(super) const TABLE: &[Entry] = &[
    Entry::new("MQTTCLIENTID", short_fields)
        .query(query)
        .set(set),
    Entry::new("MQTTUSERNAME", short_fields)
        .query(query)
        .set(set),
    Entry::new("MQTTPASSWORD", short_fields)
        .query(query)
        .set(set),
    Entry::new("MQTTLONGCLIENTID", long_fields).set(set_long),
    Entry::new("MQTTLONGUSERNAME", long_fields).set(set_long),
    Entry::new("MQTTLONGPASSWORD", long_fields).set(set_long),
    Entry::new("MQTTALPN", long_fields).set(set_alpn),
    Entry::new("MQTTSNI", names_server).set(set_sni),
];

/// Longest value of `AT+MQTTLONG…`, bytes.
const LONGEST: i64 = 1024;

/// The vendor's firmware, and ESP-AT up to 2.2.1.
fn short_fields(settings: &Settings) -> bool {
    with_mqtt(settings) && (!esp_at(settings) || settings.release <= EspAtRelease::V2_2)
}

fn long_fields(settings: &Settings) -> bool {
    esp_at(settings) && settings.release >= EspAtRelease::V2_3
}

fn names_server(settings: &Settings) -> bool {
    esp_at(settings) && settings.release >= EspAtRelease::V3_3
}

/// Only ESP-AT 2.0 and 2.1 tell secrets.
fn need_queries(module: &Module) -> Result<(), Code> {
    if module.is_esp_at() && module.settings.release == EspAtRelease::V2_1 {
        Ok(())
    } else {
        Err(code::FORM)
    }
}

fn field(name: &str) -> Field {
    match name {
        "MQTTCLIENTID" | "MQTTLONGCLIENTID" => Field::ClientId,
        "MQTTUSERNAME" | "MQTTLONGUSERNAME" => Field::Username,
        _ => Field::Password,
    }
}

/// ESP-AT takes the fields between `AT+MQTTUSERCFG` and `AT+MQTTCONNCFG` only.
fn need_configured(module: &Module) -> Result<(), Code> {
    let exactly = module.client.state == State::UserConfigured;
    let has_user = module.client.user.is_some();
    if has_user && (exactly || !module.is_esp_at()) {
        Ok(())
    } else {
        Err(code::mqtt(0x6002))
    }
}

fn set(module: &mut Module, call: &Call) -> Reply {
    link_id(call, 2)?;
    let value = call.string(1, 0..=256)?;
    need_configured(module)?;
    module.set_user_field(field(&call.name), value);
    Ok(Outcome::Ok)
}

fn query(module: &mut Module, call: &Call) -> Reply {
    need_queries(module)?;
    let user = module.client.user.clone().ok_or(code::mqtt(0x6001))?;
    let value = match field(&call.name) {
        Field::ClientId => user.client_id,
        Field::Username => user.username,
        Field::Password => user.password,
    };
    module.print_line(&format!("+{}:0,\"{value}\"", call.name));
    Ok(Outcome::Ok)
}

fn set_long(module: &mut Module, call: &Call) -> Reply {
    link_id(call, 2)?;
    let length = call.number(1, 1..=LONGEST)?;
    need_configured(module)?;
    let length = usize::try_from(length).unwrap_or_default();
    module.ask_for_field(LongField::new(field(&call.name), length));
    Ok(Outcome::Pending)
}

fn set_alpn(module: &mut Module, call: &Call) -> Reply {
    let given = call.count(2..=7)?;
    or(call.number(0, 0..=0), 0x6011)?;
    let count = usize::from(call.small(1, 0..=5)?);
    if given != count + 2 {
        return Err(code::count(count + 2, given));
    }
    let protocols: Result<Vec<_>, _> = (2..given).map(|at| call.string(at, 1..=32)).collect();
    let protocols = protocols?;
    if module.client.user.is_none() {
        return Err(code::mqtt(0x6001));
    }
    module.client.alpn = protocols;
    Ok(Outcome::Ok)
}

fn set_sni(module: &mut Module, call: &Call) -> Reply {
    link_id(call, 2)?;
    let name = call.string(1, 1..=256)?;
    if module.client.user.is_none() {
        return Err(code::mqtt(0x6001));
    }
    module.client.server_name = Some(name);
    Ok(Outcome::Ok)
}

pub(super) fn user_config(module: &mut Module, _: &Call) -> Reply {
    need_queries(module)?;
    let UserConfig {
        scheme,
        client_id,
        username,
        password,
        path,
    } = module.client.user.clone().ok_or(code::mqtt(0x6001))?;
    module.print_line(&format!(
        "+MQTTUSERCFG:0,{scheme},\"{client_id}\",\"{username}\",\"{password}\",0,0,\"{path}\""
    ));
    Ok(Outcome::Ok)
}

pub(super) fn connection_config(module: &mut Module, _: &Call) -> Reply {
    need_queries(module)?;
    let config = module.client.connection.clone();
    let config = config.ok_or(code::mqtt(0x6001))?;
    let persistent = u8::from(!config.clean_session);
    module.print(format!("+MQTTCONNCFG:0,{},{persistent},\"", config.keepalive).as_bytes());
    let (topic, payload, qos, retain) = match config.will {
        Some(will) => (will.topic, will.payload, will.qos, u8::from(will.retain)),
        None => (String::new(), Vec::new(), 0, 0),
    };
    module.print(topic.as_bytes());
    module.print(b"\",\"");
    module.print(&payload);
    module.print_line(&format!("\",{qos},{retain}"));
    Ok(Outcome::Ok)
}
