//! The driver on the emulator in real time, with Mosquitto as the broker.
//!
//! Skipped, with a message, where Mosquitto or its clients are not installed.

use std::{
    env,
    fs::{self, File},
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread::sleep,
    time::{Duration, Instant},
};

use esp8266_mqtt::{
    Buffers, ConnectionConfig, Dialect, Error, Esp8266Mqtt, QoS, Reconnect, UserConfig, Will,
};
use esp8266_mqtt_emulator::{AccessPoint, RealTimePort, Settings, StdDelay, broker::RealBroker};

/// A program in `PATH` or where Debian keeps daemons.
fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/usr/local/sbin".into()])
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

struct Mosquitto {
    process: Child,
    port: u16,
    folder: PathBuf,
}

impl Mosquitto {
    /// `None`, after a message, where there is no Mosquitto.
    fn start(config: &str) -> Option<Self> {
        static RUNNING: AtomicU32 = AtomicU32::new(0);
        let (Some(broker), Some(_), Some(_)) = (
            program("mosquitto"),
            program("mosquitto_sub"),
            program("mosquitto_pub"),
        ) else {
            eprintln!("skipped: mosquitto or its clients are not installed");
            return None;
        };
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let number = RUNNING.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("mosquitto-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join("mosquitto.conf");
        let folder_name = folder.to_string_lossy();
        let config = config.replace("FOLDER", &folder_name);
        fs::write(&file, format!("listener {port} 127.0.0.1\n{config}\n")).expect("a file");
        let log = File::create(folder.join("log")).expect("a file");
        let process = Command::new(broker)
            .args(["-v", "-c"])
            .arg(&file)
            .stdout(log.try_clone().expect("a handle"))
            .stderr(log)
            .spawn()
            .expect("mosquitto starts");
        let end = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "mosquitto does not listen");
            sleep(Duration::from_millis(10));
        }
        Some(Self {
            process,
            port,
            folder,
        })
    }

    fn client(&self, name: &str) -> Command {
        let mut command = Command::new(program(name).expect("it is installed"));
        command.args(["-h", "127.0.0.1", "-p", &self.port.to_string()]);
        command
    }

    /// Subscribes, and waits until the broker has accepted: a retained message comes back.
    fn subscribe(&self, topic: &str) -> (Child, BufReader<ChildStdout>) {
        self.publish("subscribed", "yes", &["-r"]);
        let mut child = self
            .client("mosquitto_sub")
            .args(["-v", "-W", "60", "-t", topic, "-t", "subscribed"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("mosquitto_sub starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe"));
        heard(&mut lines, "subscribed");
        (child, lines)
    }

    fn publish(&self, topic: &str, payload: &str, options: &[&str]) {
        let published = self
            .client("mosquitto_pub")
            .args(["-t", topic, "-m", payload])
            .args(options)
            .status()
            .expect("mosquitto_pub runs");
        assert!(published.success());
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The next line of `mosquitto_sub` that starts with `start`.
fn heard(lines: &mut BufReader<ChildStdout>, start: &str) -> String {
    let mut line = String::new();
    loop {
        line.clear();
        assert!(lines.read_line(&mut line).expect("text") > 0, "no {start}");
        if line.starts_with(start) {
            return line.trim_end().to_owned();
        }
    }
}

type Module<'b> = Esp8266Mqtt<'b, RealTimePort, StdDelay>;

fn module<'b>(settings: Settings, broker: &Mosquitto, buffers: Buffers<'b>) -> Module<'b> {
    let settings = settings
        .fast()
        .with_baud(115_200)
        .with_access_points(vec![AccessPoint::new("home", "secret")]);
    let real = RealBroker::always("127.0.0.1", broker.port);
    let port = RealTimePort::new(settings, Box::new(real));
    let mut module = Esp8266Mqtt::new(port, StdDelay, buffers);
    module.init().expect("init");
    module.connect_wifi("home", "secret").expect("join");
    module
}

/// Waits for the broker's answer, which vendor firmware does not.
fn connected(module: &mut Module<'_>) -> bool {
    let end = Instant::now() + Duration::from_secs(5);
    while Instant::now() < end {
        if module.connection_state().expect("a state").is_connected() {
            return true;
        }
        sleep(Duration::from_millis(20));
    }
    false
}

fn receive(module: &mut Module<'_>) -> (Vec<u8>, Vec<u8>) {
    let end = Instant::now() + Duration::from_secs(5);
    loop {
        match module.poll_receive() {
            Ok(message) => return (message.topic().to_vec(), message.payload().to_vec()),
            Err(nb::Error::WouldBlock) => assert!(Instant::now() < end, "no message"),
            Err(nb::Error::Other(error)) => panic!("{error}"),
        }
        sleep(Duration::from_millis(1));
    }
}

fn exchange(settings: Settings, dialect: Dialect) {
    let Some(broker) = Mosquitto::start("allow_anonymous true") else {
        return;
    };
    let (mut rx, mut tx) = ([0; 2048], [0; 256]);
    let mut module = module(settings, &broker, Buffers::new(&mut rx, &mut tx));
    assert_eq!(module.dialect(), dialect);
    module.usercfg(&UserConfig::new("driver")).expect("usercfg");
    let config = ConnectionConfig::new().will(Will::new("state", "gone").retained());
    module.conncfg(&config).expect("conncfg");
    module
        .connect("broker", 1883, Reconnect::Off)
        .expect("connect");
    assert!(connected(&mut module));

    for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
        module
            .subscribe(&format!("in/{}", qos as u8), qos)
            .expect("subscribe");
    }
    let (mut child, mut lines) = broker.subscribe("out/#");
    module
        .publish("out/text", r#"{"a":1,"b":"\"x\""}"#, QoS::AtMostOnce)
        .expect("publish");
    assert_eq!(
        heard(&mut lines, "out/text"),
        r#"out/text {"a":1,"b":"\"x\""}"#
    );
    module
        .publish("out/raw", "two\tlines\r\nand a half", QoS::AtLeastOnce)
        .expect("publish");
    assert_eq!(heard(&mut lines, "out/raw"), "out/raw two\tlines");
    assert_eq!(heard(&mut lines, "and"), "and a half");
    module
        .publish_retained("out/kept", "kept", QoS::ExactlyOnce)
        .expect("publish");
    assert_eq!(heard(&mut lines, "out/kept"), "out/kept kept");

    for number in 0..30 {
        broker.publish(
            &format!("in/{}", number % 3),
            &format!("message {number}"),
            &[],
        );
    }
    for number in 0..30 {
        let (topic, payload) = receive(&mut module);
        assert_eq!(topic, format!("in/{}", number % 3).into_bytes());
        assert_eq!(payload, format!("message {number}").into_bytes());
    }
    let counters = module.counters();
    assert_eq!((counters.messages_dropped, counters.uart_errors), (0, 0));

    let _ = child.kill();
    let _ = child.wait();
    let (mut late, mut lines) = broker.subscribe("#");
    assert_eq!(heard(&mut lines, "out/kept"), "out/kept kept");
    drop(module);
    assert_eq!(heard(&mut lines, "state"), "state gone");
    let _ = late.kill();
    let _ = late.wait();
}

#[test]
fn vendor_firmware_exchanges_messages() {
    exchange(Settings::vendor(), Dialect::Vendor);
}

#[test]
fn esp_at_exchanges_messages() {
    exchange(Settings::esp_at(), Dialect::EspAt);
}

/// A broker that lets in `user` with the password `right` alone.
fn guarded() -> Option<Mosquitto> {
    let passwd = program("mosquitto_passwd")?;
    let file = env::temp_dir().join(format!("mosquitto-passwords-{}", std::process::id()));
    let made = Command::new(passwd)
        .args(["-b", "-c"])
        .arg(&file)
        .args(["user", "right"])
        .status();
    assert!(made.expect("mosquitto_passwd runs").success());
    let config = format!("allow_anonymous false\npassword_file {}", file.display());
    Mosquitto::start(&config)
}

#[test]
fn a_refused_login_is_an_error_on_esp_at() {
    let Some(broker) = guarded() else {
        return;
    };
    let (mut rx, mut tx) = ([0; 1024], [0; 256]);
    let mut module = module(Settings::esp_at(), &broker, Buffers::new(&mut rx, &mut tx));
    module
        .usercfg(&UserConfig::new("driver").credentials("user", "wrong"))
        .expect("usercfg");
    let refused = module.connect("broker", 1883, Reconnect::Off);
    assert_eq!(refused, Err(Error::Rejected(None)));
    assert!(!connected(&mut module));

    module
        .usercfg(&UserConfig::new("driver").credentials("user", "right"))
        .expect("usercfg");
    module
        .connect("broker", 1883, Reconnect::Off)
        .expect("connect");
    assert!(connected(&mut module));
}
