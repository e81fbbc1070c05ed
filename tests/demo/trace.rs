//! `--trace` and what must not be in it.

use crate::{
    demo,
    redact::{is_confidential, redacted},
};

#[test]
fn shows_commands_but_no_secrets() {
    for dialect in ["vendor", "esp-at"] {
        let run = demo(&["--trace", "--dialect", dialect]);
        run.succeeded();
        let has = |text| assert!(run.stderr.contains(text), "{text}: {}", run.stderr);
        has(" s >> AT+GMR\\r\\n\n");
        has(" s << AT+GMR\\r\\n\n");
        has(" s >> AT+CWJAP");
        has("\"emulated-ap\",<redacted>\\r\\n\n");
        has(" s >> AT+MQTTUSERCFG=0,1,\"esp8266-demo\",\"demo\",<redacted>,0,0,\"\"\\r\\n\n");
        has(" s << +MQTTSUBRECV:");
        let all = run.stdout + &run.stderr;
        assert!(!all.contains("emulated-password"), "{all}");
        assert!(!all.contains("demo-password"), "{all}");
    }
}

#[test]
fn shows_no_refused_secrets_either() {
    let run = demo(&["--trace", "--password", "my,\"Wi-Fi\\secret"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("\"emulated-ap\",<redacted>\\r\\n\n"));
    assert!(!run.stderr.contains("Wi-Fi\\"), "{}", run.stderr);
    let run = demo(&["--trace", "--aliyun", "product,device,device-secret"]);
    run.succeeded();
    assert!(
        run.stderr
            .contains(",1883,\"product\",\"device\",<redacted>\\r\\n\n")
    );
    assert!(!run.stderr.contains("device-secret"), "{}", run.stderr);
}

#[test]
fn redaction_survives_quotes_noise_and_half_lines() {
    for (line, shown) in [
        (r#"AT+CWJAP="a","b""#, r#"AT+CWJAP="a",<redacted>"#),
        (
            r#"AT+CWJAP="a\",\"b","c,d\",e","aa:bb""#,
            r#"AT+CWJAP="a\",\"b",<redacted>,"aa:bb""#,
        ),
        (
            r#"AT+CWJAP_CUR="a\\","b"#,
            r#"AT+CWJAP_CUR="a\\",<redacted>"#,
        ),
        (
            r#"x?AT+MQTTPASSWORD=0,"b""#,
            r#"x?AT+MQTTPASSWORD=0,<redacted>"#,
        ),
        (
            r#"AT+MQTTUSERCFG=0,1,"c","","p",0,0,"""#,
            r#"AT+MQTTUSERCFG=0,1,"c","",<redacted>,0,0,"""#,
        ),
        (r#"at+cwjap="a","b""#, r#"at+cwjap="a",<redacted>"#),
        (
            r#"AT+CWSAP_CUR="a","b",1,3"#,
            r#"AT+CWSAP_CUR="a",<redacted>,1,3"#,
        ),
        (
            r#"+CWSAP:"a","b",1,3,4,0"#,
            r#"+CWSAP:"a",<redacted>,1,3,4,0"#,
        ),
        (
            r#"+MQTTUSERCFG:0,1,"c","u","p",0,0,"""#,
            r#"+MQTTUSERCFG:0,1,"c","u",<redacted>,0,0,"""#,
        ),
        ("password:a,b", "password:<redacted>"),
        (r"AT+CWJAP?", r"AT+CWJAP?"),
        (
            r#"+CWJAP:"a","44:33:4c:90:96:9a",11,-55"#,
            r#"+CWJAP:"a","44:33:4c:90:96:9a",11,-55"#,
        ),
    ] {
        assert_eq!(String::from_utf8_lossy(&redacted(line.as_bytes())), shown);
        assert_eq!(is_confidential(line.as_bytes()), line != shown, "{line}");
    }
}
