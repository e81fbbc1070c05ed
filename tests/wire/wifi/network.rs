//! How the module shows itself to others.

use crate::{
    basic::STORES,
    harness::{reads, refused, unreadable, writes},
};
use esp8266_mqtt::{Argument, Reason, Store, command::wifi::*};

#[test]
pub fn host_names() {
    writes(&QueryHostname, "AT+CWHOSTNAME?");
    let name = |name: &str| Hostname(Some(name.try_into().unwrap()));
    reads(&QueryHostname, "+CWHOSTNAME:ESP_98D37B", name("ESP_98D37B"));
    reads(&QueryHostname, r#"+CWHOSTNAME:"my-esp""#, name("my-esp"));
    reads(&QueryHostname, "+CWHOSTNAME:<null>", Hostname(None));
    let long = "x".repeat(33);
    unreadable(
        &QueryHostname,
        &[
            "",
            "+CWHOSTNAME:",
            r#"+CWHOSTNAME:"""#,
            "+CWHOSTNAME:a,b",
            "+CWHOSTNAME:\"a",
            &format!("+CWHOSTNAME:{long}"),
        ],
    );
    writes(&SetHostname("my-esp"), r#"AT+CWHOSTNAME="my-esp""#);
    let longest = &long[..32];
    writes(
        &SetHostname(longest),
        &format!(r#"AT+CWHOSTNAME="{longest}""#),
    );
    refused(&SetHostname(""), Argument::Hostname, Reason::Empty);
    let reason = Reason::TooLong { limit: 32 };
    refused(&SetHostname(&long), Argument::Hostname, reason);
}

#[test]
pub fn mdns() {
    writes(&SetMdns(None), "AT+MDNS=0");
    let service = MdnsService {
        host: "espressif",
        service: "_iot",
        port: 8080,
    };
    let command = SetMdns(Some(service));
    writes(&command, r#"AT+MDNS=1,"espressif","_iot",8080"#);
    let long = "x".repeat(65);
    let set = |host, service, port| {
        SetMdns(Some(MdnsService {
            host,
            service,
            port,
        }))
    };
    refused(&set("", "_iot", 80), Argument::Hostname, Reason::Empty);
    refused(&set("a", "", 80), Argument::Service, Reason::Empty);
    let reason = Reason::TooLong { limit: 64 };
    refused(&set(&long, "_iot", 80), Argument::Hostname, reason);
    refused(&set("a", &long, 80), Argument::Service, reason);
    let reason = Reason::OutOfRange { min: 1, max: 65535 };
    refused(&set("a", "_iot", 0), Argument::Port, reason);
}

#[test]
pub fn countries() {
    let china = SetCountry {
        policy: CountryPolicy::AccessPoint,
        code: "CN",
        first_channel: 1,
        channels: 13,
        store: Store::Plain,
    };
    for (store, suffix) in STORES {
        writes(&QueryCountry(store), &format!("AT+CWCOUNTRY{suffix}?"));
        let command = SetCountry { store, ..china };
        writes(&command, &format!(r#"AT+CWCOUNTRY{suffix}=0,"CN",1,13"#));
        let command = SetCountry {
            policy: CountryPolicy::Fixed,
            code: "USA",
            first_channel: 14,
            channels: 14,
            store,
        };
        writes(&command, &format!(r#"AT+CWCOUNTRY{suffix}=1,"USA",14,14"#));
    }
    for (code, reason) in [("", Reason::Empty), ("CHNA", Reason::TooLong { limit: 3 })] {
        refused(&SetCountry { code, ..china }, Argument::CountryCode, reason);
    }
    let reason = Reason::OutOfRange { min: 1, max: 14 };
    for number in [0, 15] {
        let first_channel = number;
        let command = SetCountry {
            first_channel,
            ..china
        };
        refused(&command, Argument::Channel, reason);
        let channels = number;
        let command = SetCountry { channels, ..china };
        refused(&command, Argument::ChannelCount, reason);
    }

    let query = QueryCountry(Store::Current);
    let country = Country {
        policy: CountryPolicy::Fixed,
        code: "CN".try_into().unwrap(),
        first_channel: 1,
        channels: 13,
    };
    for line in [
        r#"+CWCOUNTRY:1,"CN",1,13"#,
        r#"+CWCOUNTRY_CUR:1,"CN",1,13"#,
        r#"+CWCOUNTRY_DEF:1,CN,1,13,0"#,
    ] {
        reads(&query, line, country.clone());
    }
    unreadable(
        &query,
        &[
            "",
            r#"+CWCOUNTRY:2,"CN",1,13"#,
            r#"+CWCOUNTRY:1,"CHNA",1,13"#,
            r#"+CWCOUNTRY:1,"CN",1"#,
            r#"+CWCOUNTRY:1,"CN",1,300"#,
        ],
    );
}

#[test]
pub fn protocols() {
    writes(&QueryStationProtocols, "AT+CWSTAPROTO?");
    writes(&QuerySoftApProtocols, "AT+CWAPPROTO?");
    for (number, protocols) in [(1, Protocols::B), (3, Protocols::Bg), (7, Protocols::Bgn)] {
        let command = SetStationProtocols(protocols);
        writes(&command, &format!("AT+CWSTAPROTO={number}"));
        let command = SetSoftApProtocols(protocols);
        writes(&command, &format!("AT+CWAPPROTO={number}"));
        // With an equals sign in the manual of ESP-AT 2.1 and 2.2.
        for sign in [':', '='] {
            let line = format!("+CWSTAPROTO{sign}{number}");
            reads(&QueryStationProtocols, &line, protocols);
            let line = format!("+CWAPPROTO{sign}{number}");
            reads(&QuerySoftApProtocols, &line, protocols);
        }
    }
    unreadable(
        &QueryStationProtocols,
        &["", "+CWSTAPROTO:", "+CWSTAPROTO:2", "+CWAPPROTO:7"],
    );
    unreadable(
        &QuerySoftApProtocols,
        &["", "+CWAPPROTO:0", "+CWAPPROTO:7x", "+CWSTAPROTO:7"],
    );
}
