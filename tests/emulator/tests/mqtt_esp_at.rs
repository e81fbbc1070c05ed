//! What ESP-AT 2.2.1 for ESP8266 checks and prints, command by command.

mod common;

use std::time::Duration;

use common::{Host, ms};
use esp8266_mqtt_emulator::broker::HostState;
use esp8266_mqtt_emulator::settings::Joining;
use esp8266_mqtt_emulator::{AccessPoint, Action, InitialState, Message, Settings};

const OK: &str = "\r\nOK\r\n";
const USERCFG: &str = r#"AT+MQTTUSERCFG=0,1,"cid","","",0,0,"""#;
const CONNCFG: &str = r#"AT+MQTTCONNCFG=0,60,0,"","",0,0"#;
const CONN: &str = r#"AT+MQTTCONN=0,"broker",1883,0"#;
const CONN_AGAIN: &str = r#"AT+MQTTCONN=0,"broker",1883,1"#;
const CLIENTID: &str = r#"AT+MQTTCLIENTID=0,"other""#;
const PUB: &str = r#"AT+MQTTPUB=0,"t","x",0,0"#;
const PUBRAW: &str = r#"AT+MQTTPUBRAW=0,"t",1,0,0"#;
const SUB: &str = r#"AT+MQTTSUB=0,"t",0"#;
const UNSUB: &str = r#"AT+MQTTUNSUB=0,"t""#;
const CLEAN: &str = "AT+MQTTCLEAN=0";

fn joined() -> Host {
    let mut host = Host::fast(Settings::esp_at().with_initial(InitialState::Joined));
    host.ask("AT+SYSLOG=1");
    host
}

fn error(code: &str) -> String {
    format!("ERR CODE:0x010a{code}\r\n\r\nERROR\r\n")
}

/// Each of `lines` is refused with its code, in the state that `steps` lead to.
fn refused(steps: &[&str], state: u8, lines: &[(&str, &str)]) {
    let mut host = joined();
    for step in steps {
        let heard = host.ask(step);
        assert!(heard.ends_with(OK), "{step}: {heard}");
    }
    assert_eq!(host.bench.module().mqtt_state(), state);
    for (line, code) in lines {
        assert_eq!(host.ask(line), error(code), "{line} in state {state}");
        assert_eq!(host.bench.module().mqtt_state(), state, "{line}");
    }
}

#[test]
fn state_0_knows_only_the_user_configuration() {
    refused(
        &[],
        0,
        &[
            (CLIENTID, "6002"),
            (CONNCFG, "6001"),
            (CONN, "6001"),
            (PUB, "6006"),
            (PUBRAW, "6006"),
            (SUB, "6006"),
            (UNSUB, "6006"),
            (CLEAN, "6003"),
        ],
    );
}

#[test]
fn state_1_allows_single_credentials() {
    let no_link = [(PUB, "6006"), (SUB, "6006")];
    refused(&[USERCFG, CLIENTID, USERCFG], 1, &no_link);
}

#[test]
fn state_2_allows_no_single_credentials_any_more() {
    refused(
        &[USERCFG, CONNCFG, CONNCFG],
        2,
        &[(CLIENTID, "6002"), (PUB, "6006")],
    );
    refused(&[USERCFG, CONNCFG, USERCFG], 1, &[(PUB, "6006")]);
}

#[test]
fn a_live_link_allows_no_configuration() {
    let lines = [
        (USERCFG, "6002"),
        (CLIENTID, "6002"),
        (CONNCFG, "6001"),
        (CONN, "6004"),
    ];
    refused(&[USERCFG, CONN], 4, &lines);
    refused(&[USERCFG, CONN, SUB], 6, &lines);
    refused(&[USERCFG, CONN, SUB, UNSUB], 5, &lines);
    refused(&[USERCFG, CONN, SUB, CLEAN], 0, &[(CONN, "6001")]);
}

#[test]
fn after_a_drop_without_reconnect_only_clean_helps() {
    let mut host = joined();
    host.ask(USERCFG);
    host.ask(CONN);
    host.bench.at(host.bench.now(), Action::CutMqtt);
    assert_eq!(
        host.listen(Duration::from_secs(60)),
        "+MQTTDISCONNECTED:0\r\n"
    );
    for (line, code) in [
        (USERCFG, "6002"),
        (CONN, "6001"),
        (PUB, "6006"),
        (CONNCFG, "6001"),
    ] {
        assert_eq!(host.ask(line), error(code), "{line}");
    }
    assert_eq!(
        host.ask("AT+MQTTCONN?"),
        "+MQTTCONN:0,3,0,\"\",\"\",\"\",0\r\n\r\nOK\r\n"
    );
    assert_eq!(host.ask(CLEAN), OK);
    assert_eq!(host.ask(USERCFG), OK);
    assert!(host.ask(CONN).ends_with(OK));
}

#[test]
fn with_reconnect_the_module_comes_back_and_subscribes_again() {
    let mut settings = Settings::esp_at()
        .fast()
        .with_initial(InitialState::Joined)
        .with_echo(false);
    settings.latency.mqtt_retry = Duration::from_secs(10);
    let mut host = Host::new(settings);
    host.ask("AT+SYSLOG=1");
    host.ask(USERCFG);
    host.ask(CONN_AGAIN);
    host.ask(r#"AT+MQTTSUB=0,"t/#",1"#);
    host.bench.at(host.bench.now(), Action::LoseBroker);
    assert_eq!(
        host.listen(Duration::from_secs(9)),
        "+MQTTDISCONNECTED:0\r\n"
    );
    assert_eq!(host.ask(CONN_AGAIN), error("6051"));
    assert_eq!(
        host.listen(Duration::from_secs(1)),
        "+MQTTDISCONNECTED:0\r\n"
    );
    host.bench.at(host.bench.now(), Action::RestoreBroker);
    let connected = "+MQTTCONNECTED:0,1,\"broker\",\"1883\",\"\",1\r\n";
    assert_eq!(host.listen(Duration::from_secs(10)), connected);
    host.bench.broker().publish(Message::new("t/x", "hi"));
    assert_eq!(host.listen(ms(10)), "+MQTTSUBRECV:0,\"t/x\",2,hi\r\n");
}

#[test]
fn losing_wifi_loses_the_broker_too() {
    let mut host = joined();
    host.ask(USERCFG);
    host.ask(CONN_AGAIN);
    host.bench.at(host.bench.now(), Action::LoseWifi);
    host.bench.schedule_after(ms(5), Action::RestoreWifi);
    let heard = host.listen(Duration::from_secs(12));
    assert!(
        heard.starts_with("WIFI DISCONNECT\r\n+MQTTDISCONNECTED:0\r\n"),
        "{heard}"
    );
    assert!(
        heard.contains("WIFI CONNECTED\r\nWIFI GOT IP\r\n"),
        "{heard}"
    );
    assert!(
        heard.ends_with("+MQTTCONNECTED:0,1,\"broker\",\"1883\",\"\",1\r\n"),
        "{heard}"
    );
}

#[test]
fn an_unreachable_host_is_given_up_after_the_network_timeout() {
    let mut host = Host::new(
        Settings::esp_at()
            .with_initial(InitialState::Joined)
            .with_echo(false),
    );
    host.bench
        .broker()
        .set_host("broker", HostState::Unreachable);
    host.ask(USERCFG);
    assert_eq!(host.ask_for(CONN, Duration::from_secs(10)), "");
    assert_eq!(host.listen(ms(500)), "+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n");
    host.bench.broker().set_host("broker", HostState::Up);
    assert!(
        host.ask_for(CONN, ms(500)).ends_with(OK),
        "the settings are kept"
    );
}

#[test]
fn parameters_out_of_range_are_refused() {
    let mut host = joined();
    for (line, code) in [
        (r#"AT+MQTTUSERCFG=0,11,"c","","",0,0,"""#, "6013"),
        (r#"AT+MQTTUSERCFG=1,1,"c","","",0,0,"""#, "6011"),
        (r#"AT+MQTTUSERCFG=0,1,"c","","",2,0,"""#, "601e"),
        (
            r#"AT+MQTTUSERCFG=0,1,"c","","",0,0,"123456789012345678901234567890123""#,
            "6029",
        ),
    ] {
        assert_eq!(host.ask(line), error(code), "{line}");
    }
    let missing = host.ask(r#"AT+MQTTUSERCFG=0,1,"c","","",0,0"#);
    assert_eq!(missing, "ERR CODE:0x01060807\r\n\r\nERROR\r\n");
    host.ask(USERCFG);
    for (line, code) in [
        (r#"AT+MQTTCONNCFG=0,7201,0,"","",0,0"#, "602d"),
        (r#"AT+MQTTCONNCFG=0,0,2,"","",0,0"#, "602f"),
        (r#"AT+MQTTCONNCFG=0,0,0,"t","m",3,0"#, "6037"),
        (r#"AT+MQTTCONNCFG=0,0,0,"t","m",0,2"#, "6039"),
        (r#"AT+MQTTCONN=0,"broker:1883",1883,0"#, "6052"),
        (r#"AT+MQTTCONN=0,"broker",65536,0"#, "603e"),
        (r#"AT+MQTTCONN=0,"broker",1883,2"#, "6040"),
    ] {
        assert_eq!(host.ask(line), error(code), "{line}");
    }
    assert!(host.ask(CONN).ends_with(OK));
    let long = format!(r#"AT+MQTTSUB=0,"{}",0"#, "t".repeat(129));
    for (line, code) in [
        (r#"AT+MQTTPUB=0,"","x",0,0"#, "6042"),
        (r#"AT+MQTTPUB=0,"t","",0,0"#, "6045"),
        (r#"AT+MQTTPUB=0,"t","x",3,0"#, "6048"),
        (r#"AT+MQTTPUB=0,"t","x",0,retain"#, "604a"),
        (r#"AT+MQTTPUB=0,"t","x",0,"0""#, "604a"),
        (r#"AT+MQTTPUBRAW=0,"t",0,0,0"#, "604c"),
        (r#"AT+MQTTPUBRAW=0,"t",-1,0,0"#, "604c"),
        (&long, "6043"),
    ] {
        assert_eq!(host.ask(line), error(code), "{line}");
    }
    let longest = format!(r#"AT+MQTTSUB=0,"{}",0"#, "t".repeat(128));
    assert_eq!(host.ask(&longest), OK);
}

#[test]
fn an_eleventh_subscription_is_refused_and_a_known_one_is_not() {
    let mut host = joined();
    host.ask(USERCFG);
    host.ask(CONN);
    for number in 0..10 {
        assert_eq!(host.ask(&format!(r#"AT+MQTTSUB=0,"t{number}",1"#)), OK);
    }
    assert_eq!(host.ask(r#"AT+MQTTSUB=0,"t10",1"#), error("600d"));
    assert_eq!(host.ask(r#"AT+MQTTSUB=0,"t3",0"#), OK);
    let list = host.ask("AT+MQTTSUB?");
    assert_eq!(list.matches("+MQTTSUB:0,6,").count(), 10, "{list}");
}

#[test]
fn unsubscribing_an_unknown_topic_is_ok_and_slower() {
    let mut settings = Settings::esp_at()
        .with_initial(InitialState::Joined)
        .with_echo(false);
    settings.latency.mqtt_connect = ms(1);
    let mut host = Host::new(settings);
    host.ask(USERCFG);
    host.ask(CONN);
    host.ask(SUB);
    assert_eq!(host.ask_for(UNSUB, ms(40)), OK);
    assert_eq!(host.ask_for(UNSUB, ms(120)), "");
    assert_eq!(host.listen(ms(60)), OK);
}

#[test]
fn queries_without_a_connection() {
    let mut host = joined();
    assert_eq!(
        host.ask("AT+MQTTCONN?"),
        "+MQTTCONN:0,0,0,\"\",\"\",\"\",0\r\n\r\nOK\r\n"
    );
    assert_eq!(host.ask("AT+MQTTSUB?"), "+MQTTSUB:0,0,\"\",0\r\n\r\nOK\r\n");
    assert_eq!(
        host.ask("AT+MQTTUSERCFG?"),
        "ERR CODE:0x010c0000\r\n\r\nERROR\r\n"
    );
    host.ask(USERCFG);
    host.ask(CONN);
    assert_eq!(host.ask("AT+MQTTSUB?"), OK);
    let state = host.ask("AT+MQTTCONN?");
    assert_eq!(
        state,
        "+MQTTCONN:0,4,1,\"broker\",\"1883\",\"\",0\r\n\r\nOK\r\n"
    );
}

#[test]
fn acknowledged_operations_wait_and_others_do_not() {
    let mut settings = Settings::esp_at()
        .fast()
        .with_initial(InitialState::Joined)
        .with_echo(false);
    settings.latency.round_trip = ms(100);
    let mut host = Host::new(settings);
    host.ask(USERCFG);
    host.ask(CONN);
    assert_eq!(host.ask_for(PUB, ms(5)), OK);
    assert_eq!(host.ask_for(SUB, ms(5)), OK);
    for line in [
        r#"AT+MQTTPUB=0,"u","x",1,0"#,
        r#"AT+MQTTSUB=0,"u",2"#,
        UNSUB,
    ] {
        assert_eq!(host.ask_for(line, ms(90)), "", "{line}");
        assert_eq!(host.listen(ms(20)), OK, "{line}");
    }
    // The own message comes back while the publish still waits.
    let own = host.ask(r#"AT+MQTTPUB=0,"u","me",1,0"#);
    assert!(
        own.contains("+MQTTSUBRECV:0,\"u\",2,me\r\n") && own.contains(OK),
        "{own}"
    );
}

#[test]
fn a_will_is_sent_when_the_module_resets_and_not_when_it_cleans() {
    let will = r#"AT+MQTTCONNCFG=0,60,1,"status","gone",1,1"#;
    for (line, wills) in [(CLEAN, 0), ("AT+RST", 1)] {
        let mut host = joined();
        for step in [USERCFG, will, CONN] {
            assert!(host.ask(step).ends_with(OK));
        }
        let request = host.bench.broker().connects()[0].clone();
        assert_eq!((request.keepalive, request.clean_session), (60, false));
        host.ask(line);
        assert_eq!(host.bench.broker().published().len(), wills, "{line}");
    }
}

#[test]
fn a_join_that_is_asked_for_twice_drops_the_first() {
    let mut host = joined();
    let heard = host.ask(r#"AT+CWJAP="Workshop","password""#);
    assert_eq!(
        heard,
        "WIFI DISCONNECT\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n"
    );
}

#[test]
fn each_join_failure_has_its_code_and_takes_its_time() {
    for (settings, word, seconds) in [
        (Settings::vendor(), "FAIL", 14),
        (Settings::esp_at(), "ERROR", 15),
    ] {
        let point = |ssid: &str, joining| {
            let mut point = AccessPoint::new(ssid, "right");
            point.joining = joining;
            point
        };
        let points = vec![
            point("silent", Joining::Timeout),
            point("normal", Joining::Normal),
            point("full", Joining::Refused),
        ];
        let mut host = Host::new(
            settings
                .with_access_points(points)
                .with_baud(115_200)
                .with_echo(false),
        );
        host.ask("AT+CWMODE=1");
        for (line, code) in [
            (r#"AT+CWJAP="silent","right""#, 1),
            (r#"AT+CWJAP="normal","wrong""#, 2),
            (r#"AT+CWJAP="nobody","right""#, 3),
            (r#"AT+CWJAP="full","right""#, 4),
        ] {
            assert_eq!(host.ask_for(line, Duration::from_secs(seconds)), "");
            assert_eq!(
                host.listen(ms(100)),
                format!("+CWJAP:{code}\r\n\r\n{word}\r\n"),
                "{line}"
            );
        }
    }
}
