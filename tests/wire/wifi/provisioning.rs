//! SmartConfig, WeChat, WPS.

use crate::harness::{refused, writes};
use esp8266_mqtt::{Argument, Reason, command::wifi::*};

#[test]
pub fn provisioning() {
    writes(&StartSmartConfig(None), "AT+CWSTARTSMART");
    for (number, kind) in [
        (1, SmartConfig::EspTouch),
        (2, SmartConfig::AirKiss),
        (3, SmartConfig::Both),
    ] {
        let command = StartSmartConfig(Some(kind));
        writes(&command, &format!("AT+CWSTARTSMART={number}"));
    }
    writes(&StopSmartConfig, "AT+CWSTOPSMART");

    for seconds in [0, 10, 86_400] {
        let command = StartDiscovery {
            account: "gh_9e2cff3dfa51",
            device_type: "122475",
            interval: DiscoveryInterval::from_secs(seconds).unwrap(),
        };
        let expected = format!(r#"AT+CWSTARTDISCOVER="gh_9e2cff3dfa51","122475",{seconds}"#);
        writes(&command, &expected);
    }
    assert_eq!(DiscoveryInterval::from_secs(86_401), None);
    let interval = DiscoveryInterval::from_secs(10).unwrap();
    let discovery = |account, device_type| StartDiscovery {
        account,
        device_type,
        interval,
    };
    let long = "x".repeat(65);
    let reason = Reason::TooLong { limit: 64 };
    refused(&discovery("", "1"), Argument::WeChatAccount, Reason::Empty);
    refused(&discovery(&long, "1"), Argument::WeChatAccount, reason);
    refused(&discovery("a", ""), Argument::DeviceType, Reason::Empty);
    refused(&discovery("a", &long), Argument::DeviceType, reason);
    writes(&StopDiscovery, "AT+CWSTOPDISCOVER");

    writes(&SetWps(false), "AT+WPS=0");
    writes(&SetWps(true), "AT+WPS=1");
    writes(&ExecuteWps, "AT+WPS");
}
