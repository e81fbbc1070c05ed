//! No `Debug` output holds a secret, be it as text or as numbers.

mod common;

use core::fmt::Debug;

use atat::AtatUrc;
use common::buffers;
use common::script::Script;
use common::secrets;
use esp8266_mqtt::command::mqtt::{LongPasswordText, SetPassword};
use esp8266_mqtt::command::{Command, mqtt, wifi};
use esp8266_mqtt::{
    AliyunDevice, Dialect, Event, JoinOptions, Keeper, Secret, SecretLine, Store, Urc, UrcBuffer,
    UserConfig, Wishes,
};

const SECRET: &str = "zq-7391-secret";

/// The secret as it is, and as the numbers of its bytes.
fn holds_no_secret(value: &impl Debug) {
    let numbers = SECRET.as_bytes()[3..7].iter();
    let numbers: Vec<_> = numbers.map(u8::to_string).collect();
    for text in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!text.contains("7391"), "{text}");
        let flat: String = text.split_whitespace().collect();
        assert!(!flat.contains(&numbers.join(",")), "{text}");
    }
}

#[test]
fn what_a_caller_gives() {
    let secret = Secret::new(SECRET);
    let join = JoinOptions::new("net", SECRET);
    let user = UserConfig::new("id").credentials("user", SECRET);
    let wishes = Wishes::new("host", 1883, user).wifi(join);
    holds_no_secret(&secret);
    holds_no_secret(&join);
    holds_no_secret(&user);
    holds_no_secret(&wishes);
    holds_no_secret(&Keeper::new(wishes, 1));
    holds_no_secret(&AliyunDevice::new("key", "name", SECRET));
    holds_no_secret(&SetPassword(secret));
    holds_no_secret(&LongPasswordText(secret));
    holds_no_secret(&secrets::aliyun(secret));
    holds_no_secret(&secrets::soft_ap(secret, Store::Plain));
    holds_no_secret(&secrets::enterprise(secret, Store::Plain));
    holds_no_secret(&secrets::join(secret, Store::Plain));
}

#[test]
fn what_the_module_prints() {
    let read = |command: &dyn Fn(&[u8]) -> Option<String>, text: String| {
        let shown = command(text.as_bytes()).expect("readable");
        assert!(!shown.contains("7391"), "{shown}");
    };
    read(
        &|text| {
            Some(format!(
                "{:?}",
                wifi::QuerySoftAp(Store::Plain).decode(text)?
            ))
        },
        format!("+CWSAP:\"net\",\"{SECRET}\",1,3,4,0\n"),
    );
    read(
        &|text| {
            Some(format!(
                "{:?}",
                wifi::QueryEnterprise(Store::Plain).decode(text)?
            ))
        },
        format!("+CWJEAP:\"net\",1,\"me\",\"me\",\"{SECRET}\",0\n"),
    );
    read(
        &|text| Some(format!("{:?}", mqtt::QueryPassword.decode(text)?)),
        format!("+MQTTPASSWORD:0,\"{SECRET}\"\n"),
    );
    read(
        &|text| Some(format!("{:?}", mqtt::QueryUserConfig.decode(text)?)),
        format!("+MQTTUSERCFG:0,1,\"id\",\"user\",\"{SECRET}\",0,0,\"\"\n"),
    );
    let line = format!("password:{SECRET}");
    holds_no_secret(&Urc::parse(line.as_bytes()));
    let buffer = <UrcBuffer<64> as AtatUrc>::parse(line.as_bytes());
    assert!(buffer.is_some());
    holds_no_secret(&buffer);
}

/// Commands and answers stay in the buffers for a while.
#[test]
fn the_driver_itself() {
    let script = Script::new();
    let mut module = script.driver(Dialect::EspAt);
    script.ok(&format!("AT+CWJAP=\"net\",\"{SECRET}\""));
    module.connect_wifi("net", SECRET).expect("join");
    holds_no_secret(&module.counters());
    assert!(!format!("{module:?}").contains("7391"));
    script.push(format!("password:{SECRET}\r\n"));
    let event = module.poll().expect("the line");
    holds_no_secret(&event);
    // Not UTF-8, so that it is no line that the driver knows.
    let line = [b"password:", SECRET.as_bytes(), b"\xe9"].concat();
    script.push(&line).push("\r\n");
    let event = module.poll().expect("the line");
    holds_no_secret(&event);
    assert_eq!(event, Event::Malformed(SecretLine::new(&line)));
    let answer = format!("+MQTTPASSWORD:0,\"{SECRET}\"\r\n\r\nOK\r\n");
    script.command("AT+MQTTPASSWORD?", answer);
    let password = module.send(&mqtt::QueryPassword).expect("the password");
    assert_eq!(password.reveal(), SECRET);
    holds_no_secret(&password);
    holds_no_secret(&module);
    let buffers = buffers(16, 32);
    holds_no_secret(&buffers);
    // It is not empty either: it is what a report of a fault begins with.
    for shown in ["owed: 0", "restarts: 0", "EspAt"] {
        assert!(format!("{module:?}").contains(shown), "{shown}");
    }
    assert_eq!(format!("{buffers:?}"), "Buffers { rx: 16, tx: 32, .. }");
}
