//! The module's own access point, its stations, and their addresses.

use super::STORES;
use crate::harness::{reads, refused, unreadable, writes};
use core::net::Ipv4Addr;
use esp8266_mqtt::{Argument, MacAddress, Reason, Secret, Store, command::wifi::*};

const OPEN: SetSoftAp<'_> = SetSoftAp {
    ssid: "mine",
    password: Secret::new(""),
    channel: 6,
    security: SoftApSecurity::Open,
    max_stations: None,
    hidden: false,
    store: Store::Plain,
};

#[test]
pub fn sets_it_up() {
    for (store, suffix) in STORES {
        writes(&QuerySoftAp(store), &format!("AT+CWSAP{suffix}?"));
        let open = SetSoftAp { store, ..OPEN };
        writes(&open, &format!("AT+CWSAP{suffix}=\"mine\",\"\",6,0"));
        for (security, number) in [
            (SoftApSecurity::WpaPsk, 2),
            (SoftApSecurity::Wpa2Psk, 3),
            (SoftApSecurity::WpaWpa2Psk, 4),
        ] {
            let closed = SetSoftAp {
                password: Secret::new("12345678"),
                security,
                ..open
            };
            let expected = format!("AT+CWSAP{suffix}=\"mine\",\"12345678\",6,{number}");
            writes(&closed, &expected);
        }
    }
    let few = SetSoftAp {
        max_stations: Some(4),
        ..OPEN
    };
    writes(&few, r#"AT+CWSAP="mine","",6,0,4"#);
    let hidden = SetSoftAp {
        hidden: true,
        ..few
    };
    writes(&hidden, r#"AT+CWSAP="mine","",6,0,4,1"#);
    let hidden = SetSoftAp {
        max_stations: None,
        ..hidden
    };
    writes(&hidden, r#"AT+CWSAP="mine","",6,0,,1"#);

    let range = |min, max| Reason::OutOfRange { min, max };
    let short = SetSoftAp {
        password: Secret::new("1234567"),
        security: SoftApSecurity::Wpa2Psk,
        ..OPEN
    };
    refused(
        &short,
        Argument::WifiPassword,
        Reason::TooShort { limit: 8 },
    );
    for channel in [0, 15] {
        let wrong = SetSoftAp { channel, ..OPEN };
        refused(&wrong, Argument::Channel, range(1, 14));
    }
    for max in [0, 11] {
        let wrong = SetSoftAp {
            max_stations: Some(max),
            ..OPEN
        };
        refused(&wrong, Argument::MaxStations, range(1, 10));
    }
    refused(
        &SetSoftAp { ssid: "", ..OPEN },
        Argument::Ssid,
        Reason::Empty,
    );
}

#[test]
pub fn reads_its_settings() {
    let query = QuerySoftAp(Store::Plain);
    for text in [
        r#"+CWSAP:"mine","pass,word",5,3,4,0"#,
        r#"+CWSAP_CUR:"mine","pass,word",5,3,4,0"#,
    ] {
        let settings = crate::harness::read(&query, text).expect("settings");
        assert_eq!(settings.ssid.as_str(), "mine");
        assert_eq!(settings.password.reveal(), "pass,word");
        assert_eq!((settings.channel, settings.max_stations), (5, 4));
        assert_eq!(settings.security, SoftApSecurity::Wpa2Psk);
        assert!(!settings.hidden);
        assert!(!format!("{settings:?}").contains("pass,word"));
    }
    unreadable(
        &query,
        &[
            "",
            r#"+CWSAP:"mine","password",5,1,4,0"#,
            r#"+CWSAP:"mine","password",5,3,4"#,
            r#"+CWSAP:"mine","password",500,3,4,0"#,
            r#"+CWSAP:"mine","password",5,3,4,2"#,
        ],
    );
}

#[test]
pub fn stations() {
    let mac = MacAddress([0xca, 0xd7, 0x19, 0xd8, 0xa6, 0x44]);
    let one = Station {
        ip: Ipv4Addr::new(192, 168, 4, 2),
        mac,
    };
    writes(&ListStations, "AT+CWLIF");
    let list = |count| Stations(core::iter::repeat_n(one, count).collect());
    reads(&ListStations, "", list(0));
    for text in [
        "192.168.4.2,ca:d7:19:d8:a6:44",
        "+CWLIF:192.168.4.2,ca:d7:19:d8:a6:44",
        "+CWLIF:192.168.4.2,\"ca:d7:19:d8:a6:44\"",
    ] {
        reads(&ListStations, text, list(1));
        reads(&ListStations, &format!("{text}\n{text}"), list(2));
    }
    unreadable(
        &ListStations,
        &[
            "192.168.4,ca:d7:19:d8:a6:44",
            "192.168.4.2,ca:d7:19:d8:a6",
            "192.168.4.2",
        ],
    );
    writes(&DisconnectStations, "AT+CWQIF");
    writes(&DisconnectStation(mac), r#"AT+CWQIF="ca:d7:19:d8:a6:44""#);
}

#[test]
pub fn dhcp() {
    for (store, suffix) in STORES {
        writes(&QueryDhcp(store), &format!("AT+CWDHCP{suffix}?"));
        for (interface, number) in [
            (DhcpInterface::SoftAp, 0),
            (DhcpInterface::Station, 1),
            (DhcpInterface::Both, 2),
        ] {
            for enable in [false, true] {
                let set = SetDhcp {
                    interface,
                    enable,
                    store,
                };
                let on = u8::from(enable);
                writes(&set, &format!("AT+CWDHCP{suffix}={number},{on}"));
            }
        }
        writes(&QueryDhcpPool(store), &format!("AT+CWDHCPS{suffix}?"));
        let none = SetDhcpPool { pool: None, store };
        writes(&none, &format!("AT+CWDHCPS{suffix}=0"));
        let some = SetDhcpPool {
            pool: Some(POOL),
            store,
        };
        let expected = format!("AT+CWDHCPS{suffix}=1,120,\"192.168.4.10\",\"192.168.4.15\"");
        writes(&some, &expected);
    }
    for (number, station, soft_ap) in [
        (0, false, false),
        (1, true, false),
        (2, false, true),
        (3, true, true),
    ] {
        let interfaces = Dhcp { station, soft_ap };
        for text in [format!("+CWDHCP:{number}"), format!("+CWDHCP_DEF:{number}")] {
            reads(&QueryDhcp(Store::Plain), &text, interfaces);
        }
        let enable = station;
        let set = SetEspAtDhcp { enable, interfaces };
        let on = u8::from(enable);
        writes(&set, &format!("AT+CWDHCP={on},{number}"));
    }
    unreadable(&QueryDhcp(Store::Plain), &["", "+CWDHCP:", "+CWDHCP:4"]);
}

const POOL: DhcpPool = DhcpPool {
    lease_minutes: 120,
    first: Ipv4Addr::new(192, 168, 4, 10),
    last: Ipv4Addr::new(192, 168, 4, 15),
};

#[test]
pub fn dhcp_pool() {
    let query = QueryDhcpPool(Store::Current);
    for text in [
        "+CWDHCPS_CUR:120,192.168.4.10,192.168.4.15",
        "+CWDHCPS:120,\"192.168.4.10\",\"192.168.4.15\"",
        "+CWDHCPS=120,192.168.4.10,192.168.4.15",
    ] {
        reads(&query, text, POOL);
    }
    unreadable(
        &query,
        &[
            "",
            "+CWDHCPS:120,192.168.4.10",
            "+CWDHCPS:x,1.2.3.4,1.2.3.5",
        ],
    );
    for lease_minutes in [0, 2881] {
        let wrong = SetDhcpPool {
            pool: Some(DhcpPool {
                lease_minutes,
                ..POOL
            }),
            store: Store::Plain,
        };
        let reason = Reason::OutOfRange { min: 1, max: 2880 };
        refused(&wrong, Argument::LeaseTime, reason);
    }
}
