//! Opening, listing and closing links.

use crate::harness::{line, reads, refused, refused_by, unreadable, writes};
use core::net::{Ipv4Addr, SocketAddrV4};
use esp8266_mqtt::{Argument, Dialect, Reason, command::tcpip::*};

pub fn id(number: u8) -> Option<LinkId> {
    Some(LinkId::new(number).expect("0 to 4"))
}

fn tcp(link: Option<LinkId>, host: &str, port: u16) -> OpenTcp<'_> {
    OpenTcp {
        link,
        host,
        port,
        keep_alive: None,
    }
}

#[test]
fn link_ids_are_0_to_4() {
    for number in 0..=255 {
        let link = LinkId::new(number);
        assert_eq!(link.map(LinkId::get), (number < 5).then_some(number));
    }
    assert!(LinkId::ALL.into_iter().map(LinkId::get).eq(0..5));
}

#[test]
pub fn opening() {
    writes(
        &tcp(None, "iot.espressif.cn", 8000),
        r#"AT+CIPSTART="TCP","iot.espressif.cn",8000"#,
    );
    let command = OpenTcp {
        keep_alive: Some(7200),
        ..tcp(id(4), "192.168.101.110", 65535)
    };
    writes(
        &command,
        r#"AT+CIPSTART=4,"TCP","192.168.101.110",65535,7200"#,
    );
    let ssl = OpenSsl {
        link: None,
        host: "iot.espressif.cn",
        port: 8443,
        keep_alive: None,
    };
    writes(&ssl, r#"AT+CIPSTART="SSL","iot.espressif.cn",8443"#);
    let ssl = OpenSsl {
        link: id(0),
        keep_alive: Some(0),
        ..ssl
    };
    writes(&ssl, r#"AT+CIPSTART=0,"SSL","iot.espressif.cn",8443,0"#);

    let udp = OpenUdp {
        link: None,
        host: "192.168.101.110",
        port: 1000,
        local: None,
    };
    writes(&udp, r#"AT+CIPSTART="UDP","192.168.101.110",1000"#);
    for (mode, peer) in [UdpPeer::Fixed, UdpPeer::ChangesOnce, UdpPeer::Changes]
        .into_iter()
        .enumerate()
    {
        let udp = OpenUdp {
            link: id(1),
            local: Some(UdpPort { port: 1002, peer }),
            ..udp
        };
        let expected = format!(r#"AT+CIPSTART=1,"UDP","192.168.101.110",1000,1002,{mode}"#);
        writes(&udp, &expected);
    }
}

#[test]
pub fn limits_of_a_link() {
    let out_of = |min, max| Reason::OutOfRange { min, max };
    refused(&tcp(None, "h", 0), Argument::Port, out_of(1, 65535));
    let command = OpenTcp {
        keep_alive: Some(7201),
        ..tcp(None, "h", 1)
    };
    refused(&command, Argument::KeepAlive, out_of(0, 7200));
    refused(&tcp(None, "", 1), Argument::Host, Reason::Empty);
    refused(&tcp(None, "a\r\nb", 1), Argument::Host, Reason::Unsendable);
    let long = "x".repeat(65);
    for (dialect, limit) in [
        (Dialect::Vendor, 63),
        (Dialect::EspAt, 64),
        (Dialect::Auto, 64),
    ] {
        let fits = tcp(None, &long[..usize::from(limit)], 1);
        assert!(line(&fits, dialect).is_ok());
        let over = tcp(None, &long[..usize::from(limit) + 1], 1);
        refused_by(&over, dialect, Argument::Host, Reason::TooLong { limit });
    }
    let udp = OpenUdp {
        link: None,
        host: "h",
        port: 1,
        local: Some(UdpPort {
            port: 0,
            peer: UdpPeer::Fixed,
        }),
    };
    refused(&udp, Argument::LocalPort, out_of(1, 65535));
    let ssl = OpenSsl {
        link: None,
        host: "h",
        port: 443,
        keep_alive: Some(u16::MAX),
    };
    refused(&ssl, Argument::KeepAlive, out_of(0, 7200));
}

#[test]
pub fn closing() {
    writes(&TestClose, "AT+CIPCLOSE=?");
    writes(&Close(None), "AT+CIPCLOSE");
    for link in LinkId::ALL {
        let expected = format!("AT+CIPCLOSE={}", link.get());
        writes(&Close(Some(link)), &expected);
    }
    writes(&CloseAll, "AT+CIPCLOSE=5");
    let command = SetCloseMode {
        link: None,
        mode: CloseMode::Normal,
    };
    writes(&command, "AT+CIPCLOSEMODE=0");
    let command = SetCloseMode {
        link: id(3),
        mode: CloseMode::Abort,
    };
    writes(&command, "AT+CIPCLOSEMODE=3,1");
}

fn link(number: u8, transport: Transport, remote: ([u8; 4], u16), local_port: u16) -> Link {
    Link {
        id: LinkId::new(number).expect("0 to 4"),
        transport,
        remote: SocketAddrV4::new(Ipv4Addr::from(remote.0), remote.1),
        local_port,
        role: LinkRole::Client,
    }
}

/// Lines of links that no firmware prints.
const BROKEN_LINKS: [&str; 11] = [
    r#"5,"TCP","1.2.3.4",80,1025,0"#,
    r#"x,"TCP","1.2.3.4",80,1025,0"#,
    r#"0,"tcp","1.2.3.4",80,1025,0"#,
    r#"0,"","1.2.3.4",80,1025,0"#,
    r#"0,"TCP","1.2.3",80,1025,0"#,
    r#"0,"TCP","1.2.3.256",80,1025,0"#,
    r#"0,"TCP","1.2.3.4",65536,1025,0"#,
    r#"0,"TCP","1.2.3.4",80,-1,0"#,
    r#"0,"TCP","1.2.3.4",80,1025,2"#,
    r#"0,"TCP","1.2.3.4",80,1025"#,
    "",
];

#[test]
pub fn the_links() {
    writes(&TestStatus, "AT+CIPSTATUS=?");
    writes(&QueryStatus, "AT+CIPSTATUS");
    writes(&QueryLinks, "AT+CIPSTATE?");

    let status = |state, links: &[Link]| Status {
        state,
        links: heapless::Vec::from_slice(links).expect("five links"),
    };
    // WiFiEspAT issues 20 and 105: `STATUS:5`, `STATUS:2`, and 0, which no table of Espressif's had then.
    for (number, state) in [
        NetworkState::Inactive,
        NetworkState::Idle,
        NetworkState::GotIp,
        NetworkState::Connected,
        NetworkState::Disconnected,
        NetworkState::NotJoined,
    ]
    .into_iter()
    .enumerate()
    {
        let text = format!("STATUS:{number}");
        reads(&QueryStatus, &text, status(state, &[]));
        assert_eq!(state.has_ip(), (2..5).contains(&number));
    }
    let server = Link {
        role: LinkRole::Server,
        ..link(1, Transport::Tcp, ([192, 168, 4, 2], 50123), 333)
    };
    let all = [
        link(0, Transport::Tcp, ([192, 168, 1, 3], 80), 1025),
        server,
        link(2, Transport::Udp, ([255, 255, 255, 255], 0), 1112),
        link(4, Transport::Ssl, ([10, 0, 0, 1], 65535), 65534),
    ];
    let lines = |name: &str| {
        [
            r#"0,"TCP","192.168.1.3",80,1025,0"#,
            r#"1,"TCP","192.168.4.2",50123,333,1"#,
            r#"2,"UDP","255.255.255.255",0,1112,0"#,
            r#"4,"SSL","10.0.0.1",65535,65534,0,extra"#,
        ]
        .map(|line| format!("{name}:{line}"))
        .join("\n")
    };
    let text = format!("STATUS:3\n{}", lines("+CIPSTATUS"));
    reads(&QueryStatus, &text, status(NetworkState::Connected, &all));
    let vec = heapless::Vec::from_slice(&all).expect("five links");
    reads(&QueryLinks, &lines("+CIPSTATE"), Links(vec));
    reads(&QueryLinks, "", Links(heapless::Vec::new()));

    assert_eq!(
        Link::parse(br#"+CIPSTATE:0,"TCP","192.168.1.3",80,1025,0"#),
        Some(all[0])
    );
    assert_eq!(
        Link::parse(br#"+CIPSTAT:0,"TCP","192.168.1.3",80,1025,0"#),
        None
    );
    unreadable(
        &QueryStatus,
        &[
            "",
            "STATUS:",
            "STATUS:6",
            "STATUS:2x",
            r#"+CIPSTATUS:0,"TCP","192.168.1.3",80,1025,0"#,
        ],
    );
    let good = r#"0,"TCP","1.2.3.4",80,1025,0"#;
    for broken in BROKEN_LINKS {
        let text = format!("STATUS:3\n+CIPSTATUS:{good}\n+CIPSTATUS:{broken}");
        unreadable(&QueryStatus, &[&text]);
        let text = format!("+CIPSTATE:{good}\n+CIPSTATE:{broken}");
        unreadable(&QueryLinks, &[&text]);
    }
    let six = [format!("+CIPSTATE:{good}"), String::new()]
        .join("\n")
        .repeat(6);
    unreadable(&QueryLinks, &[&six]);
}

#[test]
pub fn keep_alive_times() {
    writes(&QueryKeepAlive, "AT+CIPALIVE?");
    let time = |link: u8, seconds| TcpKeepAlive {
        link: LinkId::new(link).expect("0 to 4"),
        seconds,
    };
    let all = [time(0, 60), time(4, 7200)];
    let all = heapless::Vec::from_slice(&all).expect("two");
    let text = "+CIPALIVE:id 0,60\n+CIPALIVE:id 4,7200";
    reads(&QueryKeepAlive, text, TcpKeepAlives(all));
    let none = TcpKeepAlives(heapless::Vec::new());
    reads(&QueryKeepAlive, "Not set TCP keep alive", none);
    unreadable(
        &QueryKeepAlive,
        &[
            "+CIPALIVE:0,60",
            "+CIPALIVE:id 5,60",
            "+CIPALIVE:id 0",
            "+CIPALIVE:id 0,x",
            "+CIPALIVE:id 0,65536",
        ],
    );
}
