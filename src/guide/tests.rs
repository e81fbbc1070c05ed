//! The page of symptoms and the driver say the same. Every match here is without a wildcard: a new variant has to be added.

extern crate std;

use crate::{
    Argument, ArgumentError, Counters, Error, Event, JoinError, Loss, Reason, SecretLine, Stop,
    Trouble, command::basic::Attention, command::info, error::CommandName,
};
use std::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};

const PAGE: &str = include_str!("troubleshooting.md");

const ARGUMENT: ArgumentError = ArgumentError {
    argument: Argument::Topic,
    reason: Reason::Empty,
};

const JOIN_ERRORS: [JoinError; 5] = [
    JoinError::TimedOut,
    JoinError::WrongPassword,
    JoinError::NotFound,
    JoinError::Failed,
    JoinError::Other(7),
];

fn errors() -> Vec<Error<&'static str>> {
    let command = CommandName(info::<Attention>());
    let mut all = Vec::from([
        Error::Uart("unplugged"),
        Error::Argument(ARGUMENT),
        Error::Timeout { command },
        Error::Busy,
        Error::Rejected(None),
        Error::PublishFailed,
        Error::ModuleReset,
        Error::UnexpectedResponse { command },
        Error::ResponseTooLong { command },
        Error::WriteStalled,
        Error::OutOfStep,
        Error::Pin,
        #[cfg(feature = "runner")]
        Error::Stopped,
    ]);
    all.extend(JOIN_ERRORS.map(Error::Join));
    #[cfg(feature = "sockets")]
    {
        use crate::SocketError as E;
        let sockets = [
            E::NoFreeLink,
            E::UnknownHost,
            E::Refused,
            E::Closed,
            E::DataLost,
            E::Ipv6,
            E::NotConnected,
        ];
        all.extend(sockets.map(Error::Socket));
    }
    all
}

fn name(error: &Error<&str>) -> String {
    let name = match error {
        Error::Uart(_) => "Error::Uart",
        Error::Argument(_) => "Error::Argument",
        Error::Timeout { .. } => "Error::Timeout",
        Error::Busy => "Error::Busy",
        Error::Rejected(_) => "Error::Rejected",
        Error::Join(join) => return join_name(*join).into(),
        Error::PublishFailed => "Error::PublishFailed",
        Error::ModuleReset => "Error::ModuleReset",
        Error::UnexpectedResponse { .. } => "Error::UnexpectedResponse",
        Error::ResponseTooLong { .. } => "Error::ResponseTooLong",
        Error::WriteStalled => "Error::WriteStalled",
        Error::OutOfStep => "Error::OutOfStep",
        #[cfg(feature = "sockets")]
        Error::Socket(error) => return format!("SocketError::{error:?}"),
        Error::Pin => "Error::Pin",
        #[cfg(feature = "runner")]
        Error::Stopped => "Error::Stopped",
    };
    name.into()
}

const fn join_name(error: JoinError) -> &'static str {
    match error {
        JoinError::TimedOut => "JoinError::TimedOut",
        JoinError::WrongPassword => "JoinError::WrongPassword",
        JoinError::NotFound => "JoinError::NotFound",
        JoinError::Failed => "JoinError::Failed",
        JoinError::Other(_) => "JoinError::Other",
    }
}

#[test]
fn hints_are_those_of_the_page() {
    for error in errors() {
        let text = error.to_string();
        let (_, hint) = text.rsplit_once(": ").expect("a hint behind a colon");
        let row = format!("| `{}` | {hint} |", name(&error));
        assert!(PAGE.contains(&row), "{row}");
    }
    // Nothing else is in that table.
    let rows = PAGE.lines().filter(|line| {
        let starts = ["| `Error::", "| `JoinError::", "| `SocketError::"];
        starts.iter().any(|start| line.starts_with(start))
    });
    let mut expected = errors().len();
    if !cfg!(feature = "runner") {
        expected += 1;
    }
    if !cfg!(feature = "sockets") {
        expected += 7;
    }
    assert_eq!(rows.count(), expected);
}

/// The page tells what to do about each of these.
#[test]
fn everything_that_can_go_wrong_is_on_the_page() {
    let mut names: Vec<&str> = Vec::new();
    for trouble in [
        Trouble::Module,
        Trouble::Wifi(JoinError::Failed),
        Trouble::Configuration,
        Trouble::Unreachable,
        Trouble::Refused,
        Trouble::Subscription,
    ] {
        names.push(match trouble {
            Trouble::Module => "Trouble::Module",
            Trouble::Wifi(_) => "Trouble::Wifi",
            Trouble::Configuration => "Trouble::Configuration",
            Trouble::Unreachable => "Trouble::Unreachable",
            Trouble::Refused => "Trouble::Refused",
            Trouble::Subscription => "Trouble::Subscription",
        });
    }
    for stop in [
        Stop::Argument(ARGUMENT),
        Stop::WifiPassword,
        Stop::Login,
        Stop::Contested,
    ] {
        names.push(match stop {
            Stop::Argument(_) => "Stop::Argument",
            Stop::WifiPassword => "Stop::WifiPassword",
            Stop::Login => "Stop::Login",
            Stop::Contested => "Stop::Contested",
        });
    }
    for loss in [Loss::Module, Loss::Wifi, Loss::Broker] {
        names.push(match loss {
            Loss::Module => "Loss::Module",
            Loss::Wifi => "Loss::Wifi",
            Loss::Broker => "Loss::Broker",
        });
    }
    names.extend(JOIN_ERRORS.map(join_name));
    for event in [
        Event::MessagesDropped { count: 1, bytes: 1 },
        Event::MqttDisconnected,
        Event::ModuleRestarted,
        Event::Malformed(SecretLine::default()),
    ] {
        names.extend(match event {
            Event::MessagesDropped { .. } => Some("Event::MessagesDropped"),
            Event::MqttDisconnected => Some("Event::MqttDisconnected"),
            Event::ModuleRestarted => Some("Event::ModuleRestarted"),
            Event::Malformed(_) => Some("Event::Malformed"),
            // What happens in the course of things.
            Event::Message(_)
            | Event::WifiConnected
            | Event::WifiGotIp
            | Event::WifiDisconnected
            | Event::MqttConnected
            | Event::Other(_) => None,
        });
    }
    // All fields, so that a new one does not compile.
    let Counters {
        messages_dropped: _,
        events_dropped: _,
        restarts: _,
        stray_lines: _,
        uart_errors: _,
        #[cfg(feature = "sockets")]
            datagrams_dropped: _,
    } = Counters::default();
    names.extend([
        "counters().messages_dropped",
        "counters().events_dropped",
        "counters().restarts",
        "counters().stray_lines",
        "counters().uart_errors",
        "counters().datagrams_dropped",
    ]);
    for name in names {
        assert!(PAGE.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn links_lead_to_headings() {
    let mut anchors = BTreeSet::new();
    for heading in PAGE.lines().filter(|line| line.starts_with("##")) {
        let keep = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-');
        let text = heading.trim_start_matches('#').trim_start();
        let anchor: String = text.chars().filter(|&c| keep(c)).collect();
        anchors.insert(anchor.to_lowercase().replace(' ', "-"));
    }
    let mut linked = 0;
    for link in PAGE.split("](#").skip(1) {
        let anchor = link.split(')').next().unwrap_or_default();
        assert!(anchors.contains(anchor), "{anchor}");
        linked += 1;
    }
    assert!(linked > 20, "{linked} links");
}
