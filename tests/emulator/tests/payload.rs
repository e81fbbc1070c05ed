//! The data mode of `AT+MQTTPUBRAW`, and messages longer than the buffer.

mod common;

use common::{Host, ms};
use esp8266_mqtt_emulator::{Action, Bench, Fault, InitialState, Message, Reaction, Settings};

const OK_AND_PROMPT: &str = "\r\nOK\r\n\r\n>";

#[test]
fn payload_is_raw_and_what_follows_is_a_command() {
    let mut host = Host::connected_esp_at();
    host.ask("ATE1");
    let line = r#"AT+MQTTPUBRAW=0,"t",12,0,0"#;
    assert_eq!(host.ask(line), format!("{line}\r\n{OK_AND_PROMPT}"));
    host.type_bytes(b"\0\"\\,\r\nAT\r\n+");
    assert_eq!(
        host.listen(ms(5)),
        "",
        "one byte is missing, and nothing is echoed"
    );
    assert_eq!(host.bench.module().payload_owed(), 1);
    host.type_bytes(b"+AT\r\n");
    assert_eq!(host.listen(ms(50)), "+MQTTPUB:OK\r\nAT\r\n\r\nOK\r\n");
    let published = host.bench.broker().published();
    assert_eq!(
        published[0].message,
        Message::new("t", b"\0\"\\,\r\nAT\r\n++")
    );
}

#[test]
fn nothing_ends_the_data_mode_but_the_last_byte() {
    let mut host = Host::connected_esp_at();
    host.ask(r#"AT+MQTTPUBRAW=0,"t",40,0,0"#);
    host.bench.advance(ms(100_000));
    host.type_bytes(b"+++");
    assert_eq!(host.listen(ms(2000)), "");
    assert_eq!(host.ask("AT"), "");
    assert_eq!(host.bench.module().payload_owed(), 40 - 3 - 4);
}

#[test]
fn a_urc_can_stand_between_ok_and_the_prompt_and_before_the_result() {
    let mut settings = Settings::esp_at()
        .fast()
        .with_initial(InitialState::Joined)
        .with_echo(false);
    settings.latency.prompt = ms(20);
    let mut host = Host::new(settings);
    host.ask(r#"AT+MQTTUSERCFG=0,1,"cid","","",0,0,"""#);
    host.ask(r#"AT+MQTTCONN=0,"broker",1883,0"#);
    host.ask(r#"AT+MQTTSUB=0,"in",0"#);
    host.type_line(r#"AT+MQTTPUBRAW=0,"t",2,0,0"#);
    host.bench.at(
        host.bench.now() + ms(5),
        Action::Deliver(Message::new("in", "1")),
    );
    assert_eq!(
        host.listen(ms(50)),
        "\r\nOK\r\n+MQTTSUBRECV:0,\"in\",1,1\r\n\r\n>"
    );
    host.type_bytes(b"a");
    host.bench.broker().publish(Message::new("in", "2"));
    assert_eq!(host.listen(ms(50)), "+MQTTSUBRECV:0,\"in\",1,2\r\n");
    host.type_bytes(b"b");
    assert_eq!(host.listen(ms(50)), "+MQTTPUB:OK\r\n");
}

#[test]
fn a_link_that_drops_during_the_payload_is_reported_without_a_line_end() {
    let mut host = Host::connected_esp_at();
    host.ask(r#"AT+MQTTPUBRAW=0,"t",4,0,0"#);
    host.type_bytes(b"ab");
    host.bench.at(host.bench.now(), Action::CutMqtt);
    assert_eq!(host.listen(ms(100)), "");
    host.type_bytes(b"cd");
    assert_eq!(host.listen(ms(100)), "+MQTTDISCONNECTED:0+MQTTPUB:FAIL\r\n");
    assert!(host.bench.broker().published().is_empty());
}

#[test]
fn a_link_that_drops_before_the_acknowledgement_fails_the_publish() {
    let mut settings = Settings::esp_at()
        .fast()
        .with_initial(InitialState::Joined)
        .with_echo(false);
    settings.latency.round_trip = ms(100);
    let mut host = Host::new(settings);
    host.ask(r#"AT+MQTTUSERCFG=0,1,"cid","","",0,0,"""#);
    host.ask(r#"AT+MQTTCONN=0,"broker",1883,0"#);
    host.ask(r#"AT+MQTTPUBRAW=0,"t",1,1,0"#);
    host.type_bytes(b"x");
    host.bench.schedule_after(ms(50), Action::CutMqtt);
    assert_eq!(
        host.listen(ms(100)),
        "+MQTTDISCONNECTED:0\r\n+MQTTPUB:FAIL\r\n"
    );
}

#[test]
fn the_packet_with_header_and_topic_must_fit_the_buffer() {
    let mut host = Host::connected_esp_at();
    // 512 bytes: 3 of fixed header, 2 + 4 of topic, and the payload.
    assert_eq!(
        host.ask(r#"AT+MQTTPUBRAW=0,"long",504,0,0"#),
        "\r\nERROR\r\n"
    );
    assert_eq!(host.ask(r#"AT+MQTTPUBRAW=0,"long",503,0,0"#), OK_AND_PROMPT);
}

#[test]
fn a_long_message_comes_in_parts_with_their_own_lengths() {
    let mut host = Host::connected_esp_at();
    host.ask(r#"AT+MQTTSUB=0,"long",0"#);
    let payload: String = (0..1200)
        .map(|index| char::from(b'a' + (index % 26) as u8))
        .collect();
    host.bench.broker().publish(Message::new("long", &payload));
    let part = |from: usize, to: usize| {
        format!(
            "+MQTTSUBRECV:0,\"long\",{},{}\r\n",
            to - from,
            &payload[from..to]
        )
    };
    let expected = part(0, 503) + &part(503, 1015) + &part(1015, 1200);
    assert_eq!(host.listen(ms(500)), expected);
}

#[test]
fn a_module_found_in_data_mode_takes_the_owed_bytes_first() {
    let mut host = Host::fast(Settings::esp_at().with_initial(InitialState::DataMode(6)));
    assert_eq!(host.ask("AT"), "");
    host.type_bytes(b"xx");
    assert_eq!(host.listen(ms(10)), "+MQTTPUB:FAIL\r\n");
    assert_eq!(host.ask("AT"), "\r\nOK\r\n");
}

#[test]
fn a_module_found_with_half_a_line_or_in_passthrough() {
    let half = InitialState::HalfLine(b"AT+CWMO".to_vec());
    let mut host = Host::fast(Settings::vendor().with_initial(half));
    assert_eq!(host.ask("AT"), "\r\nERROR\r\n");
    assert_eq!(host.ask("AT"), "\r\nOK\r\n");

    let mut host = Host::fast(Settings::vendor().with_initial(InitialState::Passthrough));
    assert_eq!(host.ask("AT"), "");
    host.type_bytes(b"+++\r\n");
    host.bench.advance(ms(1000));
    assert_eq!(
        host.ask("AT"),
        "",
        "the line end made it no packet of its own"
    );
    host.bench.advance(ms(100));
    host.type_bytes(b"+++");
    host.bench.advance(ms(1000));
    assert_eq!(host.ask("AT"), "\r\nOK\r\n");
}

#[test]
fn a_scripted_failure_of_the_publish() {
    let mut host = Host::connected_esp_at();
    host.bench
        .fault(Fault::command("MQTTPUBRAW", 1, Reaction::PublishFail));
    assert_eq!(host.ask(r#"AT+MQTTPUBRAW=0,"t",1,0,0"#), OK_AND_PROMPT);
    host.type_bytes(b"x");
    assert_eq!(host.listen(ms(10)), "+MQTTPUB:FAIL\r\n");
    assert!(host.bench.broker().published().is_empty());
}

#[test]
fn the_vendors_firmware_queues_until_the_broker_is_there() {
    let bench = Bench::new(
        Settings::vendor()
            .fast()
            .with_echo(false)
            .with_rx_fifo(4096),
    );
    let mut host = Host { bench };
    assert_eq!(host.ask("AT+CWMODE=1"), "\r\nOK\r\n");
    assert_eq!(
        host.ask(r#"AT+MQTTUSERCFG=0,1,"cid","","",0,0,"""#),
        "\r\nOK\r\n"
    );
    assert_eq!(host.ask(r#"AT+MQTTCONN=0,"broker",1883,0"#), "\r\nOK\r\n");
    assert_eq!(host.ask(r#"AT+MQTTSUB=0,"t",0"#), "\r\nOK\r\n");
    assert_eq!(host.ask(r#"AT+MQTTPUB=0,"t","a,b",0,0"#), "\r\nOK\r\n");
    assert!(!host.bench.module().is_connected());
    assert_eq!(
        host.ask("AT+MQTTCONN?"),
        "+MQTTCONN:0,3,1,\"broker\",\"1883\",\"\",0\r\n\r\nOK\r\n"
    );
    let heard = host.ask(r#"AT+CWJAP_CUR="Workshop","password""#);
    let joined = "WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n";
    assert_eq!(heard, format!("{joined}+MQTTSUBRECV:t,a,b\r\n"));
    assert!(host.bench.module().is_connected());
}
