//! The emulator knows every command of the firmware, in each of its forms.

mod common;
#[path = "../../wire/protocol.rs"]
#[allow(
    dead_code,
    reason = "what the driver still misses is of no interest here"
)]
mod protocol;

use common::Host;
use esp8266_mqtt_emulator::module::Refusal;
use esp8266_mqtt_emulator::settings::EspAtRelease;
use esp8266_mqtt_emulator::{InitialState, Settings};

/// `ERR CODE` of a command that exists without the form that was typed.
const NO_SUCH_FORM: u32 = 0x010c_0000;

/// Commands that ESP-AT has not, besides everything with the endings of NonOS AT.
const NONOS_ONLY: &[&str] = &[
    "AT+UART",
    "AT+IPR",
    "AT+WAKEUPGPIO",
    "AT+RFVDD",
    "AT+RFAUTOTRACE",
    "AT+SYSADC",
    "AT+SYSIOSETCFG",
    "AT+SYSIOGETCFG",
    "AT+SYSGPIODIR",
    "AT+SYSGPIOWRITE",
    "AT+SYSGPIOREAD",
    "AT+CWJAPTO",
    "AT+CWSTARTDISCOVER",
    "AT+CWSTOPDISCOVER",
    "AT+CIPSSLSIZE",
    "AT+CIPSENDBUF",
    "AT+CIPBUFRESET",
    "AT+CIPBUFSTATUS",
    "AT+CIPCHECKSEQ",
    "AT+CIPCHECKQUEUE",
    "AT+CIPCLOSEMODE",
    "AT+CIPALIVE",
    "AT+ALIYUN_MQTTCONN",
];

/// Commands that NonOS AT has not, besides the later ones of MQTT.
const ESP_AT_ONLY: &[&str] = &[
    "AT+CWSTATE",
    "AT+CWRECONNCFG",
    "AT+CWQIF",
    "AT+CWSTAPROTO",
    "AT+CWAPPROTO",
    "AT+CWDHCPS",
    "AT+CWJEAP",
    "AT+CWCOUNTRY",
];

struct Command {
    chapter: &'static str,
    name: String,
    form: char,
}

impl Command {
    fn line(&self) -> String {
        let Self { name, form, .. } = self;
        match (name.as_str(), form) {
            ("ATE", _) => "ATE0".into(),
            (_, 'T') => format!("{name}=?"),
            (_, 'Q') => format!("{name}?"),
            (_, 'S') => format!("{name}=0"),
            (_, 'E') => name.clone(),
            other => panic!("{other:?}"),
        }
    }

    fn has_ending(&self) -> bool {
        self.name.ends_with("_CUR") || self.name.ends_with("_DEF")
    }
}

fn commands() -> Vec<Command> {
    let mut all = Vec::new();
    for chapter in protocol::CHAPTERS {
        for (names, forms) in chapter.commands {
            let mut names = names.split(' ');
            let plain = names.next().expect("a name");
            let endings = names.map(|ending| format!("{plain}{ending}"));
            for name in endings.chain([plain.to_owned()]) {
                all.extend(forms.chars().map(|form| Command {
                    chapter: chapter.name,
                    name: name.clone(),
                    form,
                }));
            }
        }
    }
    all
}

fn knows(settings: &Settings, command: &Command) -> bool {
    let settings = settings.clone().with_initial(InitialState::Joined);
    let mut host = Host::fast(settings);
    let heard = host.ask(&command.line());
    assert!(!heard.is_empty(), "no answer to {}", command.line());
    let module = host.bench.module();
    let why = module.refused().last().map(|refused| refused.why);
    !matches!(why, Some(Refusal::Unknown | Refusal::Failed(NO_SUCH_FORM)))
}

fn nonos() -> [Settings; 2] {
    let mut vendor = Settings::vendor();
    vendor.enterprise = true;
    [vendor, Settings::stock_nonos()]
}

fn esp_at() -> Vec<Settings> {
    let releases = [
        EspAtRelease::V2_1,
        EspAtRelease::V2_2,
        EspAtRelease::V2_3,
        EspAtRelease::V3_3,
    ];
    let with = |release| {
        let mut settings = Settings::esp_at().with_release(release);
        settings.enterprise = true;
        settings
    };
    releases.map(with).to_vec()
}

fn unknown(families: &[Settings], wanted: impl Fn(&Command) -> bool) -> Vec<String> {
    commands()
        .iter()
        .filter(|command| wanted(command))
        .filter(|command| !families.iter().any(|settings| knows(settings, command)))
        .map(Command::line)
        .collect()
}

#[test]
fn nonos_knows_all_commands_but_those_of_later_mqtt() {
    let later = unknown(&nonos(), |command| {
        let rejoin = command.name == "AT+CWJAP" && command.form == 'E';
        !(ESP_AT_ONLY.contains(&command.name.as_str()) || rejoin)
    });
    let expected: Vec<_> = later
        .iter()
        .filter(|line| line.starts_with("AT+MQTT"))
        .collect();
    assert_eq!(later.len(), expected.len(), "{later:?}");
    assert!(later.iter().all(|line| {
        line.ends_with('?')
            || ["LONG", "ALPN", "SNI"]
                .iter()
                .any(|part| line.contains(part))
    }));
}

#[test]
fn esp_at_knows_all_commands_but_those_of_nonos() {
    let missing = unknown(&esp_at(), |command| {
        let nonos_form = match (command.name.as_str(), command.form) {
            ("AT+CIFSR", 'S') => true,
            (_, 'T') => command.name != "AT+CWMODE",
            _ => false,
        };
        let nonos = command.has_ending() && !command.name.starts_with("AT+UART");
        !(NONOS_ONLY.contains(&command.name.as_str()) || nonos || nonos_form)
    });
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_command_is_known_to_some_firmware() {
    let all: Vec<_> = nonos().into_iter().chain(esp_at()).collect();
    let missing = unknown(&all, |_| true);
    assert!(missing.is_empty(), "{missing:?}");
    let chapters: std::collections::BTreeSet<_> =
        commands().iter().map(|command| command.chapter).collect();
    assert_eq!(chapters.len(), 4);
}
