//! Data that follows prompts, and the pieces that the module's words are cut into.

use crate::{
    frames::{Frame, Frames, readable},
    payload::{Data, announced, parse},
};

#[test]
fn announced_data() {
    for (line, count) in [
        ("AT+MQTTPUBRAW=0,\"a,5\\\",6\",300,1,0", 300),
        ("at+mqttpubraw=0,\"t\",2,0,0", 2),
        ("AT+MQTTLONGPASSWORD=0,70", 70),
        ("AT+CIPSEND=4", 4),
        ("AT+CIPSEND=1,4", 4),
        ("AT+CIPSEND=4,\"10.0.0.1\",8080", 4),
        ("AT+CIPSEND=1,4,\"10.0.0.1\",8080", 4),
        ("AT+CIPSENDEX=0,9", 9),
    ] {
        assert_eq!(announced(line), Some(Data::Counted(count)), "{line}");
    }
    assert_eq!(announced("AT+CIPSEND"), Some(Data::Passthrough));
    for line in [
        "AT+CIPSEND=?",
        "AT+MQTTPUB=0,\"t\",\"5\",0,0",
        "AT+MQTTPUBRAW=0,\"t\"",
        "AT",
    ] {
        assert_eq!(announced(line), None, "{line}");
    }
}

#[test]
fn typed_data() {
    let wanted = "ü\r\n\t\0\\"
        .bytes()
        .chain([0xff, b'a'])
        .collect::<Vec<_>>();
    assert_eq!(parse("ü\\r\\n\\t\\0\\\\\\xffa").as_ref(), Ok(&wanted));
    for wrong in ["\\", "\\q", "\\x", "\\x+1", "\\xf", "\\xgg"] {
        assert!(parse(wrong).is_err(), "{wrong}");
    }
}

/// What `bytes` are cut into, given one by one.
fn cut(bytes: &[u8], expects_prompt: bool) -> Vec<String> {
    let mut frames = Frames::default();
    frames.expects_prompt = expects_prompt;
    let mut all = Vec::new();
    for byte in bytes {
        frames.push(&[*byte]);
        while let Some(frame) = frames.next() {
            all.push(match frame {
                Frame::Line(line) => readable(&line),
                Frame::Message(message) => format!("message {}", readable(&message)),
                Frame::Prompt => "prompt".into(),
            });
        }
    }
    while let Some(Frame::Line(rest)) = frames.flush() {
        all.push(format!("rest {}", readable(&rest)));
    }
    all
}

#[test]
fn lines_messages_and_data() {
    assert_eq!(
        cut(b"AT\r\r\n+CWMODE:1\r\n\r\nOK\r\n", false),
        ["AT", "+CWMODE:1", "OK"]
    );
    // Framed by its length, in front of a line and with line ends in it.
    assert_eq!(
        cut(b"+MQTTSUBRECV:0,\"t\",6,\r\nOK\r\n\r\nOK\r\n", false),
        ["message +MQTTSUBRECV:0,\"t\",6,\\r\\nOK\\r\\n", "OK"]
    );
    assert_eq!(
        cut(b"+MQTTSUBRECV:t,a,b\r\nOK\r\n", false),
        ["message +MQTTSUBRECV:t,a,b", "OK"]
    );
    assert_eq!(
        cut(
            b"\r\n+IPD,4:\nOK\n\r\n+IPD,1,2,10.0.0.1,80:ab+CIPRECVDATA,3:a\nb\r\nOK\r\n",
            false
        ),
        [
            "+IPD,4:\\nOK\\n",
            "+IPD,1,2,10.0.0.1,80:ab",
            "+CIPRECVDATA,3:a\\nb",
            "OK"
        ]
    );
    assert_eq!(cut(b"\r\n+IPD,0,20\r\nOK\r\n", false), ["+IPD,0,20", "OK"]);
    assert_eq!(
        cut(b"\r\nOK\r\n> \r\nRecv 2 bytes\r\n", true),
        ["OK", "prompt", "Recv 2 bytes"]
    );
    assert_eq!(cut(b"> a\r\n", false), ["> a"]);
}

#[test]
fn what_does_not_end_is_shown_all_the_same() {
    assert_eq!(cut(b"Smart started", false), ["rest Smart started"]);
    assert_eq!(
        cut(b"+MQTTSUBRECV:0,\"t\",90,a\r\nready\r\n", false),
        ["rest +MQTTSUBRECV:0,\"t\",90,a", "rest ready"]
    );
}

#[test]
fn text_and_noise() {
    assert_eq!(readable("ü\t\x07\u{85}".as_bytes()), "ü\\t\\x07\\u{85}");
    assert_eq!(readable(b"\xe9\x83 ok ok ok"), "\\xe9\\x83 ok ok ok");
    assert_eq!(
        readable(b"\xe9\x83\x00\x9cr\x8en"),
        "(7 bytes that are no text)"
    );
}
