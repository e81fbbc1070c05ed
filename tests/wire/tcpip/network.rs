//! Names, addresses, reachability.

use crate::harness::{line, reads, refused, refused_by, unreadable, writes};
use core::net::Ipv4Addr;
use esp8266_mqtt::{Argument, Dialect, MacAddress, Reason, Store, command::tcpip::*};

#[test]
pub fn resolving() {
    let command = Resolve("iot.espressif.cn");
    writes(&command, r#"AT+CIPDOMAIN="iot.espressif.cn""#);
    let address = Address(Ipv4Addr::new(198, 18, 0, 255));
    reads(&command, "+CIPDOMAIN:198.18.0.255", address);
    reads(&command, r#"+CIPDOMAIN:"198.18.0.255""#, address);
    unreadable(
        &command,
        &[
            "",
            "DNS Fail",
            "+CIPDOMAIN:",
            "+CIPDOMAIN:iot.espressif.cn",
            "+CIPDOMAIN:198.18.0",
            "+CIPDOMAIN:198.18.0.256",
            "+CIPDOMAIN:198.18.0.1.2",
            r#"+CIPDOMAIN:"2001:db8::1""#,
        ],
    );
    refused(&Resolve(""), Argument::Host, Reason::Empty);
    refused(&Resolve("a\nb"), Argument::Host, Reason::Unsendable);
    let name = "x".repeat(64);
    assert!(line(&Resolve(&name[..63]), Dialect::Vendor).is_ok());
    assert!(line(&Resolve(&name), Dialect::EspAt).is_ok());
    let reason = Reason::TooLong { limit: 63 };
    refused_by(&Resolve(&name), Dialect::Vendor, Argument::Host, reason);
}

#[test]
pub fn pinging() {
    let command = Ping("192.168.1.1");
    writes(&command, r#"AT+PING="192.168.1.1""#);
    // Non-OS firmware, then ESP-AT.
    for (text, ms) in [("+0", 0), ("+12", 12), ("+PING:3", 3), ("+PING:1050", 1050)] {
        reads(&command, text, PingTime { ms });
    }
    unreadable(
        &command,
        &[
            "",
            "12",
            "+",
            "+timeout",
            "+PING:",
            "+PING:TIMEOUT",
            "+12ms",
            "+-1",
        ],
    );
    refused(&Ping(""), Argument::Host, Reason::Empty);
    let name = "x".repeat(64);
    let reason = Reason::TooLong { limit: 63 };
    refused_by(&Ping(&name), Dialect::Vendor, Argument::Host, reason);
}

#[test]
pub fn own_addresses() {
    writes(&TestAddresses, "AT+CIFSR=?");
    writes(&QueryAddresses, "AT+CIFSR");
    let ip = Ipv4Addr::new(192, 168, 4, 1);
    writes(&SetAddress(ip), r#"AT+CIFSR="192.168.4.1""#);
    writes(
        &SetAddress(Ipv4Addr::BROADCAST),
        r#"AT+CIFSR="255.255.255.255""#,
    );

    let station = Addresses {
        station_ip: Some(Ipv4Addr::new(192, 168, 101, 212)),
        station_mac: Some(MacAddress([0x84, 0xcc, 0xa8, 0xb4, 0x49, 0xcf])),
        ..Addresses::default()
    };
    // A session on an ESP8266 with ESP-AT 2.
    let text = "+CIFSR:STAIP,\"192.168.101.212\"\n+CIFSR:STAMAC,\"84:cc:a8:b4:49:cf\"";
    reads(&QueryAddresses, text, station);
    let both = Addresses {
        soft_ap_ip: Some(ip),
        soft_ap_mac: Some(MacAddress([0x86, 0xcc, 0xa8, 0xb4, 0x49, 0xcf])),
        ..station
    };
    let soft_ap = "+CIFSR:APIP,\"192.168.4.1\"\n+CIFSR:APMAC,\"86:CC:A8:B4:49:CF\"";
    reads(&QueryAddresses, &format!("{soft_ap}\n{text}"), both);
    // With IPv6 and Ethernet.
    let more = "+CIFSR:STAIP6LL,\"fe80::86cc:a8ff:feb4:49cf\"\n+CIFSR:ETHIP,\"10.0.0.2\"";
    reads(&QueryAddresses, &format!("{text}\n{more}"), station);
    reads(&QueryAddresses, "", Addresses::default());
    unreadable(
        &QueryAddresses,
        &[
            "+CIFSR:",
            "+CIFSR:STAIP",
            "+CIFSR:STAIP,\"192.168.101\"",
            "+CIFSR:STAMAC,\"84:cc:a8:b4:49\"",
            "+CIFSR:APIP,\"\"",
            "+CIFSR:APMAC,\"84-cc-a8-b4-49-cf\"",
            "CIFSR:STAIP,\"192.168.101.212\"",
        ],
    );
}

#[test]
pub fn dns_servers() {
    let servers = [
        Ipv4Addr::new(208, 67, 222, 222),
        Ipv4Addr::new(8, 8, 8, 8),
        Ipv4Addr::new(114, 114, 114, 114),
    ];
    for (store, suffix) in [
        (Store::Plain, ""),
        (Store::Current, "_CUR"),
        (Store::Flash, "_DEF"),
    ] {
        writes(&QueryDns(store), &format!("AT+CIPDNS{suffix}?"));
        writes(&UseDhcpDns(store), &format!("AT+CIPDNS{suffix}=0"));
        let set = |count| SetDns {
            servers: &servers[..count],
            store,
        };
        writes(&set(0), &format!("AT+CIPDNS{suffix}=1"));
        let expected = format!(r#"AT+CIPDNS{suffix}=1,"208.67.222.222","8.8.8.8""#);
        writes(&set(2), &expected);
        writes(&set(3), &format!(r#"{expected},"114.114.114.114""#));
        assert!(line(&set(2), Dialect::Vendor).is_ok());
        let reason = Reason::OutOfRange { min: 0, max: 2 };
        refused_by(&set(3), Dialect::Vendor, Argument::DnsServer, reason);
    }
    let four = SetDns {
        servers: &[servers[0]; 4],
        store: Store::Plain,
    };
    let reason = Reason::OutOfRange { min: 0, max: 3 };
    refused(&four, Argument::DnsServer, reason);

    let dns = |manual, count| DnsServers {
        manual,
        servers: heapless::Vec::from_slice(&servers[..count]).expect("three"),
    };
    let query = QueryDns(Store::Plain);
    for (text, expected) in [
        ("+CIPDNS_CUR:208.67.222.222", dns(None, 1)),
        (
            "+CIPDNS_CUR:208.67.222.222\n+CIPDNS_CUR:8.8.8.8",
            dns(None, 2),
        ),
        ("+CIPDNS_DEF:\"208.67.222.222\"", dns(None, 1)),
        ("+CIPDNS:0", dns(Some(false), 0)),
        ("+CIPDNS:0,\"208.67.222.222\"", dns(Some(false), 1)),
        (
            "+CIPDNS:1,\"208.67.222.222\",\"8.8.8.8\",\"114.114.114.114\"",
            dns(Some(true), 3),
        ),
    ] {
        reads(&query, text, expected);
    }
    unreadable(
        &query,
        &[
            "",
            "8.8.8.8",
            "+CIPDNS:",
            "+CIPDNS:2,\"8.8.8.8\"",
            "+CIPDNS:8.8.8.8",
            "+CIPDNS_CUR:8.8.8",
            "+CIPDNS_OLD:8.8.8.8",
            "+CIPDNS:1,\"1.1.1.1\",\"2.2.2.2\",\"3.3.3.3\",\"4.4.4.4\"",
        ],
    );
}
