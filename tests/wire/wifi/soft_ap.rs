//! The module's own access point.

use crate::{
    basic::STORES,
    harness::{reads, refused, unreadable, writes},
};
use core::net::Ipv4Addr;
use esp8266_mqtt::{Argument, MacAddress, Reason, Secret, Store, command::wifi::*};

#[test]
pub fn the_soft_access_point() {
    let plain = SetSoftAp {
        ssid: "ESP8266",
        password: Secret::new("1234567890"),
        channel: 5,
        security: SoftApSecurity::Wpa2Psk,
        max_stations: None,
        hidden: false,
        store: Store::Plain,
    };
    for (store, suffix) in STORES {
        writes(&QuerySoftAp(store), &format!("AT+CWSAP{suffix}?"));
        // The example of the instruction set.
        let command = SetSoftAp { store, ..plain };
        let start = format!(r#"AT+CWSAP{suffix}="ESP8266","1234567890",5,3"#);
        writes(&command, &start);
        let hidden = SetSoftAp {
            hidden: true,
            ..command
        };
        writes(&hidden, &format!("{start},,1"));
        for max in [1, 10] {
            let max_stations = Some(max);
            let some = SetSoftAp {
                max_stations,
                ..command
            };
            writes(&some, &format!("{start},{max}"));
            let some = SetSoftAp {
                max_stations,
                ..hidden
            };
            writes(&some, &format!("{start},{max},1"));
        }
    }
    for (number, security) in [
        (0, SoftApSecurity::Open),
        (2, SoftApSecurity::WpaPsk),
        (4, SoftApSecurity::WpaWpa2Psk),
    ] {
        let command = SetSoftAp { security, ..plain };
        let expected = format!(r#"AT+CWSAP="ESP8266","1234567890",5,{number}"#);
        writes(&command, &expected);
    }
    let with = |password, security| SetSoftAp {
        password: Secret::new(password),
        security,
        ..plain
    };
    let open = with("", SoftApSecurity::Open);
    writes(&open, r#"AT+CWSAP="ESP8266","",5,0"#);
    let long = "x".repeat(65);
    let wpa = SoftApSecurity::Wpa2Psk;
    writes(
        &with(&long[..64], wpa),
        &format!(r#"AT+CWSAP="ESP8266","{}",5,3"#, &long[..64]),
    );
    let too_long = Reason::TooLong { limit: 64 };
    refused(&with(&long, wpa), Argument::WifiPassword, too_long);
    let too_short = Reason::TooShort { limit: 8 };
    refused(&with("1234567", wpa), Argument::WifiPassword, too_short);
    refused(&with("", wpa), Argument::WifiPassword, too_short);
    for ssid in ["", &long[..33]] {
        let reason = match ssid {
            "" => Reason::Empty,
            _ => Reason::TooLong { limit: 32 },
        };
        refused(&SetSoftAp { ssid, ..plain }, Argument::Ssid, reason);
    }
    for channel in [0, 15] {
        let reason = Reason::OutOfRange { min: 1, max: 14 };
        refused(&SetSoftAp { channel, ..plain }, Argument::Channel, reason);
    }
    for max_stations in [Some(0), Some(11)] {
        let reason = Reason::OutOfRange { min: 1, max: 10 };
        let command = SetSoftAp {
            max_stations,
            ..plain
        };
        refused(&command, Argument::MaxStations, reason);
    }
    let shown = format!("{:?}", with("hunter2-", wpa));
    assert!(!shown.contains("hunter2"), "{shown}");

    let query = QuerySoftAp(Store::Plain);
    for line in [
        r#"+CWSAP:"ESP,""8266","hunter2-",5,3,4,0"#,
        r#"+CWSAP_CUR:"ESP,""8266","hunter2-",5,3,4,0"#,
        r#"+CWSAP_DEF:"ESP,""8266","hunter2-","5","3","4","0",1"#,
    ] {
        let soft_ap = crate::harness::read(&query, line).expect(line);
        assert_eq!(soft_ap.ssid, r#"ESP,""8266"#);
        assert_eq!(soft_ap.password.reveal(), "hunter2-");
        assert!(!format!("{soft_ap:?}").contains("hunter2"));
        assert_eq!((soft_ap.channel, soft_ap.max_stations), (5, 4));
        assert_eq!(soft_ap.security, SoftApSecurity::Wpa2Psk);
        assert!(!soft_ap.hidden);
    }
    let soft_ap = crate::harness::read(&query, r#"+CWSAP:"ESP_98D37B","",1,0,4,1"#);
    let soft_ap = soft_ap.expect("open");
    assert_eq!(soft_ap.password.reveal(), "");
    assert_eq!(soft_ap.security, SoftApSecurity::Open);
    assert!(soft_ap.hidden);
    unreadable(
        &query,
        &[
            "",
            r#"+CWSAP:"ESP","12345678",5,3,4"#,
            r#"+CWSAP:"ESP","12345678",5,1,4,0"#,
            r#"+CWSAP:"ESP","12345678",5,5,4,0"#,
            r#"+CWSAP:"ESP","12345678",500,3,4,0"#,
            r#"+CWSAP:"ESP","12345678",5,3,4,2"#,
            r#"+CWSAP:"ESP","12345678"#,
            r#"+CWSAP:"123456789012345678901234567890123","12345678",5,3,4,0"#,
        ],
    );
}

#[test]
pub fn stations() {
    writes(&ListStations, "AT+CWLIF");
    let one = Station {
        ip: Ipv4Addr::new(192, 168, 4, 2),
        mac: MacAddress([0x18, 0xfe, 0x35, 0x98, 0xd3, 0x7b]),
    };
    let list = |stations: &[Station]| Stations(stations.iter().copied().collect());
    reads(&ListStations, "", list(&[]));
    for line in [
        "192.168.4.2,18:fe:35:98:d3:7b",
        "+CWLIF:192.168.4.2,18:fe:35:98:d3:7b",
        r#"+CWLIF:"192.168.4.2","18:fe:35:98:d3:7b""#,
    ] {
        reads(&ListStations, line, list(&[one]));
        assert_eq!(station(line.as_bytes()), Some(one));
        let all = [line; MAX_STATIONS].join("\n");
        reads(&ListStations, &all, list(&[one; MAX_STATIONS]));
        unreadable(&ListStations, &[&[line; MAX_STATIONS + 1].join("\n")]);
    }
    unreadable(
        &ListStations,
        &[
            "192.168.4.2",
            "192.168.4,18:fe:35:98:d3:7b",
            "192.168.4.2,18:fe:35:98:d3",
            "192.168.4.2,18:fe:35:98:d3:7b\n+CWLIF:",
        ],
    );
    writes(&DisconnectStations, "AT+CWQIF");
    let command = DisconnectStation(one.mac);
    writes(&command, r#"AT+CWQIF="18:fe:35:98:d3:7b""#);
}
