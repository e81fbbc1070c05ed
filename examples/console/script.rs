//! Files of commands.
//!
//! ```text
//! # A comment.
//! AT+CWMODE=1
//! - AT+MQTTCLEAN=0                   may be refused
//! AT+CWJAP="$SSID","${PASSWORD:-}"   values, escaped as the module wants it; $$ is a dollar sign
//! AT+MQTTPUBRAW=0,"topic",5,0,0
//! > hello                            the data that the command announces, exactly as long; \xhh \r \n \t \0 \\
//! wait 500 ms
//! wait 5 s for +MQTTSUBRECV          until a line holds this text, a failure if none does
//! ```

use crate::{
    failure::Failure,
    payload::{self, Data},
    values::Values,
};
use std::{fs, path::Path, time::Duration};

/// One step, and its line in the file.
pub struct Step {
    pub number: usize,
    pub action: Action,
}

pub enum Action {
    Command {
        line: String,
        may_fail: bool,
        /// What follows its prompt.
        data: Vec<u8>,
    },
    Wait {
        time: Duration,
        text: Option<String>,
    },
}

impl Step {
    /// Whether it can fail.
    pub fn is_checked(&self) -> bool {
        !matches!(self.action, Action::Wait { text: None, .. })
    }
}

const WAIT: &str = "write: wait 500 ms, or: wait 5 s for TEXT";

/// Reads a file; a mistake in it is told with its line.
pub fn read(path: &Path, values: &Values) -> Result<Vec<Step>, Failure> {
    let name = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {name}: {error}"))?;
    let mut steps = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let at = |what: String| format!("{name}:{}: {what}", index + 1);
        read_line(line.trim(), index + 1, values, &mut steps).map_err(at)?;
    }
    for step in &steps {
        check_data(&step.action).map_err(|what| format!("{name}:{}: {what}", step.number))?;
    }
    Ok(steps)
}

fn read_line(
    line: &str,
    number: usize,
    values: &Values,
    steps: &mut Vec<Step>,
) -> Result<(), String> {
    if line.is_empty() || line.starts_with('#') {
        return Ok(());
    }
    if let Some(typed) = line.strip_prefix('>') {
        let typed = typed.strip_prefix(' ').unwrap_or(typed);
        let more =
            payload::parse(&values.insert(typed, |value, _| Ok(value.replace('\\', "\\\\")))?)?;
        return match steps.last_mut().map(|step| &mut step.action) {
            Some(Action::Command { data, .. }) => {
                data.extend(more);
                Ok(())
            }
            _ => Err("data without a command before it".into()),
        };
    }
    let action = if let Some(rest) = line.strip_prefix("wait ") {
        wait(&values.insert(rest, |value, _| Ok(value.to_owned()))?)?
    } else {
        command(line, values)?
    };
    steps.push(Step { number, action });
    Ok(())
}

fn command(line: &str, values: &Values) -> Result<Action, String> {
    let (may_fail, line) = match line.strip_prefix('-') {
        Some(line) => (true, line.trim_start()),
        None => (false, line),
    };
    let start = line.get(..2).unwrap_or_default();
    if !start.eq_ignore_ascii_case("AT") {
        return Err(format!("not a command: {line}"));
    }
    if payload::announced(line) == Some(Data::Passthrough) {
        return Err("passthrough mode has no answers: use it by hand".into());
    }
    Ok(Action::Command {
        line: values.insert(line, escaped)?,
        may_fail,
        data: Vec::new(),
    })
}

/// A value for a command line; in a string the firmware wants `\`, `"` and `,` escaped.
fn escaped(value: &str, is_quoted: bool) -> Result<String, String> {
    if value.contains(['\r', '\n', '\0']) {
        return Err("a line end or NUL cannot be in a command".into());
    }
    if !is_quoted {
        return Ok(value.to_owned());
    }
    let mut text = String::new();
    for character in value.chars() {
        if matches!(character, '\\' | '"' | ',') {
            text.push('\\');
        }
        text.push(character);
    }
    Ok(text)
}

fn wait(text: &str) -> Result<Action, String> {
    let (time, text) = match text.split_once(" for ") {
        Some((time, text)) => (time, Some(text.trim().to_owned())),
        None => (text, None),
    };
    let (number, unit) = time.trim().split_once(' ').ok_or(WAIT)?;
    let number: u32 = number.parse().map_err(|_| WAIT)?;
    let unit = match unit.trim() {
        "ms" => Duration::from_millis(1),
        "s" => Duration::from_secs(1),
        _ => return Err(WAIT.into()),
    };
    Ok(Action::Wait {
        time: unit * number,
        text,
    })
}

/// Data is as long as its command says: the module would wait for the rest, or take what is too much for a command.
fn check_data(action: &Action) -> Result<(), String> {
    let Action::Command { line, data, .. } = action else {
        return Ok(());
    };
    let wanted = match payload::announced(line) {
        Some(Data::Counted(count)) => count,
        _ => 0,
    };
    if wanted == data.len() {
        return Ok(());
    }
    let name = line.split('=').next().unwrap_or_default();
    Err(format!(
        "{name} announces {wanted} bytes, {} follow",
        data.len()
    ))
}
