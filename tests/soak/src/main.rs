//! The soak test of the connection keeper: the driver, an emulated module in real time, Mosquitto, and a script of failures.
//!
//! Numbered messages go both ways, at QoS 0 and 1. What may be missing is written in [`account`]; anything else is a failure,
//! and printed with what happened before it.

mod account;
mod application;
mod broker;
mod chaos;
mod disturb;
mod far;
mod line;
mod log;
mod payload;
mod receive;
mod stream;
#[cfg(test)]
mod tests;

use std::process::ExitCode;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use esp8266_mqtt::{Buffers, Dialect, Esp8266Mqtt, JoinOptions, Keeper, QoS, UserConfig, Wishes};
use esp8266_mqtt_emulator::{RealBroker, RealNetwork, RealTimePort, Settings};
use fastrand::Rng;

use account::{BUFFER, FIFO, Report};
use application::{Application, State};
use broker::Mosquitto;
use line::{Hurried, Line};
use stream::{Fate, Stream};

/// Down is from the far end to the application.
const HEAD: &str =
    "             sent delivered  after_error  reported_lost duplicated   reported as";

/// Sends numbered messages both ways through the connection keeper while everything fails that can: half of them with
/// vendor firmware, half with ESP-AT.
#[derive(Parser)]
struct Arguments {
    /// Messages each way.
    #[arg(default_value_t = 100_000)]
    messages: usize,
    /// Of the script.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Spoils the books, to see that the soak fails.
    #[arg(long)]
    sabotage: Option<Sabotage>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Sabotage {
    /// A message to the application is not entered.
    LoseDown,
    /// A message that came to the far end is not entered.
    LoseUp,
    /// A message is entered twice.
    Repeat,
    /// `Kept::Lost` is not entered.
    IgnoreLost,
    /// Neither counters nor dropped messages are entered.
    IgnoreReports,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let Some(program) = Mosquitto::find() else {
        eprintln!("skipped: mosquitto is not installed");
        return ExitCode::SUCCESS;
    };
    let dialects = [
        (Dialect::Vendor, Settings::vendor()),
        (Dialect::EspAt, Settings::esp_at()),
    ];
    println!("{HEAD}");
    for (number, (dialect, settings)) in (0..).zip(dialects) {
        let broker = match Mosquitto::start(program.clone()) {
            Ok(broker) => broker,
            Err(error) => {
                eprintln!("mosquitto does not start: {error}");
                return ExitCode::FAILURE;
            }
        };
        let seed = arguments.seed.wrapping_mul(2).wrapping_add(number);
        if let Err(failure) = soak(dialect, settings, broker, seed, &arguments) {
            eprintln!("{failure}");
            return ExitCode::FAILURE;
        }
    }
    println!("every message was delivered or reported lost");
    ExitCode::SUCCESS
}

/// The module as it is fast enough for thousands of messages, and slow enough to be caught in the middle.
fn hurried(mut settings: Settings) -> Settings {
    let ms = Duration::from_millis;
    settings = settings.fast().with_baud(921_600).with_rx_fifo(FIFO);
    settings.host.tx_depth = 256;
    settings.latency.boot = ms(50);
    settings.latency.associate = ms(20);
    settings.latency.dhcp = ms(20);
    settings.latency.join_failure = ms(50);
    settings.latency.mqtt_retry = ms(20);
    settings
}

fn soak(
    dialect: Dialect,
    settings: Settings,
    broker: Mosquitto,
    seed: u64,
    arguments: &Arguments,
) -> Result<(), String> {
    let messages = arguments.messages / 2;
    let epoch = Instant::now();
    let port = RealTimePort::new(hurried(settings), Box::new(RealBroker::new()))
        .with_network(Box::new(RealNetwork::new()));
    let line = Line::new(port);
    let (mut rx, mut tx) = ([0; BUFFER], [0; 256]);
    let buffers = Buffers::new(&mut rx, &mut tx);
    let topics = [("d/0", QoS::AtMostOnce), ("d/1", QoS::AtLeastOnce)];
    let wishes = Wishes::new("127.0.0.1", broker.port, UserConfig::new("soak"))
        .wifi(JoinOptions::new(Settings::SSID, Settings::PASSWORD))
        .subscriptions(&topics);
    let (news, from_far) = mpsc::channel();
    let mut rng = Rng::with_seed(seed);
    let script = chaos::script(&mut rng, messages).into_iter();
    let mut application = Application {
        module: Esp8266Mqtt::new(line.clone(), Hurried::new(), buffers),
        keeper: Keeper::new(wishes, seed as u32),
        line,
        to_far: far::start(broker.port, epoch, news),
        from_far,
        broker,
        epoch,
        messages,
        script,
        sabotage: arguments.sabotage,
        state: State::new(dialect == Dialect::EspAt),
    };
    let done = application.run();
    let summary = Summary {
        dialect,
        state: &application.state,
        time: epoch.elapsed(),
    };
    print!("{summary}");
    done.map_err(|failure| {
        let log = application.state.log.last(200).join("\n");
        format!(
            "{log}\n\nFAILED with {dialect:?}, seed {}: {failure}",
            arguments.seed
        )
    })
}

/// The figures of one run.
struct Summary<'a> {
    dialect: Dialect,
    state: &'a State,
    time: Duration,
}

impl std::fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let account = &self.state.account;
        let Self { dialect, .. } = self;
        for (way, streams) in [("down", &account.down), ("up", &account.up)] {
            let sum = |of: &dyn Fn(&Stream) -> usize| -> usize { streams.iter().map(of).sum() };
            let count = |fate| sum(&|stream: &Stream| stream.count(fate));
            let reports = Report::ALL.map(|report| (report, count(Fate::Lost(report))));
            let lost: usize = reports.iter().map(|(_, lost)| lost).sum();
            let reports: Vec<_> = reports
                .iter()
                .filter(|(_, lost)| *lost > 0)
                .map(|(report, lost)| format!("{report:?} {lost}"))
                .collect();
            writeln!(
                f,
                "{:7} {way:4} {:>7} {:>9} {:>13} {lost:>13} {:>10}   {}",
                format!("{dialect:?}"),
                sum(&|stream| stream.sent.len()),
                count(Fate::Delivered),
                sum(&Stream::after_error),
                sum(&|stream| stream.duplicates),
                reports.join(", "),
            )?;
        }
        writeln!(
            f,
            "{:7} {} acts of the script, {} losses told, longest outage {:.1} s, all in {:.0} s",
            "",
            self.state.acts,
            account.outages.len().saturating_sub(1),
            self.state.longest_outage.as_secs_f64(),
            self.time.as_secs_f64()
        )
    }
}
