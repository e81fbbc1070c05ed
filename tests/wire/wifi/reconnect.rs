//! Joining by itself, with options, and WPA2-Enterprise; how far the station is.

use super::join;
use crate::{
    basic::STORES,
    harness::{reads, refused, unreadable, writes},
};
use esp8266_mqtt::{
    Argument, Reason, Secret, Store,
    command::{Command, Enabled, wifi::*},
};

#[test]
pub fn joining_by_itself() {
    writes(&QueryAutoJoin, "AT+CWAUTOCONN?");
    reads(&QueryAutoJoin, "+CWAUTOCONN:1", Enabled(true));
    reads(&QueryAutoJoin, "+CWAUTOCONN:0", Enabled(false));
    unreadable(&QueryAutoJoin, &["", "+CWAUTOCONN:", "+CWAUTOCONN:2"]);
    writes(&SetAutoJoin(false), "AT+CWAUTOCONN=0");
    writes(&SetAutoJoin(true), "AT+CWAUTOCONN=1");

    let rejoin = |interval_s, attempts| Rejoin {
        interval_s,
        attempts,
    };
    writes(&QueryRejoin, "AT+CWRECONNCFG?");
    reads(&QueryRejoin, "+CWRECONNCFG:1,100", rejoin(1, 100));
    unreadable(
        &QueryRejoin,
        &[
            "",
            "+CWRECONNCFG:1",
            "+CWRECONNCFG:x,1",
            "+CWRECONNCFG:1,70000",
        ],
    );
    writes(&SetRejoin(rejoin(0, 0)), "AT+CWRECONNCFG=0,0");
    writes(&SetRejoin(rejoin(7200, 1000)), "AT+CWRECONNCFG=7200,1000");
    let reason = Reason::OutOfRange { min: 0, max: 7200 };
    refused(
        &SetRejoin(rejoin(7201, 0)),
        Argument::ReconnectInterval,
        reason,
    );
    let reason = Reason::OutOfRange { min: 0, max: 1000 };
    refused(
        &SetRejoin(rejoin(1, 1001)),
        Argument::ReconnectCount,
        reason,
    );

    writes(&JoinAgain, "AT+CWJAP");
    writes(&QueryJoinTimeout, "AT+CWJAPTO?");
    reads(&QueryJoinTimeout, "+CWJAPTO:15", JoinTimeout(15));
    unreadable(&QueryJoinTimeout, &["", "+CWJAPTO:", "+CWJAPTO:70000"]);
    for seconds in [3, 600] {
        let expected = format!("AT+CWJAPTO={seconds}");
        writes(&SetJoinTimeout(JoinTimeout(seconds)), &expected);
    }
    let reason = Reason::OutOfRange { min: 3, max: 600 };
    for seconds in [0, 2, 601] {
        let command = SetJoinTimeout(JoinTimeout(seconds));
        refused(&command, Argument::JoinTimeout, reason);
    }
}

#[test]
pub fn joining_with_options() {
    for (store, suffix) in STORES {
        let access_point = JoinAccessPoint {
            store,
            ..join("abc", "0123456789")
        };
        let start = format!(r#"AT+CWJAP{suffix}="abc","0123456789""#);
        let plain = JoinWith::new(access_point);
        writes(&plain, &start);
        let strong = JoinWith {
            refuse_weak: Some(true),
            ..plain
        };
        writes(&strong, &format!("{start},,1"));
        let access_point = JoinAccessPoint {
            bssid: Some(esp8266_mqtt::MacAddress([
                0xca, 0xd7, 0x19, 0xd8, 0xa6, 0x44,
            ])),
            ..access_point
        };
        let strong = JoinWith {
            access_point,
            ..strong
        };
        writes(&strong, &format!(r#"{start},"ca:d7:19:d8:a6:44",1"#));
    }
    // The example of the ESP-AT manual.
    let plain = JoinWith::new(join("abc", "0123456789"));
    let protected = JoinWith {
        management_frames: Some(ManagementFrames::Required),
        ..plain
    };
    writes(&protected, r#"AT+CWJAP="abc","0123456789",,,,,,,3"#);
    let all = JoinWith {
        access_point: JoinAccessPoint {
            bssid: Some(esp8266_mqtt::MacAddress([
                0xca, 0xd7, 0x19, 0xd8, 0xa6, 0x44,
            ])),
            ..plain.access_point
        },
        refuse_weak: Some(false),
        rejoin_interval_s: Some(7200),
        listen_interval: Some(100),
        scan: Some(JoinScan::AllChannels),
        management_frames: Some(ManagementFrames::Preferred),
    };
    let start = r#"AT+CWJAP="abc","0123456789","ca:d7:19:d8:a6:44",0,7200,100,1"#;
    writes(&all, &format!("{start},,1"));
    for seconds in [3, 600] {
        let command = JoinWithin { join: all, seconds };
        writes(&command, &format!("{start},{seconds},1"));
    }
    let command = JoinWithin {
        join: plain,
        seconds: 30,
    };
    writes(&command, r#"AT+CWJAP="abc","0123456789",,,,,,30"#);
    // The driver outwaits the module.
    const { assert!(JoinWithin::TIMEOUT_MS > 600_000) };

    let reason = Reason::OutOfRange { min: 3, max: 600 };
    for seconds in [2, 601] {
        let command = JoinWithin { join: all, seconds };
        refused(&command, Argument::JoinTimeout, reason);
    }
    let command = JoinWith {
        rejoin_interval_s: Some(7201),
        ..plain
    };
    let reason = Reason::OutOfRange { min: 0, max: 7200 };
    refused(&command, Argument::ReconnectInterval, reason);
    let reason = Reason::OutOfRange { min: 1, max: 100 };
    for interval in [0, 101] {
        let command = JoinWith {
            listen_interval: Some(interval),
            ..plain
        };
        refused(&command, Argument::ListenInterval, reason);
    }
    let command = JoinWith::new(join("", "x"));
    refused(&command, Argument::Ssid, Reason::Empty);
    let shown = format!("{:?}", JoinWith::new(join("abc", "hunter2")));
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
pub fn how_far_the_station_is() {
    writes(&QueryStationState, "AT+CWSTATE?");
    let state = |line: &str| {
        let state = crate::harness::read(&QueryStationState, line).expect(line);
        (state.phase, state.ssid.to_string())
    };
    for (number, phase) in [
        StationPhase::Idle,
        StationPhase::Joined,
        StationPhase::HasAddress,
        StationPhase::Joining,
        StationPhase::Disconnected,
    ]
    .into_iter()
    .enumerate()
    {
        let line = format!(r#"+CWSTATE:{number},"Mi MIX 3_5577""#);
        assert_eq!(state(&line), (phase, "Mi MIX 3_5577".into()));
    }
    assert_eq!(state(r#"+CWSTATE:0,"""#), (StationPhase::Idle, "".into()));
    let raw = (StationPhase::HasAddress, r#"a",1,"b"#.into());
    assert_eq!(state(r#"+CWSTATE:2,"a",1,"b""#), raw);
    unreadable(
        &QueryStationState,
        &[
            "",
            "+CWSTATE:2",
            "+CWSTATE:2,",
            r#"+CWSTATE:5,"x""#,
            r#"+CWSTATE:2,"x"#,
            r#"+CWSTATE:2,"123456789012345678901234567890123""#,
        ],
    );
}

fn enterprise(store: Store) -> JoinEnterprise<'static> {
    JoinEnterprise {
        ssid: "dlink11111",
        method: EapMethod::Tls,
        identity: "example@espressif.com",
        credentials: None,
        client_certificate: true,
        verify_server: true,
        store,
    }
}

#[test]
pub fn enterprise_networks() {
    for (store, suffix) in STORES {
        // The examples of the ESP-AT manual.
        let start = format!(r#"AT+CWJEAP{suffix}="dlink11111""#);
        let tls = enterprise(store);
        writes(&tls, &format!(r#"{start},0,"example@espressif.com",,,3"#));
        let peap = JoinEnterprise {
            method: EapMethod::Peap,
            credentials: Some(("espressif", Secret::new("test11"))),
            client_certificate: false,
            verify_server: false,
            ..tls
        };
        let rest = r#""example@espressif.com","espressif","test11""#;
        writes(&peap, &format!("{start},1,{rest},0"));
        let ttls = JoinEnterprise {
            method: EapMethod::Ttls,
            verify_server: true,
            ..peap
        };
        writes(&ttls, &format!("{start},2,{rest},2"));
        writes(&QueryEnterprise(store), &format!("AT+CWJEAP{suffix}?"));
    }
    let tls = enterprise(Store::Current);
    for method in [EapMethod::Peap, EapMethod::Ttls] {
        let command = JoinEnterprise { method, ..tls };
        refused(&command, Argument::Username, Reason::Empty);
    }
    let long = "x".repeat(33);
    let too_long = Reason::TooLong { limit: 32 };
    let with = |username, password| JoinEnterprise {
        credentials: Some((username, Secret::new(password))),
        ..tls
    };
    refused(&with("", "x"), Argument::Username, Reason::Empty);
    refused(&with("x", ""), Argument::WifiPassword, Reason::Empty);
    refused(&with(&long, "x"), Argument::Username, too_long);
    refused(&with("x", &long), Argument::WifiPassword, too_long);
    let command = JoinEnterprise { ssid: &long, ..tls };
    refused(&command, Argument::Ssid, too_long);
    let command = JoinEnterprise {
        identity: &long,
        ..tls
    };
    refused(&command, Argument::Identity, too_long);
    let command = JoinEnterprise {
        identity: "",
        ..tls
    };
    refused(&command, Argument::Identity, Reason::Empty);
    let shown = format!("{:?}", with("x", "hunter2"));
    assert!(!shown.contains("hunter2"), "{shown}");

    let query = QueryEnterprise(Store::Plain);
    reads(&query, "No AP", EnterpriseStatus::NotJoined);
    for name in ["+CWJEAP", "+CWJEAP_CUR", "+CWJEAP_DEF"] {
        let line = format!(r#"{name}:"dlink",1,"me@x","user","hunter2",2"#);
        let status = crate::harness::read(&query, &line);
        let Some(EnterpriseStatus::Joined(network)) = status else {
            panic!("{line}");
        };
        assert_eq!(network.ssid, "dlink");
        assert_eq!(network.method, EapMethod::Peap);
        assert_eq!(network.identity, "me@x");
        assert_eq!(network.username, "user");
        assert_eq!(network.password.reveal(), "hunter2");
        assert!(network.verify_server && !network.client_certificate);
        assert!(!format!("{network:?}").contains("hunter2"));
    }
    for bits in 0..4 {
        let line = format!(r#"+CWJEAP:"dlink",0,"me@x","","",{bits}"#);
        let status = crate::harness::read(&query, &line);
        let Some(EnterpriseStatus::Joined(network)) = status else {
            panic!("{line}");
        };
        assert_eq!(network.client_certificate, bits % 2 == 1);
        assert_eq!(network.verify_server, bits >= 2);
    }
    unreadable(
        &query,
        &[
            "",
            "+CWJEAP:Timeout",
            r#"+CWJEAP:"dlink",3,"me@x","user","p",2"#,
            r#"+CWJEAP:"dlink",1,"me@x","user","p",4"#,
            r#"+CWJEAP:"dlink",1,"me@x","user","p""#,
            r#"+CWJEAP:"dlink",1,"me@x","user","#,
        ],
    );
}
