//! `play FILE` on the emulated module and on one that follows a script.

use crate::{
    Scratch, console,
    example::{self, Run, executable},
    peer,
    peer::Reply,
    played, steps,
};
use std::{process::Command, time::Duration};

fn played_at(port: &str, text: &str) -> Run {
    let file = Scratch::new(text);
    console(&["--port", port, "play", file.path()])
}

#[test]
fn the_manuals_steps_work_in_both_dialects() {
    let file = steps();
    let file = file.to_str().expect("text");
    for (dialect, message) in [
        ("vendor", "    +MQTTSUBRECV:esp8266-console,"),
        ("esp-at", "    +MQTTSUBRECV:0,\"esp8266-console\",5,"),
    ] {
        let run = console(&["--emulator", dialect, "play", file]);
        run.ended_with(0);
        run.has("13 of 13 steps played: 12 OK, 1 refused as allowed, 0 failed, ");
        run.has("AT+CWJAP=\"emulated-ap\",<redacted>\n    WIFI CONNECTED\n    WIFI GOT IP\n    OK\n  OK, 3 lines, ");
        run.has(&format!("{message}\\x01\\x02abc\n  came, "));
        run.has("    OK\n    > (5 bytes)\n    +MQTTPUB:OK\n");
        assert!(!run.stdout.contains("password"), "{}", run.stdout);
        assert_eq!(run.stderr, "");
    }
}

#[test]
fn a_refused_command_is_told_and_the_rest_played() {
    let text = "AT\n\n# no such thing\nAT+NONSENSE=1\n- AT+NONSENSE=2\nAT+CWMODE?\n";
    let run = played(text, &[]);
    run.ended_with(1);
    run.has("AT+NONSENSE=1\n    ERROR\n  FAILED in line 4: refused, 1 line, ");
    run.has("AT+NONSENSE=2\n    ERROR\n  refused, as allowed, 1 line, ");
    run.has("AT+CWMODE?\n    +CWMODE:2\n    OK\n  OK, 2 lines, ");
    run.has("4 of 4 steps played: 2 OK, 1 refused as allowed, 1 failed, ");

    let run = played(text, &["--stop"]);
    run.ended_with(1);
    run.has("2 of 4 steps played: 1 OK, 1 failed, ");
}

#[test]
fn a_restart_is_waited_for() {
    for dialect in ["vendor", "esp-at"] {
        let run = played("AT+RST\nATE0\nAT+GMR\n", &["--emulator", dialect]);
        run.ended_with(0);
        run.has("    ready\n  OK, ");
        run.has("3 of 3 steps played: 3 OK, 0 failed, ");
    }
}

#[test]
fn values_are_escaped_as_the_module_wants_it() {
    // The access point is another one, so that the module's own words tell what it understood.
    let text = "AT+CWHOSTNAME=\"$NAME\"\nAT+CWHOSTNAME?\nAT+CWMODE=${MODE:-3}\nAT+CWMODE?\n";
    let run = played(text, &["--set", "NAME=a\\b,c\"d", "--emulator", "esp-at"]);
    run.has("AT+CWHOSTNAME=\"a\\\\b\\,c\\\"d\"\n");
    run.has("+CWMODE:3\n");
    let set = Scratch::new("AT+CWMODE=$CONSOLE_TEST_MODE\nAT+CWMODE?\n");
    let mut command = Command::new(executable("console"));
    let run = example::run(
        command
            .env("CONSOLE_TEST_MODE", "1")
            .args(["play", set.path()]),
    );
    run.ended_with(0);
    run.has("+CWMODE:1\n");
}

#[test]
fn a_file_with_a_mistake_is_not_half_played() {
    for (text, mistake) in [
        ("AT\nHELLO\n", ":2: not a command: HELLO"),
        (
            "AT\nAT+CWJAP=\"$NOWHERE\"\n",
            ":2: $NOWHERE has no value: --set NOWHERE=… (a dollar sign itself is $$)",
        ),
        (
            "AT+MQTTPUBRAW=0,\"a,5\",3,0,0\n> ab\n",
            ":1: AT+MQTTPUBRAW announces 3 bytes, 2 follow",
        ),
        ("AT\n> ab\n", ":1: AT announces 0 bytes, 2 follow"),
        (
            "AT+CIPSEND=2\n> \\x4\n",
            ":2: \\x4 is not a byte: two hexadecimal digits",
        ),
        (
            "wait 3 h\n",
            ":1: write: wait 500 ms, or: wait 5 s for TEXT",
        ),
        (
            "AT+CIPSEND\n",
            ":1: passthrough mode has no answers: use it by hand",
        ),
    ] {
        let run = played(text, &[]);
        run.ended_with(1);
        assert_eq!(run.stdout, "");
        assert!(
            run.stderr.ends_with(&format!("{mistake}\n")),
            "{}",
            run.stderr
        );
    }
    let run = console(&["play", "/no/such/file"]);
    run.ended_with(1);
    assert!(run.stderr.starts_with("error: cannot read /no/such/file: "));
}

#[test]
fn a_silent_module_is_given_its_time() {
    let port = peer::start(|_| Some(Reply::Say("")));
    let run = played_at(&port, "AT\nwait 300 ms for nothing\n");
    run.ended_with(1);
    run.has("AT\n  FAILED in line 1: no answer in time, 0 lines, 1.0");
    run.has("  FAILED in line 2: no nothing within 0.3 s\n");
}

#[test]
fn busy_and_restart_are_no_answers() {
    let port = peer::start(|line| match line {
        "AT+ONE" => Some(Reply::Say("\r\nbusy p...\r\n")),
        "AT+TWO" => Some(Reply::Say("\u{1}\u{2}\u{3}\u{4}\r\nready\r\n")),
        _ => None,
    });
    let run = played_at(&port, "AT+ONE\nAT+TWO\nAT\n");
    run.ended_with(1);
    run.has("    busy p...\n  FAILED in line 1: busy, ");
    run.has(
        "    (4 bytes that are no text)\n    ready\n  FAILED in line 2: the module restarted, ",
    );
    run.has("3 of 3 steps played: 1 OK, 2 failed, ");
}

#[test]
fn a_message_between_ok_and_prompt_does_no_harm() {
    let port = peer::start(|line| {
        line.starts_with("AT+MQTTPUBRAW").then_some(Reply::SayLater(
            "\r\nOK\r\n+MQTTSUBRECV:0,\"t\",9,\r\n>ERROR\r\r\n",
            Duration::from_millis(50),
            "\r\n>",
        ))
    });
    // The scripted module answers lines, so the data is one.
    let run = played_at(
        &port,
        "AT+MQTTPUBRAW=0,\"t\",4,0,0\n> ab\\r\\n\nwait 1 s for ,9,\n",
    );
    run.ended_with(0);
    run.has("    +MQTTSUBRECV:0,\"t\",9,\\r\\n>ERROR\\r\n    > (4 bytes)\n    OK\n  OK, 4 lines, ");
    run.has("2 of 2 steps played: 2 OK, 0 failed, ");
}

#[test]
fn a_lost_port_ends_it() {
    let port = peer::start(|line| line.starts_with("AT+X").then_some(Reply::HangUp));
    let run = played_at(&port, "AT\nAT+X\nAT\n");
    run.ended_with(1);
    assert_eq!(
        run.stderr,
        "error: the port failed: closed by the other side\n"
    );
}
