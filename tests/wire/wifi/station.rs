//! The station: its addresses, its name, what it may use, joining by itself.

use super::STORES;
use crate::harness::{reads, refused, unreadable, writes};
use core::net::Ipv4Addr;
use esp8266_mqtt::{
    Argument, MacAddress, Reason, Secret, Store,
    command::{Enabled, wifi::*},
};

const MAC: MacAddress = MacAddress([0x18, 0xfe, 0x34, 0xa1, 0xb2, 0xc3]);

#[test]
pub fn mac_addresses() {
    for (store, suffix) in STORES {
        writes(&QueryStationMac(store), &format!("AT+CIPSTAMAC{suffix}?"));
        writes(&QuerySoftApMac(store), &format!("AT+CIPAPMAC{suffix}?"));
        let mac = "\"18:fe:34:a1:b2:c3\"";
        let set = SetStationMac { mac: MAC, store };
        writes(&set, &format!("AT+CIPSTAMAC{suffix}={mac}"));
        let set = SetSoftApMac { mac: MAC, store };
        writes(&set, &format!("AT+CIPAPMAC{suffix}={mac}"));
    }
    let (station, soft_ap) = (QueryStationMac(Store::Plain), QuerySoftApMac(Store::Plain));
    reads(&station, "+CIPSTAMAC:\"18:fe:34:a1:b2:c3\"", MAC);
    reads(&station, "+CIPSTAMAC_CUR:\"18:FE:34:A1:B2:C3\"", MAC);
    reads(&soft_ap, "+CIPAPMAC_DEF:\"18:fe:34:a1:b2:c3\"", MAC);
    unreadable(
        &station,
        &["", "+CIPSTAMAC:\"18:fe:34:a1:b2\"", "+CIPSTAMAC:"],
    );
    unreadable(&soft_ap, &["+CIPAPMAC:\"18:fe:34:a1:b2:cg\""]);
    for mac in [[0; 6], [1, 2, 3, 4, 5, 6]] {
        let mac = MacAddress(mac);
        let store = Store::Plain;
        let set = SetStationMac { mac, store };
        refused(&set, Argument::MacAddress, Reason::Invalid);
        let set = SetSoftApMac { mac, store };
        refused(&set, Argument::MacAddress, Reason::Invalid);
    }
}

#[test]
pub fn ip_addresses() {
    let address = StaticIp {
        ip: Ipv4Addr::new(192, 168, 6, 100),
        network: None,
    };
    let whole = StaticIp {
        network: Some((
            Ipv4Addr::new(192, 168, 6, 1),
            Ipv4Addr::new(255, 255, 255, 0),
        )),
        ..address
    };
    let long = r#""192.168.6.100","192.168.6.1","255.255.255.0""#;
    for (store, suffix) in STORES {
        writes(&QueryStationIp(store), &format!("AT+CIPSTA{suffix}?"));
        writes(&QuerySoftApIp(store), &format!("AT+CIPAP{suffix}?"));
        let set = SetStationIp { address, store };
        writes(&set, &format!("AT+CIPSTA{suffix}=\"192.168.6.100\""));
        let set = SetSoftApIp { address, store };
        writes(&set, &format!("AT+CIPAP{suffix}=\"192.168.6.100\""));
        let address = whole;
        let set = SetStationIp { address, store };
        writes(&set, &format!("AT+CIPSTA{suffix}={long}"));
        let set = SetSoftApIp { address, store };
        writes(&set, &format!("AT+CIPAP{suffix}={long}"));
    }
    // The log of a telephone's hotspot; ESP-AT 3 adds IPv6 addresses.
    let info = IpInfo {
        ip: Ipv4Addr::new(172, 20, 10, 4),
        gateway: Ipv4Addr::new(172, 20, 10, 1),
        netmask: Ipv4Addr::new(255, 255, 255, 240),
    };
    let text = "+CIPSTA:ip:\"172.20.10.4\"\n+CIPSTA:gateway:\"172.20.10.1\"\n\
                +CIPSTA:netmask:\"255.255.255.240\"";
    let station = QueryStationIp(Store::Plain);
    reads(&station, text, info);
    reads(
        &station,
        &format!("{text}\n+CIPSTA:ip6ll:\"fe80::1\""),
        info,
    );
    reads(&station, &text.replace("+CIPSTA", "+CIPSTA_CUR"), info);
    let soft_ap = QuerySoftApIp(Store::Plain);
    reads(&soft_ap, &text.replace("+CIPSTA", "+CIPAP"), info);
    unreadable(&station, &["", &text.replace(".240", ""), &text[..60]]);
    unreadable(&soft_ap, &[text]);
}

#[test]
pub fn names() {
    writes(&QueryHostname, "AT+CWHOSTNAME?");
    writes(&SetHostname("my-sensor"), r#"AT+CWHOSTNAME="my-sensor""#);
    let long = "x".repeat(33);
    let reason = Reason::TooLong { limit: 32 };
    refused(&SetHostname(&long), Argument::Hostname, reason);
    refused(&SetHostname(""), Argument::Hostname, Reason::Empty);
    let name = |text: &str| Hostname(Some(text.try_into().unwrap()));
    reads(&QueryHostname, "+CWHOSTNAME:ESP_A1B2C3", name("ESP_A1B2C3"));
    reads(&QueryHostname, "+CWHOSTNAME:<null>", Hostname(None));
    unreadable(
        &QueryHostname,
        &["", "+CWHOSTNAME:", &format!("+CWHOSTNAME:{long}")],
    );

    writes(&SetMdns(None), "AT+MDNS=0");
    let service = MdnsService {
        host: "espressif",
        service: "_iot",
        port: 8080,
    };
    writes(
        &SetMdns(Some(service)),
        r#"AT+MDNS=1,"espressif","_iot",8080"#,
    );
    let wrong = MdnsService { port: 0, ..service };
    let reason = Reason::OutOfRange {
        min: 1,
        max: u16::MAX,
    };
    refused(&SetMdns(Some(wrong)), Argument::Port, reason);
    let wrong = MdnsService {
        service: "",
        ..service
    };
    refused(&SetMdns(Some(wrong)), Argument::Service, Reason::Empty);
}

#[test]
pub fn radio() {
    let china = |store| SetCountry {
        policy: CountryPolicy::Fixed,
        code: "CN",
        first_channel: 1,
        channels: 13,
        store,
    };
    for (store, suffix) in STORES {
        writes(&QueryCountry(store), &format!("AT+CWCOUNTRY{suffix}?"));
        writes(
            &china(store),
            &format!("AT+CWCOUNTRY{suffix}=1,\"CN\",1,13"),
        );
    }
    let query = QueryCountry(Store::Current);
    let country = Country {
        policy: CountryPolicy::AccessPoint,
        code: "US".try_into().unwrap(),
        first_channel: 1,
        channels: 11,
    };
    reads(&query, "+CWCOUNTRY_CUR:0,\"US\",1,11", country.clone());
    reads(&query, "+CWCOUNTRY:0,US,1,11", country);
    unreadable(
        &query,
        &["", "+CWCOUNTRY:2,\"US\",1,11", "+CWCOUNTRY:0,\"US\",1"],
    );
    let wrong = SetCountry {
        code: "CHINA",
        ..china(Store::Plain)
    };
    let reason = Reason::TooLong { limit: 3 };
    refused(&wrong, Argument::CountryCode, reason);
    let wrong = SetCountry {
        channels: 15,
        ..china(Store::Plain)
    };
    let reason = Reason::OutOfRange { min: 1, max: 14 };
    refused(&wrong, Argument::ChannelCount, reason);

    writes(&QueryStationProtocols, "AT+CWSTAPROTO?");
    writes(&QuerySoftApProtocols, "AT+CWAPPROTO?");
    for (protocols, number) in [(Protocols::B, 1), (Protocols::Bg, 3), (Protocols::Bgn, 7)] {
        let set = SetStationProtocols(protocols);
        writes(&set, &format!("AT+CWSTAPROTO={number}"));
        let set = SetSoftApProtocols(protocols);
        writes(&set, &format!("AT+CWAPPROTO={number}"));
        reads(
            &QueryStationProtocols,
            &format!("+CWSTAPROTO:{number}"),
            protocols,
        );
        reads(
            &QuerySoftApProtocols,
            &format!("+CWAPPROTO:{number}"),
            protocols,
        );
    }
    unreadable(&QueryStationProtocols, &["", "+CWSTAPROTO:2"]);
    unreadable(&QuerySoftApProtocols, &["", "+CWAPPROTO:8"]);
}

#[test]
pub fn joining() {
    writes(&QueryAutoJoin, "AT+CWAUTOCONN?");
    writes(&SetAutoJoin(true), "AT+CWAUTOCONN=1");
    writes(&SetAutoJoin(false), "AT+CWAUTOCONN=0");
    reads(&QueryAutoJoin, "+CWAUTOCONN:1", Enabled(true));
    unreadable(&QueryAutoJoin, &["", "+CWAUTOCONN:2"]);

    writes(&QueryJoinTimeout, "AT+CWJAPTO?");
    writes(&SetJoinTimeout(JoinTimeout(15)), "AT+CWJAPTO=15");
    reads(&QueryJoinTimeout, "+CWJAPTO:15", JoinTimeout(15));
    unreadable(&QueryJoinTimeout, &["", "+CWJAPTO:x", "+CWJAPTO:70000"]);
    let reason = Reason::OutOfRange {
        min: 1,
        max: u16::MAX,
    };
    refused(
        &SetJoinTimeout(JoinTimeout(0)),
        Argument::JoinTimeout,
        reason,
    );
}

#[test]
pub fn joining_as_a_user() {
    let user = |store| JoinEnterprise {
        ssid: "office",
        method: EapMethod::Peap,
        identity: "anonymous",
        username: "me",
        password: Secret::new("pass,word"),
        certificates: EapCertificates::default(),
        store,
    };
    for (store, suffix) in STORES {
        writes(&QueryEnterprise(store), &format!("AT+CWJEAP{suffix}?"));
        writes(
            &user(store),
            &format!(r#"AT+CWJEAP{suffix}="office",1,"anonymous","me","pass\,word",0"#),
        );
    }
    let tls = JoinEnterprise {
        method: EapMethod::Tls,
        certificates: EapCertificates {
            client: true,
            server: true,
        },
        username: "",
        password: Secret::new(""),
        ..user(Store::Plain)
    };
    writes(&tls, r#"AT+CWJEAP="office",0,"anonymous","","",3"#);
    let wrong = JoinEnterprise {
        identity: "",
        ..user(Store::Plain)
    };
    refused(&wrong, Argument::Identity, Reason::Empty);

    let query = QueryEnterprise(Store::Plain);
    for text in [
        r#"+CWJEAP:"office",2,"anonymous","me","secret",2,5"#,
        r#"+CWJEAP_CUR:"office",2,"anonymous","me","secret",2"#,
    ] {
        let read = crate::harness::read(&query, text).expect("settings");
        assert_eq!(read.method, EapMethod::Ttls);
        assert_eq!(read.password.reveal(), "secret");
        assert!(read.certificates.server && !read.certificates.client);
    }
    unreadable(
        &query,
        &[
            "",
            r#"+CWJEAP:"office",3,"anonymous","me","secret",2"#,
            r#"+CWJEAP:"office",2,"anonymous","me","secret",4"#,
            r#"+CWJEAP:"office",2,"anonymous","me","secret""#,
        ],
    );
}

#[test]
pub fn names_and_passwords_from_elsewhere() {
    writes(&StartSmartConfig(None), "AT+CWSTARTSMART");
    for (kind, number) in [
        (SmartConfig::EspTouch, 1),
        (SmartConfig::AirKiss, 2),
        (SmartConfig::Both, 3),
    ] {
        let start = StartSmartConfig(Some(kind));
        writes(&start, &format!("AT+CWSTARTSMART={number}"));
    }
    writes(&StopSmartConfig, "AT+CWSTOPSMART");
    writes(&SetWps(true), "AT+WPS=1");
    writes(&SetWps(false), "AT+WPS=0");
    writes(&ExecuteWps, "AT+WPS");
    let day = DiscoveryInterval::from_secs(86_400).expect("a day");
    assert_eq!(DiscoveryInterval::from_secs(86_401), None);
    let start = StartDiscovery {
        account: "gh_9e2cff3dfa51",
        device_type: "122475",
        interval: day,
    };
    writes(
        &start,
        r#"AT+CWSTARTDISCOVER="gh_9e2cff3dfa51","122475",86400"#,
    );
    let wrong = StartDiscovery {
        account: "",
        ..start
    };
    refused(&wrong, Argument::WeChatAccount, Reason::Empty);
    writes(&StopDiscovery, "AT+CWSTOPDISCOVER");
}
