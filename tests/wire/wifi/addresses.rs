//! IP and MAC addresses of both interfaces, and DHCP.

use crate::{
    basic::STORES,
    harness::{reads, refused, unreadable, writes},
};
use core::net::Ipv4Addr;
use esp8266_mqtt::{Argument, MacAddress, Reason, Store, command::wifi::*};

const MAC: MacAddress = MacAddress([0x1a, 0xfe, 0x35, 0x98, 0xd3, 0x7b]);
const MASK: Ipv4Addr = Ipv4Addr::new(255, 255, 255, 0);

#[test]
pub fn dhcp() {
    for (store, suffix) in STORES {
        writes(&QueryDhcp(store), &format!("AT+CWDHCP{suffix}?"));
        for (number, interface) in [
            DhcpInterface::SoftAp,
            DhcpInterface::Station,
            DhcpInterface::Both,
        ]
        .into_iter()
        .enumerate()
        {
            for enable in [false, true] {
                let command = SetDhcp {
                    interface,
                    enable,
                    store,
                };
                let enable = u8::from(enable);
                writes(&command, &format!("AT+CWDHCP{suffix}={number},{enable}"));
            }
        }
    }
    let interfaces = |bits: u8| Dhcp {
        station: bits & 1 != 0,
        soft_ap: bits & 2 != 0,
    };
    for bits in 1..4 {
        for enable in [false, true] {
            let command = SetEspAtDhcp {
                enable,
                interfaces: interfaces(bits),
            };
            let enable = u8::from(enable);
            writes(&command, &format!("AT+CWDHCP={enable},{bits}"));
        }
    }
    let none = SetEspAtDhcp {
        enable: true,
        interfaces: interfaces(0),
    };
    refused(&none, Argument::Interface, Reason::Empty);

    let query = QueryDhcp(Store::Plain);
    for bits in 0..4 {
        for name in ["+CWDHCP", "+CWDHCP_CUR", "+CWDHCP_DEF"] {
            reads(&query, &format!("{name}:{bits}"), interfaces(bits));
        }
    }
    let text = "+CWDHCPS:1\n+CWDHCP:2";
    reads(&query, text, interfaces(2));
    unreadable(&query, &["", "+CWDHCP:", "+CWDHCP:4", "+CWDHCP:1x", "3"]);
}

#[test]
pub fn the_dhcp_pool() {
    let pool = DhcpPool {
        lease_minutes: 3,
        first: Ipv4Addr::new(192, 168, 4, 10),
        last: Ipv4Addr::new(192, 168, 4, 15),
    };
    for (store, suffix) in STORES {
        writes(&QueryDhcpPool(store), &format!("AT+CWDHCPS{suffix}?"));
        let command = SetDhcpPool { pool: None, store };
        writes(&command, &format!("AT+CWDHCPS{suffix}=0"));
        for lease_minutes in [1, 3, 2880] {
            let pool = Some(DhcpPool {
                lease_minutes,
                ..pool
            });
            let range = r#""192.168.4.10","192.168.4.15""#;
            let expected = format!("AT+CWDHCPS{suffix}=1,{lease_minutes},{range}");
            writes(&SetDhcpPool { pool, store }, &expected);
        }
    }
    let set = |pool| SetDhcpPool {
        pool: Some(pool),
        store: Store::Current,
    };
    for lease_minutes in [0, 2881] {
        let reason = Reason::OutOfRange { min: 1, max: 2880 };
        let command = set(DhcpPool {
            lease_minutes,
            ..pool
        });
        refused(&command, Argument::LeaseTime, reason);
    }
    let turned = set(DhcpPool {
        first: pool.last,
        last: pool.first,
        ..pool
    });
    refused(&turned, Argument::IpAddress, Reason::Invalid);

    let query = QueryDhcpPool(Store::Current);
    for line in [
        "+CWDHCPS_CUR:3,192.168.4.10,192.168.4.15",
        "+CWDHCPS_DEF:3,192.168.4.10,192.168.4.15",
        r#"+CWDHCPS:3,"192.168.4.10","192.168.4.15""#,
        r#"+CWDHCPS=3,"192.168.4.10","192.168.4.15""#,
    ] {
        reads(&query, line, pool);
    }
    unreadable(
        &query,
        &[
            "",
            "+CWDHCPS:3",
            "+CWDHCPS:3,192.168.4.10",
            "+CWDHCPS:70000,192.168.4.10,192.168.4.15",
            "+CWDHCPS:3,192.168.4.10,192.168.4.256",
            "+CWDHCP:3,192.168.4.10,192.168.4.15",
        ],
    );
}

#[test]
pub fn mac_addresses() {
    for (store, suffix) in STORES {
        writes(&QueryStationMac(store), &format!("AT+CIPSTAMAC{suffix}?"));
        writes(&QuerySoftApMac(store), &format!("AT+CIPAPMAC{suffix}?"));
        let command = SetStationMac { mac: MAC, store };
        let mac = r#""1a:fe:35:98:d3:7b""#;
        writes(&command, &format!("AT+CIPSTAMAC{suffix}={mac}"));
        let command = SetSoftApMac { mac: MAC, store };
        writes(&command, &format!("AT+CIPAPMAC{suffix}={mac}"));
        for bad in [[0; 6], [0xff; 6], [0x15, 0, 0, 0, 0, 1]] {
            let mac = MacAddress(bad);
            let command = SetStationMac { mac, store };
            refused(&command, Argument::MacAddress, Reason::Invalid);
            let command = SetSoftApMac { mac, store };
            refused(&command, Argument::MacAddress, Reason::Invalid);
        }
    }
    for name in ["STA", "AP"] {
        let check = |line: &str, expected: Option<MacAddress>| match (name, expected) {
            ("STA", Some(mac)) => reads(&QueryStationMac(Store::Plain), line, mac),
            ("STA", None) => unreadable(&QueryStationMac(Store::Plain), &[line]),
            (_, Some(mac)) => reads(&QuerySoftApMac(Store::Plain), line, mac),
            (_, None) => unreadable(&QuerySoftApMac(Store::Plain), &[line]),
        };
        for suffix in ["", "_CUR", "_DEF"] {
            let quoted = format!(r#"+CIP{name}MAC{suffix}:"1a:fe:35:98:d3:7b""#);
            check(&quoted, Some(MAC));
            check(&quoted.replace('"', ""), Some(MAC));
            check(&quoted.to_lowercase(), None);
        }
        check("", None);
        check(&format!("+CIP{name}MAC:"), None);
        check(&format!(r#"+CIP{name}MAC:"1a:fe:35:98:d3""#), None);
        check(&format!(r#"+CIP{name}MAC:"1a:fe:35:98:d3:7g""#), None);
        check(&format!(r#"+CIP{name}:"1a:fe:35:98:d3:7b""#), None);
    }
}

#[test]
pub fn ip_addresses() {
    let ip = Ipv4Addr::new(192, 168, 6, 100);
    let gateway = Ipv4Addr::new(192, 168, 6, 1);
    let network = Some((gateway, MASK));
    for (store, suffix) in STORES {
        writes(&QueryStationIp(store), &format!("AT+CIPSTA{suffix}?"));
        writes(&QuerySoftApIp(store), &format!("AT+CIPAP{suffix}?"));
        for (network, rest) in [(None, ""), (network, r#","192.168.6.1","255.255.255.0""#)] {
            let address = StaticIp { ip, network };
            let expected = format!(r#"AT+CIPSTA{suffix}="192.168.6.100"{rest}"#);
            writes(&SetStationIp { address, store }, &expected);
            let expected = format!(r#"AT+CIPAP{suffix}="192.168.6.100"{rest}"#);
            writes(&SetSoftApIp { address, store }, &expected);
        }
        let address = |ip, netmask| StaticIp {
            ip,
            network: Some((gateway, netmask)),
        };
        for bad in [
            Ipv4Addr::UNSPECIFIED,
            Ipv4Addr::BROADCAST,
            Ipv4Addr::new(224, 0, 0, 1),
        ] {
            let address = address(bad, MASK);
            let command = SetStationIp { address, store };
            refused(&command, Argument::IpAddress, Reason::Invalid);
            let command = SetSoftApIp { address, store };
            refused(&command, Argument::IpAddress, Reason::Invalid);
        }
        let address = address(ip, Ipv4Addr::new(255, 0, 255, 0));
        let command = SetStationIp { address, store };
        refused(&command, Argument::Netmask, Reason::Invalid);
        let command = SetSoftApIp { address, store };
        refused(&command, Argument::Netmask, Reason::Invalid);
        // Non-OS firmware has no soft access point outside of class C.
        let address = StaticIp {
            ip: Ipv4Addr::new(10, 0, 0, 1),
            network: None,
        };
        let command = SetSoftApIp { address, store };
        if store == Store::Plain {
            writes(&command, r#"AT+CIPAP="10.0.0.1""#);
        } else {
            refused(&command, Argument::IpAddress, Reason::Invalid);
        }
    }

    // esp-at issue 554.
    let text = "+CIPSTA:ip:\"172.20.10.4\"\n+CIPSTA:gateway:\"172.20.10.1\"\n+CIPSTA:netmask:\"255.255.255.240\"";
    let info = IpInfo {
        ip: Ipv4Addr::new(172, 20, 10, 4),
        gateway: Ipv4Addr::new(172, 20, 10, 1),
        netmask: Ipv4Addr::new(255, 255, 255, 240),
    };
    let (station, soft_ap) = (QueryStationIp(Store::Plain), QuerySoftApIp(Store::Plain));
    for suffix in ["", "_CUR", "_DEF"] {
        let text = text.replace("CIPSTA", &format!("CIPSTA{suffix}"));
        reads(&station, &text, info);
        reads(&station, &text.replace('"', ""), info);
        unreadable(&soft_ap, &[&text]);
        reads(&soft_ap, &text.replace("CIPSTA", "CIPAP"), info);
    }
    let newer = format!("{text}\n+CIPSTA:ip6ll:\"fe80::1\"");
    reads(&station, &newer, info);
    for broken in [
        "",
        "+CIPSTA:172.20.10.4",
        &text[..text.len() - 20],
        &text.replace("gateway", "gate"),
        &text.replace("172.20.10.4", "172.20.10"),
        &text.replace("255.255.255.240", "255.255.255.256"),
    ] {
        unreadable(&station, &[broken]);
        unreadable(&soft_ap, &[&broken.replace("CIPSTA", "CIPAP")]);
    }
}
