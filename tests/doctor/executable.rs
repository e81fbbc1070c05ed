//! What the executable prints, and how it ends.

use crate::{
    example::{Run, executable, run},
    served::served,
};
use esp8266_mqtt_emulator::{MemoryBroker, MemoryNetwork, Server, Settings};
use std::process::Command;

impl Run {
    #[track_caller]
    pub fn is_well(&self) {
        self.has("\nAll is well.\n");
        assert_eq!(self.code, Some(0));
    }

    #[track_caller]
    fn lacks(&self, secret: &str) {
        let all = format!("{}{}", self.stdout, self.stderr);
        assert!(!all.contains(secret), "{all}");
    }
}

pub fn doctor(arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    run(Command::new(executable("doctor"))
        .args(arguments)
        .env_remove("WIFI_PASSWORD")
        .env_remove("MQTT_PASSWORD")
        .envs(environment.iter().copied()))
}

/// A healthy module for [`at`].
pub fn server() -> Server {
    let network = MemoryNetwork::new();
    network.tcp("broker", 1883);
    let broker = MemoryBroker::new();
    broker.add_user("user", "mqtt-secret");
    let settings = Settings::esp_at().fast();
    Server::new(settings, Box::new(broker.link())).with_network(Box::new(network.port()))
}

/// Examines the module there.
pub fn at(port: &str) -> Vec<&str> {
    let mut arguments = vec!["--port", port, "--ssid", Settings::SSID];
    arguments.extend(["--broker", "broker", "--user", "user"]);
    arguments
}

#[test]
fn healthy_module() {
    for (emulator, firmware) in [
        ("vendor", "AT 1.7.2.0, SDK 3.0.2.0, the vendor's dialect"),
        ("esp-at", "AT 2.2.1.0, SDK 3.4.0.0, ESP-AT's dialect"),
    ] {
        let run = doctor(&["--emulator", emulator], &[]);
        run.is_well();
        run.has(&format!("\nfirmware     {firmware}\n"));
        for line in [
            "port         emulated module\n",
            "\nWi-Fi        emulated-ap, channel 11, -55 dBm, 192.168.101.212\n",
            "\nbroker       port 1883 is open\n",
            "\nlogin        accepted as esp8266-doctor-84cca8b449cf\n",
            "\nmessages     one of 100 bytes has come back\n",
            "\nconnection   stays\n",
        ] {
            run.has(line);
        }
        // The slow steps say so while they run.
        let working = "Wi-Fi        joining, up to 20 s …\n";
        assert!(run.stderr.contains(working), "{}", run.stderr);
    }
}

#[test]
fn trouble_comes_with_its_remedy_on_one_screen() {
    let run = doctor(&["--fault", "wifi-password"], &[]);
    assert_eq!(run.code, Some(1));
    run.has("\nWi-Fi        FAILED: the access point refused the password");
    run.has("\nTHE WI-FI PASSWORD IS REFUSED\n`Error::Join(JoinError::WrongPassword)`;");
    run.has("\n- Spelling, upper and lower case, blanks at the ends. Quotes and commas are no\n  problem: they");
    assert!(!run.stdout.contains("All is well"));
    assert!(run.stdout.lines().count() <= 24, "{}", run.stdout);
    assert!(run.stdout.lines().all(|line| line.chars().count() < 80));
}

#[test]
fn every_fault_is_known_by_name() {
    let help = doctor(&["--help"], &[]);
    for fault in ["silent", "rate", "dns", "broker", "login", "no-echo"] {
        help.has(&format!(" {fault}"));
    }
    let run = doctor(&["--fault", "contested", "--emulator", "esp-at"], &[]);
    run.has("\nconnection   FAILED: the broker has ended the connection\n");
    assert_eq!(run.code, Some(1));
}

#[test]
fn wrong_places_and_arguments() {
    let run = doctor(&at("/dev/no-such-port"), &[]);
    run.has("port         FAILED: cannot open the port /dev/no-such-port: ");
    run.has("\nTHE PORT CANNOT BE OPENED\n");
    assert_eq!(run.code, Some(1));
    let run = doctor(&at("tcp://127.0.0.1:1"), &[]);
    run.has("port         FAILED: cannot connect to tcp://127.0.0.1:1: ");
    for arguments in [
        &["--port", "/dev/ttyUSB0"][..],
        &["--baud", "0"],
        &["--broker", "mqtt://host"],
        &["--broker", "host:x"],
        &[
            "--fault", "rate", "--port", "a", "--ssid", "b", "--broker", "c",
        ],
    ] {
        assert_eq!(doctor(arguments, &[]).code, Some(2), "{arguments:?}");
    }
}

#[test]
fn passwords_of_the_environment_do_not_show() {
    let address = served(server);
    let mut arguments = at(&address);
    arguments.push("--trace");
    let environment = [
        ("WIFI_PASSWORD", Settings::PASSWORD),
        ("MQTT_PASSWORD", "mqtt-secret"),
    ];
    let run = doctor(&arguments, &environment);
    run.is_well();
    assert!(run.stderr.contains(",<redacted>"), "{}", run.stderr);
    run.lacks("mqtt-secret");
    run.lacks(&format!("\"{}\"", Settings::PASSWORD));
    // The second module does not let it in, and says no more.
    let environment = [("WIFI_PASSWORD", "wifi-secret")];
    let run = doctor(&arguments, &environment);
    run.has("\nTHE WI-FI PASSWORD IS REFUSED\n");
    run.lacks("wifi-secret");
    let help = doctor(&["--help"], &environment);
    help.has("WIFI_PASSWORD");
    help.lacks("wifi-secret");
}
