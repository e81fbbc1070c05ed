//! `AT+ALIYUN_MQTTCONN` of the vendor's firmware, which computes the credentials itself.

use super::{Call, Outcome, Reply, code};
use crate::module::{Module, State, Target, UserConfig};

/// Port if the parameter is left out.
const DEFAULT_PORT: i64 = 1883;

pub(super) fn connect(module: &mut Module, call: &Call) -> Reply {
    call.count(5..=5)?;
    let host = call.string(0, 1..=128)?;
    let port = call.number_or(1, 1..=65_535, DEFAULT_PORT)?;
    let product_key = call.string(2, 1..=64)?;
    let device_name = call.string(3, 1..=64)?;
    let device_secret = call.string(4, 1..=64)?;
    if module.client.state >= State::Connected {
        return Err(code::mqtt(0x6004));
    }
    let user = credentials(&product_key, &device_name, &device_secret);
    let connection = module.client.connection.clone();
    module.start_connection(Target {
        host,
        port: u16::try_from(port).unwrap_or_default(),
        reconnect: true,
        user,
        connection,
    });
    Ok(Outcome::Pending)
}

/// Aliyun's "one device, one secret" scheme without a time stamp.
fn credentials(product_key: &str, device_name: &str, device_secret: &str) -> UserConfig {
    let content = format!("clientId{device_name}deviceName{device_name}productKey{product_key}");
    UserConfig {
        scheme: 1,
        client_id: format!("{device_name}|securemode=3,signmethod=hmacsha1|"),
        username: format!("{device_name}&{product_key}"),
        password: sign(device_secret.as_bytes(), content.as_bytes()),
        path: String::new(),
    }
}

fn sign(key: &[u8], content: &[u8]) -> String {
    use hmac::{Hmac, Mac};
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(key)
        .unwrap_or_else(|_| unreachable!("HMAC takes any key"));
    mac.update(content);
    let digest = mac.finalize().into_bytes();
    digest.iter().map(|byte| format!("{byte:02X}")).collect()
}
