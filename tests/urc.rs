//! Every unsolicited line, and near misses.

use esp8266_mqtt::{Argument, ArgumentError, Error, ErrorCode, JoinError, Reason, Secret, Urc};

#[test]
fn every_line_has_its_type() {
    let mac = "ca:d7:19:d8:a6:44";
    let connected = br#"0,1,"192.168.3.102","8883","",1"#;
    for (line, urc) in [
        ("ready", Urc::Ready),
        ("invalid", Urc::Ready),
        ("Invalid", Urc::Ready),
        ("Will force to restart!!!", Urc::ForcedRestart),
        ("WIFI CONNECTED", Urc::WifiConnected),
        ("WIFI GOT IP", Urc::WifiGotIp),
        ("WIFI DISCONNECT", Urc::WifiDisconnected),
        ("DHCP TIMEOUT", Urc::DhcpTimeout),
        ("WIFI GOT IPv6 LL", Urc::WifiGotIpv6LinkLocal),
        ("WIFI GOT IPv6 GL", Urc::WifiGotIpv6Global),
        (
            r#"+MQTTCONNECTED:0,1,"192.168.3.102","8883","",1"#,
            Urc::MqttConnected(connected),
        ),
        ("+MQTTDISCONNECTED:0", Urc::MqttDisconnected),
        ("+MQTTDISCONNECTED:0+MQTTPUB:FAIL", Urc::MqttDisconnected),
        (
            r#"+STA_CONNECTED:"ca:d7:19:d8:a6:44""#,
            Urc::StationConnected(mac),
        ),
        (
            r#"+DIST_STA_IP:"ca:d7:19:d8:a6:44","192.168.4.2""#,
            Urc::StationGotIp {
                mac,
                ip: "192.168.4.2",
            },
        ),
        (
            r#"+STA_DISCONNECTED:"ca:d7:19:d8:a6:44""#,
            Urc::StationDisconnected(mac),
        ),
        ("CONNECT", Urc::LinkOpened(None)),
        ("0,CONNECT", Urc::LinkOpened(Some(0))),
        ("CLOSED", Urc::LinkClosed(None)),
        ("4,CLOSED", Urc::LinkClosed(Some(4))),
        ("CONNECT FAIL", Urc::LinkFailed(None)),
        ("2,CONNECT FAIL", Urc::LinkFailed(Some(2))),
        (
            r#"+LINK_CONN:0,3,"TCP",0,"192.168.1.2",80,5000"#,
            Urc::LinkState { up: true, link: 3 },
        ),
        (
            r#"+LINK_CONN:1,0,"UDP",0,"192.168.1.2",80,5000"#,
            Urc::LinkState { up: false, link: 0 },
        ),
        (
            "+IPD,512",
            Urc::DataWaiting {
                link: None,
                len: 512,
            },
        ),
        (
            "+IPD,3,1460",
            Urc::DataWaiting {
                link: Some(3),
                len: 1460,
            },
        ),
        ("Have 5 Connections", Urc::ServerFull(5)),
        (
            "7,SEND OK",
            Urc::SegmentSent {
                link: None,
                segment: 7,
                ok: true,
            },
        ),
        (
            "2,117,SEND FAIL",
            Urc::SegmentSent {
                link: Some(2),
                segment: 117,
                ok: false,
            },
        ),
        ("+QUITT", Urc::PassthroughLeft),
        ("FRM_ERR", Urc::FrameError),
        ("RX OVF!", Urc::FifoOverflow),
        ("buf full!!!", Urc::BufferFull),
        ("+TIME_UPDATED", Urc::TimeUpdated),
        (
            "smartconfig type:ESPTOUCH",
            Urc::SmartConfigType("ESPTOUCH"),
        ),
        ("Smart get wifi info", Urc::SmartConfigReceiving),
        (
            "ssid:home, \"sweet\"",
            Urc::SmartConfigSsid("home, \"sweet\""),
        ),
        ("password:x", Urc::SmartConfigPassword(Secret::new("x"))),
        ("smartconfig connected wifi", Urc::SmartConfigDone),
        ("smartconfig connect fail", Urc::SmartConfigFailed),
        ("smartconfig set config fail", Urc::SmartConfigFailed),
        ("+SCRD:3,abc", Urc::SmartConfigData(b"3,abc")),
        ("wps started", Urc::WpsStarted),
        ("wps success,connecting ap ...", Urc::WpsSuccess),
        ("wps fail", Urc::WpsFailed),
        ("wps stoped", Urc::WpsStopped),
        ("opmode mismatch when wps", Urc::WpsFailed),
    ] {
        assert_eq!(Urc::parse(line.as_bytes()), Some(urc), "{line}");
        // Read from its first fields; what follows is another firmware's business.
        if !matches!(urc, Urc::LinkState { .. }) {
            let longer = format!("{line}!");
            assert_ne!(Urc::parse(longer.as_bytes()), Some(urc), "{longer}");
        }
        let indented = format!(" {line}");
        assert_eq!(Urc::parse(indented.as_bytes()), None, "{indented}");
    }
}

#[test]
fn near_misses_are_no_urcs() {
    for line in [
        "",
        "OK",
        "ERROR",
        "FAIL",
        "SEND OK",
        "busy p...",
        "+MQTTPUB:OK",
        "wifi got ip",
        "WIFI",
        "WIFI GOT IP ",
        "READY",
        "+CWJAP:1",
        "0,OK",
        "0,ready",
        "x,CLOSED",
        "10,CLOSED",
        "+STA_CONNECTED:",
        "+STA_CONNECTED:\"aa",
        "+DIST_STA_IP:\"aa\"",
        "+LINK_CONN:2,0",
        "+LINK_CONN:0",
        "+LINK_CONN:0,300",
        "+IPD,",
        "+IPD,5:hello",
        "+IPD,300,5",
        "Have Connections",
        "Have 5 connections",
        ",SEND OK",
        "1,2,3,SEND OK",
        "300,2,SEND OK",
        "smartconfig type",
        "+MQTTDISCONNECTED:",
        "+MQTTDISCONNECTED:1",
        "+IPD,3,1460,1",
        "+SCRD:abc",
    ] {
        assert_eq!(Urc::parse(line.as_bytes()), None, "{line}");
    }
    assert_eq!(Urc::parse(b"ssid:\xFF"), None);
}

#[test]
fn a_received_password_does_not_show() {
    let urc = Urc::parse(b"password:hunter2").unwrap();
    assert!(!format!("{urc:?}").contains("hunter2"));
}

#[test]
fn error_codes_are_taken_apart() {
    let code = |code: u32| ErrorCode(code.try_into().unwrap());
    let no_link = code(0x010a_6006);
    assert_eq!((no_link.kind(), no_link.mqtt_code()), (0x0A, Some(0x6006)));
    let unknown = code(0x0109_0000);
    assert_eq!((unknown.kind(), unknown.mqtt_code()), (0x09, None));
    assert_eq!(code(0x010a_0000).mqtt_code(), None);
    assert_eq!(no_link.to_string(), "code 0x010a6006");
}

#[test]
fn errors_say_what_happened() {
    let argument = |argument, reason| Error::<&str>::Argument(ArgumentError { argument, reason });
    for (error, text) in [
        (
            argument(Argument::Ssid, Reason::TooLong { limit: 32 }),
            "Ssid is longer than 32 bytes: correct it, nothing was sent",
        ),
        (
            argument(
                Argument::KeepAlive,
                Reason::OutOfRange { min: 60, max: 7200 },
            ),
            "KeepAlive is not between 60 and 7200: correct it, nothing was sent",
        ),
        (
            argument(Argument::Topic, Reason::Empty),
            "Topic is empty: correct it, nothing was sent",
        ),
        (
            argument(Argument::Payload, Reason::Unsendable),
            "Payload has a character that cannot be sent in it: correct it, nothing was sent",
        ),
        (
            Error::Join(JoinError::WrongPassword),
            "the access point refused the password: check its spelling",
        ),
        (
            Error::Join(JoinError::NotFound),
            "no access point of that name is in range: check its spelling, 2.4 GHz only",
        ),
        (
            Error::Join(JoinError::Other(7)),
            "joining the access point failed with code 7: check its settings",
        ),
        (
            Error::Rejected(None),
            "the module answered ERROR: not connected, not supported, or a value it does not take",
        ),
        (
            Error::Rejected(Some(ErrorCode(0x010a_6006.try_into().unwrap()))),
            "the module answered ERROR (code 0x010a6006): not connected, not supported, or a value it does not take",
        ),
        (Error::Busy, "the module stays busy: try again later"),
        (
            Error::ModuleReset,
            "the module restarted: check its power, then configure and connect again",
        ),
        (
            Error::PublishFailed,
            "the module could not publish: the broker is gone, configure and connect again",
        ),
        (
            Error::Uart("unplugged"),
            "the UART failed (unplugged): check the port and its cable",
        ),
    ] {
        assert_eq!(error.to_string(), text);
    }
}
