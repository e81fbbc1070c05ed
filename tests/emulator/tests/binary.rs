//! The binary: its ports, its output, its exit codes.
#![cfg(feature = "cli")]

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

struct Emulator {
    child: Child,
    address: String,
}

impl Emulator {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_esp8266-mqtt-emulator"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut address = String::new();
        let stdout = child.stdout.as_mut().expect("piped");
        BufReader::new(stdout)
            .read_line(&mut address)
            .expect("an address");
        let address = address.trim().into();
        Self { child, address }
    }

    fn tcp(&self) -> TcpStream {
        let address = self.address.strip_prefix("tcp://").expect("a TCP address");
        let stream = TcpStream::connect(address).expect("it listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        stream
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Types a line and reads up to the end of its answer.
fn ask(stream: &mut (impl Read + Write), line: &str) -> String {
    stream.write_all(format!("{line}\r\n").as_bytes()).unwrap();
    let mut heard = String::new();
    while !heard.ends_with("\r\nOK\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("an answer");
        heard.push(char::from(byte[0]));
    }
    heard
}

#[test]
fn tcp_serves_one_host_after_the_other_and_keeps_the_module_on() {
    let emulator = Emulator::start(&[
        "--listen",
        "tcp://127.0.0.1:0",
        "--dialect",
        "esp-at",
        "--trace",
    ]);
    assert_eq!(ask(&mut emulator.tcp(), "ATE0"), "ATE0\r\n\r\nOK\r\n");
    assert_eq!(ask(&mut emulator.tcp(), "AT+CWMODE=3"), "\r\nOK\r\n");
    assert_eq!(
        ask(&mut emulator.tcp(), "AT+CWMODE?"),
        "+CWMODE:3\r\n\r\nOK\r\n"
    );
    let mut emulator = emulator;
    let mut trace = BufReader::new(emulator.child.stderr.take().unwrap());
    let mut line = String::new();
    trace.read_line(&mut line).unwrap();
    assert!(line.ends_with(" ms  >> ATE0\n"), "{line}");
}

#[test]
fn pty_serves_clients_that_come_and_go() {
    let emulator = Emulator::start(&["--listen", "pty", "--baud", "115200", "--dialect", "nonos"]);
    for _ in 0..2 {
        let mut terminal = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&emulator.address)
            .expect("a terminal");
        assert_eq!(ask(&mut terminal, "AT"), "AT\r\n\r\nOK\r\n");
    }
}

#[test]
fn bytes_are_paced_at_the_baud() {
    let emulator = Emulator::start(&["--listen", "tcp://127.0.0.1:0"]);
    let start = std::time::Instant::now();
    ask(&mut emulator.tcp(), "AT+GMR");
    // 8 bytes in; about 140 out at 9600 baud.
    assert!(
        start.elapsed() > Duration::from_millis(130),
        "{:?}",
        start.elapsed()
    );
}

/// A file of faults that is gone with this value.
struct Faults(PathBuf);

impl Faults {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("emulator-{name}-{}", std::process::id()));
        std::fs::write(&path, text).expect("written");
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("text")
    }
}

impl Drop for Faults {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).ok();
    }
}

#[test]
fn faults_come_from_a_file() {
    let faults = Faults::new(
        "faults",
        "# Three of them\non GMR text here is another module\n\nat 0.2 s print WIFI DISCONNECT\nat 0.4 s restart\n",
    );
    let emulator = Emulator::start(&[
        "--listen",
        "tcp://127.0.0.1:0",
        "--baud",
        "115200",
        "--faults",
        faults.path(),
    ]);
    let mut stream = emulator.tcp();
    stream.write_all(b"AT+GMR\r\n").unwrap();
    let mut heard = String::new();
    while !heard.ends_with("\r\nready\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("what is in the file");
        heard.push(char::from(byte[0]));
    }
    for text in ["here is another module\r\n", "WIFI DISCONNECT\r\n"] {
        assert!(heard.contains(text), "{heard}");
    }
}

#[test]
fn mistakes_have_words_and_exit_codes() {
    let wrong = Faults::new("wrong", "at 5 s restart\nat noon restart\n");
    let of_broker = Faults::new("of-broker", "at 5 s lose-broker\n");
    for (arguments, code, words) in [
        (
            &["--faults", wrong.path()][..],
            1,
            "line 2: at noon restart",
        ),
        (
            &["--faults", of_broker.path(), "--broker", "dns"],
            1,
            "--broker memory",
        ),
        (&["--faults", "/no/such/file"], 1, "/no/such/file: "),
        (&["--listen", "udp"][..], 1, "neither pty nor tcp"),
        (
            &["--listen", "tcp://256.0.0.1:1"],
            1,
            "cannot listen on 256.0.0.1:1",
        ),
        (&["--broker", "nowhere"], 1, "not HOST:PORT"),
        (&["--baud", "9"], 2, "not in 110"),
        (&["--dialect", "other"], 2, "possible values"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_esp8266-mqtt-emulator"))
            .args(arguments)
            .output()
            .expect("the binary starts");
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{message}");
        assert!(message.contains(words), "{message}");
    }
}
