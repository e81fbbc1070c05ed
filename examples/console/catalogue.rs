//! The commands, their parameters and how long they take, from the table in the crate's documentation.

use std::{sync::LazyLock, time::Duration};

const TABLE: &str = include_str!("../../src/command/COMMANDS.md");
/// For a command that the table does not have.
const USUAL_TIME: Duration = Duration::from_secs(5);

/// One row of the table.
struct Row {
    /// `AT+CWJAP`, `AT+CWJAP_CUR`.
    names: Vec<String>,
    forms: Vec<Form>,
    /// Those of the form "set".
    parameters: Vec<&'static str>,
    firmware: &'static str,
    time: Duration,
}

/// What follows the name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Execute,
    Query,
    Set,
    Test,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| line.starts_with("| `AT"));
    rows.filter_map(row).collect()
});

fn row(line: &'static str) -> Option<Row> {
    let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
    let &[names, forms, parameters, _, _, firmware, time] = cells.as_slice() else {
        return None;
    };
    let mut all: Vec<String> = Vec::new();
    for name in names.split(' ').map(|name| name.trim_matches('`')) {
        match (name.starts_with('_'), all.first()) {
            (true, Some(first)) => all.push(format!("{first}{name}")),
            _ => all.push(name.to_owned()),
        }
    }
    let form = |name| match name {
        "execute" => Some(Form::Execute),
        "query" => Some(Form::Query),
        "set" => Some(Form::Set),
        "test" => Some(Form::Test),
        _ => None,
    };
    Some(Row {
        names: all,
        forms: forms.split(", ").filter_map(form).collect(),
        parameters: parameters.trim_matches('`').split(',').collect(),
        firmware,
        time: Duration::from_secs(time.strip_suffix(" s")?.parse().ok()?),
    })
}

fn rows_of(name: &str, form: Form) -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(move |row| {
        row.forms.contains(&form)
            && row
                .names
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name))
    })
}

/// Name, form, and what follows `=`. The parameter of `ATE` stands directly behind its name.
fn parts(line: &str) -> (&str, Form, &str) {
    let line = line.trim();
    if let Some(rest) = line.get(3..)
        && line[..3].eq_ignore_ascii_case("ATE")
        && !rest.starts_with('=')
    {
        return (&line[..3], Form::Set, rest);
    }
    match line.find(['=', '?']) {
        None => (line, Form::Execute, ""),
        Some(at) => match line.split_at(at) {
            (name, "?") => (name, Form::Query, ""),
            (name, "=?") => (name, Form::Test, ""),
            (name, rest) => (name, Form::Set, &rest[1..]),
        },
    }
}

/// How long the module may take for a command line. Where a name has several rows, the first is the usual one.
pub fn time_for(line: &str) -> Duration {
    let (name, form, parameters) = parts(line);
    let fitting = rows_of(name, form).find(|row| fits(row, &crate::payload::fields(parameters)));
    let row = fitting.or_else(|| rows_of(name, form).next());
    row.map_or(USUAL_TIME, |row| row.time)
}

/// What `start` can become: names, and behind a whole name what its forms add.
pub fn completions(start: &str) -> Vec<String> {
    let start = start.to_ascii_uppercase();
    let mut all = Vec::new();
    for row in ROWS.iter() {
        for name in row.names.iter().filter(|name| name.starts_with(&start)) {
            if *name == start {
                let forms = row.forms.iter();
                all.extend(forms.map(|form| format!("{name}{}", ending(name, *form))));
            } else {
                all.push(name.clone());
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn ending(name: &str, form: Form) -> &'static str {
    match form {
        Form::Execute => "",
        Form::Query => "?",
        Form::Set if name == "ATE" => "",
        Form::Set => "=",
        Form::Test => "=?",
    }
}

/// What can follow a line that is being typed.
pub enum Hint {
    /// Text that may be taken over.
    Rest(String),
    /// An explanation.
    Note(String),
}

/// The hint for a line: the rest of a name, the forms of a name, or the parameters that are still to come.
pub fn hint(line: &str) -> Option<Hint> {
    let (name, form, typed) = parts(line);
    if form == Form::Execute {
        // Two letters say nothing yet.
        return if name.len() < 4 {
            None
        } else if is_name(name) {
            Some(Hint::Note(forms_of(name)))
        } else {
            let rest = completions(name).first()?.get(name.len()..)?.to_owned();
            Some(Hint::Rest(rest))
        };
    }
    if form != Form::Set || name.eq_ignore_ascii_case("ATE") {
        return None;
    }
    let typed = crate::payload::fields(typed);
    let row = rows_of(name, form).find(|row| fits(row, &typed))?;
    // The parameter that is being typed is not shown once it has begun.
    let begun = typed.last().is_some_and(|last| !last.is_empty());
    let done = typed.len() - usize::from(!begun);
    let rest = aligned(row, &typed).get(done..)?.join(",");
    let separator = if begun && !rest.is_empty() { "," } else { "" };
    let rest = balanced(&rest);
    (!rest.is_empty()).then(|| Hint::Note(format!("{separator}{rest}")))
}

fn is_name(name: &str) -> bool {
    let mut names = ROWS.iter().flat_map(|row| &row.names);
    names.any(|known| known.eq_ignore_ascii_case(name))
}

/// `  ? =<ssid>,<password>[,<bssid>]  (all)`.
fn forms_of(name: &str) -> String {
    let mut forms = Vec::new();
    let mut firmware = "";
    for form in [Form::Execute, Form::Query, Form::Set, Form::Test] {
        let Some(row) = rows_of(name, form).next() else {
            continue;
        };
        firmware = row.firmware;
        match form {
            Form::Execute => {}
            Form::Set => forms.push(format!(
                "{}{}",
                ending(name, form),
                row.parameters.join(",")
            )),
            _ => forms.push(ending(name, form).to_owned()),
        }
    }
    forms.push(format!("({firmware})"));
    format!("  {}", forms.join("  "))
}

/// Whether what was typed agrees with the fixed parameters of a row: `"UDP"`, or the `1` of `AT+CIPSERVER=1,<port>`.
fn fits(row: &Row, typed: &[&str]) -> bool {
    let is_done = |index: usize| index + 1 < typed.len();
    aligned(row, typed)
        .iter()
        .enumerate()
        .all(|(index, parameter)| {
            let parameter = parameter.trim_matches(['[', ']']);
            let is_free =
                parameter.contains('<') || parameter.contains('…') || parameter.is_empty();
            is_free || !is_done(index) || typed.get(index).is_none_or(|typed| *typed == parameter)
        })
}

/// The parameters, without a link id that was left out: what comes next is text then.
fn aligned<'a>(row: &'a Row, typed: &[&str]) -> &'a [&'static str] {
    match row.parameters.as_slice() {
        ["[<link>", rest @ ..] if typed.first().is_some_and(|first| first.starts_with('"')) => rest,
        all => all,
    }
}

/// `text` without brackets that have lost their partner.
fn balanced(text: &str) -> String {
    let mut kept = String::new();
    let mut open = 0;
    for character in text.chars() {
        match character {
            '[' => open += 1,
            ']' if open == 0 => continue,
            ']' => open -= 1,
            _ => {}
        }
        kept.push(character);
    }
    kept
}
