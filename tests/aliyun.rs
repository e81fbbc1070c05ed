//! Feature `aliyun`: the login of Alibaba Cloud's IoT platform, against published examples of its signature.

mod common;

use common::emulated::{ms, quick, ready};
use esp8266_mqtt::{
    AliyunDevice, AliyunSignature, Argument, ArgumentError, Dialect, Error, Reason, Reconnect,
};
use esp8266_mqtt_emulator::Bench;

/// A published example: who logs in and what comes out, all with `hmacsha1`.
struct Example {
    device: AliyunDevice<'static>,
    client_id: &'static str,
    timestamp: Option<u64>,
    mqtt_client_id: &'static str,
    username: &'static str,
    password: &'static str,
}

const EXAMPLES: [Example; 3] = [
    // The platform's manual, "Establish MQTT connections over TCP"; its password is in upper case.
    Example {
        device: AliyunDevice::new("pk", "device", "secret"),
        client_id: "12345",
        timestamp: Some(789),
        mqtt_client_id: "12345|securemode=3,signmethod=hmacsha1,timestamp=789|",
        username: "device&pk",
        password: "fafd82a3d602b37fb0fa8b7892f24a477f851a14",
    },
    // The platform's developer community, "Connect with an open-source MQTT client".
    Example {
        device: AliyunDevice::new(
            "a14Xib5kdYd",
            "light1983432",
            "oLyaKqVxtRvjH284LdhqVgVUx1UPy6zq",
        ),
        client_id: "SN1928339",
        timestamp: Some(1_539_421_321_846),
        mqtt_client_id: "SN1928339|securemode=3,signmethod=hmacsha1,timestamp=1539421321846|",
        username: "light1983432&a14Xib5kdYd",
        password: "b2488041f64f425016b467ee1c94959ebd592ad1",
    },
    // A tutorial that writes CONNECT by hand, without a timestamp.
    Example {
        device: AliyunDevice::new("a1Ze3BcsQ5x", "XP001", "amzS2Q9siGHpSVDVhvDV43661DmfdXtW"),
        client_id: "XP001",
        timestamp: None,
        mqtt_client_id: "XP001|securemode=3,signmethod=hmacsha1|",
        username: "XP001&a1Ze3BcsQ5x",
        password: "cc4e388e7f1ea1e5bdaf15891b76f2dfcfeffb06",
    },
];

#[test]
fn published_examples() {
    for example in &EXAMPLES {
        let login = example
            .device
            .login(
                example.client_id,
                AliyunSignature::HmacSha1,
                example.timestamp,
            )
            .expect("within all limits");
        assert_eq!(login.client_id(), example.mqtt_client_id);
        assert_eq!(login.username(), example.username);
        assert_eq!(login.password().reveal(), example.password);
        let config = login.user_config();
        assert_eq!(config.client_id, example.mqtt_client_id);
        assert_eq!(config.password.reveal(), example.password);
    }
}

#[test]
fn sha256() {
    // The signature as Python's `hmac` computes it.
    let login = EXAMPLES[0]
        .device
        .login("12345", AliyunSignature::HmacSha256, Some(789))
        .expect("within all limits");
    assert_eq!(
        login.client_id(),
        "12345|securemode=3,signmethod=hmacsha256,timestamp=789|"
    );
    assert_eq!(
        login.password().reveal(),
        "6074a46a91b1ebb2cc4ea42790ad0e80202c9843859fc292e57c4eb19fad9e57"
    );
    assert!(!format!("{login:?}").contains("6074a46a"), "{login:?}");
}

#[test]
fn limits() {
    let long = "x".repeat(65);
    let half = "x".repeat(32);
    let login = |key, name, secret, id| {
        let device = AliyunDevice::new(key, name, secret);
        device.login(id, AliyunSignature::default(), Some(u64::MAX))
    };
    let too_long = |argument| ArgumentError {
        argument,
        reason: Reason::TooLong { limit: 64 },
    };
    let empty = |argument| ArgumentError {
        argument,
        reason: Reason::Empty,
    };
    for (result, error) in [
        (login("", "n", "s", "id"), empty(Argument::ProductKey)),
        (login("k", "", "s", "id"), empty(Argument::DeviceName)),
        (login("k", "n", "", "id"), empty(Argument::DeviceSecret)),
        (login("k", "n", "s", ""), empty(Argument::ClientId)),
        (login("k", "n", "s", &long), too_long(Argument::ClientId)),
        (login(&half, &half, "s", "i"), too_long(Argument::Username)),
    ] {
        assert_eq!(result, Err(error));
    }
    assert!(login("k", "n", &long, &long[1..]).is_ok());
}

#[test]
fn connects_on_any_firmware() {
    for dialect in [Dialect::Vendor, Dialect::EspAt] {
        let bench = Bench::new(quick(dialect));
        let login = EXAMPLES[2]
            .device
            .login("XP001", AliyunSignature::HmacSha256, None)
            .expect("within all limits");
        bench
            .broker()
            .add_user(login.username(), login.password().reveal());
        let mut module = ready(&bench);
        module
            .connect_aliyun_signed("iot.example", 1883, &EXAMPLES[2].device, Reconnect::Off)
            .expect("connect");
        bench.advance(ms(10));
        let connects = bench.broker().connects();
        assert_eq!(connects[0].client_id, login.client_id());
        assert!(bench.module().is_connected());

        let nameless = AliyunDevice::new("k", "", "s");
        let refused = module.connect_aliyun_signed("h", 1883, &nameless, Reconnect::Off);
        assert!(matches!(refused, Err(Error::Argument(_))), "{refused:?}");
    }
}
