//! The in-process broker, seen through the module.

mod common;

use common::{Host, ms};
use esp8266_mqtt_emulator::settings::ConnectionQuery;
use esp8266_mqtt_emulator::{Action, Bench, InitialState, MemoryBroker, Message, Settings};

fn joined() -> Host {
    Host::fast(Settings::esp_at().with_initial(InitialState::Joined))
}

fn connect(host: &mut Host, user: &str, persistent: u8) -> String {
    host.ask(&format!(r#"AT+MQTTUSERCFG=0,1,"cid",{user},0,0,"""#));
    host.ask(&format!(r#"AT+MQTTCONNCFG=0,60,{persistent},"","",0,0"#));
    host.ask(r#"AT+MQTTCONN=0,"broker",1883,0"#)
}

#[test]
fn only_known_users_get_in() {
    let mut host = joined();
    host.bench.broker().add_user("me", "secret");
    for wrong in [r#""","""#, r#""me","wrong""#, r#""you","secret""#] {
        assert_eq!(
            connect(&mut host, wrong, 0),
            "+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n"
        );
    }
    assert!(connect(&mut host, r#""me","secret""#, 0).ends_with("\r\nOK\r\n"));
    assert_eq!(host.bench.broker().clients(), ["cid"]);
}

#[test]
fn a_second_client_with_the_same_name_takes_the_link() {
    let mut host = Host::connected_esp_at();
    host.bench.broker().take_over("other");
    assert_eq!(host.listen(ms(10)), "");
    host.bench.broker().take_over("cid");
    assert_eq!(host.listen(ms(10)), "+MQTTDISCONNECTED:0\r\n");
}

#[test]
fn two_modules_of_one_broker_take_the_link_from_each_other() {
    let broker = MemoryBroker::new();
    let settings = || {
        Settings::esp_at()
            .fast()
            .with_echo(false)
            .with_initial(InitialState::Joined)
    };
    let bench = || Bench::with_broker(settings().with_rx_fifo(4096), Box::new(broker.link()));
    let (mut one, mut two) = (Host { bench: bench() }, Host { bench: bench() });
    connect(&mut one, r#""","""#, 0);
    connect(&mut two, r#""","""#, 0);
    assert_eq!(one.listen(ms(10)), "+MQTTDISCONNECTED:0\r\n");
    assert!(two.bench.module().is_connected());
}

#[test]
fn retained_messages_come_with_the_subscription() {
    let mut host = Host::connected_esp_at();
    let broker = host.bench.broker();
    broker.publish(Message::new("state/a", "on").retained());
    broker.publish(Message::new("state/b", "old").retained());
    broker.publish(Message::new("state/b", "").retained());
    broker.publish(Message::new("state/c", "not kept"));
    let heard = host.ask(r#"AT+MQTTSUB=0,"state/+",1"#);
    assert_eq!(heard, "\r\nOK\r\n+MQTTSUBRECV:0,\"state/a\",2,on\r\n");
}

#[test]
fn a_persistent_session_keeps_messages_and_a_clean_one_does_not() {
    for (persistent, kept) in [(1, true), (0, false)] {
        let mut host = joined();
        connect(&mut host, r#""","""#, persistent);
        host.ask(r#"AT+MQTTSUB=0,"t",1"#);
        host.ask("AT+MQTTCLEAN=0");
        host.bench
            .broker()
            .publish(Message::new("t", "while away").with_qos(1));
        let heard = connect(&mut host, r#""","""#, persistent);
        assert_eq!(heard.contains("while away"), kept, "{heard}");
    }
}

#[test]
fn overlapping_subscriptions_deliver_once() {
    let mut host = Host::connected_esp_at();
    host.ask(r#"AT+MQTTSUB=0,"t/#",0"#);
    host.ask(r#"AT+MQTTSUB=0,"t/+",1"#);
    host.bench.broker().publish(Message::new("t/é", "x"));
    assert_eq!(host.listen(ms(10)), "+MQTTSUBRECV:0,\"t/é\",1,x\r\n");
}

#[test]
fn the_vendors_module_reconnects_if_asked_and_forgets_its_subscriptions() {
    for (reconnect, connected) in [(1, true), (0, false)] {
        let mut host = Host::fast(Settings::vendor().with_initial(InitialState::Joined));
        host.ask(r#"AT+MQTTUSERCFG=0,1,"cid","","",0,0,"""#);
        host.ask(&format!(r#"AT+MQTTCONN=0,"broker",1883,{reconnect}"#));
        host.ask(r#"AT+MQTTSUB=0,"t",0"#);
        host.bench.at(host.bench.now(), Action::CutMqtt);
        assert_eq!(
            host.listen(ms(100)),
            "",
            "this firmware prints no MQTT state"
        );
        assert_eq!(host.bench.module().is_connected(), connected);
        assert!(host.bench.broker().subscriptions("cid").is_empty());
    }
}

#[test]
fn the_vendors_connection_query_can_be_chosen() {
    for (query, expected) in [
        (ConnectionQuery::Refused, "\r\nERROR\r\n"),
        (
            ConnectionQuery::Plain,
            "+MQTTCONN:0,0,0,\"\",\"\",\"\",0\r\n\r\nOK\r\n",
        ),
        (
            ConnectionQuery::WithAt,
            "AT+MQTTCONN:0,0,0,\"\",\"\",\"\",0\r\n\r\nOK\r\n",
        ),
    ] {
        let mut settings = Settings::vendor();
        settings.connection_query = query;
        assert_eq!(Host::fast(settings).ask("AT+MQTTCONN?"), expected);
    }
}

#[test]
fn the_vendors_module_computes_aliyuns_credentials() {
    let mut host = Host::fast(Settings::vendor().with_initial(InitialState::Joined));
    assert_eq!(
        host.ask(r#"AT+ALIYUN_MQTTCONN="host",1884,"key","device","secret""#),
        "\r\nOK\r\n"
    );
    let request = host.bench.broker().connects()[0].clone();
    assert_eq!((request.host.as_str(), request.port), ("host", 1884));
    assert_eq!(request.username, "device&key");
    assert_eq!(
        request.client_id,
        "device|securemode=3,signmethod=hmacsha1|"
    );
    // HMAC-SHA1 of `clientIddevicedeviceNamedeviceproductKeykey` with the key `secret`.
    assert_eq!(request.password, "6054509A1E99F451CAB9E17840FD23FFC4D3D247");
    let mut host = Host::fast(Settings::esp_at());
    assert_eq!(
        host.ask(r#"AT+ALIYUN_MQTTCONN="host",1884,"key","device","secret""#),
        "\r\nERROR\r\n"
    );
}

#[test]
fn a_payload_that_cannot_be_read_has_two_codes() {
    let mut host = Host::connected_esp_at();
    host.ask("AT+SYSLOG=1");
    let heard = host.ask(r#"AT+MQTTPUB=0,"t","a,b",0,0"#);
    assert_eq!(
        heard,
        "ERR CODE:0x010a6044\r\nERR CODE:0x01080002\r\n\r\nERROR\r\n"
    );
}
