//! What values look like when they are printed.

mod common;

use atat::AtatUrc;
use common::script::Script;
use esp8266_mqtt::command::mqtt::QueryConnection;
use esp8266_mqtt::{
    Argument, ArgumentError, Dialect, JoinError, Loss, MacAddress, MacAddressError, NbError,
    NbSerial, Reason, SecretLine, Stop, Trouble, Unpublished, UrcBuffer,
};

#[test]
fn addresses() {
    let address = MacAddress([0x18, 0xfe, 0x35, 0x98, 0xd3, 0x7b]);
    assert_eq!(format!("{address:?}"), "18:fe:35:98:d3:7b");
    assert_eq!(
        MacAddressError.to_string(),
        "a MAC address is written aa:bb:cc:dd:ee:ff"
    );
}

#[test]
fn the_command_that_failed() {
    let script = Script::new();
    script.ok("AT+MQTTCONN?");
    let mut module = script.driver(Dialect::EspAt);
    let error = module.send(&QueryConnection).unwrap_err();
    let printed = "UnexpectedResponse { command: AT+MQTTCONN }";
    assert_eq!(format!("{error:?}"), printed);
    let printed = error.to_string();
    assert!(
        printed.starts_with("the answer to AT+MQTTCONN "),
        "{printed}"
    );
}

#[test]
fn unsolicited_lines_of_atats_clients() {
    let printed = |line: &[u8]| format!("{:?}", UrcBuffer::<64>::parse(line).unwrap());
    assert_eq!(printed(b"WIFI GOT IP"), "WifiGotIp");
    assert_eq!(printed(b"no such line"), "<unreadable>");
    let message = printed(b"+MQTTSUBRECV:0,\"t\",1,x");
    assert!(message.starts_with("Message"), "{message}");
}

#[test]
fn errors_of_ports() {
    let error = NbError(embedded_hal_nb::serial::ErrorKind::Noise);
    assert_eq!(error.to_string(), "Noise");
}

/// As in a log, and never what it is.
#[test]
fn a_line_with_a_secret() {
    let line = SecretLine::new(b"password:secret");
    assert_eq!(format!("{line:?}"), "<redacted>");
    assert_eq!(line.reveal(), b"password:secret");
}

/// What the closure of `set_baud` needs.
#[test]
fn the_port_inside() {
    struct Port(u32);

    impl embedded_hal_nb::serial::ErrorType for Port {
        type Error = embedded_hal_nb::serial::ErrorKind;
    }

    let mut port = NbSerial::new(Port(9_600));
    port.serial_mut().0 = 115_200;
    assert_eq!(port.release().0, 115_200);
}

/// Each of them has words of its own, and those that one can do something about say what.
#[test]
fn what_the_keeper_tells() {
    let argument = ArgumentError {
        argument: Argument::Topic,
        reason: Reason::TooLong { limit: 128 },
    };
    let hints = [
        Trouble::Module.to_string(),
        Trouble::Wifi(JoinError::NotFound).to_string(),
        Trouble::Configuration.to_string(),
        Trouble::Unreachable.to_string(),
        Trouble::Refused.to_string(),
        Trouble::Subscription.to_string(),
        Stop::Argument(argument).to_string(),
        Stop::WifiPassword.to_string(),
        Stop::Login.to_string(),
        Stop::Contested.to_string(),
        Unpublished::Argument(argument).to_string(),
        Unpublished::Refused.to_string(),
        Unpublished::Unknown.to_string(),
    ];
    let losses = [Loss::Module, Loss::Wifi, Loss::Broker].map(|loss| loss.to_string());
    let mut all = hints.to_vec();
    all.extend(losses);
    all.sort();
    let count = all.len();
    all.dedup();
    assert_eq!(all.len(), count, "{all:?}");
    for hint in hints {
        assert!(hint.contains(": "), "{hint}");
    }
    let text = Stop::Argument(argument).to_string();
    assert!(text.contains("longer than 128 bytes"), "{text}");
}

#[cfg(feature = "interrupt")]
#[test]
fn an_interrupts_queue() {
    use esp8266_mqtt::{QueuedError, RxQueue};
    let mut queue = RxQueue::<8>::new();
    let (writer, uart) = queue.split(7);
    assert_eq!(format!("{writer:?}"), "RxWriter { .. }");
    assert_eq!(format!("{uart:?}"), "QueuedUart { tx: 7, .. }");
    assert_eq!(
        QueuedError::<&str>::Overrun.to_string(),
        "received bytes were lost"
    );
    assert_eq!(QueuedError::Tx("no wire").to_string(), "no wire");
    let mut uart = uart;
    *uart.tx_mut() = 8;
    assert_eq!(uart.release(), 8);
}

#[cfg(feature = "runner")]
#[test]
fn too_many_listeners() {
    let error = esp8266_mqtt::runner::TooManyListeners;
    assert!(!error.to_string().is_empty());
}
