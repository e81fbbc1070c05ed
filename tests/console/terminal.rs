//! Keys in a pseudo-terminal.

use super::executable;
use rustix::{
    fs::{Mode, OFlags, open},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
};
use std::{
    env::temp_dir,
    fs,
    fs::File,
    io::{Read, Write},
    process::{Child, Command, id},
    sync::mpsc::{Receiver, channel},
    thread::spawn,
    time::{Duration, Instant},
};

struct Terminal {
    child: Child,
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    shown: String,
}

impl Terminal {
    fn start(arguments: &[&str]) -> Self {
        let near = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&near).expect("granted");
        unlockpt(&near).expect("unlocked");
        let name = ptsname(&near, Vec::new()).expect("a name");
        let far = open(&name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).expect("its far end");
        let far = File::from(far);
        let child = Command::new(executable())
            .args(arguments)
            .env("TERM", "xterm")
            .stdin(far.try_clone().expect("another"))
            .stdout(far.try_clone().expect("another"))
            .stderr(far)
            .spawn()
            .expect("the example is built");
        let keyboard = File::from(near);
        let mut reader = keyboard.try_clone().expect("another");
        let (to_screen, screen) = channel();
        spawn(move || {
            let mut buffer = [0; 1024];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if to_screen.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            keyboard,
            screen,
            shown: String::new(),
        }
    }

    fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("a reader");
    }

    /// Waits until `text` is on the screen, and forgets it with all before it.
    fn shows(&mut self, text: &str) {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(at) = self.shown.find(text) {
                self.shown.drain(..at + text.len());
                return;
            }
            let left = end.saturating_duration_since(Instant::now());
            match self.screen.recv_timeout(left) {
                Ok(bytes) => self.shown.push_str(&String::from_utf8_lossy(&bytes)),
                Err(_) => panic!("no {text:?} in {:?}", self.shown),
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[test]
fn hints_completion_history_and_what_comes_by_itself() {
    let history = temp_dir().join(format!("console-history-{}", id()));
    let mut terminal = Terminal::start(&["--history", history.to_str().expect("text")]);
    terminal.shows("AT> ");

    // The rest of the name as a hint, and by the tabulator.
    terminal.press("AT+GM");
    terminal.shows("\x1b[2mR\x1b[0m");
    terminal.press("\t\r");
    terminal.shows("AT version:1.");
    terminal.shows("OK");
    terminal.shows("AT> ");
    // What can follow a name.
    terminal.press("AT+CWMODE");
    terminal.shows("=?");
    terminal.press("?\r");
    terminal.shows("+CWMODE:");
    terminal.shows("OK");

    // The arrow up brings the line back; Ctrl-C gives it up.
    terminal.shows("AT> ");
    terminal.press("\x1b[A");
    terminal.shows("AT+CWMODE?");
    terminal.press("\x03");
    terminal.shows("AT> ");

    let join = "AT+CWJAP_CUR=\"emulated-ap\",\"emulated-password\"\r";
    terminal.press("AT+CWMODE_CUR=1\r");
    terminal.shows("OK");
    terminal.press(join);
    terminal.shows("[WifiConnected]");
    terminal.shows("[WifiGotIp]");
    terminal.shows("OK");

    // Data after a prompt, in two parts.
    terminal.press("AT+MQTTUSERCFG=0,1,\"id\",\"\",\"\",0,0,\"\"\r");
    terminal.shows("OK");
    terminal.press("AT+MQTTCONN=0,\"any\",1883,0\r");
    terminal.shows("OK");
    terminal.press("AT+MQTTSUB=0,\"t\",0\r");
    terminal.shows("OK");
    terminal.press("AT+MQTTPUBRAW=0,\"t\",5,0,0\r");
    terminal.shows("5 bytes> ");
    terminal.press("too long\r");
    terminal.shows("8 bytes, the module takes 5");
    terminal.press("ab\r");
    terminal.shows("3 bytes> ");
    terminal.press("\\x41c!\r");
    terminal.shows("+MQTTPUB:OK");
    // It comes back while nothing is being sent.
    terminal.shows("+MQTTSUBRECV:t,abAc!");

    terminal.press("\x04");
    let status = terminal.child.wait().expect("an end");
    assert!(status.success());
    let kept = fs::read_to_string(&history).expect("the history");
    assert!(kept.contains("AT+CWMODE?"), "{kept}");
    assert!(!kept.contains("emulated-password"), "{kept}");
    fs::remove_file(&history).expect("the file");
}
