//! Basic commands: chapter 5.1 of the protocol.

mod common;

use std::time::Duration;

use common::{Host, ms};
use esp8266_mqtt_emulator::settings::EspAtRelease;
use esp8266_mqtt_emulator::{Action, InitialState, Settings};

const OK: &str = "\r\nOK\r\n";
const ERROR: &str = "\r\nERROR\r\n";

fn nonos() -> Host {
    Host::fast(Settings::vendor())
}

fn all_errors(host: &mut Host, lines: &[&str]) {
    for line in lines {
        let heard = host.ask(line);
        assert!(heard.ends_with(ERROR), "{line}: {heard:?}");
    }
}

#[test]
fn the_baud_of_a_session_and_the_stored_one() {
    let mut host = nonos();
    // The clock of 80 MHz is divided by 694.
    let heard = host.ask("AT+UART_CUR?");
    assert_eq!(heard, "+UART_CUR:115273,8,1,0,0\r\n\r\nOK\r\n");
    assert_eq!(host.ask("AT+UART_DEF=9600,7,3,2,1"), OK);
    host.bench.set_host_baud(9600);
    let heard = host.ask("AT+UART_DEF?");
    assert_eq!(heard, "+UART_DEF:9600,7,3,2,1\r\n\r\nOK\r\n");
    assert_eq!(host.ask("AT+UART_CUR=19200,8,1,0,0"), OK);
    host.bench.set_host_baud(19_200);
    assert!(host.ask("AT+UART_DEF?").contains(":9600,7,3,2,1\r\n"));
    assert!(host.ask("AT+UART?").contains("+UART:19203,8,1,0,0\r\n"));
    host.ask_for("AT+RST", ms(1000));
    assert_eq!(host.bench.module().baud(), 9600);
    host.bench.set_host_baud(9600);
    host.ask("ATE0");
    all_errors(
        &mut host,
        &[
            "AT+UART_CUR=100,8,1,0,0",
            "AT+UART_CUR=4608001,8,1,0,0",
            "AT+UART_CUR=9600,4,1,0,0",
            "AT+UART_CUR=9600,8,0,0,0",
            "AT+UART_CUR=9600,8,1,3,0",
            "AT+UART_CUR=9600,8,1,0,4",
            "AT+UART_CUR=9600,8,1,0",
        ],
    );
}

#[test]
fn ipr_answers_at_the_new_baud() {
    let mut host = nonos();
    host.type_line("AT+IPR=9600");
    host.bench.set_host_baud(9600);
    assert_eq!(host.listen(ms(100)), OK);
}

#[test]
fn sleep_and_radio() {
    let mut host = nonos();
    assert_eq!(host.ask("AT+SLEEP=1"), ERROR, "station mode only");
    host.ask("AT+CWMODE_CUR=1");
    host.session(
        &[
            ("AT+SLEEP?", "+SLEEP:2\r\n\r\nOK\r\n"),
            ("AT+SLEEP=1", OK),
            ("AT+SLEEP?", "+SLEEP:1\r\n\r\nOK\r\n"),
            ("AT+WAKEUPGPIO=1,0,0", OK),
            ("AT+WAKEUPGPIO=1,0,0,5,1", OK),
            ("AT+RFPOWER=82", OK),
            ("AT+RFVDD=3000", OK),
            ("AT+RFVDD?", "+RFVDD:3000\r\n\r\nOK\r\n"),
            ("AT+RFVDD", OK),
            ("AT+RFVDD?", "+RFVDD:3379\r\n\r\nOK\r\n"),
            ("AT+RFVDD=1899", "range:1900~3300\r\n\r\nERROR\r\n"),
            ("AT+RFAUTOTRACE=0", OK),
            ("AT+RFAUTOTRACE?", "+RFAUTOTRACE:0\r\n\r\nOK\r\n"),
        ],
        ms(50),
    );
    all_errors(
        &mut host,
        &[
            "AT+SLEEP=3",
            "AT+WAKEUPGPIO=1,5,0,5,1",
            "AT+WAKEUPGPIO=1,16,0",
            "AT+RFPOWER=83",
            "AT+RFPOWER?",
        ],
    );
    let mut host = Host::fast(Settings::esp_at());
    host.ask("AT+CWMODE=1");
    assert_eq!(host.ask("AT+SLEEP=3"), OK);
    assert_eq!(host.ask("AT+RFPOWER=78"), OK);
    assert_eq!(host.ask("AT+RFPOWER?"), "+RFPOWER:78\r\n\r\nOK\r\n");
    all_errors(&mut host, &["AT+RFVDD?", "AT+IPR=9600", "AT+SYSADC?"]);
}

#[test]
fn deep_sleep_ends_with_a_boot_if_the_timer_is_wired() {
    let quiet = |mut settings: Settings| {
        settings.boot_noise = esp8266_mqtt_emulator::settings::BootNoise::None;
        settings
    };
    let mut host = Host::fast(quiet(Settings::vendor()));
    assert_eq!(host.ask("AT+GSLP=1500"), "1500\r\n\r\nOK\r\n");
    assert_eq!(host.ask("AT"), "");
    assert_eq!(host.listen(ms(1000)), "");
    assert_eq!(host.listen(ms(500)), "\r\nready\r\n");
    let mut settings = quiet(Settings::vendor());
    settings.wakes_from_sleep = false;
    let mut host = Host::fast(settings);
    host.ask("AT+GSLP=10");
    assert_eq!(host.listen(Duration::from_secs(60)), "");
}

#[test]
fn pins() {
    let mut host = nonos();
    host.session(
        &[
            ("AT+SYSGPIODIR=12,1", "NOT GPIO MODE!\r\n\r\nERROR\r\n"),
            ("AT+SYSIOSETCFG=12,3,1", OK),
            ("AT+SYSIOGETCFG=12", "+SYSIOGETCFG:12,3,1\r\n\r\nOK\r\n"),
            ("AT+SYSGPIOWRITE=12,1", "NOT OUTPUT!\r\n\r\nERROR\r\n"),
            ("AT+SYSGPIODIR=12,1", OK),
            ("AT+SYSGPIOWRITE=12,1", OK),
            ("AT+SYSGPIOREAD=12", "+SYSGPIOREAD:12,1,1\r\n\r\nOK\r\n"),
            ("AT+SYSGPIOREAD=4", "+SYSGPIOREAD:4,0,0\r\n\r\nOK\r\n"),
            ("AT+SYSADC?", "+SYSADC:512\r\n\r\nOK\r\n"),
        ],
        ms(50),
    );
    assert_eq!(host.bench.module().pin_output(12), Some(true));
    assert_eq!(host.bench.module().pin_output(4), None);
    host.bench
        .schedule_after(ms(0), Action::SetPin { pin: 4, high: true });
    assert!(host.ask("AT+SYSGPIOREAD=4").contains(":4,0,1\r\n"));
    all_errors(
        &mut host,
        &[
            "AT+SYSIOSETCFG=6,0,0",
            "AT+SYSIOSETCFG=16,0,0",
            "AT+SYSIOSETCFG=12,5,0",
            "AT+SYSGPIODIR=4,2",
            "AT+SYSGPIOREAD=\"4\"",
        ],
    );
}

#[test]
fn system_messages() {
    let mut host = nonos();
    host.session(
        &[
            ("AT+SYSMSG_CUR?", "+SYSMSG_CUR:0x0\r\n\r\nOK\r\n"),
            ("AT+SYSMSG_CUR=3", OK),
            ("AT+SYSMSG_CUR?", "+SYSMSG_CUR:0x3\r\n\r\nOK\r\n"),
            ("AT+SYSMSG_DEF?", "+SYSMSG_DEF:0x0\r\n\r\nOK\r\n"),
            ("AT+SYSMSG_DEF=1", OK),
            ("AT+SYSMSG_CUR=2", OK),
            ("AT+SYSMSG_CUR=4", ERROR),
            ("AT+SYSRAM?", "+SYSRAM:33000\r\n\r\nOK\r\n"),
        ],
        ms(50),
    );
    host.ask_for("AT+RST", ms(500));
    host.ask("ATE0");
    assert!(host.ask("AT+SYSMSG_CUR?").contains(":0x1\r\n"));
    host.ask_for("AT+RESTORE", ms(500));
    host.ask("ATE0");
    assert!(host.ask("AT+SYSMSG_CUR?").contains(":0x0\r\n"));
    let mut host = Host::fast(Settings::esp_at());
    host.ask("AT+SYSSTORE=0");
    assert_eq!(host.ask("AT+SYSMSG=5"), OK);
    assert_eq!(host.ask("AT+SYSMSG?"), "+SYSMSG:5\r\n\r\nOK\r\n");
    assert_eq!(host.ask("AT+SYSRAM?"), "+SYSRAM:33000,16500\r\n\r\nOK\r\n");
    host.ask_for("AT+RST", ms(500));
    host.ask("ATE0");
    assert!(host.ask("AT+SYSMSG?").contains(":0\r\n"), "not stored");
}

#[test]
fn an_update_goes_through_four_steps_and_restarts() {
    let joined = |settings: Settings| settings.with_echo(false).with_initial(InitialState::Joined);
    let mut host = Host::new(joined(Settings::esp_at()));
    assert_eq!(host.ask("AT+CIUPDATE"), "+CIPUPDATE:1\r\n");
    let heard = host.listen(Duration::from_secs(13));
    let steps = "+CIPUPDATE:2\r\n+CIPUPDATE:3\r\n+CIPUPDATE:4\r\n\r\nOK\r\n";
    assert!(heard.starts_with(steps), "{heard:?}");
    assert_eq!(host.bench.module().restarts(), 1);
    let mut host = nonos();
    assert_eq!(host.ask("AT+CIUPDATE"), ERROR, "without Wi-Fi");
}

#[test]
fn each_release_of_esp_at_has_its_version() {
    for (release, version) in [
        (EspAtRelease::V2_1, "AT version:2.1.0.0("),
        (EspAtRelease::V2_2, "AT version:2.2.1.0("),
        (EspAtRelease::V2_3, "AT version:2.3.0.0("),
        (EspAtRelease::V3_3, "AT version:3.3.0.0("),
    ] {
        let mut host = Host::fast(Settings::esp_at().with_release(release));
        let heard = host.ask("AT+GMR");
        assert!(heard.starts_with(version), "{heard:?}");
    }
}

#[test]
fn the_time_stamp_of_esp_at_counts() {
    let mut host = Host::fast(Settings::esp_at());
    assert_eq!(host.ask("AT+SYSTIMESTAMP=1565853509"), OK);
    host.bench.advance(Duration::from_secs(10));
    let heard = host.ask("AT+SYSTIMESTAMP?");
    assert_eq!(heard, "+SYSTIMESTAMP:1565853519\r\n\r\nOK\r\n");
}
