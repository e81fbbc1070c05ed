//! What the releases of ESP-AT and the vendor's firmware have of chapters 6.1 to 6.5.

mod common;

use common::{Host, ms};
use esp8266_mqtt_emulator::settings::EspAtRelease;
use esp8266_mqtt_emulator::{InitialState, Settings};

const OK: &str = "\r\nOK\r\n";
const ERROR: &str = "\r\nERROR\r\n";
const USER: &str = r#"AT+MQTTUSERCFG=0,1,"cid","me","pw",0,0,"path""#;

fn release(release: EspAtRelease) -> Host {
    let settings = Settings::esp_at().with_release(release);
    Host::fast(settings.with_initial(InitialState::Joined))
}

#[test]
fn the_oldest_tells_its_configuration() {
    let mut host = release(EspAtRelease::V2_1);
    assert_eq!(host.ask("AT+MQTTUSERCFG?"), ERROR, "nothing configured");
    host.session(
        &[
            (USER, OK),
            (
                "AT+MQTTUSERCFG?",
                "+MQTTUSERCFG:0,1,\"cid\",\"me\",\"pw\",0,0,\"path\"\r\n\r\nOK\r\n",
            ),
            (r#"AT+MQTTCLIENTID=0,"other""#, OK),
            (
                "AT+MQTTCLIENTID?",
                "+MQTTCLIENTID:0,\"other\"\r\n\r\nOK\r\n",
            ),
            ("AT+MQTTUSERNAME?", "+MQTTUSERNAME:0,\"me\"\r\n\r\nOK\r\n"),
            ("AT+MQTTPASSWORD?", "+MQTTPASSWORD:0,\"pw\"\r\n\r\nOK\r\n"),
            (r#"AT+MQTTCONNCFG=0,60,1,"will","gone",1,1"#, OK),
            (
                "AT+MQTTCONNCFG?",
                "+MQTTCONNCFG:0,60,1,\"will\",\"gone\",1,1\r\n\r\nOK\r\n",
            ),
            ("AT+CIPSTATE?", ERROR),
        ],
        ms(50),
    );
    for settings in [Settings::vendor(), Settings::esp_at()] {
        let mut host = Host::fast(settings);
        assert_eq!(host.ask(USER), OK);
        for name in ["USERCFG", "CLIENTID", "USERNAME", "PASSWORD", "CONNCFG"] {
            assert_eq!(host.ask(&format!("AT+MQTT{name}?")), ERROR, "{name}");
        }
    }
}

#[test]
fn long_credentials_are_typed_after_a_prompt() {
    let mut host = release(EspAtRelease::V2_3);
    let long = "x".repeat(1024);
    assert_eq!(host.ask("AT+MQTTLONGUSERNAME=0,4"), ERROR, "before USERCFG");
    assert_eq!(host.ask(USER), OK);
    assert_eq!(host.ask("AT+MQTTLONGPASSWORD=0,1024"), "\r\nOK\r\n\r\n>");
    host.type_bytes(long.as_bytes());
    assert_eq!(host.listen(ms(10)), OK);
    assert_eq!(host.ask("AT+MQTTLONGCLIENTID=0,4"), "\r\nOK\r\n\r\n>");
    host.type_bytes(b"a,\"\n");
    assert_eq!(host.listen(ms(10)), OK);
    let module = host.bench.module();
    let user = module.user_config().unwrap();
    assert_eq!((user.client_id.as_str(), &user.password), ("a,\"\n", &long));
    drop(module);
    for line in [
        "AT+MQTTLONGUSERNAME=0,0",
        "AT+MQTTLONGUSERNAME=0,1025",
        "AT+MQTTLONGUSERNAME=1,5",
        r#"AT+MQTTCLIENTID=0,"short""#,
        r#"AT+MQTTSNI=0,"broker.example""#,
    ] {
        assert_eq!(host.ask(line), ERROR, "{line}");
    }
}

#[test]
fn tls_names() {
    let mut host = release(EspAtRelease::V3_3);
    assert_eq!(
        host.ask(r#"AT+MQTTALPN=0,1,"mqtt""#),
        ERROR,
        "before USERCFG"
    );
    assert_eq!(host.ask(USER), OK);
    assert_eq!(host.ask(r#"AT+MQTTALPN=0,2,"mqtt","x-amzn""#), OK);
    assert_eq!(host.ask(r#"AT+MQTTSNI=0,"broker.example""#), OK);
    {
        let module = host.bench.module();
        assert_eq!(module.alpn(), ["mqtt", "x-amzn"]);
        assert_eq!(module.server_name(), Some("broker.example"));
    }
    assert_eq!(host.ask(r#"AT+MQTTALPN=0,2,"mqtt""#), ERROR);
    assert_eq!(host.ask("AT+MQTTALPN=0,6"), ERROR);
    assert_eq!(host.ask("AT+MQTTALPN=0,0"), OK);
    assert!(host.bench.module().alpn().is_empty());
    assert_eq!(host.ask(r#"AT+MQTTSNI=0,"""#), ERROR);
    assert_eq!(host.ask("AT+MQTTCLEAN=0"), OK);
    assert_eq!(host.ask("AT+MQTTCLEAN=0"), ERROR);
    assert_eq!(host.bench.module().server_name(), None);
}
