//! The pages of the guide name what exists.

use esp8266_mqtt::{Buffers, Esp8266Mqtt, Event, QoS, Reconnect, UserConfig};
use esp8266_mqtt_emulator::{Action, Bench, Fault, InitialState, Message, Reaction, Settings};
use std::{collections::BTreeSet, fs, path::Path, time::Duration};

/// Every name that the sources define, functions, types, modules, variants.
fn names() -> BTreeSet<String> {
    fn visit(folder: &Path, text: &mut String) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                visit(&path, text);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                *text += &fs::read_to_string(path).expect("text");
            }
        }
    }
    let mut text = String::new();
    visit(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut text,
    );
    let mut names = BTreeSet::new();
    for line in text.lines().map(str::trim_start) {
        if line.starts_with("//") {
            continue;
        }
        let words: Vec<_> = words(line).collect();
        for pair in words.windows(2) {
            if matches!(pair[0], "fn" | "struct" | "enum" | "mod" | "pub") {
                names.insert(pair[1].to_owned());
            }
        }
        // A variant.
        let first = words.first().copied().unwrap_or_default();
        if first.starts_with(|c: char| c.is_ascii_uppercase()) {
            names.insert(first.to_owned());
        }
    }
    names
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split(move |c| !is_part(c))
        .filter(|word| !word.is_empty())
}

/// What stands in backticks.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Rows of tables, cell by cell.
fn rows(page: &str) -> impl Iterator<Item = Vec<&str>> {
    let rows = page.lines().filter(|line| line.starts_with("| "));
    rows.map(|row| {
        let row = row.trim_matches(['|', ' ']);
        row.split(" | ").collect()
    })
}

#[test]
fn arduino_names_what_exists() {
    let names = names();
    let page = include_str!("../src/guide/arduino.md");
    let mut count = 0;
    for row in rows(page) {
        for span in row.get(1).into_iter().flat_map(|cell| code(cell)) {
            for call in span
                .match_indices('(')
                .map(|(at, _)| words(&span[..at]).last())
            {
                let name = call.expect("a name before each parenthesis");
                assert!(names.contains(name), "{name} in {span}");
                count += 1;
            }
            for path in span.split_whitespace().filter(|word| word.contains("::")) {
                for name in words(path.split('(').next().unwrap_or_default()) {
                    assert!(names.contains(name), "{name} in {span}");
                    count += 1;
                }
            }
        }
    }
    assert!(count > 80, "{count} names were looked at");
}

#[test]
fn pages_name_what_exists() {
    let troubleshooting = include_str!("../src/guide/troubleshooting.md");
    let buffers = include_str!("../src/guide/buffers.md");
    let testing = include_str!("../src/guide/testing.md");
    for (page, least) in [(troubleshooting, 100), (buffers, 10), (testing, 0)] {
        names_exist(page, least);
    }
}

fn names_exist(page: &str, least: usize) {
    let names = names();
    let mut count = 0;
    for span in code(page) {
        let path = span.split('(').next().unwrap_or_default();
        let is_path = !path.is_empty() && words(path).collect::<Vec<_>>().join("::") == path;
        let is_type = || {
            let mut letters = path.chars();
            letters.next().is_some_and(|c| c.is_ascii_uppercase())
                && letters.next().is_some_and(|c| c.is_ascii_lowercase())
        };
        let is_of_this_crate = path.contains("::") || path.contains('_') || is_type();
        if !is_path || !is_of_this_crate || ["Ok", "Display"].contains(&path) {
            continue;
        }
        for name in words(path) {
            assert!(names.contains(name), "{name} in {span}");
            count += 1;
        }
    }
    assert!(count > least, "{count} names were looked at");
}

/// How many of `count` messages that arrive during one command are delivered, and how many are reported as dropped.
fn delivered(settings: Settings, count: usize, rx: usize) -> (usize, usize) {
    let (topic, payload) = ("room/temp", "123456789012345678901234567890");
    let settings = settings.fast().with_baud(115_200);
    let bench = Bench::new(settings.with_initial(InitialState::Joined));
    let (mut rx, mut tx) = (vec![0; rx], [0; 256]);
    let buffers = Buffers::new(&mut rx, &mut tx);
    let mut module = Esp8266Mqtt::new(bench.uart(), bench.delay(), buffers);
    module.init().expect("init");
    module.usercfg(&UserConfig::new("id")).expect("usercfg");
    module.connect("h", 1883, Reconnect::Off).expect("connect");
    module.subscribe("room/#", QoS::AtMostOnce).expect("sub");
    while module.poll().is_ok() {}
    let late = Reaction::Late(Duration::from_millis(500));
    bench.fault(Fault::command("GMR", 1, late));
    for _ in 0..count {
        let message = Message::new(topic, payload);
        bench.schedule_after(Duration::from_millis(100), Action::Deliver(message));
    }
    module.firmware_version().expect("version");
    let (mut whole, mut dropped) = (0, 0);
    while let Ok(event) = module.poll() {
        match event {
            Event::Message(message) => {
                assert_eq!(message.topic(), topic.as_bytes());
                assert_eq!(message.payload(), payload.as_bytes());
                whole += 1;
            }
            Event::MessagesDropped { count, .. } => dropped += usize::from(count),
            _ => {}
        }
    }
    (whole, dropped)
}

#[test]
fn receive_buffer_of_the_formula_is_enough_and_not_far_too_large() {
    for settings in [Settings::vendor(), Settings::esp_at()] {
        for count in [8, 10, 40] {
            let length = count * (9 + 30 + 25) + 160;
            assert_eq!(delivered(settings.clone(), count, length), (count, 0));
            // A third less is not enough, and what is lost is told.
            let (whole, dropped) = delivered(settings.clone(), count, length * 2 / 3 - 60);
            assert!(dropped > 0 && whole > 0, "{whole} of {count}");
            assert_eq!(whole + dropped, count);
        }
    }
}
