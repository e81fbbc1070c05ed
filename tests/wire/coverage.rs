//! Compares the table of commands with the code, with what the wire tests have checked, and with what firmware has.

use crate::{
    harness::{Check, Form, Record, records_of},
    protocol::{CHAPTERS, Chapter},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

const TABLE: &str = include_str!("../../src/command/COMMANDS.md");

/// One row of the table.
#[derive(Debug)]
struct Row {
    /// Each name in full: `AT+CWMODE`, `AT+CWMODE_CUR`.
    names: BTreeSet<String>,
    forms: BTreeSet<Form>,
    /// `None` without the form "set".
    parameters: Option<String>,
    chapter: String,
    command: String,
    response: String,
    firmware: String,
    timeout_ms: u32,
}

fn rows() -> Vec<Row> {
    TABLE
        .lines()
        .filter(|line| line.starts_with("| `AT"))
        .map(row)
        .collect()
}

fn row(line: &str) -> Row {
    let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
    let &[
        names,
        forms,
        parameters,
        command,
        response,
        firmware,
        timeout,
    ] = cells.as_slice()
    else {
        panic!("a row has seven cells: {line}");
    };
    // [`SetMode`](wifi::SetMode)
    let (name, path) = command
        .split_once("](")
        .and_then(|(name, path)| Some((name.strip_prefix("[`")?, path.strip_suffix(')')?)))
        .unwrap_or_else(|| panic!("not a link: {command}"));
    let (chapter, last) = path.split_once("::").expect("chapter::Struct");
    assert_eq!(name.strip_suffix('`'), Some(last), "{line}");
    let response = match response.split_once('`') {
        Some((_, rest)) => rest.split('`').next().unwrap_or_default(),
        None => {
            assert_eq!(response, "–", "{line}");
            "NoResponse"
        }
    };
    let (value, unit) = timeout.split_once(' ').expect("number and unit");
    let value: u32 = value.parse().expect("a number");
    Row {
        names: names_in(&names.replace('`', "")),
        forms: forms.split(", ").map(form).collect(),
        parameters: (parameters != "–").then(|| parameters.trim_matches('`').to_owned()),
        chapter: chapter.to_owned(),
        command: last.to_owned(),
        response: response.to_owned(),
        firmware: firmware.to_owned(),
        timeout_ms: match unit {
            "s" => value * 1000,
            "ms" => value,
            _ => panic!("no unit: {line}"),
        },
    }
}

fn form(text: &str) -> Form {
    match text {
        "test" | "T" => Form::Test,
        "query" | "Q" => Form::Query,
        "set" | "S" => Form::Set,
        "execute" | "E" => Form::Execute,
        _ => panic!("no form: {text}"),
    }
}

/// `AT+UART _CUR _DEF` is three names.
fn names_in(text: &str) -> BTreeSet<String> {
    let mut first = "";
    text.split(' ')
        .map(|name| {
            if name.starts_with('_') {
                format!("{first}{name}")
            } else {
                first = name;
                name.to_owned()
            }
        })
        .collect()
}

/// The names and forms of a list of `protocol`, one by one.
fn expand(list: &[(&str, &str)]) -> BTreeSet<(String, Form)> {
    list.iter()
        .flat_map(|(names, forms)| {
            names_in(names).into_iter().flat_map(move |name| {
                forms
                    .split("")
                    .filter(|letter| !letter.is_empty())
                    .map(move |letter| (name.clone(), form(letter)))
            })
        })
        .collect()
}

fn chapter_records() -> BTreeMap<&'static str, Vec<Record>> {
    BTreeMap::from([
        ("basic", records_of(crate::basic::CHECKS)),
        ("wifi", records_of(crate::wifi::CHECKS)),
        ("tcpip", records_of(crate::tcpip::CHECKS)),
        ("mqtt", records_of(crate::mqtt::CHECKS)),
    ])
}

fn written(records: &[Record], command: &str) -> (BTreeSet<String>, BTreeSet<Form>) {
    records
        .iter()
        .filter(|record| record.command == command)
        .filter_map(|record| match &record.check {
            Check::Wrote { name, form } => Some((name.clone(), *form)),
            _ => None,
        })
        .unzip()
}

/// Names of the types that `Command` is implemented for, by hand or by a macro of `command`.
fn implemented(directory: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(directory).expect("sources") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            names.append(&mut implemented(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).expect("text");
            names.extend(source.split("Command for ").skip(1).filter_map(type_name));
            for start in ["set_command!(", "query_command! {", "asking_command!("] {
                names.extend(source.split(start).skip(1).filter_map(type_name));
            }
        }
    }
    names
}

/// The name at the start of `source`, behind attributes and comments.
fn type_name(source: &str) -> Option<String> {
    let mut rest = source.trim_start();
    while rest.starts_with("//") || rest.starts_with('#') {
        rest = rest.split_once('\n')?.1.trim_start();
    }
    let name: String = rest
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    // `impl<C: Command> AnyCommand for C` and the macros' own `$command`.
    (name.len() > 1).then_some(name)
}

#[test]
fn every_struct_has_a_row_and_every_row_a_struct() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/command");
    let implemented = implemented(&source);
    assert!(implemented.contains("Attention") && implemented.contains("QueryVersion"));
    let rows = rows();
    let listed: BTreeSet<_> = rows.iter().map(|row| row.command.clone()).collect();
    assert_eq!(listed.len(), rows.len(), "a struct has one row");
    let unlisted: Vec<_> = implemented.difference(&listed).collect();
    assert!(unlisted.is_empty(), "not in COMMANDS.md: {unlisted:?}");
    let unknown: Vec<_> = listed.difference(&implemented).collect();
    assert!(unknown.is_empty(), "no such command: {unknown:?}");
}

/// The documentation of a struct begins with its line on the wire.
#[test]
fn parameters_are_those_of_the_documentation() {
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let mut compared = 0;
    for row in rows() {
        let is_set = row.forms.contains(&Form::Set);
        assert_eq!(row.parameters.is_some(), is_set, "{}", row.command);
        let Some(parameters) = row.parameters else {
            continue;
        };
        let name = row.names.first().expect("a name");
        let line = format!("`{name}={parameters}`").replace('/', "|");
        let documented = sources
            .iter()
            .any(|source| documents(source, &row.command, &line));
        // Documented in other words: either form of ATE, and what is added to other commands.
        let is_special = [
            "SetEcho",
            "JoinWithin",
            "StartSmartConfig",
            "ResetBuffer",
            "QueryBuffer",
            "Close",
            "Within",
        ]
        .contains(&row.command.as_str());
        assert!(documented != is_special, "{}: {line}", row.command);
        compared += usize::from(documented);
    }
    assert!(compared > 80, "{compared}");
}

/// Whether `source` has the struct with a comment that holds `line`.
fn documents(source: &str, name: &str, line: &str) -> bool {
    let head = format!("pub struct {name}");
    source.match_indices(&head).any(|(at, _)| {
        let (before, rest) = source.split_at(at);
        let is_whole = !rest[head.len()..].starts_with(|c: char| c.is_alphanumeric());
        let comment = before.rsplit("\n\n").next().unwrap_or_default();
        is_whole && comment.replace('/', "|").contains(line)
    })
}

/// All sources of the crate.
fn sources(directory: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in fs::read_dir(directory).expect("sources") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            all.append(&mut sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(fs::read_to_string(&path).expect("text"));
        }
    }
    all
}

#[test]
fn every_row_says_what_the_code_does_and_is_tested_both_ways() {
    let records = chapter_records();
    let mut faults = Vec::new();
    for row in rows() {
        let Some(records) = records.get(row.chapter.as_str()) else {
            faults.push(format!("{}: no chapter {}", row.command, row.chapter));
            continue;
        };
        let mine: Vec<_> = records
            .iter()
            .filter(|record| record.command == row.command)
            .collect();
        let (names, forms) = written(records, &row.command);
        let mut check = |good: bool, fault: String| {
            if !good {
                faults.push(format!("{}: {fault}", row.command));
            }
        };
        check(names == row.names, format!("tests wrote {names:?}"));
        check(forms == row.forms, format!("tests wrote forms {forms:?}"));
        check(!row.firmware.is_empty(), "which firmware has it?".into());
        for record in &mine {
            let (response, timeout) = (&record.response, record.timeout_ms);
            check(*response == row.response, format!("answers {response}"));
            check(timeout == row.timeout_ms, format!("waits {timeout} ms"));
        }
        if row.response != "NoResponse" {
            let has = |wanted| mine.iter().any(|record| record.check == wanted);
            check(has(Check::Read), "no test reads a response".into());
            check(has(Check::Refused), "no test refuses a response".into());
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_command_of_the_firmware_has_a_row() {
    let rows = rows();
    let mut count = 0;
    for Chapter { name, commands } in CHAPTERS {
        let listed: BTreeSet<_> = rows
            .iter()
            .flat_map(|row| {
                row.names
                    .iter()
                    .flat_map(|name| row.forms.iter().map(|form| (name.clone(), *form)))
            })
            .collect();
        let commands = expand(commands);
        count += commands.len();
        let lost: Vec<_> = commands
            .into_iter()
            .filter(|command| !listed.contains(command))
            .collect();
        assert!(lost.is_empty(), "{name}: no row for {lost:?}");
    }
    println!("{count} forms of commands, {} rows", rows.len());
}

#[test]
fn chapters_stand_in_order_and_rows_under_their_chapter() {
    let order: Vec<_> = CHAPTERS.iter().map(|chapter| chapter.name).collect();
    let found: Vec<_> = rows()
        .iter()
        .map(|row| {
            order
                .iter()
                .position(|name| *name == row.chapter)
                .expect("chapter")
        })
        .collect();
    assert!(found.is_sorted());
}
