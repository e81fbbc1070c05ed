//! Files of commands.
//!
//! ```text
//! # A comment.
//! AT+CWMODE=1
//! - AT+MQTTCLEAN=0               may be refused
//! AT+CWJAP_CUR="$SSID","$PASSWORD"
//! AT+MQTTPUBRAW=0,"topic",5,0,0
//! > hello                        the data that the command announces, exactly as long
//! wait 500 ms
//! wait 5 s for +MQTTSUBRECV      until a line holds this text, an error if none does
//! ```

use crate::{failure::Failure, payload};
use std::{collections::HashMap, env, fs, path::Path, time::Duration};

pub enum Step {
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

/// Reads a file; a mistake in it is told with its line.
pub fn read(path: &Path, values: &HashMap<String, String>) -> Result<Vec<Step>, Failure> {
    let name = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::from(format!("cannot read {name}: {error}")))?;
    let mut steps = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let at = |what: String| Failure::from(format!("{name}:{}: {what}", index + 1));
        read_line(line.trim(), values, &mut steps).map_err(at)?;
    }
    check_data(&steps).map_err(|what| Failure::from(format!("{name}: {what}")))?;
    Ok(steps)
}

fn read_line(
    line: &str,
    values: &HashMap<String, String>,
    steps: &mut Vec<Step>,
) -> Result<(), String> {
    if line.is_empty() || line.starts_with('#') {
        return Ok(());
    }
    if let Some(typed) = line.strip_prefix('>') {
        let bytes = payload::parse(&insert_values(typed.trim_start(), values)?)?;
        let Some(Step::Command { data, .. }) = steps.last_mut() else {
            return Err("data without a command before it".into());
        };
        data.extend(bytes);
        return Ok(());
    }
    if let Some(rest) = line.strip_prefix("wait ") {
        steps.push(wait(rest)?);
        return Ok(());
    }
    let (may_fail, line) = match line.strip_prefix('-') {
        Some(line) => (true, line.trim_start()),
        None => (false, line),
    };
    if !line
        .get(..2)
        .is_some_and(|start| start.eq_ignore_ascii_case("AT"))
    {
        return Err(format!("not a command: {line}"));
    }
    steps.push(Step::Command {
        line: insert_values(line, values)?,
        may_fail,
        data: Vec::new(),
    });
    Ok(())
}

fn wait(text: &str) -> Result<Step, String> {
    let (time, text) = match text.split_once(" for ") {
        Some((time, text)) => (time, Some(text.trim().to_owned())),
        None => (text, None),
    };
    let (number, unit) = time.trim().split_once(' ').ok_or("write: wait 500 ms")?;
    let number: u64 = number.parse().map_err(|_| "write: wait 500 ms")?;
    let time = match unit.trim() {
        "ms" => Duration::from_millis(number),
        "s" => Duration::from_secs(number),
        unit => return Err(format!("{unit} is neither ms nor s")),
    };
    Ok(Step::Wait { time, text })
}

/// Puts values in place of `$NAME`; `$$` is a dollar sign.
fn insert_values(line: &str, values: &HashMap<String, String>) -> Result<String, String> {
    let mut parts = line.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    while let Some(part) = parts.next() {
        let end = part
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        if name.is_empty() && rest.is_empty() {
            text.push('$');
            text.push_str(parts.next().unwrap_or_default());
            continue;
        }
        let value = values.get(name).cloned().or_else(|| env::var(name).ok());
        text.push_str(&value.ok_or(format!("${name} has no value: --set {name}=…"))?);
        text.push_str(rest);
    }
    Ok(text)
}

/// Data is as long as its command says: the module would wait for the rest, or take the next command for it.
fn check_data(steps: &[Step]) -> Result<(), String> {
    for step in steps {
        if let Step::Command { line, data, .. } = step {
            let wanted = payload::announced(line).unwrap_or_default();
            if wanted != data.len() {
                let name = line.split('=').next().unwrap_or_default();
                return Err(format!(
                    "{name} announces {wanted} bytes, {} follow",
                    data.len()
                ));
            }
        }
    }
    Ok(())
}
