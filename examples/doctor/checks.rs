//! The walk through everything that has to work, from the wire to a message that comes back.

use crate::{
    broker,
    diagnosis::{Checked, Diagnosis, Problem},
    rate::{self, Rate},
    screen::Screen,
    trace::Wire,
};
use embedded_hal::delay::DelayNs;
use esp8266_mqtt::{BaudRate, Buffers, Dialect, Error, Esp8266Mqtt, JoinError, Uart, UserConfig};
use std::process;

/// Weaker than this, messages are lost now and then.
const WEAK_DBM: i8 = -80;
/// How many networks to name when the wanted one is not among them.
const NAMED: usize = 5;

/// What is to work.
pub struct Options<'a> {
    /// The baud rate that the user's program has.
    pub rate: Option<BaudRate>,
    pub ssid: &'a str,
    pub password: &'a str,
    pub host: &'a str,
    pub port: u16,
    pub username: &'a str,
    pub mqtt_password: &'a str,
    /// Made from the MAC address if there is none.
    pub client_id: Option<&'a str>,
    pub topic: &'a str,
}

/// The module under examination.
pub struct Patient<'a, 'b, U: Uart, D> {
    pub module: Esp8266Mqtt<'b, U, D>,
    pub options: &'a Options<'a>,
    pub screen: &'a Screen,
    pub client_id: String,
    pub problems: Vec<Problem>,
}

/// Returns what was found, in a few words.
type Check<'a, 'b, U, D> = fn(&mut Patient<'a, 'b, U, D>) -> Checked<String>;

/// Checks everything, up to the first problem that the rest depends on.
pub fn examine<U: Uart + Rate, D: DelayNs>(
    mut uart: U,
    mut delay: D,
    options: &Options<'_>,
    wire: &Wire,
    screen: &Screen,
) -> Vec<Problem> {
    let rate = match rate::find(&mut uart, &mut delay, options.rate, wire, screen) {
        Ok(rate) => rate,
        Err(problem) => {
            screen.failed("baud rate", &problem);
            return vec![problem];
        }
    };
    let (mut rx, mut tx) = ([0; 1024], [0; 256]);
    let mut patient = Patient {
        module: Esp8266Mqtt::new(uart, delay, Buffers::new(&mut rx, &mut tx)),
        options,
        screen,
        client_id: String::new(),
        problems: Vec::new(),
    };
    if U::HAS_RATE {
        patient.rate(rate);
    }
    let checks: [(&str, Check<'_, '_, U, D>); 7] = [
        ("firmware", Patient::firmware),
        ("Wi-Fi", Patient::wifi),
        ("DNS", broker::dns),
        ("broker", broker::reach),
        ("login", broker::login),
        ("messages", broker::echo),
        ("connection", broker::hold),
    ];
    for (name, check) in checks {
        let restarts = patient.module.counters().restarts;
        let mut result = check(&mut patient);
        // A restart explains whatever else has failed. At the beginning the module may have been switched on just now.
        if name != "firmware" && patient.module.counters().restarts != restarts {
            result = Err(Diagnosis::Restarts.because("the module has restarted by itself"));
        }
        match result {
            Ok(what) => screen.passed(name, &what),
            Err(problem) => {
                screen.failed(name, &problem);
                patient.problems.push(problem);
                break;
            }
        }
    }
    // So that the client id is free again; the check above has said what there is to say.
    patient.module.disconnect().ok();
    patient.problems
}

impl<U: Uart, D: DelayNs> Patient<'_, '_, U, D> {
    fn rate(&mut self, rate: BaudRate) {
        let found = rate.get();
        let expected = self.options.rate.map(BaudRate::get);
        match expected.filter(|&expected| expected != found) {
            None => self.screen.passed("baud rate", &found.to_string()),
            Some(expected) => {
                let seen = format!("the module answers at {found} baud, not at {expected}");
                let problem = Diagnosis::OtherRate.because(seen);
                self.screen.failed("baud rate", &problem);
                self.problems.push(problem);
            }
        }
    }

    fn firmware(&mut self) -> Checked<String> {
        self.screen.working("firmware", "asking, up to 8 s");
        let firmware = self.module.init();
        let firmware = firmware.map_err(|error| problem(error, Diagnosis::NoMqtt))?;
        self.client_id = match self.options.client_id {
            Some(id) => id.to_owned(),
            None => match optional(self.module.mac())? {
                Some(mac) => format!("esp8266-doctor-{}", mac.to_string().replace(':', "")),
                None => format!("esp8266-doctor-{}", process::id()),
            },
        };
        let user = UserConfig::new(&self.client_id)
            .credentials(self.options.username, self.options.mqtt_password);
        let ended = self.module.disconnect();
        let configured = ended.and_then(|()| self.module.usercfg(&user));
        configured.map_err(|error| problem(error, Diagnosis::NoMqtt))?;
        let dialect = match self.module.dialect() {
            Dialect::EspAt => "ESP-AT's",
            _ => "the vendor's",
        };
        let (at, sdk) = (firmware.at, firmware.sdk);
        Ok(format!("AT {at}, SDK {sdk}, {dialect} dialect"))
    }

    fn wifi(&mut self) -> Checked<String> {
        let Options { ssid, password, .. } = *self.options;
        self.screen.working("Wi-Fi", "joining, up to 20 s");
        match self.module.connect_wifi(ssid, password) {
            Err(Error::Join(JoinError::NotFound)) => return Err(self.not_found()),
            joined => joined.map_err(|error| problem(error, Diagnosis::NoNetwork))?,
        }
        let mut what = vec![ssid.to_owned()];
        match optional(self.module.access_point())? {
            Some(Some(found)) => {
                if found.rssi < WEAK_DBM {
                    let seen = format!("a weak signal, {} dBm", found.rssi);
                    let problem = Diagnosis::NoNetwork.because(seen);
                    self.screen.failed("signal", &problem);
                    self.problems.push(problem);
                }
                what.push(format!("channel {}, {} dBm", found.channel, found.rssi));
            }
            Some(None) => return Err(Diagnosis::NoNetwork.because("joined, and lost it at once")),
            None => {}
        }
        if let Some(info) = optional(self.module.ip_info())? {
            what.push(info.ip.to_string());
        }
        Ok(what.join(", "))
    }

    /// With what is there instead.
    fn not_found(&mut self) -> Problem {
        let mut others = Vec::new();
        self.screen
            .working("Wi-Fi", "looking for networks, up to 10 s");
        // Without a list there is still the diagnosis.
        let _ = self.module.scan(|found| {
            let name = String::from_utf8_lossy(found.ssid.as_bytes());
            others.push((found.rssi, format!("{name} ({} dBm)", found.rssi)));
        });
        others.sort_by_key(|(rssi, _)| -i32::from(*rssi));
        others.truncate(NAMED);
        let others: Vec<_> = others.into_iter().map(|(_, name)| name).collect();
        Diagnosis::NoNetwork.because(format!(
            "no {} in range; the module hears {}",
            self.options.ssid,
            if others.is_empty() {
                "none at all".into()
            } else {
                others.join(", ")
            }
        ))
    }
}

/// An answer that is good to know: firmware may not have the command, or word it differently.
pub fn optional<T, E: std::error::Error>(answer: Result<T, Error<E>>) -> Checked<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(Error::Rejected(_) | Error::UnexpectedResponse { .. }) => Ok(None),
        Err(error) => Err(problem(error, Diagnosis::Unreadable)),
    }
}

/// What an error of the driver means; a plain `ERROR` of the module is `refused`.
pub fn problem<E: std::error::Error>(error: Error<E>, refused: Diagnosis) -> Problem {
    let diagnosis = match error {
        Error::Uart(_) | Error::WriteStalled => Diagnosis::Port,
        Error::Argument(_) => Diagnosis::Value,
        Error::Timeout { .. } => Diagnosis::Silent,
        Error::Busy => Diagnosis::Busy,
        Error::Join(JoinError::WrongPassword) => Diagnosis::WifiPassword,
        Error::Join(_) => Diagnosis::NoNetwork,
        Error::ModuleReset => Diagnosis::Restarts,
        Error::UnexpectedResponse { .. } | Error::ResponseTooLong { .. } => Diagnosis::Unreadable,
        _ => refused,
    };
    diagnosis.because(error.to_string())
}
