//! Access points in range.

use crate::harness::{read, reads, refused, unreadable, writes};
use esp8266_mqtt::{Argument, MacAddress, Reason, command::wifi::*};

const BSSID: MacAddress = MacAddress([0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff]);

fn found(text: &str) -> ScannedAccessPoint {
    scanned_access_point(text.as_bytes()).unwrap_or_else(|| panic!("{text}"))
}

#[test]
pub fn a_line_of_each_firmware() {
    // Non-OS AT 1.7 prints all fields, ESP-AT 2 the first five, AT 1.2 one number behind them.
    let all = found(r#"+CWLAP:(3,"home",-62,"aa:bb:cc:dd:ee:ff",1,-4,0,4,5,7,1)"#);
    assert_eq!(all.security, Security::Wpa2Psk);
    assert_eq!(all.ssid.as_str(), Some("home"));
    assert_eq!((all.rssi, all.bssid, all.channel), (-62, BSSID, 1));
    assert_eq!(all.frequency, Some((-4, 0)));
    assert_eq!(
        all.ciphers,
        Some(ScannedCiphers {
            pairwise: 4,
            group: 5,
            protocols: 7,
            wps: true
        })
    );
    let short = found(r#"+CWLAP:(0,"",-90,"aa:bb:cc:dd:ee:ff",13)"#);
    assert_eq!(short.security, Security::Open);
    assert_eq!(short.ssid.as_bytes(), b"");
    assert_eq!((short.frequency, short.ciphers), (None, None));
    let old = found(r#"+CWLAP:(4,"x",-40,"aa:bb:cc:dd:ee:ff",6,-11)"#);
    assert_eq!(old.frequency, Some((-11, 0)));
    let new = found(r#"+CWLAP:(7,"x",-40,"aa:bb:cc:dd:ee:ff",6,-1,-1,4,4,7,0)"#);
    assert_eq!(new.security, Security::Wpa2Wpa3Psk);
    let newer = found(r#"+CWLAP:(9,"x",-40,"aa:bb:cc:dd:ee:ff",6)"#);
    assert_eq!(newer.security, Security::Other(9));

    // Names are printed as they are.
    let odd = found(r#"+CWLAP:(3,"a",-1,"b",c\"",-62,"aa:bb:cc:dd:ee:ff",1)"#);
    assert_eq!(odd.ssid.as_str(), Some(r#"a",-1,"b",c\""#));
    let binary = scanned_access_point(b"+CWLAP:(3,\"\xff\",-62,\"aa:bb:cc:dd:ee:ff\",1)");
    assert_eq!(binary.expect("readable").ssid.as_bytes(), b"\xff");

    for broken in [
        "",
        "+CWLAP:()",
        r#"+CWLAP:(3,"home",-62,"aa:bb:cc:dd:ee:ff",1"#,
        r#"+CWLAP:(3,"home",-62,"aa:bb:cc:dd:ee:ff")"#,
        r#"+CWLAP:(3,"home",-62,"**",1)"#,
        r#"+CWLAP:(3,"home",-162,"aa:bb:cc:dd:ee:ff",1)"#,
        r#"+CWLAP:(3,"home",-62,"aa:bb:cc:dd:ee:ff",256)"#,
        r#"+CWLAP:(3,"123456789012345678901234567890123",-62,"aa:bb:cc:dd:ee:ff",1)"#,
        r#"CWLAP:(3,"home",-62,"aa:bb:cc:dd:ee:ff",1)"#,
    ] {
        assert_eq!(scanned_access_point(broken.as_bytes()), None, "{broken}");
    }
}

#[test]
pub fn scans() {
    writes(&Scan, "AT+CWLAP");
    let line = r#"+CWLAP:(3,"home",-62,"aa:bb:cc:dd:ee:ff",1)"#;
    let list = |count: usize| ScannedAccessPoints {
        list: core::iter::repeat_n(found(line), count.min(MAX_SCANNED)).collect(),
        left_out: count.saturating_sub(MAX_SCANNED),
    };
    for count in [0, 1, 2, 16, 17, 40] {
        let lines = vec![line; count].join("\n");
        assert_eq!(read(&Scan, &lines), Some(list(count)), "{count}");
    }
    reads(&Scan, &format!("WIFI GOT IP\n{line}"), list(1));
    unreadable(&Scan, &[&line[..30], &format!("{line}\n+CWLAP:(3)")]);
    reads(&ScanFor::default(), line, list(1));
    unreadable(&ScanFor::default(), &["+CWLAP:x"]);
}

#[test]
pub fn scans_for_certain_ones() {
    let any = ScanFor::default();
    let ssid = ScanFor {
        ssid: Some("a,b"),
        ..any
    };
    writes(&ssid, r#"AT+CWLAP="a\,b""#);
    let bssid = ScanFor {
        bssid: Some(BSSID),
        ..any
    };
    writes(&bssid, r#"AT+CWLAP=,"aa:bb:cc:dd:ee:ff""#);
    let both = ScanFor {
        bssid: Some(BSSID),
        ..ssid
    };
    writes(&both, r#"AT+CWLAP="a\,b","aa:bb:cc:dd:ee:ff""#);
    let channel = ScanFor {
        channel: Some(6),
        ..any
    };
    writes(&channel, "AT+CWLAP=,,6");
    let times = ScanFor {
        scan_type: Some(ScanType::Passive),
        max_ms: Some(1500),
        ..ssid
    };
    writes(&times, r#"AT+CWLAP="a\,b",,,1,,1500"#);
    let all = ScanFor {
        channel: Some(14),
        scan_type: Some(ScanType::Active),
        min_ms: Some(0),
        max_ms: Some(100),
        ..both
    };
    writes(&all, r#"AT+CWLAP="a\,b","aa:bb:cc:dd:ee:ff",14,0,0,100"#);
    let reason = |min, max| Reason::OutOfRange { min, max };
    let wrong = ScanFor {
        channel: Some(15),
        ..any
    };
    refused(&wrong, Argument::Channel, reason(1, 14));
    let wrong = ScanFor {
        max_ms: Some(1501),
        ..any
    };
    refused(&wrong, Argument::ScanTime, reason(0, 1500));
    let wrong = ScanFor {
        ssid: Some(""),
        ..any
    };
    refused(&wrong, Argument::Ssid, Reason::Empty);
}

#[test]
pub fn scan_options() {
    let plain = SetScanOptions {
        sort: true,
        detail: ScanDetail::Basic,
        min_rssi: None,
        security_mask: None,
    };
    writes(&plain, "AT+CWLAPOPT=1,31");
    for (detail, mask) in [(ScanDetail::Frequency, 127), (ScanDetail::Ciphers, 2047)] {
        let options = SetScanOptions { detail, ..plain };
        writes(&options, &format!("AT+CWLAPOPT=1,{mask}"));
    }
    let weak = SetScanOptions {
        sort: false,
        min_rssi: Some(-80),
        ..plain
    };
    writes(&weak, "AT+CWLAPOPT=0,31,-80");
    let secure = SetScanOptions {
        security_mask: Some(0x0c),
        ..weak
    };
    writes(&secure, "AT+CWLAPOPT=0,31,-80,12");
    let secure = SetScanOptions {
        min_rssi: None,
        ..secure
    };
    writes(&secure, "AT+CWLAPOPT=0,31,,12");
    for rssi in [-101, 41] {
        let wrong = SetScanOptions {
            min_rssi: Some(rssi),
            ..plain
        };
        refused(&wrong, Argument::MinimumRssi, Reason::Invalid);
    }
}
