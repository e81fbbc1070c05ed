//! Every command that a page names is listed in `commands.txt`, with what is done about it; `.ci/documented` does it.
#![cfg(target_os = "linux")]

mod list;
#[path = "../demo/near.rs"]
mod near;
mod pages;
mod surroundings;
mod typist;

use list::{Kind, List};
use pages::{Named, commands, pages};
use std::{
    collections::{HashMap, HashSet},
    env,
    sync::Mutex,
    thread,
    time::Instant,
};
use typist::Typist;

/// How many pages at a time: the programs wait for their modules most of the time.
const TYPISTS: usize = 3;

#[test]
fn every_command_is_listed() {
    let list = List::read();
    let mut named = HashSet::new();
    for command in pages().iter().flat_map(|page| commands(page)) {
        let Named {
            page,
            folder,
            command,
            ..
        } = command;
        let deed = list.get(&folder, &command);
        assert!(
            deed.is_some(),
            "{page}: not in commands.txt: {folder}$ {command}"
        );
        named.insert((folder, command));
    }
    let mut counts = HashMap::new();
    for (folder, command, deed) in list.all() {
        let key = (folder.to_owned(), command.to_owned());
        assert!(named.contains(&key), "on no page: {folder}$ {command}");
        let name = match (deed.kind, deed.is_long) {
            (Kind::Not, _) => "not run",
            (_, true) => "run with --all",
            (_, false) => "run",
        };
        *counts.entry(name).or_insert(0) += 1;
    }
    println!("{} commands on all pages: {counts:?}", named.len());
}

/// `DOCUMENTED=all` for those that take long, too, behind the others.
#[test]
#[ignore = "for .ci/documented"]
fn commands_do_what_their_page_says() {
    let list = List::read();
    let mut failures = run(&list, false, TYPISTS);
    if env::var("DOCUMENTED").is_ok_and(|value| value == "all") {
        // They need the whole machine.
        failures.extend(run(&list, true, 1));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn run(list: &List, is_long: bool, typists: usize) -> Vec<String> {
    let work = Mutex::new(work(list, is_long).into_iter());
    let next = || work.lock().expect("no panic").next();
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..typists {
            scope.spawn(|| {
                while let Some(page) = next() {
                    let wrong = typed(&page, list);
                    failures.lock().expect("no panic").extend(wrong);
                }
            });
        }
    });
    failures.into_inner().expect("no panic")
}

/// The commands of each page that has some, each command once, but for those whose output is shown.
fn work(list: &List, is_long: bool) -> Vec<Vec<Named>> {
    let mut known = HashSet::new();
    let mut work = Vec::new();
    for page in pages() {
        let mut wanted = commands(&page);
        wanted.retain(|named| {
            let deed = list.get(&named.folder, &named.command).expect("listed");
            let is_new = known.insert((named.folder.clone(), named.command.clone()));
            let is_wanted = deed.kind != Kind::Not && deed.is_long == is_long;
            is_wanted && (is_new || !named.output.is_empty())
        });
        if !wanted.is_empty() {
            work.push(wanted);
        }
    }
    work
}

/// What is wrong on a page.
fn typed(commands: &[Named], list: &List) -> Vec<String> {
    let mut typist = Typist::default();
    let mut failures = Vec::new();
    for named in commands {
        let deed = list.get(&named.folder, &named.command).expect("listed");
        let start = Instant::now();
        let mut failure = typist.run(named, deed.kind).err();
        if failure.is_some() && !deed.is_long {
            // The emulated module keeps real time; a busy machine may not.
            println!("again: {}", named.command);
            failure = typist.run(named, deed.kind).err();
        }
        let seconds = start.elapsed().as_secs_f32();
        let Named {
            page,
            folder,
            command,
            ..
        } = named;
        let outcome = if failure.is_some() { "FAILED" } else { "ok" };
        println!("{seconds:6.1} s  {outcome}  {page}: {folder}$ {command}");
        failures.extend(failure);
    }
    failures.extend(typist.leave());
    failures
}
