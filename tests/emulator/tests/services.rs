//! Names, pings, time, name servers: the rest of chapter 5.3 of the protocol.

mod common;

use std::net::Ipv4Addr;
use std::time::Duration;

use common::{Host, ms};
use esp8266_mqtt_emulator::settings::EspAtRelease;
use esp8266_mqtt_emulator::{InitialState, Settings};

const OK: &str = "\r\nOK\r\n";
const ERROR: &str = "\r\nERROR\r\n";

fn joined(settings: Settings) -> Host {
    Host::fast(settings.with_initial(InitialState::Joined))
}

#[test]
fn names_and_pings() {
    for (settings, name) in [(Settings::vendor(), "+"), (Settings::esp_at(), "+PING:")] {
        let esp_at = name.len() > 1;
        let mut host = joined(settings);
        let network = host.bench.network();
        network.add_host("iot.example", Ipv4Addr::new(198, 18, 0, 255));
        network.set_round_trip(ms(12));
        let heard = host.ask(r#"AT+CIPDOMAIN="iot.example""#);
        assert_eq!(heard, format!("+CIPDOMAIN:198.18.0.255\r\n{OK}"));
        let heard = host.ask(r#"AT+CIPDOMAIN="nowhere.example""#);
        assert_eq!(heard, format!("DNS Fail\r\n{ERROR}"));
        assert_eq!(
            host.ask(r#"AT+PING="iot.example""#),
            format!("{name}12\r\n{OK}")
        );
        let timeout = if esp_at { "TIMEOUT" } else { "timeout" };
        assert_eq!(
            host.ask(r#"AT+PING="192.0.2.1""#),
            format!("{name}{timeout}\r\n{ERROR}")
        );
        let long = "x".repeat(if esp_at { 65 } else { 64 });
        assert_eq!(host.ask(&format!("AT+CIPDOMAIN=\"{long}\"")), ERROR);
        assert_eq!(host.ask("AT+PING=1"), ERROR);
    }
}

#[test]
fn the_time_of_day() {
    let mut settings = Settings::vendor().with_initial(InitialState::Joined);
    // 2016-08-04 06:48:00 UTC.
    settings.unix_time = Some(1_470_293_280);
    let mut host = Host::new(settings.with_echo(false).with_baud(115_200));
    assert_eq!(host.ask("AT+CIPSNTPTIME?"), ERROR);
    assert_eq!(host.ask("AT+CIPSNTPCFG?"), format!("+CIPSNTPCFG:0\r\n{OK}"));
    assert_eq!(host.ask("AT+CIPSNTPCFG=1,8"), OK);
    let epoch = "+CIPSNTPTIME:Thu Jan 01 00:00:00 1970\r\n\r\nOK\r\n";
    assert_eq!(host.ask("AT+CIPSNTPTIME?"), epoch);
    host.bench
        .advance(Duration::from_secs(5).saturating_sub(host.bench.now()));
    let heard = host.ask("AT+CIPSNTPTIME?");
    assert_eq!(heard, "+CIPSNTPTIME:Thu Aug 04 14:48:05 2016\r\n\r\nOK\r\n");
    assert_eq!(
        host.ask("AT+CIPSNTPCFG?"),
        "+CIPSNTPCFG:1,8,\"cn.ntp.org.cn\",\"ntp.sjtu.edu.cn\",\"us.pool.ntp.org\"\r\n\r\nOK\r\n"
    );
    assert_eq!(host.ask("AT+CIPSNTPCFG=1,14"), ERROR);
    assert_eq!(host.ask("AT+CIPSNTPCFG=0"), OK);
}

#[test]
fn half_hours_and_the_notice_of_newer_firmware() {
    let settings = Settings::esp_at().with_release(EspAtRelease::V3_3);
    let mut host = joined(settings);
    let heard = host.ask(r#"AT+CIPSNTPCFG=1,530,"ntp.example""#);
    assert_eq!(heard, format!("{OK}+TIME_UPDATED\r\n"));
    let heard = host.ask("AT+CIPSNTPTIME?");
    assert!(
        heard.starts_with("+CIPSNTPTIME:Tue Oct 19 01:42:2"),
        "{heard}"
    );
    let heard = host.ask("AT+CIPSNTPCFG?");
    assert_eq!(heard, "+CIPSNTPCFG:1,530,\"ntp.example\"\r\n\r\nOK\r\n");
    assert_eq!(host.ask("AT+CIPSNTPCFG=1,560"), ERROR);
}

#[test]
fn without_a_time_server_it_stays_1970() {
    let mut settings = Settings::esp_at();
    settings.unix_time = None;
    let mut host = joined(settings);
    host.ask("AT+CIPSNTPCFG=1,8");
    host.bench.advance(Duration::from_secs(100));
    let heard = host.ask("AT+CIPSNTPTIME?");
    assert_eq!(heard, "+CIPSNTPTIME:Thu Jan  1 00:00:00 1970\r\n\r\nOK\r\n");
}

#[test]
fn name_servers() {
    let mut host = joined(Settings::vendor());
    host.session(
        &[
            ("AT+CIPDNS_CUR?", "+CIPDNS_CUR:208.67.222.222\r\n\r\nOK\r\n"),
            (r#"AT+CIPDNS_DEF=1,"8.8.8.8","1.1.1.1""#, OK),
            (
                "AT+CIPDNS_CUR?",
                "+CIPDNS_CUR:8.8.8.8\r\n+CIPDNS_CUR:1.1.1.1\r\n\r\nOK\r\n",
            ),
            ("AT+CIPDNS_CUR=0", OK),
            ("AT+CIPDNS_CUR?", "+CIPDNS_CUR:208.67.222.222\r\n\r\nOK\r\n"),
            (r#"AT+CIPDNS_CUR=1,"8.8.8""#, ERROR),
            (r#"AT+CIPDNS_CUR=0,"8.8.8.8""#, ERROR),
        ],
        ms(50),
    );
    host.ask_for("AT+RST", ms(500));
    host.ask("ATE0");
    assert!(host.ask("AT+CIPDNS_CUR?").contains(":8.8.8.8\r\n"));
    let mut host = joined(Settings::esp_at());
    host.session(
        &[
            ("AT+CIPDNS?", "+CIPDNS:0,\"208.67.222.222\"\r\n\r\nOK\r\n"),
            (r#"AT+CIPDNS=1,"8.8.8.8","1.1.1.1","9.9.9.9""#, OK),
            (
                "AT+CIPDNS?",
                "+CIPDNS:1,\"8.8.8.8\",\"1.1.1.1\",\"9.9.9.9\"\r\n\r\nOK\r\n",
            ),
            ("AT+CIPDINFO?", "+CIPDINFO:false\r\n\r\nOK\r\n"),
        ],
        ms(50),
    );
}

#[test]
fn own_addresses() {
    let mut host = joined(Settings::vendor());
    host.ask("AT+CWMODE_CUR=3");
    assert_eq!(
        host.ask("AT+CIFSR"),
        "+CIFSR:APIP,\"192.168.4.1\"\r\n+CIFSR:APMAC,\"86:cc:a8:b4:49:cf\"\r\n\
         +CIFSR:STAIP,\"192.168.101.212\"\r\n+CIFSR:STAMAC,\"84:cc:a8:b4:49:cf\"\r\n\r\nOK\r\n"
    );
    assert_eq!(host.ask("AT+CIFSR=?"), OK);
    assert_eq!(host.ask(r#"AT+CIFSR="10.0.0.9""#), OK);
    assert!(host.ask("AT+CIFSR").contains("STAIP,\"10.0.0.9\""));
}
