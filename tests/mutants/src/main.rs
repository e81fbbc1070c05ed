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
mod results;
mod sites;
mod switch;

use judge::Outcome;
use results::Outcomes;
use std::{collections::BTreeMap, fs, io::Write as _, path::Path, sync::Mutex};
use switch::Refused;

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
    let mut refused = Refused::default();
    if own.get(2).is_some_and(|word| word == "--survivors") {
        outcomes = results::read(folder);
        refused = results::recall(folder);
        outcomes.retain(|_, (outcome, _)| outcome != "missed");
    }

    let programs = build::build(tree, &mutants, &cargo[1..], &mut refused);
    let tests = judge::tests(&programs, tree, jobs);
    results::remember(folder, &refused);

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
        results::write(folder, &outcomes);
    }
}
