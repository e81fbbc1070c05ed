//! What the console knows of commands, all from the table in the crate's documentation.

use crate::catalogue::{Hint, completions, hint, time_for};

fn note(line: &str) -> Option<String> {
    match hint(line)? {
        Hint::Note(note) => Some(note),
        Hint::Rest(rest) => panic!("{line}: {rest}"),
    }
}

fn rest(line: &str) -> Option<String> {
    match hint(line)? {
        Hint::Rest(rest) => Some(rest),
        Hint::Note(note) => panic!("{line}: {note}"),
    }
}

#[test]
fn names() {
    assert_eq!(completions("at+mqttcle"), ["AT+MQTTCLEAN"]);
    assert_eq!(completions("AT+MQTTPUB"), ["AT+MQTTPUB=", "AT+MQTTPUBRAW"]);
    assert_eq!(completions("AT+CWLIF"), ["AT+CWLIF"]);
    let modes = completions("AT+CWMODE");
    for name in [
        "AT+CWMODE=",
        "AT+CWMODE=?",
        "AT+CWMODE?",
        "AT+CWMODE_CUR",
        "AT+CWMODE_DEF",
    ] {
        assert!(modes.iter().any(|completion| completion == name), "{name}");
    }
    assert!(completions("AT+NONSENSE").is_empty());
    assert_eq!(rest("at+mqttpubr").as_deref(), Some("AW"));
    assert!(hint("AT+").is_none() && hint("AT+NONSENSE").is_none());
}

#[test]
fn forms() {
    assert_eq!(note("AT+CIPMUX").as_deref(), Some("  ?  =<mode>  (all)"));
    assert_eq!(
        note("AT+MQTTSUB").as_deref(),
        Some("  ?  =0,<topic>,<qos>  (vendor, 2.0)")
    );
}

#[test]
fn parameters_that_are_still_to_come() {
    for (line, wanted) in [
        ("AT+CWJAP_DEF=", "<ssid>,<password>[,<bssid>]"),
        ("AT+CWJAP_DEF=\"a,b", ",<password>[,<bssid>]"),
        ("AT+CWJAP=\"a\\\",b\",", "<password>[,<bssid>]"),
        ("AT+CWJAP=\"a\",\"b\",", "<bssid>"),
        ("AT+MQTTPUBRAW=0,\"t\",", "<length>,<qos>,<retain>"),
        ("AT+CIPSTART=\"UDP\",\"h\",1,", "<local port>,<mode>"),
        ("AT+CIPSTART=0,\"SSL\",\"h\",1", "[,<keep-alive>]"),
        ("AT+CIPSERVER=1,", "<port>"),
    ] {
        let shown = note(line).expect(line);
        assert_eq!(
            shown.replace(['[', ']'], ""),
            wanted.replace(['[', ']'], ""),
            "{line}"
        );
    }
    assert!(note("AT+MQTTSUB=0,\"t\",1").is_none());
    assert!(note("AT+CWMODE?").is_none());
}

#[test]
fn times_are_the_drivers() {
    for (line, seconds) in [
        ("AT", 1),
        ("ATE0", 1),
        ("at+cwmode?", 1),
        ("AT+CWJAP=\"a\",\"b\"", 20),
        ("AT+CWJAP_DEF=\"a\",\"b\"", 20),
        ("AT+CWLAP", 10),
        ("AT+MQTTCONN=0,\"h\",1883,0", 30),
        ("AT+CIPSTART=\"SSL\",\"h\",1", 30),
        ("AT+NONSENSE", 5),
    ] {
        assert_eq!(time_for(line).as_secs(), seconds, "{line}");
    }
}
