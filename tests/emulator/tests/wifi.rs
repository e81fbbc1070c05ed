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

fn restart(host: &mut Host) {
    host.ask_for("AT+RST", ms(500));
    host.ask("ATE0");
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
fn the_modules_own_access_point() {
    let mut host = Host::fast(Settings::vendor());
    assert_eq!(
        host.ask("AT+CWSAP_CUR?"),
        "+CWSAP_CUR:\"ESP_B449CF\",\"\",1,0,4,0\r\n\r\nOK\r\n"
    );
    assert_eq!(host.ask(r#"AT+CWSAP_CUR="mine","12345678",5,3"#), OK);
    assert_eq!(host.ask(r#"AT+CWSAP_DEF="ours","123456789",6,4,2,1"#), OK);
    assert_eq!(host.ask(r#"AT+CWSAP_CUR="mine","12345678",5,3"#), OK);
    let stored = "\"ours\",\"123456789\",6,4,2,1\r\n\r\nOK\r\n";
    assert_eq!(host.ask("AT+CWSAP_DEF?"), format!("+CWSAP_DEF:{stored}"));
    assert!(host.ask("AT+CWSAP?").starts_with("+CWSAP:\"mine\""));
    restart(&mut host);
    assert_eq!(host.ask("AT+CWSAP_CUR?"), format!("+CWSAP_CUR:{stored}"));

    host.bench
        .schedule_after(ms(0), Action::StationJoins("5c:cf:7f:00:00:01".into()));
    let urcs = "+STA_CONNECTED:\"5c:cf:7f:00:00:01\"\r\n\
                +DIST_STA_IP:\"5c:cf:7f:00:00:01\",\"192.168.4.2\"\r\n";
    assert_eq!(host.listen(ms(10)), urcs);
    for last in 2..4 {
        let mac = format!("5c:cf:7f:00:00:0{last}");
        host.bench.schedule_after(ms(0), Action::StationJoins(mac));
    }
    host.listen(ms(10));
    // There is room for two.
    assert_eq!(
        host.ask("AT+CWLIF"),
        "192.168.4.2,5c:cf:7f:00:00:01\r\n192.168.4.3,5c:cf:7f:00:00:02\r\n\r\nOK\r\n"
    );
    host.bench
        .schedule_after(ms(0), Action::StationLeaves("5c:cf:7f:00:00:01".into()));
    let gone = host.listen(ms(10));
    assert_eq!(gone, "+STA_DISCONNECTED:\"5c:cf:7f:00:00:01\"\r\n");
    all_errors(
        &mut host,
        &[
            r#"AT+CWSAP_CUR="a","1234567",1,3"#,
            r#"AT+CWSAP_CUR="","12345678",1,3"#,
            r#"AT+CWSAP_CUR="a","12345678",15,3"#,
            r#"AT+CWSAP_CUR="a","12345678",1,1"#,
            r#"AT+CWSAP_CUR="a","12345678",1,5"#,
            r#"AT+CWSAP_CUR="a","12345678",1,3,11"#,
            r#"AT+CWSAP_CUR="a","12345678",1,3,1,2"#,
            r#"AT+CWSAP_CUR="a","12345678",1"#,
        ],
    );
    host.ask("AT+CWMODE_CUR=1");
    assert_eq!(host.ask(r#"AT+CWSAP_CUR="mine","12345678",5,3"#), ERROR);
    assert_eq!(host.ask("AT+CWLIF"), OK);
}

#[test]
fn dhcp_and_static_addresses_exclude_each_other() {
    let mut host = station(Settings::vendor());
    host.ask("AT+CWMODE_DEF=3");
    host.session(
        &[
            ("AT+CWDHCP_CUR?", "+CWDHCP_CUR:3\r\n\r\nOK\r\n"),
            (r#"AT+CIPSTA_DEF="10.0.0.7","10.0.0.1","255.0.0.0""#, OK),
            ("AT+CWDHCP_CUR?", "+CWDHCP_CUR:2\r\n\r\nOK\r\n"),
            (
                "AT+CIPSTA_CUR?",
                "+CIPSTA_CUR:ip:\"10.0.0.7\"\r\n+CIPSTA_CUR:gateway:\"10.0.0.1\"\r\n\
                 +CIPSTA_CUR:netmask:\"255.0.0.0\"\r\n\r\nOK\r\n",
            ),
            ("AT+CWDHCP_CUR=1,1", OK),
            ("AT+CWDHCP_CUR?", "+CWDHCP_CUR:3\r\n\r\nOK\r\n"),
            ("AT+CWDHCP_DEF?", "+CWDHCP_DEF:2\r\n\r\nOK\r\n"),
            ("AT+CWDHCP_CUR=0,0", OK),
            ("AT+CWDHCP_CUR?", "+CWDHCP_CUR:1\r\n\r\nOK\r\n"),
        ],
        ms(50),
    );
    let heard = host.ask(r#"AT+CWJAP_CUR="Workshop","password""#);
    assert_eq!(heard, format!("{JOINED}{OK}"));
    assert!(host.ask("AT+CIPSTA_CUR?").contains("192.168.101.212"));
    restart(&mut host);
    assert!(host.ask("AT+CIPSTA_CUR?").contains("10.0.0.7"));
    assert_eq!(host.ask("AT+CWDHCP_CUR=1,0"), OK);
    all_errors(
        &mut host,
        &[
            "AT+CWDHCP_CUR=3,1",
            "AT+CWDHCP_CUR=1,2",
            r#"AT+CIPSTA_CUR="10.0.0""#,
            r#"AT+CIPSTA_CUR="10.0.0.7","10.0.0.1""#,
            r#"AT+CIPSTA_CUR="10.0.0.7","11.0.0.1","255.0.0.0""#,
            r#"AT+CIPSTA_CUR="10.0.0.7","10.0.0.1","255.0.1.0""#,
            r#"AT+CIPAP_CUR="10.0.0.7""#,
        ],
    );
    let mut host = Host::fast(Settings::esp_at());
    host.session(
        &[
            ("AT+CWDHCP=0,1", OK),
            ("AT+CWDHCP?", "+CWDHCP:2\r\n\r\nOK\r\n"),
        ],
        ms(50),
    );
}

#[test]
fn without_dhcp_and_address_a_join_fails() {
    let mut host = station(Settings::esp_at());
    assert_eq!(host.ask("AT+CWDHCP=0,1"), OK);
    let heard = host.ask(r#"AT+CWJAP="Workshop","password""#);
    assert_eq!(heard, "WIFI CONNECTED\r\n+CWJAP:1\r\n\r\nERROR\r\n");
}

#[test]
fn addresses_of_the_soft_ap_and_its_leases() {
    let mut host = Host::fast(Settings::vendor());
    host.session(
        &[
            (
                "AT+CWDHCPS_CUR?",
                "+CWDHCPS_CUR:120,192.168.4.2,192.168.4.101\r\n\r\nOK\r\n",
            ),
            (r#"AT+CIPAP_CUR="192.168.5.1""#, OK),
            (
                "AT+CIPAP_CUR?",
                "+CIPAP_CUR:ip:\"192.168.5.1\"\r\n+CIPAP_CUR:gateway:\"192.168.5.1\"\r\n\
                 +CIPAP_CUR:netmask:\"255.255.255.0\"\r\n\r\nOK\r\n",
            ),
            (r#"AT+CWDHCPS_CUR=1,3,"192.168.5.10","192.168.5.15""#, OK),
            (
                "AT+CWDHCPS_CUR?",
                "+CWDHCPS_CUR:3,192.168.5.10,192.168.5.15\r\n\r\nOK\r\n",
            ),
            (
                "AT+CIFSR",
                "+CIFSR:APIP,\"192.168.5.1\"\r\n+CIFSR:APMAC,\"86:cc:a8:b4:49:cf\"\r\n\r\nOK\r\n",
            ),
        ],
        ms(50),
    );
    all_errors(
        &mut host,
        &[
            r#"AT+CWDHCPS_CUR=1,0,"192.168.5.10","192.168.5.15""#,
            r#"AT+CWDHCPS_CUR=1,2881,"192.168.5.10","192.168.5.15""#,
            r#"AT+CWDHCPS_CUR=1,3,"192.168.4.10","192.168.5.15""#,
            r#"AT+CWDHCPS_CUR=1,3,"192.168.5.15","192.168.5.10""#,
            "AT+CWDHCPS_CUR=1",
            "AT+CWDHCPS_CUR=2",
        ],
    );
}

#[test]
fn mac_addresses() {
    let mut host = station(Settings::vendor());
    host.session(
        &[
            (
                "AT+CIPSTAMAC_CUR?",
                "+CIPSTAMAC_CUR:\"84:cc:a8:b4:49:cf\"\r\n\r\nOK\r\n",
            ),
            (r#"AT+CIPSTAMAC_CUR="18:fe:35:98:d3:7b""#, OK),
            (r#"AT+CIPAPMAC_DEF="1a:FE:36:97:d5:7b""#, OK),
            (
                "AT+CIPAPMAC?",
                "+CIPAPMAC:\"1a:fe:36:97:d5:7b\"\r\n\r\nOK\r\n",
            ),
        ],
        ms(50),
    );
    assert!(
        host.ask("AT+CIFSR")
            .contains("STAMAC,\"18:fe:35:98:d3:7b\"")
    );
    all_errors(
        &mut host,
        &[
            r#"AT+CIPSTAMAC_CUR="19:fe:35:98:d3:7b""#,
            r#"AT+CIPSTAMAC_CUR="1a:fe:36:97:d5:7b""#,
            r#"AT+CIPSTAMAC_CUR="18-fe-35-98-d3-7b""#,
            "AT+CIPSTAMAC_CUR=1",
        ],
    );
    restart(&mut host);
    assert!(host.ask("AT+CIPSTAMAC_CUR?").contains("84:cc:a8:b4:49:cf"));
    assert!(host.ask("AT+CIPAPMAC_CUR?").contains("1a:fe:36:97:d5:7b"));
}

#[test]
fn host_name_country_and_automatic_join() {
    let mut host = station(Settings::vendor());
    host.session(
        &[
            ("AT+CWHOSTNAME?", "+CWHOSTNAME:ESP_B449CF\r\n\r\nOK\r\n"),
            (r#"AT+CWHOSTNAME="lamp""#, OK),
            ("AT+CWHOSTNAME?", "+CWHOSTNAME:lamp\r\n\r\nOK\r\n"),
            (r#"AT+CWHOSTNAME="""#, ERROR),
            (r#"AT+CWCOUNTRY_DEF=1,"JP",1,14"#, OK),
            (
                "AT+CWCOUNTRY_CUR?",
                "+CWCOUNTRY_CUR:1,\"JP\",1,14\r\n\r\nOK\r\n",
            ),
            (r#"AT+CWCOUNTRY_CUR=2,"JP",1,14"#, ERROR),
            (r#"AT+CWCOUNTRY_CUR=0,"JAPA",1,14"#, ERROR),
            (r#"AT+CWCOUNTRY_CUR=0,"JP",2,14"#, ERROR),
            ("AT+CWAUTOCONN?", "+CWAUTOCONN:1\r\n\r\nOK\r\n"),
            ("AT+CWAUTOCONN=2", ERROR),
            ("AT+CWQAP=?", OK),
            ("AT+CWMODE_CUR=2", OK),
            ("AT+CWHOSTNAME?", "+CWHOSTNAME:<null>\r\n\r\nOK\r\n"),
            (r#"AT+CWHOSTNAME="lamp""#, ERROR),
        ],
        ms(50),
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
