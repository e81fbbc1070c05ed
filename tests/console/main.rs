//! The example `console`: files that it plays, commands from a pipe, and keys in a terminal.
//!
//! These tests run the executable of the example, which `cargo test` builds and `cargo test --test console` does not.

#[path = "../demo/peer.rs"]
#[allow(dead_code, reason = "the demo needs more of it")]
mod peer;
#[cfg(unix)]
mod terminal;

use std::{
    env::{consts::EXE_SUFFIX, current_exe, temp_dir},
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio, id},
};

fn executable() -> PathBuf {
    let mut path = current_exe().expect("a path");
    path.pop();
    path.pop();
    path.join(format!("examples/console{EXE_SUFFIX}"))
}

struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn console(arguments: &[&str], input: &str) -> Run {
    let mut child = Command::new(executable())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the example is built");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input.as_bytes()).expect("a reader");
    drop(stdin);
    let output = child.wait_with_output().expect("an end");
    Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

fn play(name: &str, text: &str, arguments: &[&str]) -> Run {
    let path = temp_dir().join(format!("console-{}-{name}", id()));
    fs::write(&path, text).expect("a file");
    let file = path.to_str().expect("text");
    let run = console(&[arguments, &["play", file]].concat(), "");
    fs::remove_file(&path).expect("the file");
    run
}

const VALUES: [&str; 6] = [
    "--set",
    "SSID=emulated-ap",
    "--set",
    "PASSWORD=emulated-password",
    "--set",
    "BROKER=any",
];

#[test]
fn the_manuals_session_on_both_firmwares() {
    for firmware in ["vendor", "esp-at"] {
        let arguments = [&VALUES[..], &["--emulator", firmware]].concat();
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/console/publish.txt");
        let run = console(&[&arguments[..], &["play", file]].concat(), "");
        assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
        assert!(
            run.stdout
                .contains("\n10 ok, 1 refused as allowed, 0 not ok, "),
            "{}",
            run.stdout
        );
        assert!(run.stdout.contains("+MQTTPUB:OK"), "{}", run.stdout);
        assert!(!run.stdout.contains("emulated-password"), "{}", run.stdout);
    }
}

#[test]
fn a_refused_command_is_told_and_the_rest_played() {
    let run = play("refused", "AT\nAT+NOPE\n- AT+NOPE=1\nAT\n", &[]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert!(
        run.stdout
            .contains("> AT+NOPE\n< ERROR\n  NOT OK: ERROR after ")
    );
    assert!(run.stdout.contains("  not ok, but allowed: ERROR after "));
    assert!(
        run.stdout
            .contains("\n2 ok, 1 refused as allowed, 1 not ok, ")
    );
}

#[test]
fn what_does_not_come_is_told() {
    let run = play("wait", "wait 200 ms for WIFI GOT IP\n", &[]);
    assert_eq!(run.code, Some(1));
    let expected = "  NOT OK: WIFI GOT IP has not come in 200ms\n";
    assert!(run.stdout.contains(expected), "{}", run.stdout);
}

#[test]
fn a_file_with_a_mistake_is_not_played() {
    for (line, mistake) in [
        ("hello", "2: not a command: hello"),
        (
            "AT+CWJAP=\"$NO_SUCH_NAME\"",
            "2: $NO_SUCH_NAME has no value: --set NO_SUCH_NAME=…",
        ),
        ("wait 5", "2: write: wait 500 ms"),
        ("wait 5 h", "2: h is neither ms nor s"),
        ("> \\q", "2: \\q is not known; write \\\\ for a backslash"),
        ("> \\xyz", "2: \\xyz is not a byte"),
        (
            "AT+MQTTPUBRAW=0,\"a,1\",5,0,0\n> abc",
            " AT+MQTTPUBRAW announces 5 bytes, 3 follow",
        ),
        ("> abc", " AT announces 0 bytes, 3 follow"),
    ] {
        let run = play("mistake", &format!("AT\n{line}\n"), &[]);
        assert_eq!(run.code, Some(1), "{line}");
        let expected = format!(":{mistake}\n");
        assert!(run.stderr.ends_with(&expected), "{line}: {}", run.stderr);
        assert_eq!(run.stdout, "", "nothing was sent");
    }
    let run = console(&["play", "no-such-file"], "");
    assert!(run.stderr.starts_with("error: cannot read no-such-file: "));
}

#[test]
fn a_module_behind_a_tcp_port() {
    let script = |line: &str| match line {
        "AT+SLEEP?" => Some(peer::Reply::Say("+SLEEP:2\r\n\r\nOK\r\n")),
        "AT+RST" => Some(peer::Reply::HangUp),
        _ => None,
    };
    let port = peer::start(script);
    let run = play("tcp", "AT+SLEEP?\n", &["--port", &port]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("< +SLEEP:2\n< OK\n  ok: OK after "));

    let port = peer::start(script);
    let run = play("gone", "AT+RST\n", &["--port", &port]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.starts_with("error: the port failed: "),
        "{}",
        run.stderr
    );

    let run = console(&["--port", "/dev/no-such-port"], "");
    assert!(
        run.stderr
            .contains("cannot open the port /dev/no-such-port")
    );
}

#[test]
fn commands_from_a_pipe() {
    let input = "ATE0\nAT+CWMODE?\nAT+MQTTPUBRAW=0,\"t\",3,0,0\nAT+NOPE\nplay no-such-file\n";
    let run = console(&[], input);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains("+CWMODE:"), "{}", run.stdout);
    // Without a connection the module refuses; it does not wait for data.
    assert_eq!(run.stdout.matches("ERROR\n").count(), 2, "{}", run.stdout);
    assert!(run.stdout.contains("cannot read no-such-file"));
}
