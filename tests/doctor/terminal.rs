//! Somebody at a terminal, and a module at a serial port: two pseudo-terminals.

use crate::{
    example::executable,
    executable::{at, server},
    near,
};
use esp8266_mqtt_emulator::Settings;
use serialport::TTYPort;
use std::{
    fs::OpenOptions,
    io::{Read, Write},
    process::Command,
    thread::sleep,
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_secs(40);

/// Takes what is on the screen by now.
fn hear(terminal: &mut TTYPort, shown: &mut String) {
    let mut buffer = [0; 1024];
    while let Ok(count @ 1..) = terminal.read(&mut buffer) {
        *shown += &String::from_utf8_lossy(&buffer[..count]);
    }
}

#[test]
fn passwords_are_asked_for_and_not_shown() {
    let port = near::served(server);
    let (mut keyboard, terminal) = near::pair(Duration::from_millis(1));
    let end = || {
        let options = OpenOptions::new().read(true).write(true).open(&terminal);
        options.expect("the far end")
    };
    // Only a terminal of its own is asked, and what is on that is gone when its first program ends: the shell waits.
    let mut child = Command::new("setsid")
        .args([
            "--ctty",
            "sh",
            "-c",
            r#""$@"; echo "exit $?"; read end"#,
            "sh",
        ])
        .arg(executable("doctor"))
        .args(at(&port))
        .env_remove("WIFI_PASSWORD")
        .env_remove("MQTT_PASSWORD")
        .stdin(end())
        .stdout(end())
        .stderr(end())
        .spawn()
        .expect("the example is built");
    let answers = [
        ("Wi-Fi password", Settings::PASSWORD),
        ("MQTT password", "mqtt-secret"),
    ];
    let mut answers = answers.into_iter().peekable();
    let mut shown = String::new();
    let start = Instant::now();
    while !shown.contains("exit ") && start.elapsed() < PATIENCE {
        hear(&mut keyboard, &mut shown);
        if let Some((_, answer)) = answers.next_if(|(question, _)| shown.contains(question)) {
            // Until the echo is off.
            sleep(Duration::from_millis(200));
            let keys = format!("{answer}\n");
            keyboard.write_all(keys.as_bytes()).expect("typed");
        }
    }
    child.kill().expect("waits");
    child.wait().expect("a child");
    assert!(shown.contains("exit 0"), "{shown}");
    assert!(shown.contains("All is well."), "{shown}");
    // Progress is written over.
    assert!(shown.contains("joining, up to 20 s …\r\x1b[K"), "{shown}");
    assert!(!shown.contains("mqtt-secret"), "{shown}");
    let spelled_out = shown
        .replace("Wi-Fi password", "")
        .replace("MQTT password", "");
    assert!(!spelled_out.contains(Settings::PASSWORD), "{shown}");
}
