//! All mutants of `cargo mutants` in one build, and which of them the tests notice. For `.ci/mutants`.
//!
//! `mutants <folder> <tree> [--survivors] -- <arguments of cargo test…>`: the folder has `list.json` and gets the results, the
//! tree is a copy and is changed.
//!
//! A mutant is switched on by an environment variable, so nothing is built for it, and only the tests that come by run. What
//! does not compile that way, or is computed by the compiler, is left to `cargo mutants` itself: `left.txt`.

mod build;
mod judge;
mod list;
mod switch;

use judge::{Known, Outcome, Test};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write as _,
    path::Path,
    sync::Mutex,
    time::Duration,
};
use switch::Refused;

/// By name: what became of it, and the test that noticed.
type Outcomes = BTreeMap<String, (String, String)>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (own, cargo) = arguments.split_at(
        arguments
            .iter()
            .position(|word| word == "--")
            .expect("-- and cargo's arguments"),
    );
    let (folder, tree) = (Path::new(&own[0]), Path::new(&own[1]));
    let jobs = std::env::var("JOBS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(2);
    let mutants = list::parse(&fs::read_to_string(folder.join("list.json")).expect("list.json"));
    let mut outcomes = Outcomes::new();
    let (mut refused, mut known) = (Refused::default(), Known::new());
    if own.get(2).is_some_and(|word| word == "--survivors") {
        outcomes = read(folder);
        (refused, known) = recall(folder);
        outcomes.retain(|_, (outcome, _)| outcome != "missed");
    }

    let programs = build::build(tree, &mutants, &cargo[1..], &mut refused);
    let tests = judge::tests(&programs, tree, jobs, &known);
    remember(folder, &refused, &tests);

    // Line by line, for whoever looks while it runs.
    let so_far = Mutex::new(fs::File::create(folder.join("so_far.txt")).expect("a file"));
    let last = Mutex::new(BTreeMap::new());
    // The long tests run for what the others have missed.
    for long in [false, true] {
        let wanted: Vec<usize> = (0..mutants.len())
            .filter(|number| {
                outcomes
                    .get(&mutants[*number].name)
                    .is_none_or(|(outcome, _)| outcome == "missed")
            })
            .collect();
        println!(
            "{} of {} mutants, {} tests, long ones: {long}",
            wanted.len(),
            mutants.len(),
            tests.len()
        );
        let found = judge::in_parallel(wanted.len(), jobs, |index| {
            let mutant = &mutants[wanted[index]];
            let noticed: Option<String> = last.lock().expect("no panic").get(&mutant.file).cloned();
            let (outcome, by) = if refused.left.contains(&wanted[index]) {
                ("left", String::new())
            } else if refused.unviable.contains(&wanted[index]) {
                ("unviable", String::new())
            } else {
                match judge::judge(wanted[index], &tests, long, tree, noticed.as_deref()) {
                    Outcome::Caught(by) => ("caught", by),
                    Outcome::Timeout(by) => ("timeout", by),
                    Outcome::Missed => ("missed", String::new()),
                    Outcome::Unreached => ("missed", "no test comes there".to_owned()),
                }
            };
            if outcome == "caught" {
                last.lock()
                    .expect("no panic")
                    .insert(&mutant.file, by.clone());
            }
            writeln!(
                so_far.lock().expect("no panic"),
                "{outcome}\t{}\t{by}",
                mutant.name
            )
            .expect("can write");
            (mutant.name.clone(), (outcome.to_owned(), by))
        });
        outcomes.extend(found);
        write(folder, &outcomes);
    }
}

const REACH: &str = "reach.txt";
const CONSTANT: &str = "constant.txt";
const UNVIABLE: &str = "unviable.txt";
const LEFT: &str = "left_numbers.txt";

/// For another run with the same mutants.
fn remember(folder: &Path, refused: &Refused, tests: &[Test]) {
    let numbers = |numbers: &BTreeSet<usize>| {
        numbers
            .iter()
            .map(usize::to_string)
            .collect::<Vec<_>>()
            .join(" ")
    };
    let test = |test: &Test| {
        format!(
            "{}\t{}\t{}\n",
            test.name,
            test.takes.as_micros(),
            numbers(&test.reaches)
        )
    };
    fs::write(
        folder.join(REACH),
        tests.iter().map(test).collect::<String>(),
    )
    .expect("can write");
    fs::write(folder.join(LEFT), numbers(&refused.left)).expect("can write");
    fs::write(folder.join(UNVIABLE), numbers(&refused.unviable)).expect("can write");
    fs::write(
        folder.join(CONSTANT),
        refused
            .constant
            .iter()
            .map(|name| format!("{name} "))
            .collect::<String>(),
    )
    .expect("can write");
}

fn recall(folder: &Path) -> (Refused, Known) {
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let numbers = |text: &str| {
        text.split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect::<BTreeSet<usize>>()
    };
    let constant = text(CONSTANT)
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let test = |line: &str| {
        let mut words = line.split('\t');
        let (name, takes, reaches) = (words.next()?, words.next()?, words.next()?);
        Some((
            name.to_owned(),
            (Duration::from_micros(takes.parse().ok()?), numbers(reaches)),
        ))
    };
    (
        Refused {
            left: numbers(&text(LEFT)),
            unviable: numbers(&text(UNVIABLE)),
            constant,
        },
        text(REACH).lines().filter_map(test).collect(),
    )
}

fn read(folder: &Path) -> Outcomes {
    let text =
        fs::read_to_string(folder.join("outcomes.txt")).expect("an earlier run's outcomes.txt");
    let line = |line: &str| {
        let mut words = line.split('\t').map(str::to_owned);
        let (outcome, name, by) = (words.next()?, words.next()?, words.next()?);
        Some((name, (outcome, by)))
    };
    text.lines().filter_map(line).collect()
}

fn write(folder: &Path, outcomes: &Outcomes) {
    let all: String = outcomes
        .iter()
        .map(|(name, (outcome, by))| format!("{outcome}\t{name}\t{by}\n"))
        .collect();
    fs::write(folder.join("outcomes.txt"), all).expect("can write");
    for kind in ["missed", "left"] {
        let names: String = outcomes
            .iter()
            .filter(|(_, (outcome, _))| outcome == kind)
            .map(|(name, _)| format!("{name}\n"))
            .collect();
        fs::write(folder.join(kind).with_extension("txt"), names).expect("can write");
    }
}
