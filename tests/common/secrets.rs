//! A session in which every kind of secret passes over the wire, and commands that carry one.

use esp8266_mqtt::command::mqtt::{ConnectAliyun, QueryPassword, QueryUserConfig, SetPassword};
use esp8266_mqtt::command::wifi::{
    EapMethod, JoinAccessPoint, JoinEnterprise, SetSoftAp, SoftApSecurity,
};
use esp8266_mqtt::{AliyunDevice, ConnectionConfig, Dialect, QoS, Reconnect, Secret, Store};
use esp8266_mqtt::{UserConfig, Will};
use esp8266_mqtt_emulator::{AccessPoint, Action, Bench};

use super::emulated::{Driver, driver, module, ms};
use super::receive_all;

/// None of these may be in a log, nor a part of one.
pub const SECRETS: [&str; 4] = [
    "wifi-pass-7301",
    "mqtt-pass-7302",
    "device-secret-7303",
    "long-pass-7304",
];

/// What identifies them when only their end is left.
pub const TAILS: [&str; 4] = ["7301", "7302", "7303", "7304"];

const SSID: &str = "a net";

/// Runs the session; the echo is on at its start and again after the module has restarted.
pub fn session(dialect: Dialect) -> Bench {
    let settings = module(dialect).with_echo(true);
    let bench = Bench::new(settings);
    bench.set_access_points(vec![AccessPoint::new(SSID, SECRETS[0])]);
    let mut module = driver(&bench);
    // The echo stays on: `init` is what switches it off.
    module.connect_wifi(SSID, SECRETS[0]).expect("join");
    module.init().expect("init");
    configure(&mut module);
    let connected = module.connect("broker", 1883, Reconnect::Off);
    connected.expect("connect");
    bench.advance(ms(1_000));
    module.subscribe("in", QoS::AtMostOnce).expect("subscribe");
    module
        .publish("in", "hello", QoS::AtMostOnce)
        .expect("publish");
    module.publish("in", [1; 20], QoS::AtMostOnce).ok();
    bench.advance(ms(1_000));
    assert!(!receive_all(&mut module).is_empty());
    module.send(&QueryUserConfig).ok();
    module.send(&QueryPassword).ok();
    let device = AliyunDevice::new("key", "name", SECRETS[2]);
    module.connect_aliyun("broker", 1883, &device).ok();

    // Answers that hold secrets, and lines of SmartConfig, which print the password.
    for line in [
        format!(
            "+MQTTUSERCFG:0,1,\"id\",\"user\",\"{}\",0,0,\"\"",
            SECRETS[1]
        ),
        format!("+MQTTPASSWORD:0,\"{}\"", SECRETS[3]),
        format!("+CWSAP_CUR:\"ap\",\"{}\",1,3,4,0", SECRETS[0]),
        format!("password:{}", SECRETS[0]),
    ] {
        let bytes = format!("{line}\r\n").into_bytes();
        bench.schedule_after(ms(1), Action::Inject(bytes));
        module.wifi_status().ok();
        receive_all(&mut module);
    }
    // Echo again, with noise in it.
    module.restart().expect("restart");
    let joined = module.connect_wifi(SSID, SECRETS[0]);
    joined.expect("join");
    bench
}

fn configure(module: &mut Driver) {
    let user = UserConfig::new("id").credentials("user", SECRETS[1]);
    module.usercfg(&user).expect("usercfg");
    module
        .send(&SetPassword(Secret::new(SECRETS[3])))
        .expect("password");
    module.usercfg(&user).expect("usercfg");
    let will = Will::new("will", "gone");
    let config = ConnectionConfig::new().will(will);
    module.conncfg(&config).expect("conncfg");
}

/// `AT+CWJAP` with a password.
pub fn join(password: Secret<'_>, store: Store) -> JoinAccessPoint<'_> {
    JoinAccessPoint {
        ssid: "net",
        password,
        bssid: None,
        store,
    }
}

/// `AT+CWSAP` with a password.
pub fn soft_ap(password: Secret<'_>, store: Store) -> SetSoftAp<'_> {
    SetSoftAp {
        ssid: "net",
        password,
        channel: 1,
        security: SoftApSecurity::Wpa2Psk,
        max_stations: None,
        hidden: false,
        store,
    }
}

/// `AT+CWJEAP` with a password.
pub fn enterprise(password: Secret<'_>, store: Store) -> JoinEnterprise<'_> {
    JoinEnterprise {
        ssid: "net",
        method: EapMethod::Peap,
        identity: "me",
        credentials: Some(("me", password)),
        client_certificate: false,
        verify_server: false,
        store,
    }
}

/// `AT+ALIYUN_MQTTCONN` with a device secret.
pub fn aliyun(device_secret: Secret<'_>) -> ConnectAliyun<'_> {
    ConnectAliyun {
        host: "host",
        port: 1883,
        product_key: "key",
        device_name: "name",
        device_secret,
    }
}
