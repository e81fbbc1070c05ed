//! The simulated UART: times, FIFO, baud, faults, power.

mod common;

use std::time::Duration;

use common::{Host, ms};
use embedded_hal::delay::DelayNs;
use embedded_hal::digital::OutputPin;
use embedded_io::{Error, Read, ReadReady, Write};
use esp8266_mqtt_emulator::bench::UartError;
use esp8266_mqtt_emulator::settings::BootNoise;
use esp8266_mqtt_emulator::{Action, Bench, Direction, Fault, InitialState, Reaction, Settings};

fn quiet(settings: Settings) -> Settings {
    settings.fast().with_echo(false)
}

#[test]
fn a_256_byte_command_takes_266_7_ms_at_9600_baud() {
    let bench = Bench::new(quiet(Settings::vendor()));
    let mut uart = bench.uart();
    uart.write_all(&[b'x'; 256]).unwrap();
    uart.flush().unwrap();
    let micros = bench.now().as_micros();
    assert!((266_600..=266_700 + 256).contains(&micros), "{micros} us");
}

#[test]
fn writing_blocks_only_while_the_holding_register_is_full() {
    let bench = Bench::new(quiet(Settings::vendor()));
    let mut uart = bench.uart();
    assert_eq!(
        uart.write(b"abc"),
        Ok(2),
        "shift register and holding register"
    );
    assert!(bench.now() < ms(1));
    assert_eq!(uart.write(b"c"), Ok(1));
    assert!(
        (1041..1050).contains(&bench.now().as_micros()),
        "{:?}",
        bench.now()
    );
}

#[test]
fn an_unread_fifo_overruns_and_says_so_once() {
    let bench = Bench::new(quiet(Settings::vendor()).with_rx_fifo(1));
    let mut uart = bench.uart();
    uart.write_all(b"AT\r\n").unwrap();
    uart.flush().unwrap();
    bench.advance(ms(20));
    assert_eq!(bench.overruns(), 5);
    assert!(uart.read_ready().unwrap());
    let mut buffer = [0; 8];
    assert_eq!(uart.read(&mut buffer), Err(UartError::Overrun));
    assert_eq!(uart.read(&mut buffer), Ok(1));
    assert_eq!(buffer[0], b'\r');
    let error = uart.read(&mut buffer).unwrap_err();
    assert_eq!(error, UartError::WouldWaitForever);
    assert_eq!(error.kind(), embedded_io::ErrorKind::TimedOut);
}

#[test]
fn a_fifo_of_one_is_enough_for_a_host_that_polls() {
    let bench = Bench::new(quiet(Settings::vendor()).with_rx_fifo(1));
    let mut uart = bench.uart();
    uart.write_all(b"AT\r\n").unwrap();
    let mut heard = Vec::new();
    while heard.len() < 6 {
        let mut byte = [0];
        assert_eq!(uart.read(&mut byte), Ok(1));
        heard.push(byte[0]);
    }
    assert_eq!(
        (heard.as_slice(), bench.overruns()),
        (&b"\r\nOK\r\n"[..], 0)
    );
}

#[test]
fn the_nb_port_never_blocks() {
    use embedded_hal_nb::serial::{Read, Write};
    let bench = Bench::new(quiet(Settings::vendor()));
    let mut serial = bench.serial();
    assert_eq!(serial.read(), Err(nb::Error::WouldBlock));
    assert_eq!(serial.write(b'A'), Ok(()));
    assert_eq!(serial.write(b'T'), Ok(()));
    assert_eq!(serial.write(b'\r'), Err(nb::Error::WouldBlock));
    assert!(bench.now() < ms(1));
    for byte in *b"\r\n" {
        nb::block!(serial.write(byte)).unwrap();
    }
    nb::block!(serial.flush()).unwrap();
    let heard: Vec<u8> = (0..6).map(|_| nb::block!(serial.read()).unwrap()).collect();
    assert_eq!(heard, b"\r\nOK\r\n");
}

#[test]
fn the_new_baud_holds_after_the_ok() {
    let mut host = Host::fast(Settings::esp_at());
    assert_eq!(host.ask("AT+UART_CUR=9600,8,1,0,0"), "\r\nOK\r\n");
    assert_ne!(host.ask("AT"), "\r\nOK\r\n");
    host.bench.set_host_baud(9600);
    host.ask("");
    assert_eq!(host.ask("AT"), "\r\nOK\r\n");
    host.ask("AT+RST");
    host.bench.set_host_baud(115_200);
    host.listen(ms(500));
    assert_eq!(host.ask("ATE0"), "ATE0\r\n\r\nOK\r\n");
}

#[test]
fn boot_noise_is_garbage_at_the_sessions_baud_and_text_at_its_own() {
    let settings = || Settings::vendor().with_initial(InitialState::PowerUp);
    let mut host = Host::new(settings());
    let heard = host.listen(Duration::from_secs(1));
    assert!(
        heard.len() > 20 && heard.ends_with("\r\nready\r\n"),
        "{heard:?}"
    );
    assert!(!heard.contains("rst cause"), "{heard:?}");
    let host = Host::new(settings());
    host.bench.set_host_baud(74_880);
    let mut host = host;
    let heard = host.listen(ms(200));
    assert!(
        heard.starts_with("\r\n ets Jan  8 2013,rst cause:1, boot mode:(3,6)\r\n"),
        "{heard:?}"
    );
}

#[test]
fn the_reset_pin_holds_and_releases() {
    let mut settings = Settings::vendor().with_echo(false);
    settings.boot_noise = BootNoise::None;
    let mut host = Host::new(settings);
    let mut pin = host.bench.reset_pin();
    pin.set_low().unwrap();
    host.bench.delay().delay_ms(10);
    assert_eq!(host.ask("AT"), "");
    pin.set_high().unwrap();
    assert_eq!(host.listen(ms(599)), "");
    assert_eq!(host.listen(ms(20)), "\r\nready\r\n");
    assert_eq!(host.bench.module().restarts(), 1);
}

#[test]
fn stored_settings_survive_a_restart_and_join_by_themselves() {
    let mut host = Host::fast(Settings::vendor());
    host.ask("AT+CWMODE_DEF=1");
    host.ask(r#"AT+CWJAP_DEF="Workshop","password""#);
    let heard = host.ask_for("AT+RST", ms(2000));
    assert!(
        heard.ends_with("\r\nready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n"),
        "{heard:?}"
    );
    host.ask("ATE0");
    host.ask("AT+CWAUTOCONN=0");
    assert!(host.ask_for("AT+RST", ms(2000)).ends_with("\r\nready\r\n"));
    host.ask("ATE0");
    host.ask("AT+CWMODE_CUR=3");
    host.ask_for("AT+RST", ms(2000));
    assert!(host.ask("AT+CWMODE_DEF?").contains(":1\r\n"));
    let heard = host.ask_for("AT+RESTORE", ms(2000));
    assert!(
        heard.contains("\r\nOK\r\n") && heard.ends_with("\r\nready\r\n"),
        "{heard:?}"
    );
    assert!(host.ask("AT+CWMODE?").contains(":2\r\n"));
}

#[test]
fn bytes_are_dropped_corrupted_and_inserted_where_asked() {
    let mut host = Host::fast(Settings::vendor());
    let to_host = Direction::ToHost;
    host.bench.fault(Fault::DropByte {
        direction: to_host,
        index: 0,
    });
    host.bench.fault(Fault::CorruptByte {
        direction: to_host,
        index: 2,
        mask: 0x20,
    });
    host.bench.fault(Fault::InsertBytes {
        index: 3,
        bytes: b"<>".to_vec(),
    });
    assert_eq!(host.ask("AT"), "\no<>K\r\n");
    host.bench.fault(Fault::InsertAtLine {
        line: 3,
        bytes: b"WIFI GOT IP\r\n".to_vec(),
    });
    assert_eq!(host.ask("AT"), "\r\nWIFI GOT IP\r\nOK\r\n");
    let sent = host.bench.sent().len() as u64;
    let to_module = Direction::ToModule;
    host.bench.fault(Fault::DropByte {
        direction: to_module,
        index: sent + 1,
    });
    assert_eq!(host.ask("AT"), "\r\nERROR\r\n");
    assert_eq!(host.bench.sent().len() as u64, sent + 4);
}

#[test]
fn the_module_restarts_at_a_byte() {
    let mut settings = quiet(Settings::vendor()).with_baud(115_200);
    settings.boot_noise = BootNoise::None;
    let mut host = Host::new(settings.clone());
    host.bench.fault(Fault::RestartAtByte {
        direction: Direction::ToHost,
        index: 3,
    });
    assert_eq!(host.ask("AT"), "\r\nOK\r\nready\r\n");
    let mut host = Host::new(settings);
    host.bench.fault(Fault::RestartAtByte {
        direction: Direction::ToModule,
        index: 1,
    });
    let heard = host.ask("AT");
    assert!(heard.starts_with("\r\nready\r\n"), "{heard:?}");
}

#[test]
fn commands_react_as_scripted() {
    let mut host = Host::fast(Settings::vendor());
    host.bench
        .fault(Fault::command("CWMODE*", 2, Reaction::Busy { times: 2 }));
    for expected in [
        "\r\nOK\r\n",
        "\r\nbusy p...\r\n",
        "\r\nbusy p...\r\n",
        "\r\nOK\r\n",
    ] {
        assert_eq!(host.ask("AT+CWMODE_CUR=1"), expected);
    }
    assert_eq!(
        host.bench.module().commands().len(),
        2,
        "a refused line is not parsed"
    );
    for (reaction, expected) in [
        (Reaction::Error, "\r\nERROR\r\n"),
        (Reaction::Fail, "\r\nFAIL\r\n"),
        (Reaction::Silent, ""),
        (Reaction::Text(b"what?\r\n".to_vec()), "what?\r\n"),
        (Reaction::JoinCode(2), "+CWJAP:2\r\n\r\nFAIL\r\n"),
        (Reaction::Late(ms(5)), "\r\nOK\r\n"),
    ] {
        host.bench.fault(Fault::command("AT", 1, reaction));
        assert_eq!(host.ask("AT"), expected);
        assert_eq!(host.ask("AT"), "\r\nOK\r\n");
    }
    host.bench.fault(Fault::command("AT", 1, Reaction::Hang));
    assert_eq!(host.ask("AT"), "");
    assert_eq!(host.ask("AT"), "\r\nbusy p...\r\n");
}

#[test]
fn the_hosts_uart_fails_as_scripted() {
    let bench = Bench::new(quiet(Settings::vendor()));
    let mut uart = bench.uart();
    bench.fault(Fault::WriteError { index: 1 });
    bench.fault(Fault::ReadError { index: 2 });
    assert_eq!(uart.write(b"AT\r\n"), Ok(1));
    assert_eq!(uart.write(b"T\r\n"), Err(UartError::Injected));
    uart.write_all(b"T\r\n").unwrap();
    bench.advance(ms(50));
    let mut buffer = [0; 8];
    assert_eq!(uart.read(&mut buffer), Ok(2));
    assert_eq!(uart.read(&mut buffer), Err(UartError::Injected));
    assert_eq!(uart.read(&mut buffer), Ok(4));
}

#[test]
fn a_silent_module_and_one_that_babbles() {
    let mut host = Host::fast(Settings::vendor());
    host.bench
        .schedule_after(ms(1), Action::Fault(Fault::Silence));
    assert_eq!(host.listen(ms(2)), "");
    assert_eq!(host.ask("AT"), "");
    assert!(host.bench.module().commands().is_empty());

    let mut host = Host::fast(Settings::vendor());
    host.bench.fault(Fault::Garbage);
    host.bench.advance(ms(100));
    assert_eq!(host.bench.received().len(), 1152, "115200 baud for 100 ms");
    assert!(!host.heard().is_empty());
}

#[test]
fn what_the_module_understood_can_be_inspected() {
    use esp8266_mqtt_emulator::module::{Argument, Form, Refusal};
    let mut host = Host::connected_esp_at();
    host.ask(r#"AT+MQTTPUB=0,"a\,b","\"",1,1"#);
    host.ask("AT+NONSENSE");
    let module = host.bench.module();
    let command = module.commands().last().unwrap();
    assert_eq!(
        (command.name.as_str(), command.form),
        ("MQTTPUB", Form::Set)
    );
    let text = |text: &str| Argument::Text(text.into());
    let number = Argument::Number;
    assert_eq!(
        command.arguments,
        [number(0), text("a,b"), text("\""), number(1), number(1)]
    );
    assert_eq!(module.refused().last().unwrap().why, Refusal::Unknown);
}
