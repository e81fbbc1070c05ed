//! What goes wrong, from a file: one thing on a line.

use core::time::Duration;
use std::str::FromStr;

use esp8266_mqtt_emulator::{Action, Direction, Fault, Message, Reaction};

/// What happens, and when after the start.
pub struct Entry {
    pub at: Duration,
    pub action: Action,
}

/// Reads a whole file; says which line is wrong.
pub fn parse(text: &str) -> Result<Vec<Entry>, String> {
    let mut entries = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let entry = entry(line).ok_or_else(|| format!("line {number}: {line}"))?;
        entries.push(entry);
    }
    Ok(entries)
}

/// `at 5 s …`, `on COMMAND [N] …`, `byte N …`, `host byte N …`.
fn entry(line: &str) -> Option<Entry> {
    let mut words = Words(line);
    let (at, action) = match words.next()? {
        "at" => (words.seconds()?, action(&mut words)?),
        "on" => {
            let name = words.next()?;
            let occurrence = words.number().unwrap_or(1);
            let fault = Fault::command(name, occurrence, reaction(&mut words)?);
            (Duration::ZERO, Action::Fault(fault))
        }
        "byte" => (Duration::ZERO, byte(Direction::ToHost, &mut words)?),
        "host" if words.next()? == "byte" => {
            (Duration::ZERO, byte(Direction::ToModule, &mut words)?)
        }
        _ => return None,
    };
    words.0.is_empty().then_some(Entry { at, action })
}

fn action(words: &mut Words<'_>) -> Option<Action> {
    Some(match words.next()? {
        "restart" => Action::RestartModule,
        "lose-wifi" => Action::LoseWifi,
        "restore-wifi" => Action::RestoreWifi,
        "cut-mqtt" => Action::CutMqtt,
        "lose-broker" => Action::LoseBroker,
        "restore-broker" => Action::RestoreBroker,
        "message" => Action::Deliver(Message::new(words.next()?, words.rest())),
        "print" => Action::Inject(format!("{}\r\n", words.rest()).into()),
        "silence" => Action::Fault(Fault::Silence),
        "garbage" => Action::Fault(Fault::Garbage),
        _ => return None,
    })
}

fn reaction(words: &mut Words<'_>) -> Option<Reaction> {
    Some(match words.next()? {
        "error" => Reaction::Error,
        "fail" => Reaction::Fail,
        "busy" => Reaction::Busy {
            times: words.number().unwrap_or(1),
        },
        "silent" => Reaction::Silent,
        "hang" => Reaction::Hang,
        "late" => Reaction::Late(words.seconds()?),
        "text" => Reaction::Text(format!("{}\r\n", words.rest()).into()),
        "join-code" => Reaction::JoinCode(words.number()?),
        "publish-fail" => Reaction::PublishFail,
        _ => return None,
    })
}

fn byte(direction: Direction, words: &mut Words<'_>) -> Option<Action> {
    let index = words.number()?;
    Some(Action::Fault(match words.next()? {
        "drop" => Fault::DropByte { direction, index },
        "corrupt" => Fault::CorruptByte {
            direction,
            index,
            mask: words.number().unwrap_or(0xff),
        },
        "restart" => Fault::RestartAtByte { direction, index },
        _ => return None,
    }))
}

/// What is left of a line.
struct Words<'a>(&'a str);

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let (word, rest) = self.0.split_once(' ').unwrap_or((self.0, ""));
        self.0 = rest.trim_start();
        Some(word).filter(|word| !word.is_empty())
    }

    /// Takes nothing if the next word is something else.
    fn number<T: FromStr>(&mut self) -> Option<T> {
        let mut ahead = Words(self.0);
        let number = ahead.next()?.parse().ok()?;
        self.0 = ahead.0;
        Some(number)
    }

    fn seconds(&mut self) -> Option<Duration> {
        let seconds = Duration::try_from_secs_f64(self.number()?).ok()?;
        (self.next()? == "s").then_some(seconds)
    }

    fn rest(&mut self) -> &'a str {
        core::mem::take(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(line: &str, at: u64, action: &Action) {
        let entries = parse(line).expect("it can be read");
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].at, Duration::from_millis(at));
        assert_eq!(format!("{:?}", entries[0].action), format!("{action:?}"));
    }

    #[test]
    fn lines() {
        reads("at 1.5 s restart", 1500, &Action::RestartModule);
        let message = Message::new("in/a", "hello, world");
        reads(
            "at 2 s message in/a hello, world",
            2000,
            &Action::Deliver(message),
        );
        reads(
            "at 0 s print WIFI DISCONNECT",
            0,
            &Action::Inject(b"WIFI DISCONNECT\r\n".into()),
        );
        let on = |name, n, reaction| Action::Fault(Fault::command(name, n, reaction));
        reads(
            "on CWJAP join-code 2",
            0,
            &on("CWJAP", 1, Reaction::JoinCode(2)),
        );
        reads(
            "on MQTTPUB 3 busy 2",
            0,
            &on("MQTTPUB", 3, Reaction::Busy { times: 2 }),
        );
        reads(
            "on MQTT* 2 busy",
            0,
            &on("MQTT*", 2, Reaction::Busy { times: 1 }),
        );
        let late = Reaction::Late(Duration::from_secs(4));
        reads("  on MQTTCONN late 4 s ", 0, &on("MQTTCONN", 1, late));
        let direction = Direction::ToModule;
        let drop = Fault::DropByte {
            direction,
            index: 100,
        };
        reads("host byte 100 drop", 0, &Action::Fault(drop));
        let (direction, index, mask) = (Direction::ToHost, 7, 1);
        let corrupt = Fault::CorruptByte {
            direction,
            index,
            mask,
        };
        reads("byte 7 corrupt 1", 0, &Action::Fault(corrupt));
        assert!(parse("# nothing\n\n").expect("it can be read").is_empty());
    }

    #[test]
    fn mistakes() {
        for line in [
            "restart",
            "at 1 restart",
            "at 1 s restart now",
            "on CWJAP join-code",
            "at -1 s restart",
            "byte drop",
        ] {
            let mistake = parse(&format!("\n{line}\n")).err();
            assert_eq!(mistake, Some(format!("line 2: {line}")));
        }
    }
}
