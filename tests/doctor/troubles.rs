//! Everything that the emulator can act out, on the virtual clock.

use crate::{
    checks::{Options, examine},
    diagnosis::Diagnosis,
    emulated::{Emulator, Trouble, prepare, settings},
    rate::Rate,
    screen::Screen,
    trace::{Traced, Wire},
};
use clap::ValueEnum;
use embedded_hal::delay::DelayNs;
use embedded_io::{ErrorType, Read, ReadReady, Write};
use esp8266_mqtt::BaudRate;
use esp8266_mqtt_emulator::{
    Action, Bench, Fault, InitialState, Reaction, Settings,
    bench::{Uart, UartError},
};
use std::{collections::VecDeque, convert::Infallible, rc::Rc, time::Duration};

/// The UART of a bench, whose rate the doctor may set.
struct BenchPort {
    bench: Bench,
    uart: Uart,
}

impl Rate for BenchPort {
    fn set_rate(&mut self, rate: BaudRate) -> bool {
        self.bench.set_host_baud(rate.get());
        true
    }
}

impl ErrorType for BenchPort {
    type Error = UartError;
}

impl ReadReady for BenchPort {
    fn read_ready(&mut self) -> Result<bool, UartError> {
        self.uart.read_ready()
    }
}

impl Read for BenchPort {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, UartError> {
        self.uart.read(buffer)
    }
}

impl Write for BenchPort {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, UartError> {
        self.uart.write(bytes)
    }

    fn flush(&mut self) -> Result<(), UartError> {
        self.uart.flush()
    }
}

const fn options() -> Options<'static> {
    Options {
        rate: Some(BaudRate::B9600),
        ssid: "network",
        password: "password",
        host: "broker.example",
        port: 1883,
        username: "user",
        mqtt_password: "mqtt-password",
        client_id: None,
        topic: "topic",
    }
}

fn bench(settings: Settings, trouble: Option<Trouble>, options: &Options<'_>) -> Bench {
    let bench = Bench::new(settings);
    let fault = prepare(trouble, options, &bench.broker(), &bench.network());
    if let Some(fault) = fault {
        bench.fault(fault);
    }
    bench
}

fn diagnose(bench: &Bench, options: &Options<'_>) -> Vec<Diagnosis> {
    let wire = Rc::new(Wire::new(false));
    let uart = bench.uart();
    let port = BenchPort {
        bench: bench.clone(),
        uart,
    };
    let port = Traced::new(port, Rc::clone(&wire));
    let problems = examine(port, bench.delay(), options, &wire, &Screen::new(false));
    let found = problems.iter().map(|problem| problem.diagnosis);
    found.collect()
}

/// What the doctor says of a module in this trouble.
fn in_trouble(firmware: Emulator, trouble: Trouble) -> Vec<Diagnosis> {
    let mut options = options();
    if trouble == Trouble::Tls {
        options.port = 8883;
    }
    let settings = settings(firmware, Some(trouble), &options);
    if trouble != Trouble::Contested {
        return diagnose(&bench(settings, Some(trouble), &options), &options);
    }
    // The other client comes while the doctor watches, which is the last that it does.
    let healthy = bench(settings.clone(), None, &options);
    assert_eq!(diagnose(&healthy, &options), []);
    let bench = bench(settings, None, &options);
    let late = healthy.now() - Duration::from_secs(3);
    bench.at(late, Action::CutMqtt);
    diagnose(&bench, &options)
}

/// No wildcard: a new trouble has to be added.
fn expected(trouble: Trouble) -> Diagnosis {
    match trouble {
        Trouble::Silent => Diagnosis::Silent,
        Trouble::Garbage => Diagnosis::Unreadable,
        Trouble::Rate => Diagnosis::OtherRate,
        Trouble::NoMqtt => Diagnosis::NoMqtt,
        Trouble::Busy => Diagnosis::Busy,
        Trouble::WifiPassword => Diagnosis::WifiPassword,
        Trouble::NoNetwork | Trouble::WeakSignal => Diagnosis::NoNetwork,
        Trouble::Dns => Diagnosis::UnknownName,
        Trouble::Broker | Trouble::BrokerOff => Diagnosis::Unreachable,
        Trouble::Login => Diagnosis::Login,
        Trouble::NotTold => Diagnosis::NotConnected,
        Trouble::NoEcho => Diagnosis::NoMessages,
        Trouble::Damaged => Diagnosis::Damaged,
        Trouble::Restarts => Diagnosis::Restarts,
        Trouble::Tls => Diagnosis::Tls,
        Trouble::Contested => Diagnosis::Contested,
    }
}

fn all_troubles(firmware: Emulator) {
    for &trouble in Trouble::value_variants() {
        let found = in_trouble(firmware, trouble);
        assert_eq!(found, [expected(trouble)], "{trouble:?}");
    }
}

#[test]
fn each_trouble_of_vendor_firmware_is_found() {
    all_troubles(Emulator::Vendor);
}

#[test]
fn each_trouble_of_esp_at_is_found() {
    all_troubles(Emulator::EspAt);
}

#[test]
fn health_is_found_in_any_state() {
    let states = [
        InitialState::Ready,
        InitialState::Joined,
        InitialState::PowerUp,
        InitialState::DataMode(500),
        InitialState::HalfLine(b"AT+CWJ".to_vec()),
        InitialState::Passthrough,
    ];
    for &firmware in Emulator::value_variants() {
        for state in &states {
            let options = options();
            let settings = settings(firmware, None, &options).with_initial(state.clone());
            let bench = bench(settings, None, &options);
            assert_eq!(diagnose(&bench, &options), [], "{firmware:?} {state:?}");
            // Connected as the one that was configured, and gone afterwards.
            let broker = bench.broker();
            let connect = broker.connects().pop().expect("connected");
            assert_eq!(connect.username, "user");
            assert_eq!(connect.client_id, "esp8266-doctor-84cca8b449cf");
            assert!(broker.clients().is_empty());
        }
    }
}

#[test]
fn the_arduino_library_leaves_several_links() {
    let options = options();
    let settings = settings(Emulator::Vendor, None, &options);
    let bench = bench(settings, None, &options);
    bench.uart().write_all(b"AT+CIPMUX=1\r\n").expect("sent");
    bench.advance(Duration::from_millis(200));
    assert_eq!(diagnose(&bench, &options), []);
}

#[test]
fn any_rate_is_right_for_who_has_named_none() {
    let mut options = options();
    let settings = settings(Emulator::Vendor, Some(Trouble::Rate), &options);
    options.rate = None;
    let bench = bench(settings, None, &options);
    assert_eq!(diagnose(&bench, &options), []);
}

#[test]
fn address_in_place_of_a_name() {
    let mut options = options();
    options.host = "192.0.2.7";
    let settings = settings(Emulator::EspAt, None, &options);
    let bench = bench(settings, None, &options);
    assert_eq!(diagnose(&bench, &options), []);
    let sent = bench.sent();
    let asked = sent.windows(9).any(|nine| nine == b"CIPDOMAIN");
    assert!(!asked);
}

#[test]
fn value_over_its_limit() {
    let mut options = options();
    options.ssid = "a name of more than thirty-two bytes";
    let settings = settings(Emulator::Vendor, None, &options);
    let bench = bench(settings, None, &options);
    assert_eq!(diagnose(&bench, &options), [Diagnosis::Value]);
}

/// What the doctor says when the module does not do `command` as it should.
fn with(firmware: Emulator, command: &str, occurrence: u32, reaction: Reaction) -> Vec<Diagnosis> {
    let options = options();
    let bench = bench(settings(firmware, None, &options), None, &options);
    bench.fault(Fault::command(command, occurrence, reaction));
    diagnose(&bench, &options)
}

#[test]
fn silence_behind_the_module_is_not_the_modules() {
    let silent = |firmware, command, nth| with(firmware, command, nth, Reaction::Silent);
    for &firmware in Emulator::value_variants() {
        assert_eq!(silent(firmware, "CIPDOMAIN", 1), [Diagnosis::UnknownName]);
        assert_eq!(silent(firmware, "CIPSTART", 1), [Diagnosis::Unreachable]);
        assert_eq!(silent(firmware, "MQTTSUB", 1), [Diagnosis::NoMessages]);
        assert_eq!(silent(firmware, "CWJAP*", 1), [Diagnosis::Silent]);
    }
    // The first is the question of `init`.
    let firmware = Emulator::EspAt;
    assert_eq!(silent(firmware, "MQTTCONN", 2), [Diagnosis::Login]);
}

#[test]
fn what_is_only_good_to_know_may_be_missing() {
    let vendor = [("CIPSTAMAC_CUR", 1), ("CWJAP", 1), ("CIPSTA_CUR", 1)];
    // It joins when it has been made a station.
    let esp_at = [("CIPSTAMAC", 1), ("CWJAP", 3), ("CIPSTA", 1)];
    for (firmware, commands) in [(Emulator::Vendor, vendor), (Emulator::EspAt, esp_at)] {
        for (command, nth) in commands {
            let found = with(firmware, command, nth, Reaction::Error);
            assert_eq!(found, [], "{firmware:?} {command}");
        }
    }
}

/// What an adapter with its TX and RX joined gives back.
#[derive(Default)]
struct Loop(VecDeque<u8>);

struct NoTime;

impl DelayNs for NoTime {
    fn delay_ns(&mut self, _: u32) {}
}

impl Rate for Loop {
    fn set_rate(&mut self, _: BaudRate) -> bool {
        true
    }
}

impl ErrorType for Loop {
    type Error = Infallible;
}

impl ReadReady for Loop {
    fn read_ready(&mut self) -> Result<bool, Infallible> {
        Ok(!self.0.is_empty())
    }
}

impl Read for Loop {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        let Some(first) = buffer.first_mut() else {
            return Ok(0);
        };
        *first = self.0.pop_front().expect("asked before");
        Ok(1)
    }
}

impl Write for Loop {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        self.0.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

#[test]
fn joined_lines() {
    let wire = Rc::new(Wire::new(false));
    let port = Traced::new(Loop::default(), Rc::clone(&wire));
    let problems = examine(port, NoTime, &options(), &wire, &Screen::new(false));
    let seen: Vec<_> = problems.iter().map(|problem| &problem.seen).collect();
    assert_eq!(
        seen,
        ["only what was sent comes back: TX and RX are joined"]
    );
}
