//! Line framing, echo and busy answers, byte for byte.

mod common;

use common::{Host, ms};
use esp8266_mqtt_emulator::{Bench, Settings};

fn both() -> [Settings; 2] {
    [Settings::vendor(), Settings::esp_at()]
}

#[test]
fn final_results_have_line_ends_before_and_after() {
    for settings in both() {
        let mut host = Host::fast(settings);
        assert_eq!(host.ask("AT"), "\r\nOK\r\n");
        assert_eq!(host.ask("AT+NONSENSE"), "\r\nERROR\r\n");
        assert_eq!(host.ask("AT+CWJAP?"), "No AP\r\n\r\nOK\r\n");
    }
}

#[test]
fn the_echo_is_the_line_as_typed() {
    for settings in both() {
        let mut host = Host::new(settings.fast().with_baud(115_200));
        assert_eq!(host.ask("AT"), "AT\r\n\r\nOK\r\n");
        assert_eq!(host.ask("ATE0"), "ATE0\r\n\r\nOK\r\n");
        assert_eq!(host.ask("AT"), "\r\nOK\r\n");
        assert_eq!(host.ask("ATE1"), "\r\nOK\r\n");
        assert_eq!(host.ask("ATE2"), "ATE2\r\n\r\nERROR\r\n");
        host.ask("ATE0");
        host.ask_for("AT+RST", ms(500));
        assert_eq!(host.ask("AT"), "AT\r\n\r\nOK\r\n");
    }
}

#[test]
fn an_empty_line_is_an_error() {
    for settings in both() {
        let mut host = Host::fast(settings);
        assert_eq!(host.ask(""), "\r\nERROR\r\n");
        host.type_bytes(b"AT\n");
        assert_eq!(host.listen(ms(50)), "\r\nERROR\r\n");
        host.type_bytes(b"AT\r");
        assert_eq!(host.listen(ms(50)), "");
    }
}

#[test]
fn each_line_during_a_command_gets_one_busy_answer_and_is_lost() {
    for settings in both() {
        let mut host = Host::new(settings.with_echo(false).with_baud(115_200));
        host.ask("AT+CWMODE=1");
        host.type_line(r#"AT+CWJAP="Workshop","password""#);
        assert_eq!(host.ask_for("AT+CWMODE=3", ms(5)), "\r\nbusy p...\r\n");
        assert_eq!(host.ask_for("AT", ms(5)), "\r\nbusy p...\r\n");
        let rest = host.listen(ms(6000));
        assert_eq!(rest, "WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n");
        assert!(host.ask("AT+CWMODE?").contains(":1\r\n"));
    }
}

#[test]
fn a_restart_typed_while_busy_is_forced_on_nonos_only() {
    let mut host = Host::new(Settings::vendor().with_echo(false).with_baud(115_200));
    host.ask("AT+CWMODE=1");
    host.type_line(r#"AT+CWJAP="Workshop","password""#);
    let heard = host.ask_for("AT+RST", ms(10));
    assert!(
        heard.starts_with("\r\nWill force to restart!!!\r\n\r\nOK\r\n"),
        "{heard}"
    );
    assert!(host.listen(ms(1000)).ends_with("\r\nready\r\n"));

    let mut host = Host::new(Settings::esp_at().with_echo(false));
    host.ask("AT+CWMODE=1");
    host.type_line(r#"AT+CWJAP="Workshop","password""#);
    assert_eq!(host.ask_for("AT+RST", ms(10)), "\r\nbusy p...\r\n");
}

#[test]
fn nonos_names_are_upper_case_and_esp_at_takes_any() {
    let mut host = Host::fast(Settings::vendor());
    assert_eq!(host.ask("at+cwmode?"), "\r\nERROR\r\n");
    assert_eq!(host.ask("at+CWMODE?"), "+CWMODE:2\r\n\r\nOK\r\n");
    let mut host = Host::fast(Settings::esp_at());
    assert_eq!(host.ask("at+cwmode?"), "+CWMODE:2\r\n\r\nOK\r\n");
}

#[test]
fn cur_and_def_names_exist_on_nonos_only() {
    let mut host = Host::fast(Settings::esp_at());
    assert_eq!(host.ask("AT+CWMODE_CUR=1"), "\r\nERROR\r\n");
    assert_eq!(host.ask("AT+CWJAP_DEF?"), "\r\nERROR\r\n");
    assert_eq!(
        host.ask("AT+UART_CUR?"),
        "+UART_CUR:115200,8,1,0,0\r\n\r\nOK\r\n"
    );
    let mut host = Host::fast(Settings::vendor());
    assert_eq!(
        host.ask("AT+CWMODE_CUR=?"),
        "+CWMODE_CUR:(1-3)\r\n\r\nOK\r\n"
    );
    assert_eq!(host.ask("AT+SYSLOG=1"), "\r\nERROR\r\n");
}

#[test]
fn trace_shows_both_directions_with_their_times() {
    let bench = Bench::new(Settings::vendor().fast().with_echo(false));
    let mut host = Host {
        bench: bench.clone(),
    };
    host.ask("AT\x01");
    let printed = bench.trace().to_string();
    let lines: Vec<&str> = printed.lines().collect();
    assert!(lines[0].ends_with(r">> AT\x01"), "{printed}");
    assert!(lines[1].ends_with("<< "), "{printed}");
    assert!(lines[2].ends_with("<< ERROR"), "{printed}");
    assert_eq!(bench.sent(), b"AT\x01\r\n");
    assert_eq!(bench.received(), b"\r\nERROR\r\n");
}

#[test]
fn a_scan_lists_the_access_points_after_its_time() {
    let mut host = Host::new(Settings::vendor().with_baud(115_200).with_echo(false));
    assert_eq!(host.ask("AT+CWLAP"), "\r\nERROR\r\n", "not in soft-AP mode");
    host.ask("AT+CWMODE=1");
    assert_eq!(host.ask_for("AT+CWLAP", ms(1600)), "");
    let line = "+CWLAP:(3,\"Workshop\",-55,\"44:33:4c:90:96:9a\",11,0,0,4,4,7,1)\r\n";
    assert_eq!(host.listen(ms(100)), format!("{line}\r\nOK\r\n"));
}

#[test]
fn the_multiplexer_setting_is_lost_with_a_restart() {
    let mut host = Host::fast(Settings::vendor());
    assert_eq!(host.ask("AT+CIPMUX=1"), "\r\nOK\r\n");
    assert_eq!(host.ask("AT+CIPMUX?"), "+CIPMUX:1\r\n\r\nOK\r\n");
    host.ask_for("AT+RST", ms(500));
    host.ask("ATE0");
    assert_eq!(host.ask("AT+CIPMUX?"), "+CIPMUX:0\r\n\r\nOK\r\n");
    assert_eq!(host.ask("AT+CIPMUX=2"), "\r\nERROR\r\n");
}

#[test]
fn nonos_looks_at_the_join_once_a_second_so_its_ok_comes_late() {
    let mut host = Host::new(Settings::vendor().with_baud(115_200).with_echo(false));
    host.ask("AT+CWMODE=1");
    let urcs = "WIFI CONNECTED\r\nWIFI GOT IP\r\n";
    assert_eq!(
        host.ask_for(r#"AT+CWJAP="Workshop","password""#, ms(3990)),
        urcs
    );
    assert_eq!(host.listen(ms(50)), "\r\nOK\r\n");
    let mut host = Host::new(Settings::esp_at().with_echo(false));
    host.ask("AT+CWMODE=1");
    let heard = host.ask_for(r#"AT+CWJAP="Workshop","password""#, ms(3750));
    assert_eq!(heard, format!("{urcs}\r\nOK\r\n"));
}
