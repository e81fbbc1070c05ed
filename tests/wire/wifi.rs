//! Chapter "Wi-Fi AT Commands".

mod addresses;
mod network;
mod provisioning;
mod reconnect;
mod scan;
mod soft_ap;

use crate::harness::{read, reads, unreadable, writes};
use esp8266_mqtt::{AccessPoint, Secret, Store, WifiMode, WifiStatus, command::wifi::*};

pub const CHECKS: &[fn()] = &[
    wifi_commands_in_each_form_of_their_name,
    wifi_modes,
    the_access_point,
    reconnect::joining_by_itself,
    reconnect::joining_with_options,
    reconnect::how_far_the_station_is,
    reconnect::enterprise_networks,
    scan::scanning,
    scan::access_points_in_range,
    scan::scan_options,
    soft_ap::the_soft_access_point,
    soft_ap::stations,
    addresses::dhcp,
    addresses::the_dhcp_pool,
    addresses::mac_addresses,
    addresses::ip_addresses,
    network::host_names,
    network::mdns,
    network::countries,
    network::protocols,
    provisioning::provisioning,
];

pub fn join<'a>(ssid: &'a str, password: &'a str) -> JoinAccessPoint<'a> {
    JoinAccessPoint {
        ssid,
        password: Secret::new(password),
        bssid: None,
        store: Store::Plain,
    }
}

#[test]
fn wifi_commands_in_each_form_of_their_name() {
    for (store, suffix) in [
        (Store::Plain, ""),
        (Store::Current, "_CUR"),
        (Store::Flash, "_DEF"),
    ] {
        writes(&TestMode(store), &format!("AT+CWMODE{suffix}=?"));
        writes(&QueryMode(store), &format!("AT+CWMODE{suffix}?"));
        for (number, mode) in [
            WifiMode::Off,
            WifiMode::Station,
            WifiMode::SoftAp,
            WifiMode::StationAndSoftAp,
        ]
        .into_iter()
        .enumerate()
        {
            let command = SetMode { mode, store };
            writes(&command, &format!("AT+CWMODE{suffix}={number}"));
            // Bit 0 of the number.
            assert_eq!(mode.has_station(), number % 2 == 1);
            for join in [false, true] {
                let expected = format!("AT+CWMODE={number},{}", u8::from(join));
                writes(&SetModeAndJoin { mode, join }, &expected);
            }
        }
        writes(&QueryAccessPoint(store), &format!("AT+CWJAP{suffix}?"));
        let command = JoinAccessPoint {
            store,
            ..join("EmakeFun", "12345678")
        };
        let expected = format!(r#"AT+CWJAP{suffix}="EmakeFun","12345678""#);
        writes(&command, &expected);
        let command = JoinAccessPoint {
            bssid: Some(esp8266_mqtt::MacAddress([
                0xca, 0xd7, 0x19, 0xd8, 0xa6, 0x44,
            ])),
            ..command
        };
        writes(&command, &format!(r#"{expected},"ca:d7:19:d8:a6:44""#));
    }
    writes(&TestQuitAccessPoint, "AT+CWQAP=?");
    writes(&QuitAccessPoint, "AT+CWQAP");
}

#[test]
fn wifi_modes() {
    for (text, mode) in [
        ("+CWMODE:0", WifiMode::Off),
        ("+CWMODE:1", WifiMode::Station),
        ("+CWMODE_CUR:2", WifiMode::SoftAp),
        ("noise\n+CWMODE_DEF:3", WifiMode::StationAndSoftAp),
    ] {
        reads(&QueryMode(Store::Plain), text, mode);
    }
    unreadable(
        &QueryMode(Store::Plain),
        &[
            "",
            "+CWMODE:",
            "+CWMODE:4",
            "+CWMODE:x",
            "+CWMODE:1x",
            "CWMODE:1",
        ],
    );
    let range = ModeRange {
        first: WifiMode::Station,
        last: WifiMode::StationAndSoftAp,
    };
    for text in ["+CWMODE:(1-3)", "+CWMODE_CUR:(1-3)", "+CWMODE_DEF:(1-3)"] {
        reads(&TestMode(Store::Plain), text, range);
    }
    unreadable(
        &TestMode(Store::Plain),
        &[
            "+CWMODE:1-3",
            "+CWMODE:(1-9)",
            "+CWMODE:(1-3",
            "+CWMODE:(1,3)",
        ],
    );
}

#[test]
fn the_access_point() {
    let access_point = |ssid: &str, bssid: &str, channel, rssi| {
        WifiStatus::Joined(AccessPoint {
            ssid: ssid.try_into().unwrap(),
            bssid: bssid.parse().unwrap(),
            channel,
            rssi,
        })
    };
    let query = QueryAccessPoint(Store::Plain);
    let (mac, home) = ("44:33:4c:90:96:9a", "c8:3a:35:00:00:01");
    for (text, expected) in [
        // esp-at issue 479, and the form of non-OS AT.
        (
            r#"+CWJAP:"BL_841R","44:33:4c:90:96:9a",11,-55,0,0,0,0"#,
            access_point("BL_841R", mac, 11, -55),
        ),
        (
            r#"+CWJAP_CUR:"home","c8:3a:35:00:00:01",1,-128,0"#,
            access_point("home", home, 1, -128),
        ),
        (
            r#"+CWJAP_DEF:"a","b" \","c8:3a:35:00:00:01",6,-70"#,
            access_point(r#"a","b" \"#, home, 6, -70),
        ),
        ("No AP", WifiStatus::NotJoined),
    ] {
        reads(&query, text, expected);
    }
    unreadable(
        &query,
        &[
            "",
            "+CWJAP:1",
            r#"+CWJAP:"home","c8:3a:35:00:00:01",1"#,
            r#"+CWJAP:"home","c8:3a:35:00:00",1,-20"#,
            r#"+CWJAP:"home","c8:3a:35:00:00:01",1,-200"#,
            r#"+CWJAP:"home","c8:3a:35:00:00:01",300,-20"#,
            r#"+CWJAP:"home""#,
            r#"+CWJAP:"123456789012345678901234567890123","c8:3a:35:00:00:01",1,-20"#,
        ],
    );
}

#[test]
fn commands_without_a_response_take_any_text() {
    assert!(read(&QuitAccessPoint, "WIFI DISCONNECT").is_some());
}
