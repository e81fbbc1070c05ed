//! The emulator against logs of real modules. The numbers are those of the project's collection of transcripts.

mod common;

use std::time::Duration;

use common::{Host, ms, one_access_point};
use esp8266_mqtt_emulator::broker::HostState;
use esp8266_mqtt_emulator::{
    AccessPoint, Action, Fault, InitialState, Message, Reaction, Settings,
};

fn echoing(settings: Settings, state: InitialState) -> Host {
    Host::new(settings.fast().with_baud(115_200).with_initial(state))
}

#[test]
fn t1_refused_connect_prints_a_urc_then_error_and_leaves_state_2() {
    let mut host = echoing(Settings::esp_at(), InitialState::Joined);
    let name = "23SI6PNSS9.iotcloud.tencentdevices.com";
    host.bench.broker().set_host(name, HostState::Refusing);
    host.session(
        &[
            (
                r#"AT+MQTTUSERCFG=0,1,"23SI6PNSS9esp32","23SI6PNSS9esp32","***",0,0,"""#,
                "AT+MQTTUSERCFG=0,1,\"23SI6PNSS9esp32\",\"23SI6PNSS9esp32\",\"***\",0,0,\"\"\r\n\r\nOK\r\n",
            ),
            (
                r#"AT+MQTTCONN=0,"23SI6PNSS9.iotcloud.tencentdevices.com",1883,1"#,
                "AT+MQTTCONN=0,\"23SI6PNSS9.iotcloud.tencentdevices.com\",1883,1\r\n+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n",
            ),
            (
                "AT+MQTTCONN?",
                "AT+MQTTCONN?\r\n+MQTTCONN:0,2,1,\"\",\"\",\"\",0\r\n\r\nOK\r\n",
            ),
        ],
        ms(100),
    );
}

#[test]
fn t2_connected_then_subscribe_kills_the_link() {
    let mut settings = Settings::esp_at();
    settings.latency.round_trip = ms(300);
    let mut host = Host::new(settings.with_initial(InitialState::Joined));
    host.ask(r#"AT+MQTTUSERCFG=0,1,"cid","","",0,0,"""#);
    host.session(
        &[
            (
                r#"AT+MQTTCONNCFG=0,60,0,"lwt_topic","lwt_message",1,0"#,
                "AT+MQTTCONNCFG=0,60,0,\"lwt_topic\",\"lwt_message\",1,0\r\n\r\nOK\r\n",
            ),
            (
                r#"AT+MQTTCONN=0,"thingsboard.iotprojects.eu",9082,0"#,
                "AT+MQTTCONN=0,\"thingsboard.iotprojects.eu\",9082,0\r\n\
                 +MQTTCONNECTED:0,1,\"thingsboard.iotprojects.eu\",\"9082\",\"\",0\r\n\r\nOK\r\n",
            ),
            (
                "AT+MQTTCONN?",
                "AT+MQTTCONN?\r\n+MQTTCONN:0,4,1,\"thingsboard.iotprojects.eu\",\"9082\",\"\",0\r\n\r\nOK\r\n",
            ),
        ],
        ms(1000),
    );
    host.bench.schedule_after(ms(100), Action::CutMqtt);
    host.session(
        &[(
            r#"AT+MQTTSUB=0,"v1/devices/me/telemetry",1"#,
            "AT+MQTTSUB=0,\"v1/devices/me/telemetry\",1\r\n+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n",
        )],
        ms(1000),
    );
    let will = &host.bench.broker().published()[0].message;
    assert_eq!(
        (will.topic.as_str(), will.payload.as_slice(), will.qos),
        ("lwt_topic", &b"lwt_message"[..], 1)
    );
}

#[test]
fn t4_stock_nonos_has_no_mqtt_and_no_blank_line_after_gmr() {
    let mut settings = Settings::stock_nonos();
    settings.addresses.ip = "172.20.10.4".into();
    settings.addresses.gateway = "172.20.10.1".into();
    settings.addresses.netmask = "255.255.255.240".into();
    let mut host = echoing(settings, InitialState::Joined);
    host.session(
        &[
            (
                "AT+CIPSTA?",
                "AT+CIPSTA?\r\n+CIPSTA:ip:\"172.20.10.4\"\r\n+CIPSTA:gateway:\"172.20.10.1\"\r\n\
                 +CIPSTA:netmask:\"255.255.255.240\"\r\n\r\nOK\r\n",
            ),
            (
                r#"AT+MQTTUSERCFG=0,5,"ESP32","espressif","***",0,0,"""#,
                "AT+MQTTUSERCFG=0,5,\"ESP32\",\"espressif\",\"***\",0,0,\"\"\r\n\r\nERROR\r\n",
            ),
            (
                "AT+GMR",
                "AT+GMR\r\nAT version:1.7.4.0(May 11 2020 19:13:04)\r\nSDK version:3.0.4(9532ceb)\r\n\
                 compile time:May 27 2020 10:12:17\r\nBin version(Wroom 02):1.7.4\r\nOK\r\n",
            ),
        ],
        ms(100),
    );
}

#[test]
fn t5_a_publish_that_never_answers_leaves_every_retry_busy() {
    let mut host = Host::connected_esp_at();
    host.bench
        .fault(Fault::command("MQTTPUB", 1, Reaction::Hang));
    let line = r#"AT+MQTTPUB=0,"thinker-pr01","HelloWorld",0,0"#;
    assert_eq!(host.ask(line), "");
    for _ in 0..4 {
        assert_eq!(host.ask(line), "\r\nbusy p...\r\n");
    }
}

#[test]
fn t8_polling_during_a_failing_join() {
    let mut access_point = AccessPoint::new("xxx", "***");
    access_point.joining = esp8266_mqtt_emulator::settings::Joining::Refused;
    let settings = Settings::esp_at().with_access_points(vec![access_point]);
    let mut host = Host::new(settings);
    host.ask("AT+CWMODE=1");
    let start = host.bench.now();
    let mut heard = host.ask_for(r#"AT+CWJAP="xxx","***""#, ms(2000));
    while !heard.contains("ERROR") {
        let before = host.bench.now() - start;
        assert!(
            before < Duration::from_secs(17),
            "no answer within {before:?}"
        );
        heard = host.ask_for("AT", ms(750));
        let busy = "AT\r\n\r\nbusy p...\r\n";
        let last = heard.strip_prefix(busy).unwrap_or(&heard);
        assert!(
            heard == busy || last.ends_with("+CWJAP:4\r\n\r\nERROR\r\n"),
            "{heard:?}"
        );
    }
    assert!(host.bench.now() - start >= Duration::from_secs(15));
    assert_eq!(host.ask("AT"), "AT\r\n\r\nOK\r\n");
}

#[test]
fn t10_a_urc_falls_into_the_echo() {
    let mut host = echoing(Settings::vendor(), InitialState::Ready);
    host.type_bytes(b"AT+CIPSEND=0,");
    host.bench
        .at(host.bench.now(), Action::Inject(b"1,CONNECT\r\n".to_vec()));
    host.bench.advance(ms(2));
    host.type_bytes(b"98\r\n");
    assert!(
        host.listen(ms(10))
            .starts_with("AT+CIPSEND=0,1,CONNECT\r\n98\r\n")
    );
}

#[test]
fn t16_session_with_a_raw_publish() {
    let mut host = echoing(Settings::esp_at(), InitialState::Joined);
    host.session(
        &[
            ("AT+CIPSTATUS", "AT+CIPSTATUS\r\nSTATUS:2\r\n\r\nOK\r\n"),
            (
                "AT+CIFSR",
                "AT+CIFSR\r\n+CIFSR:STAIP,\"192.168.101.212\"\r\n+CIFSR:STAMAC,\"84:cc:a8:b4:49:cf\"\r\n\r\nOK\r\n",
            ),
            (
                r#"AT+MQTTUSERCFG=0,1,"FFFF0000AA000001","FFFF0000AA000001","***",0,0,"""#,
                "AT+MQTTUSERCFG=0,1,\"FFFF0000AA000001\",\"FFFF0000AA000001\",\"***\",0,0,\"\"\r\n\r\nOK\r\n",
            ),
            (
                r#"AT+MQTTCONN=0,"192.168.101.175",1883,1"#,
                "AT+MQTTCONN=0,\"192.168.101.175\",1883,1\r\n\
                 +MQTTCONNECTED:0,1,\"192.168.101.175\",\"1883\",\"\",1\r\n\r\nOK\r\n",
            ),
            (
                r#"AT+MQTTPUB=0,"/sys/update","Hello",1,0"#,
                "AT+MQTTPUB=0,\"/sys/update\",\"Hello\",1,0\r\n\r\nOK\r\n",
            ),
            (
                r#"AT+MQTTPUBRAW=0,"/sys/update",5,1,0"#,
                "AT+MQTTPUBRAW=0,\"/sys/update\",5,1,0\r\n\r\nOK\r\n\r\n>",
            ),
        ],
        ms(100),
    );
    host.type_bytes(&[1, 2, 3, 4, 5]);
    assert_eq!(host.listen(ms(100)), "+MQTTPUB:OK\r\n");
    let published = host.bench.broker().published();
    assert_eq!(
        published[1].message,
        Message::new("/sys/update", [1, 2, 3, 4, 5]).with_qos(1)
    );
}

#[test]
fn t17_esp_at_joins_and_says_where() {
    let settings = Settings::esp_at().with_access_points(one_access_point("BL_841R", "***"));
    let mut host = echoing(settings, InitialState::Ready);
    host.session(
        &[
            ("AT+CWJAP?", "AT+CWJAP?\r\nNo AP\r\n\r\nOK\r\n"),
            ("AT+CWMODE=1", "AT+CWMODE=1\r\n\r\nOK\r\n"),
            (
                r#"AT+CWJAP="BL_841R","***""#,
                "AT+CWJAP=\"BL_841R\",\"***\"\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n",
            ),
            (
                "AT+CWJAP?",
                "AT+CWJAP?\r\n+CWJAP:\"BL_841R\",\"44:33:4c:90:96:9a\",11,-55,0,0,0,0\r\n\r\nOK\r\n",
            ),
        ],
        ms(100),
    );
    let version = host.ask("AT+GMR");
    assert!(
        version.contains("AT version:2.") && version.ends_with("(WROOM-02)\r\n\r\nOK\r\n"),
        "{version}"
    );
}

#[test]
fn t19_restart_and_leaving_print_wifi_disconnect_around_ok() {
    let mut host = Host::new(
        Settings::vendor()
            .with_baud(115_200)
            .with_echo(false)
            .with_initial(InitialState::Joined),
    );
    let heard = host.ask_for("AT+RST", Duration::from_secs(2));
    assert!(
        heard.starts_with("\r\nOK\r\nWIFI DISCONNECT\r\n"),
        "{heard:?}"
    );
    assert!(heard.ends_with("\r\nready\r\n"), "{heard:?}");
    assert_eq!(
        host.listen(Duration::from_secs(6)),
        "WIFI CONNECTED\r\nWIFI GOT IP\r\n"
    );
    host.ask("ATE0");
    assert_eq!(host.ask("AT+CWQAP"), "WIFI DISCONNECT\r\n\r\nOK\r\n");
}

#[test]
fn t20_status_while_the_station_rejoins() {
    let mut host = echoing(Settings::vendor(), InitialState::Joined);
    host.ask("ATE0");
    host.bench.at(host.bench.now(), Action::LoseWifi);
    assert_eq!(host.listen(ms(10)), "WIFI DISCONNECT\r\n");
    assert_eq!(host.ask("AT+CIPSTATUS"), "STATUS:5\r\n\r\nOK\r\n");
    host.bench.at(host.bench.now(), Action::RestoreWifi);
    assert_eq!(host.listen(ms(10)), "WIFI CONNECTED\r\nWIFI GOT IP\r\n");
    assert_eq!(host.ask("AT+CIPSTATUS"), "STATUS:2\r\n\r\nOK\r\n");
}

#[test]
fn t28_raw_publish_without_a_link() {
    let mut host = Host::fast(Settings::esp_at());
    host.ask("AT+SYSLOG=1");
    let heard = host.ask(r#"AT+MQTTPUBRAW=0,"t",5,0,0"#);
    assert_eq!(heard, "ERR CODE:0x010a6006\r\n\r\nERROR\r\n");
}

#[test]
fn t32_the_vendors_receive_format_and_times() {
    let settings = Settings::vendor().with_echo(false);
    let mut host = Host::new(settings);
    host.ask("AT+CWMODE_CUR=1");
    let ask = |host: &mut Host, line: &str| {
        let start = host.bench.now();
        host.heard();
        host.type_line(line);
        let mut heard = String::new();
        while !heard.ends_with("\r\nOK\r\n") {
            heard += &host.listen(ms(1));
        }
        (host.bench.now() - start).as_millis()
    };
    // Before Wi-Fi, as the vendor's example does; the log has 591 ms from the end of the step before.
    let connect = r#"AT+ALIYUN_MQTTCONN="a1gVfAJo2pv.iot-as-mqtt.cn-shanghai.aliyuncs.com",1883,"a1gVfAJo2pv","emakefun","***""#;
    let time = ask(&mut host, connect);
    assert!((480..=620).contains(&time), "{time} ms");
    host.ask_for(
        r#"AT+CWJAP_CUR="Workshop","password""#,
        Duration::from_secs(5),
    );
    let time = ask(
        &mut host,
        r#"AT+MQTTSUB=0,"/a1gVfAJo2pv/emakefun/user/get",0"#,
    );
    assert!((60..=80).contains(&time), "{time} ms");
    let time = ask(
        &mut host,
        r#"AT+MQTTPUB=0,"/a1gVfAJo2pv/emakefun/user/add","on",0,1"#,
    );
    assert!((60..=90).contains(&time), "{time} ms");
    host.bench.advance(Duration::from_secs(1));
    host.bench.broker().publish(Message::new(
        "/a1gVfAJo2pv/emakefun/user/get",
        "hello world",
    ));
    assert_eq!(
        host.listen(ms(100)),
        "+MQTTSUBRECV:/a1gVfAJo2pv/emakefun/user/get,hello world\r\n"
    );
    host.ask(r#"AT+MQTTSUB=0,"test/a",0"#);
    host.bench.broker().publish(Message::new("test/a", "123"));
    assert_eq!(host.listen(ms(100)), "+MQTTSUBRECV:test/a,123\r\n");
}

#[test]
fn t34_json_raw_is_an_error_and_escaped_is_published() {
    let mut host = Host::connected_esp_at();
    let raw = r#"AT+MQTTPUB=0,"device/date","{"msg1": 22,"msg2": 56,"msg3": 94,"time": 1667009139,"devname":"123456"}",0,0"#;
    assert_eq!(host.ask(raw), "\r\nERROR\r\n");
    let escaped = r#"AT+MQTTPUB=0,"device/date","{\"msg1\":22\,\"msg2\":56\,\"msg3\":94\,\"time\":1667009139\,\"devname\":\"123456\"}",0,0"#;
    assert_eq!(host.ask(escaped), "\r\nOK\r\n");
    let published = host.bench.broker().published();
    let json = r#"{"msg1":22,"msg2":56,"msg3":94,"time":1667009139,"devname":"123456"}"#;
    assert_eq!(published.len(), 1);
    assert_eq!(published[0].message, Message::new("device/date", json));
}

#[test]
fn t38_join_errors_and_an_escaped_zero() {
    let mut silent = AccessPoint::new("xiejun", "***");
    silent.joining = esp8266_mqtt_emulator::settings::Joining::Timeout;
    let mut host = Host::fast(Settings::esp_at().with_access_points(vec![silent]));
    host.ask("AT+CWMODE=1");
    assert_eq!(
        host.ask(r#"AT+CWJAP="xiejun","***""#),
        "+CWJAP:1\r\n\r\nERROR\r\n"
    );
    assert_eq!(
        host.ask(r#"AT+CWJAP="xiejun\0","***\0""#),
        "+CWJAP:3\r\n\r\nERROR\r\n"
    );
    host.bench
        .set_access_points(one_access_point("xiejun0", "***0"));
    let heard = host.ask(r#"AT+CWJAP="xiejun\0","***\0""#);
    assert!(heard.ends_with("WIFI GOT IP\r\n\r\nOK\r\n"), "{heard}");
}

#[test]
fn t40_a_line_end_behind_the_payload_is_refused_as_busy() {
    let mut settings = Settings::esp_at()
        .with_initial(InitialState::Joined)
        .with_echo(false);
    settings.latency.round_trip = ms(50);
    let mut host = Host::new(settings);
    host.ask(r#"AT+MQTTUSERCFG=0,1,"cid","","",0,0,"""#);
    host.ask_for(r#"AT+MQTTCONN=0,"mqtts.heclouds.com",1883,0"#, ms(1000));
    let reply = "$sys/SQKg9n0Ii0/temperatureAndHumidity/thing/property/post/reply";
    host.ask(&format!(r#"AT+MQTTSUB=0,"{reply}",0"#));
    let state = host.ask("AT+MQTTSUB?");
    assert_eq!(state, format!("+MQTTSUB:0,6,\"{reply}\",0\r\n\r\nOK\r\n"));
    let line =
        r#"AT+MQTTPUBRAW=0,"$sys/SQKg9n0Ii0/temperatureAndHumidity/thing/property/post",146,0,0"#;
    assert_eq!(host.ask(line), "\r\nOK\r\n\r\n>");
    let json = r#"{"id":"123","version":"1.0","params":{"currentTemperature":{"value":22,"time":1747458287111},"currenthumidity":{"value":33,"time":1747458287111}}}"#;
    host.type_line(json);
    assert_eq!(host.listen(ms(100)), "\r\nbusy p...\r\n+MQTTPUB:OK\r\n");
    host.bench.broker().publish(Message::new(
        reply,
        r#"{"id":"123","code":200,"msg":"success"}"#,
    ));
    let urc = format!(
        "+MQTTSUBRECV:0,\"{reply}\",39,{{\"id\":\"123\",\"code\":200,\"msg\":\"success\"}}\r\n"
    );
    assert_eq!(host.listen(ms(100)), urc);
}

#[test]
fn t43_unknown_command_with_the_log_on() {
    let mut host = Host::fast(Settings::esp_at());
    assert_eq!(host.ask("AT+SYSLOG=1"), "\r\nOK\r\n");
    assert_eq!(host.ask("AT+FAKE"), "ERR CODE:0x01090000\r\n\r\nERROR\r\n");
    host.ask("AT+CWMODE=1");
    host.bench
        .fault(Fault::command("CWMODE", 1, Reaction::Late(ms(50))));
    host.type_line("AT+CWMODE=1");
    host.type_line("");
    assert_eq!(
        host.listen(ms(10)),
        "ERR CODE:0x010b0000\r\n\r\nbusy p...\r\n"
    );
}
