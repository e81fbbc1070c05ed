//! Keys that are typed into a terminal.

use crate::{
    Scratch,
    example::executable,
    near,
    peer::{self, Reply},
};
use serialport::TTYPort;
use std::{
    fs::{self, OpenOptions},
    io::{Read, Write},
    process::{Child, Command},
    thread::sleep,
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_secs(20);

/// The console in a pseudo-terminal, seen from the keyboard and the screen.
struct Terminal {
    near: TTYPort,
    child: Child,
    /// What has been shown and not been looked at.
    shown: String,
}

impl Terminal {
    fn open(arguments: &[&str]) -> Self {
        let (near, path) = near::pair(Duration::from_millis(10));
        let end = || {
            let options = OpenOptions::new().read(true).write(true).open(&path);
            options.expect("the far end")
        };
        let child = Command::new(executable("console"))
            .args(arguments)
            .env("TERM", "xterm")
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .expect("the example is built");
        Self {
            near,
            child,
            shown: String::new(),
        }
    }

    fn types(&mut self, keys: &str) {
        self.near.write_all(keys.as_bytes()).expect("typed");
    }

    /// Waits until `text` is on the screen, and looks at nothing before it any more.
    #[track_caller]
    fn shows(&mut self, text: &str) {
        let start = Instant::now();
        loop {
            if let Some(at) = self.shown.find(text) {
                self.shown.drain(..at + text.len());
                return;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "no {text:?} in {:?}",
                self.shown
            );
            self.read();
        }
    }

    fn read(&mut self) {
        let mut buffer = [0; 1024];
        if let Ok(count) = self.near.read(&mut buffer) {
            self.shown
                .push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    }

    #[track_caller]
    fn ends(&mut self) {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                assert!(status.success(), "{status}: {}", self.shown);
                return;
            }
            assert!(start.elapsed() < PATIENCE, "still runs: {:?}", self.shown);
            self.read();
            sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

const UP: &str = "\x1b[A";
const RIGHT: &str = "\x1b[C";
/// The line editor gives the terminal back.
const ENTERED: &str = "\x1b[?2004l";
const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";
const CTRL_U: &str = "\x15";

#[test]
fn hints_completion_history_and_what_the_module_says() {
    let history = Scratch::new("AT+SYSRAM?\n");
    let mut terminal = Terminal::open(&["--history", history.path()]);
    terminal.shows("In range: access point \"emulated-ap\"");
    terminal.shows("AT> ");

    // The rest of the name is taken over, the parameters are only shown.
    terminal.types("AT+MQTTPUBR");
    terminal.shows("\x1b[2mAW\x1b[0m");
    terminal.types(RIGHT);
    terminal.shows("=0,<topic>,<length>,<qos>,<retain>");
    terminal.types("=0,");
    terminal.shows("<topic>,<length>,<qos>,<retain>");
    terminal.types(CTRL_U);
    terminal.types("at+cwli\t");
    terminal.shows("AT+CWLIF");
    terminal.types(CTRL_C);
    terminal.shows("AT> ");

    // Unsolicited lines come while the next command is being typed, which is shown again below them.
    terminal.types("AT+CWMODE=1\r");
    terminal.shows("OK");
    terminal.types("AT+CWJAP=\"emulated-ap\",\"emulated-password\"\r");
    terminal.shows(ENTERED);
    terminal.shows("AT> ");
    terminal.types("AT+CWMO");
    terminal.shows("WIFI GOT IP   (the module has an address)");
    terminal.shows("OK");
    terminal.shows("AT> AT+CWMO");
    terminal.types("DE?\r");
    terminal.shows("+CWMODE:1");

    // This session's commands, then the last one's.
    terminal.types(UP);
    terminal.shows("AT+CWMODE?");
    terminal.types(UP);
    terminal.shows("AT+CWJAP=\"emulated-ap\"");
    terminal.types(UP);
    terminal.types(UP);
    terminal.shows("AT+SYSRAM?");
    terminal.types("\r");
    terminal.shows("+SYSRAM:");
    terminal.types(CTRL_D);
    terminal.ends();

    let kept = fs::read_to_string(history.path()).expect("written");
    assert_eq!(kept, "AT+SYSRAM?\nAT+CWMODE=1\nAT+CWMODE?\nAT+SYSRAM?\n");
}

#[test]
fn data_for_a_prompt() {
    let file = Scratch::new(
        "AT+CWMODE=1\nAT+CWJAP=\"$SSID\",\"$PASSWORD\"\n\
         AT+MQTTUSERCFG=0,1,\"id\",\"$MQTT_USER\",\"$MQTT_PASSWORD\",0,0,\"\"\n\
         AT+MQTTCONN=0,\"broker\",1883,0\nAT+MQTTSUB=0,\"t\",0\n",
    );
    let mut terminal = Terminal::open(&["--no-history", "--emulator", "esp-at"]);
    terminal.shows("AT> ");
    terminal.types(&format!("play {}\r", file.path()));
    terminal.shows("5 of 5 steps played: 5 OK, 0 failed");
    terminal.shows("AT> ");

    terminal.types("AT+MQTTPUBRAW=0,\"t\",5,0,0\r");
    terminal.shows("5 bytes> ");
    terminal.types("hello world\r");
    terminal.shows("(11 bytes, the module takes 5: type it again)");
    terminal.shows("5 bytes> ");
    terminal.types("he\\x6c\r");
    terminal.shows("2 bytes> ");
    terminal.types("lo\r");
    terminal.shows("+MQTTPUB:OK");
    terminal.shows("+MQTTSUBRECV:0,\"t\",5,hello   (message on \"t\", 5 bytes)");
    terminal.shows("AT> ");

    // There is no way out of it but data.
    terminal.types("AT+MQTTPUBRAW=0,\"t\",3,0,0\r");
    terminal.shows("3 bytes> ");
    terminal.types(CTRL_C);
    terminal.shows("cannot be stopped");
    terminal.shows("3 bytes> ");
    terminal.types(CTRL_C);
    terminal.shows("+MQTTSUBRECV:0,\"t\",3,   ");
    terminal.shows("AT> ");
    // Pasted lines wait for each other.
    terminal.types("\x1b[200~AT+RST\nAT+CWMODE?\x1b[201~\r");
    terminal.shows("ready   (the module has started)");
    terminal.shows("+CWMODE:1");
    terminal.types(CTRL_D);
    terminal.ends();
}

#[test]
fn other_data() {
    let port = peer::start(|line| match line {
        "AT+CIPSEND" | "AT+CIPSENDEX=20" => Some(Reply::Say("\r\nOK\r\n\r\n>")),
        "hello" => Some(Reply::Say("heard hello\r\n")),
        "+++AT" => Some(Reply::Say("\r\nERROR\r\n")),
        "ab\\0" => Some(Reply::Say("\r\nRecv 2 bytes\r\n\r\nSEND OK\r\n")),
        _ => None,
    });
    let mut terminal = Terminal::open(&["--no-history", "--port", &port]);
    terminal.shows("AT> ");
    // Passthrough: `+++` goes out without a line end.
    terminal.types("AT+CIPSEND\r");
    terminal.shows("+++ ends> ");
    terminal.types("hello\r");
    terminal.shows("heard hello");
    terminal.types("+++\r");
    terminal.shows("AT> ");
    terminal.types("AT\r");
    terminal.shows("ERROR");
    // What was announced is only a limit here.
    terminal.types("AT+CIPSENDEX=20\r");
    terminal.shows("20 bytes> ");
    terminal.types("ab\\\\0\\r\\n\r");
    terminal.shows("SEND OK");
    terminal.types("\r");
    terminal.shows("AT> ");
    terminal.types(CTRL_D);
    terminal.ends();
}
