//! Looking for access points.

use crate::harness::{read, refused, unreadable, writes};
use esp8266_mqtt::{Argument, MacAddress, Reason, command::wifi::*};

const MAC: MacAddress = MacAddress([0xca, 0xd7, 0x19, 0xd8, 0xa6, 0x44]);

#[test]
pub fn scanning() {
    writes(&Scan, "AT+CWLAP");
    let all = ScanFor::default();
    writes(&all, "AT+CWLAP");
    let named = ScanFor {
        ssid: Some("Wi-Fi"),
        ..all
    };
    writes(&named, r#"AT+CWLAP="Wi-Fi""#);
    // The example of the ESP-AT manual.
    let full = ScanFor {
        bssid: Some(MAC),
        channel: Some(6),
        scan_type: Some(ScanType::Active),
        min_ms: Some(400),
        max_ms: Some(1000),
        ..named
    };
    let expected = r#"AT+CWLAP="Wi-Fi","ca:d7:19:d8:a6:44",6,0,400,1000"#;
    writes(&full, expected);
    let by_mac = ScanFor {
        bssid: Some(MAC),
        ..all
    };
    writes(&by_mac, r#"AT+CWLAP=,"ca:d7:19:d8:a6:44""#);
    let passive = ScanFor {
        scan_type: Some(ScanType::Passive),
        max_ms: Some(1500),
        ..all
    };
    writes(&passive, "AT+CWLAP=,,,1,,1500");
    for channel in [1, 14] {
        let one = ScanFor {
            channel: Some(channel),
            ..named
        };
        writes(&one, &format!(r#"AT+CWLAP="Wi-Fi",,{channel}"#));
    }

    let with_channel = |channel| ScanFor {
        channel: Some(channel),
        ..all
    };
    let reason = Reason::OutOfRange { min: 1, max: 14 };
    refused(&with_channel(0), Argument::Channel, reason);
    refused(&with_channel(15), Argument::Channel, reason);
    let reason = Reason::OutOfRange { min: 0, max: 1500 };
    let min_ms = Some(1501);
    refused(&ScanFor { min_ms, ..all }, Argument::ScanTime, reason);
    let max_ms = Some(1501);
    refused(&ScanFor { max_ms, ..all }, Argument::ScanTime, reason);
    let ssid = Some("");
    refused(&ScanFor { ssid, ..all }, Argument::Ssid, Reason::Empty);
    let long = "x".repeat(33);
    let ssid = Some(long.as_str());
    let reason = Reason::TooLong { limit: 32 };
    refused(&ScanFor { ssid, ..all }, Argument::Ssid, reason);
}

fn one(line: &str) -> ScannedAccessPoint {
    let found = scanned_access_point(line.as_bytes()).expect(line);
    let all = read(&Scan, line).expect(line);
    assert_eq!(
        (all.list.as_slice(), all.left_out),
        ([found.clone()].as_slice(), 0)
    );
    assert_eq!(read(&ScanFor::default(), line), Some(all));
    found
}

#[test]
pub fn access_points_in_range() {
    // AT 1.7 as of WiFiEspAT issue 105, its MAC address filled in.
    let found = one(r#"+CWLAP:(3,"Wifi1",-62,"ca:d7:19:d8:a6:44",1)"#);
    assert_eq!(found.security, Security::Wpa2Psk);
    assert_eq!(found.ssid.as_str(), Some("Wifi1"));
    assert_eq!((found.rssi, found.bssid, found.channel), (-62, MAC, 1));
    assert_eq!((found.frequency, found.ciphers), (None, None));

    let found = one(r#"+CWLAP:(0,"",-90,"ca:d7:19:d8:a6:44",13,-11)"#);
    assert_eq!(found.security, Security::Open);
    assert_eq!(found.ssid.as_bytes(), b"");
    assert_eq!(found.frequency, Some((-11, 0)));
    let found = one(r#"+CWLAP:(1,"w",-90,"ca:d7:19:d8:a6:44",13,32767,-32768)"#);
    assert_eq!(found.security, Security::Wep);
    assert_eq!(
        (found.frequency, found.ciphers),
        (Some((32767, -32768)), None)
    );

    // All fields, and one more than any manual lists.
    for end in [")", ",0)"] {
        let line = format!(r#"+CWLAP:(4,"x",-48,"ca:d7:19:d8:a6:44",6,-11,0,5,3,7,1{end}"#);
        let ciphers = ScannedCiphers {
            pairwise: 5,
            group: 3,
            protocols: 7,
            wps: true,
        };
        let found = one(&line);
        assert_eq!(found.security, Security::WpaWpa2Psk);
        assert_eq!(found.frequency, Some((-11, 0)));
        assert_eq!(found.ciphers, Some(ciphers));
    }
    for (number, security) in [
        (2, Security::WpaPsk),
        (5, Security::Wpa2Enterprise),
        (6, Security::Wpa3Psk),
        (7, Security::Wpa2Wpa3Psk),
        (9, Security::Other(9)),
    ] {
        let line = format!(r#"+CWLAP:({number},"x",-48,"ca:d7:19:d8:a6:44",6)"#);
        assert_eq!(one(&line).security, security);
    }
    // Printed raw: quotes, commas, what looks like the fields behind, other alphabets.
    for name in [r#"a","b"#, r#"x",-1"#, ")", r#"\""#, "热点", "+CWLAP:(3"] {
        let line = format!(r#"+CWLAP:(3,"{name}",-48,"ca:d7:19:d8:a6:44",6,1,2,4,4,7,0)"#);
        assert_eq!(one(&line).ssid.as_str(), Some(name));
    }
    let found = scanned_access_point(b"+CWLAP:(3,\"caf\xe9\",-48,\"ca:d7:19:d8:a6:44\",6)\r\n");
    let ssid = found.expect("not UTF-8").ssid;
    assert_eq!(
        (ssid.as_bytes(), ssid.as_str()),
        (b"caf\xe9".as_slice(), None)
    );
    assert_eq!(ssid.to_string(), "caf\u{fffd}");
    assert_eq!(format!("{ssid:?}"), r#""caf\xe9""#);

    assert_eq!(read(&Scan, "").expect("none in range").list.len(), 0);
    let line = r#"+CWLAP:(3,"x",-48,"ca:d7:19:d8:a6:44",6)"#;
    let twenty = [line; 20].join("\n");
    let all = read(&Scan, &twenty).expect("twenty");
    assert_eq!((all.list.len(), all.left_out), (MAX_SCANNED, 4));

    for broken in [
        "+CWLAP:",
        "+CWLAP:()",
        r#"+CWLAP:(3,"x",-48,"ca:d7:19:d8:a6:44",6"#,
        r#"+CWLAP:(3,"x",-48,"ca:d7:19:d8:a6:44")"#,
        r#"+CWLAP:(3,"x",-48,"ca:d7:19:d8:a6",6)"#,
        r#"+CWLAP:(3,"x",-200,"ca:d7:19:d8:a6:44",6)"#,
        r#"+CWLAP:(3,"x",-48,"ca:d7:19:d8:a6:44",300)"#,
        r#"+CWLAP:(300,"x",-48,"ca:d7:19:d8:a6:44",6)"#,
        r#"+CWLAP:(3,x,-48,"ca:d7:19:d8:a6:44",6)"#,
        r#"+CWLAP:(3,"x",-48,"ca:d7:19:d8:a6:44",6,0,0,4)"#,
        r#"+CWLAP:(3,"x",-48,"ca:d7:19:d8:a6:44",6,0,0,4,4,7,2)"#,
        r#"+CWLAP:(3,"x",-48,"ca:d7:19:d8:a6:44",6,0,40000)"#,
        r#"+CWLAP:(3,"123456789012345678901234567890123",-48,"ca:d7:19:d8:a6:44",6)"#,
    ] {
        assert_eq!(scanned_access_point(broken.as_bytes()), None, "{broken}");
        unreadable(&Scan, &[broken, &format!("{line}\n{broken}")]);
        unreadable(&ScanFor::default(), &[broken]);
    }
}

#[test]
pub fn scan_options() {
    let options = |detail| SetScanOptions {
        sort: true,
        detail,
        min_rssi: None,
        security_mask: None,
    };
    writes(&options(ScanDetail::Basic), "AT+CWLAPOPT=1,31");
    writes(&options(ScanDetail::Frequency), "AT+CWLAPOPT=1,127");
    let all = options(ScanDetail::Ciphers);
    writes(&all, "AT+CWLAPOPT=1,2047");
    let sort = false;
    writes(&SetScanOptions { sort, ..all }, "AT+CWLAPOPT=0,2047");
    let security_mask = Some(1);
    let open = SetScanOptions {
        security_mask,
        ..all
    };
    writes(&open, "AT+CWLAPOPT=1,2047,,1");
    for min_rssi in [-100, 40] {
        let expected = format!("AT+CWLAPOPT=1,2047,{min_rssi}");
        let min_rssi = Some(min_rssi);
        writes(&SetScanOptions { min_rssi, ..all }, &expected);
        let expected = format!("{expected},1");
        writes(&SetScanOptions { min_rssi, ..open }, &expected);
    }
    for min_rssi in [Some(-101), Some(41)] {
        let command = SetScanOptions { min_rssi, ..all };
        refused(&command, Argument::MinimumRssi, Reason::Invalid);
    }
}
