//! Addresses and the soft-AP: chapter 5.2 of the protocol.

mod common;

use common::{Host, ms};
use esp8266_mqtt_emulator::{Action, Settings};

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
fn what_only_esp_at_has() {
    let mut host = Host::fast(Settings::esp_at());
    host.session(
        &[
            ("AT+CWRECONNCFG?", "+CWRECONNCFG:1,0\r\n\r\nOK\r\n"),
            ("AT+CWRECONNCFG=0,100", OK),
            ("AT+CWRECONNCFG?", "+CWRECONNCFG:0,100\r\n\r\nOK\r\n"),
            ("AT+CWRECONNCFG=7201,0", ERROR),
            ("AT+CWSTAPROTO=3", OK),
            ("AT+CWSTAPROTO?", "+CWSTAPROTO:3\r\n\r\nOK\r\n"),
            ("AT+CWAPPROTO?", "+CWAPPROTO:7\r\n\r\nOK\r\n"),
            ("AT+CWAPPROTO=2", ERROR),
        ],
        ms(50),
    );
    for last in 1..4 {
        let mac = format!("5c:cf:7f:00:00:0{last}");
        host.bench.schedule_after(ms(0), Action::StationJoins(mac));
    }
    host.listen(ms(50));
    let gone = |last: u8| format!("+STA_DISCONNECTED:\"5c:cf:7f:00:00:0{last}\"\r\n");
    let heard = host.ask(r#"AT+CWQIF="5c:cf:7f:00:00:02""#);
    assert_eq!(heard, gone(2) + OK);
    assert_eq!(host.ask("AT+CWQIF"), gone(1) + &gone(3) + OK);
    host.ask("AT+CWMODE=1");
    assert_eq!(host.ask("AT+CWQIF"), ERROR);
    assert_eq!(host.ask("AT+CWJAP"), ERROR, "no access point known");
    host.ask("AT+SYSSTORE=0");
    assert_eq!(host.ask("AT+CWSTATE?"), "+CWSTATE:0,\"\"\r\n\r\nOK\r\n");
    host.ask(r#"AT+CWJAP="Workshop","password""#);
    host.ask("AT+CWQAP");
    assert_eq!(host.ask("AT+CWSTATE?"), "+CWSTATE:4,\"\"\r\n\r\nOK\r\n");
    let heard = host.ask("AT+CWJAP");
    assert_eq!(heard, "WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n");
    let heard = host.ask("AT+CWSTATE?");
    assert_eq!(heard, "+CWSTATE:2,\"Workshop\"\r\n\r\nOK\r\n");
    host.bench.schedule_after(ms(0), Action::LoseWifi);
    host.bench.schedule_after(ms(5), Action::RestoreWifi);
    assert_eq!(host.listen(ms(100)), "WIFI DISCONNECT\r\n", "no rejoin");
}
