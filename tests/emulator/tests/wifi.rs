//! Wi-Fi commands: chapter 5.2 of the protocol. Joins are in `transcripts.rs` and `framing.rs`.

mod common;

use std::time::Duration;

use common::{Host, ms};
use esp8266_mqtt_emulator::settings::{SmartConfig, SmartConfigKind};
use esp8266_mqtt_emulator::{AccessPoint, Action, InitialState, Settings};

const OK: &str = "\r\nOK\r\n";
const ERROR: &str = "\r\nERROR\r\n";
const JOINED: &str = "WIFI CONNECTED\r\nWIFI GOT IP\r\n";

fn station(settings: Settings) -> Host {
    let mut host = Host::fast(settings);
    assert_eq!(host.ask("AT+CWMODE=1"), OK);
    host
}

fn all_errors(host: &mut Host, lines: &[&str]) {
    for line in lines {
        let heard = host.ask(line);
        assert!(heard.ends_with(ERROR), "{line}: {heard:?}");
    }
}

fn neighbours() -> Vec<AccessPoint> {
    let mut open = AccessPoint::new("open", "");
    open.bssid = "00:11:22:33:44:55".into();
    open.channel = 1;
    open.rssi = -80;
    let mut hidden = AccessPoint::new("hidden", "secret-secret");
    hidden.bssid = "00:11:22:33:44:66".into();
    hidden.hidden = true;
    hidden.encryption = Some(4);
    vec![open, AccessPoint::new("Workshop", "password"), hidden]
}

#[test]
fn scans_are_filtered_sorted_and_cut() {
    let mut host = station(Settings::vendor().with_access_points(neighbours()));
    let open = "+CWLAP:(0,\"open\",-80,\"00:11:22:33:44:55\",1,0,0,0,0,7,1)\r\n";
    let workshop = "+CWLAP:(3,\"Workshop\",-55,\"44:33:4c:90:96:9a\",11,0,0,4,4,7,1)\r\n";
    let unnamed = "+CWLAP:(4,\"\",-55,\"00:11:22:33:44:66\",11,0,0,4,4,7,1)\r\n";
    let hidden = unnamed.replace("\"\"", "\"hidden\"");
    let scan = |host: &mut Host, line: &str, expected: &[&str]| {
        assert_eq!(host.ask(line), expected.concat() + OK, "{line}");
    };
    scan(&mut host, "AT+CWLAP", &[open, workshop, unnamed]);
    scan(&mut host, r#"AT+CWLAP="hidden""#, &[&hidden]);
    scan(&mut host, r#"AT+CWLAP=,"00:11:22:33:44:55""#, &[open]);
    scan(&mut host, "AT+CWLAP=,,11,1,0,300", &[workshop, unnamed]);
    scan(&mut host, r#"AT+CWLAP="nobody""#, &[]);
    assert_eq!(host.ask("AT+CWLAPOPT=1,6"), OK);
    let short = [
        "+CWLAP:(\"Workshop\",-55)\r\n",
        "+CWLAP:(\"\",-55)\r\n",
        "+CWLAP:(\"open\",-80)\r\n",
    ];
    scan(&mut host, "AT+CWLAP", &short);
    all_errors(
        &mut host,
        &[
            r#"AT+CWLAP=,"nonsense""#,
            "AT+CWLAP=,,15",
            "AT+CWLAP=,,,2",
            "AT+CWLAP=,,,0,1501",
            "AT+CWLAP=,,,0,200,100",
            "AT+CWLAPOPT=2,1",
            "AT+CWLAPOPT=0,2048",
        ],
    );
}

#[test]
fn a_passive_scan_takes_longer_and_one_channel_less() {
    let mut host = Host::new(Settings::vendor().with_baud(115_200).with_echo(false));
    host.ask("AT+CWMODE=1");
    assert_eq!(host.ask_for("AT+CWLAP=,,1", ms(200)), OK);
    assert_eq!(host.ask_for("AT+CWLAP=,,,1", ms(4700)), "");
    assert!(host.listen(ms(200)).ends_with(OK));
}

#[test]
fn a_join_can_insist_on_a_bssid_and_on_encryption() {
    let mut host = station(Settings::vendor().with_access_points(neighbours()));
    let heard = host.ask(r#"AT+CWJAP_CUR="open","",,1"#);
    assert_eq!(heard, "+CWJAP:3\r\n\r\nFAIL\r\n");
    let heard = host.ask(r#"AT+CWJAP_CUR="Workshop","password","00:11:22:33:44:55""#);
    assert_eq!(heard, "+CWJAP:3\r\n\r\nFAIL\r\n");
    let heard = host.ask(r#"AT+CWJAP_CUR="Workshop","password","44:33:4C:90:96:9A",1"#);
    assert_eq!(heard, format!("{JOINED}{OK}"));
    assert_eq!(
        host.ask("AT+CWJAP_CUR?"),
        "+CWJAP_CUR:\"Workshop\",\"44:33:4c:90:96:9a\",11,-55,1\r\n\r\nOK\r\n"
    );
    all_errors(
        &mut host,
        &[
            r#"AT+CWJAP_CUR="","password""#,
            r#"AT+CWJAP_CUR="a","b","c""#,
            r#"AT+CWJAP_CUR="a","b",,2"#,
            &format!(r#"AT+CWJAP_CUR="{}","b""#, "x".repeat(33)),
        ],
    );
}

#[test]
fn smart_config_prints_its_progress_and_joins() {
    let sent = SmartConfig {
        kind: SmartConfigKind::EspTouch,
        ssid: b"Workshop".to_vec(),
        password: b"password".to_vec(),
    };
    let mut host = station(Settings::vendor());
    let phone = |host: &mut Host, sent: SmartConfig| {
        host.bench.schedule_after(ms(0), Action::Broadcast(sent));
        host.listen(ms(50))
    };
    assert_eq!(phone(&mut host, sent.clone()), "", "nobody listens");
    assert_eq!(host.ask("AT+CWSTARTSMART=2"), OK);
    assert_eq!(phone(&mut host, sent.clone()), "", "AirKiss only");
    assert_eq!(host.ask("AT+CWSTARTSMART"), "Smart started\r\nERROR\r\n");
    assert_eq!(host.ask("AT+CWSTOPSMART"), OK);
    assert_eq!(host.ask("AT+CWSTARTSMART=4"), ERROR);
    assert_eq!(host.ask("AT+CWSTARTSMART"), OK);
    assert_eq!(
        phone(&mut host, sent.clone()),
        "smartconfig type:ESPTOUCH\r\nSmart get wifi info\r\nssid:Workshop\r\n\
         password:password\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\nsmartconfig connected wifi\r\n"
    );
    host.ask("AT+CWSTOPSMART");
    host.ask("AT+CWQAP");
    host.ask("AT+CWSTARTSMART=3");
    let wrong = SmartConfig {
        password: b"wrong".to_vec(),
        ..sent
    };
    let heard = phone(&mut host, wrong);
    assert!(heard.ends_with("smartconfig connect fail\r\n"), "{heard:?}");
    host.ask("AT+CWMODE_CUR=3");
    host.ask("AT+CWSTOPSMART");
    assert_eq!(host.ask("AT+CWSTARTSMART"), ERROR, "station mode only");
}

#[test]
fn wps_joins_or_gives_up() {
    let mut host = station(Settings::vendor());
    assert_eq!(host.ask("AT+WPS=1"), "wps started\r\n\r\nOK\r\n");
    host.bench.schedule_after(ms(0), Action::PressWpsButton);
    let heard = host.listen(ms(10));
    assert_eq!(heard, format!("wps success,connecting ap ...\r\n{JOINED}"));
    host.ask("AT+WPS=1");
    assert_eq!(host.listen(Duration::from_secs(121)), "wps fail\r\n");
    assert_eq!(host.ask("AT+WPS=0"), "wps stoped\r\n\r\nOK\r\n");
    assert_eq!(host.ask("AT+WPS=2"), "wps command error\r\n\r\nERROR\r\n");
    host.ask("AT+CWMODE_CUR=2");
    let heard = host.ask("AT+WPS=1");
    assert_eq!(heard, "opmode mismatch when wps\r\n\r\nERROR\r\n");
}

#[test]
fn mdns_and_discovery() {
    let mut host = Host::fast(Settings::vendor());
    let announce = r#"AT+MDNS=1,"lamp","_light",8080"#;
    let heard = host.ask(announce);
    assert_eq!(heard, "opmode mismatch when mdns\r\n\r\nERROR\r\n");
    host.ask("AT+CWMODE_CUR=1");
    let heard = host.ask(announce);
    assert_eq!(heard, "ip invalid when mdns\r\n\r\nERROR\r\n");
    let discover = r#"AT+CWSTARTDISCOVER="gh_9e2cff3dfa51","122475",10"#;
    assert_eq!(host.ask(discover), ERROR);
    host.ask(r#"AT+CWJAP_CUR="Workshop","password""#);
    host.session(
        &[
            (announce, OK),
            ("AT+MDNS=0", OK),
            ("AT+MDNS=1", "hostname error when mdns\r\n\r\nERROR\r\n"),
            (discover, OK),
            ("AT+CWSTOPDISCOVER", OK),
            (r#"AT+CWSTARTDISCOVER="g","1",86401"#, ERROR),
        ],
        ms(50),
    );
}

#[test]
fn enterprise_networks_on_builds_that_have_them() {
    let join = r#"AT+CWJEAP_CUR="Workshop",1,"id","user","password",0"#;
    assert_eq!(station(Settings::vendor()).ask(join), ERROR);
    let mut settings = Settings::vendor();
    settings.enterprise = true;
    let mut host = station(settings);
    assert_eq!(host.ask("AT+CWJEAP_CUR?"), "No AP\r\n\r\nOK\r\n");
    assert_eq!(host.ask(join), format!("{JOINED}{OK}"));
    assert_eq!(
        host.ask("AT+CWJEAP_CUR?"),
        "+CWJEAP_CUR:\"Workshop\",1,\"id\",\"user\",\"password\",0\r\n\r\nOK\r\n"
    );
    let heard = host.ask(&join.replace("password", "wrong"));
    assert_eq!(heard, "WIFI DISCONNECT\r\n+CWJEAP_CUR:2\r\n\r\nFAIL\r\n");
}

#[test]
fn the_join_timeout_of_nonos_1_7_4() {
    let mut host = Host::new(Settings::stock_nonos().with_echo(false));
    host.ask("AT+CWMODE=1");
    assert_eq!(host.ask("AT+CWJAPTO?"), "+CWJAPTO:14\r\n\r\nOK\r\n");
    assert_eq!(host.ask("AT+CWJAPTO=5"), OK);
    assert_eq!(host.ask_for(r#"AT+CWJAP="nobody","""#, ms(4900)), "");
    assert_eq!(host.listen(ms(200)), "+CWJAP:3\r\n\r\nFAIL\r\n");
    let initial = Settings::vendor().with_initial(InitialState::Joined);
    assert_eq!(Host::fast(initial).ask("AT+CWJAPTO?"), ERROR);
}
