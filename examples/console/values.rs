//! `$NAME` in files.

use std::{collections::HashMap, env};

/// The values of `--set`, then of the environment, then of the emulated module's surroundings.
pub struct Values {
    set: HashMap<String, String>,
    surroundings: HashMap<String, String>,
}

impl Values {
    pub fn new(set: &[(String, String)], surroundings: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            set: set.iter().cloned().collect(),
            surroundings: surroundings.iter().map(owned).collect(),
        }
    }

    pub fn is_name(text: &str) -> bool {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        !text.is_empty()
            && !text.starts_with(|c: char| c.is_ascii_digit())
            && text.chars().all(is_part)
    }

    fn get(&self, name: &str) -> Option<String> {
        let given = self.set.get(name).cloned();
        given
            .or_else(|| env::var(name).ok())
            .or_else(|| self.surroundings.get(name).cloned())
    }

    /// Puts values in place of `$NAME` and `${NAME:-default}`; `$$` is a dollar sign. `escape` makes a value fit for its
    /// place and is told whether that is between quotes.
    pub fn insert(
        &self,
        line: &str,
        escape: fn(&str, bool) -> Result<String, String>,
    ) -> Result<String, String> {
        let mut text = String::new();
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('$') {
            text.push_str(before);
            if let Some(after) = after.strip_prefix('$') {
                text.push('$');
                rest = after;
                continue;
            }
            let (name, default, after) = reference(after)?;
            let value = self.get(name).or_else(|| default.map(str::to_owned));
            let value = value.ok_or_else(|| {
                format!("${name} has no value: --set {name}=… (a dollar sign itself is $$)")
            })?;
            let escaped = escape(&value, is_quoted(&text));
            text.push_str(&escaped.map_err(|why| format!("${name}: {why}"))?);
            rest = after;
        }
        text.push_str(rest);
        Ok(text)
    }
}

/// Name, default, and what follows a `$`.
fn reference(text: &str) -> Result<(&str, Option<&str>, &str), String> {
    if let Some(inner) = text.strip_prefix('{') {
        let (inner, rest) = inner.split_once('}').ok_or("${ without }")?;
        let (name, default) = match inner.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (inner, None),
        };
        return match Values::is_name(name) {
            true => Ok((name, default, rest)),
            false => Err(format!("${{{inner}}} is no name")),
        };
    }
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    match text.split_at(end) {
        (name, rest) if Values::is_name(name) => Ok((name, None, rest)),
        _ => Err("a $ without a name: a dollar sign itself is $$".into()),
    }
}

/// Whether the end of `text` is between quotes.
fn is_quoted(text: &str) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    for byte in text.bytes() {
        quoted ^= byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
    }
    quoted
}
