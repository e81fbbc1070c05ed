//! Modes, server, passthrough, TLS.

use super::links::id;
use crate::harness::{reads, refused, unreadable, writes};
use atat::AtatCmd;
use core::fmt::Debug;
use esp8266_mqtt::{
    Argument, Reason,
    command::{Command, tcpip::*},
};

/// A query and a set command of one setting that is 0 or 1.
fn switch<Q, S, R>(name: &str, query: Q, set: impl Fn(R) -> S, off: R, on: R)
where
    Q: Command<Response = R> + AtatCmd<Response = R>,
    S: Command + AtatCmd,
    R: Copy + PartialEq + Debug + Default,
{
    writes(&query, &format!("AT{name}?"));
    for (number, value) in [off, on].into_iter().enumerate() {
        writes(&set(value), &format!("AT{name}={number}"));
        reads(&query, &format!("{name}:{number}"), value);
    }
    assert_eq!(R::default(), off);
    for broken in ["", ":", ":2", ":x", ":1x", "1"] {
        unreadable(&query, &[&format!("{name}{broken}")]);
    }
    unreadable(&query, &["", "1"]);
}

#[test]
pub fn switches() {
    switch(
        "+CIPMUX",
        QueryMultiplexing,
        SetMultiplexing,
        Multiplexing::Single,
        Multiplexing::Multiple,
    );
    switch(
        "+CIPMODE",
        QueryTransferMode,
        SetTransferMode,
        TransferMode::Normal,
        TransferMode::Passthrough,
    );
    switch(
        "+CIPRECVMODE",
        QueryReceiveMode,
        SetReceiveMode,
        ReceiveMode::Active,
        ReceiveMode::Passive,
    );
    switch(
        "+CIPDINFO",
        QueryPeerInfo,
        SetPeerInfo,
        PeerInfo::Hidden,
        PeerInfo::Shown,
    );
    // Non-OS firmware says it in words.
    reads(&QueryPeerInfo, "+CIPDINFO:TRUE", PeerInfo::Shown);
    reads(&QueryPeerInfo, "+CIPDINFO:FALSE", PeerInfo::Hidden);
    reads(&QueryPeerInfo, "+CIPDINFO:true", PeerInfo::Shown);
    reads(&QueryPeerInfo, "+CIPDINFO:false", PeerInfo::Hidden);
}

#[test]
pub fn the_server() {
    writes(&StartServer { port: None }, "AT+CIPSERVER=1");
    writes(&StartServer { port: Some(80) }, "AT+CIPSERVER=1,80");
    writes(&StopServer, "AT+CIPSERVER=0");
    let reason = Reason::OutOfRange { min: 1, max: 65535 };
    let nowhere = StartServer { port: Some(0) };
    refused(&nowhere, Argument::LocalPort, reason);

    writes(&QueryMaxConnections, "AT+CIPSERVERMAXCONN?");
    reads(
        &QueryMaxConnections,
        "+CIPSERVERMAXCONN:5",
        MaxConnections(5),
    );
    unreadable(
        &QueryMaxConnections,
        &["", "+CIPSERVERMAXCONN:", "+CIPSERVERMAXCONN:256"],
    );
    writes(&SetMaxConnections(1), "AT+CIPSERVERMAXCONN=1");
    writes(&SetMaxConnections(5), "AT+CIPSERVERMAXCONN=5");
    let reason = Reason::OutOfRange { min: 1, max: 5 };
    refused(&SetMaxConnections(0), Argument::Connections, reason);
    refused(&SetMaxConnections(6), Argument::Connections, reason);

    writes(&QueryServerTimeout, "AT+CIPSTO?");
    reads(&QueryServerTimeout, "+CIPSTO:180", ServerTimeout(180));
    unreadable(&QueryServerTimeout, &["", "+CIPSTO:", "+CIPSTO:65536"]);
    writes(&SetServerTimeout(0), "AT+CIPSTO=0");
    writes(&SetServerTimeout(7200), "AT+CIPSTO=7200");
    let reason = Reason::OutOfRange { min: 0, max: 7200 };
    refused(&SetServerTimeout(7201), Argument::ServerTimeout, reason);
}

#[test]
pub fn saved_passthrough() {
    let tcp = |keep_alive| SavePassthrough {
        host: "192.168.6.110",
        port: 1002,
        link: PassthroughLink::Tcp { keep_alive },
    };
    let expected = r#"AT+SAVETRANSLINK=1,"192.168.6.110",1002,"TCP""#;
    writes(&tcp(None), expected);
    writes(&tcp(Some(7200)), &format!("{expected},7200"));
    let reason = Reason::OutOfRange { min: 0, max: 7200 };
    refused(&tcp(Some(7201)), Argument::KeepAlive, reason);
    let udp = |local_port| SavePassthrough {
        host: "192.168.6.110",
        port: 1002,
        link: PassthroughLink::Udp { local_port },
    };
    let expected = r#"AT+SAVETRANSLINK=1,"192.168.6.110",1002,"UDP""#;
    writes(&udp(None), expected);
    writes(&udp(Some(1005)), &format!("{expected},1005"));
    let ports = Reason::OutOfRange { min: 1, max: 65535 };
    refused(&udp(Some(0)), Argument::LocalPort, ports);
    let nowhere = SavePassthrough {
        host: "",
        ..tcp(None)
    };
    refused(&nowhere, Argument::Host, Reason::Empty);
    let nowhere = SavePassthrough {
        port: 0,
        ..tcp(None)
    };
    refused(&nowhere, Argument::Port, ports);
    writes(&ForgetPassthrough, "AT+SAVETRANSLINK=0");
}

#[test]
pub fn tls() {
    writes(&QuerySslBuffer, "AT+CIPSSLSIZE?");
    reads(&QuerySslBuffer, "+CIPSSLSIZE:2048", SslBuffer(2048));
    unreadable(&QuerySslBuffer, &["", "+CIPSSLSIZE:", "+CIPSSLSIZE:65536"]);
    writes(&SetSslBuffer(2048), "AT+CIPSSLSIZE=2048");
    writes(&SetSslBuffer(4096), "AT+CIPSSLSIZE=4096");
    let reason = Reason::OutOfRange {
        min: 2048,
        max: 4096,
    };
    refused(&SetSslBuffer(2047), Argument::SslBuffer, reason);
    refused(&SetSslBuffer(4097), Argument::SslBuffer, reason);

    writes(&QuerySslConfig, "AT+CIPSSLCCONF?");
    let all = |list: &[SslConfiguration]| {
        SslConfigurations(heapless::Vec::from_slice(list).expect("five"))
    };
    for (number, authentication) in [
        SslAuthentication::None,
        SslAuthentication::Client,
        SslAuthentication::Server,
        SslAuthentication::Mutual,
    ]
    .into_iter()
    .enumerate()
    {
        let command = SetSslConfig {
            link: None,
            authentication,
            certificate_and_ca: None,
        };
        writes(&command, &format!("AT+CIPSSLCCONF={number}"));
        let command = SetSslConfig {
            link: id(4),
            certificate_and_ca: Some((0, 1)),
            ..command
        };
        writes(&command, &format!("AT+CIPSSLCCONF=4,{number},0,1"));
        let one = SslConfiguration {
            link: None,
            authentication,
            certificate: None,
            ca: None,
        };
        let text = format!("+CIPSSLCCONF:{number}");
        reads(&QuerySslConfig, &text, all(&[one]));
        let first = SslConfiguration { link: id(0), ..one };
        let second = SslConfiguration {
            link: id(1),
            certificate: Some(0),
            ca: Some(1),
            ..one
        };
        let text = format!("+CIPSSLCCONF:0,{number}\n+CIPSSLCCONF:1,{number},0,1");
        reads(&QuerySslConfig, &text, all(&[first, second]));
    }
    unreadable(
        &QuerySslConfig,
        &[
            "",
            "+CIPSSLCCONF:",
            "+CIPSSLCCONF:4",
            "+CIPSSLCCONF:5,0",
            "+CIPSSLCCONF:0,4",
            "+CIPSSLCCONF:0,1,x",
            "+CIPSSLCCONF:0,1,0,256",
        ],
    );
}
