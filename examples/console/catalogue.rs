//! The commands and how long they take, from the table in the crate's documentation.

use std::{sync::LazyLock, time::Duration};

const TABLE: &str = include_str!("../../src/command/COMMANDS.md");

/// One row of the table.
pub struct Command {
    /// `AT+CWJAP`, `AT+CWJAP_CUR`.
    pub names: Vec<String>,
    /// `test`, `query`, `set`, `execute`.
    forms: Vec<&'static str>,
    firmware: &'static str,
    time: Duration,
}

static COMMANDS: LazyLock<Vec<Command>> = LazyLock::new(|| {
    TABLE
        .lines()
        .filter(|line| line.starts_with("| `AT"))
        .filter_map(row)
        .collect()
});

fn row(line: &'static str) -> Option<Command> {
    let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
    let &[names, forms, _, _, firmware, time] = cells.as_slice() else {
        return None;
    };
    let mut all: Vec<String> = Vec::new();
    for name in names.split(' ').map(|name| name.trim_matches('`')) {
        match (name.starts_with('_'), all.first()) {
            (true, Some(first)) => all.push(format!("{first}{name}")),
            _ => all.push(name.to_owned()),
        }
    }
    let seconds = time.strip_suffix(" s")?.parse().ok()?;
    Some(Command {
        names: all,
        forms: forms.split(", ").collect(),
        firmware,
        time: Duration::from_secs(seconds),
    })
}

/// The name in a command line: what is before `=` or `?`.
fn name_of(line: &str) -> &str {
    line.split(['=', '?']).next().unwrap_or_default().trim_end()
}

fn form_of(line: &str) -> &'static str {
    match line.get(name_of(line).len()..).unwrap_or_default() {
        "" => "execute",
        "?" => "query",
        "=?" => "test",
        _ => "set",
    }
}

fn rows_of(name: &str) -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter().filter(move |command| {
        command
            .names
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    })
}

/// How long the module may take for a command line.
pub fn time_for(line: &str) -> Duration {
    let form = form_of(line);
    // `ATE0` carries its parameter in the name.
    let is_row = |row: &&Command| row.forms.contains(&form);
    rows_of(name_of(line))
        .filter(is_row)
        .map(|row| row.time)
        .max()
        .unwrap_or(Duration::from_secs(5))
}

/// The names that begin like this, each once.
pub fn names_like(start: &str) -> Vec<&'static str> {
    let start = start.to_ascii_uppercase();
    let mut names: Vec<_> = COMMANDS
        .iter()
        .flat_map(|command| &command.names)
        .map(String::as_str)
        .filter(|name| name.starts_with(&start))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What can follow a name: `? =… (all)`.
pub fn hint_for(line: &str) -> Option<String> {
    let name = name_of(line);
    let mut hint = String::new();
    for row in rows_of(name) {
        for form in &row.forms {
            let form = match *form {
                "test" => "=?",
                "query" => "?",
                "set" => "=…",
                _ => "",
            };
            if !hint.split(' ').any(|known| known == form) {
                hint.push(' ');
                hint.push_str(form);
            }
        }
    }
    let firmware = rows_of(name).next()?.firmware;
    Some(format!("{hint}   ({firmware})"))
}

/// Whether a line may hold a password, which is then kept out of files and reports.
pub fn is_secret(line: &str) -> bool {
    const SECRET: [&str; 7] = [
        "AT+CWJAP",
        "AT+CWSAP",
        "AT+CWJEAP",
        "AT+MQTTUSERCFG",
        "AT+MQTTPASSWORD",
        "AT+MQTTLONGPASSWORD",
        "AT+ALIYUN_MQTTCONN",
    ];
    let line = line.trim_start().to_ascii_uppercase();
    form_of(&line) == "set" && SECRET.iter().any(|name| line.starts_with(name))
}
