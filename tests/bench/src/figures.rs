//! Figures by name, one to a line: `flash.s.session 6792`.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

/// What a figure may differ from last time.
const DRIFT_PERCENT: u64 = 5;

/// What was measured. Values that are no numbers say with what.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Figures(BTreeMap<String, String>);

/// A figure that is not what it was.
#[derive(Debug, PartialEq, Eq)]
pub struct Drift {
    name: String,
    old: Option<String>,
    new: String,
}

impl Figures {
    pub fn read(path: &Path) -> Result<Self, String> {
        let text =
            fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Self::parse(&text)
    }

    pub fn parse(text: &str) -> Result<Self, String> {
        let mut all = BTreeMap::new();
        for line in text.lines() {
            let (name, value) = line
                .split_once(' ')
                .ok_or(format!("not a figure: {line}"))?;
            if all.insert(name.to_owned(), value.to_owned()).is_some() {
                return Err(format!("measured twice: {name}"));
            }
        }
        Ok(Self(all))
    }

    pub fn text(&self, name: &str) -> Result<&str, String> {
        let value = self.0.get(name).ok_or(format!("not measured: {name}"))?;
        Ok(value)
    }

    pub fn number(&self, name: &str) -> Result<u64, String> {
        let value = self.text(name)?;
        value
            .parse()
            .map_err(|_| format!("{name} is no number: {value}"))
    }

    /// All numbers whose names begin so.
    pub fn under(&self, prefix: &str) -> Result<Vec<u64>, String> {
        let names = self.0.keys().filter(|name| name.starts_with(prefix));
        names.map(|name| self.number(name)).collect()
    }

    /// What is more than 5 % away from last time, either way, or was not measured then. Date and compiler may differ, and
    /// figures may be missing: a check leaves the neighbours out.
    pub fn drifts(&self, new: &Self) -> Vec<Drift> {
        let drift = |name: &String| Drift {
            name: name.clone(),
            old: self.0.get(name).cloned(),
            new: new.0[name].clone(),
        };
        let drifts = new.0.keys().map(drift);
        drifts.filter(|drift| !drift.is_small()).collect()
    }
}

impl Drift {
    fn is_small(&self) -> bool {
        let Some(old) = &self.old else {
            return false;
        };
        let new = &self.new;
        match (old.parse::<u64>(), new.parse::<u64>()) {
            (Ok(old), Ok(new)) => old.abs_diff(new) * 100 <= old * DRIFT_PERCENT,
            _ => old == new || matches!(self.name.as_str(), "date" | "rustc" | "core"),
        }
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let old = self.old.as_deref().unwrap_or("nothing");
        write!(f, "{}: was {old}, is {}", self.name, self.new)
    }
}

#[cfg(test)]
mod tests {
    use super::Figures;

    fn drifts(old: &str, new: &str) -> Vec<String> {
        let [old, new] = [old, new].map(|text| Figures::parse(text).expect("figures"));
        old.drifts(&new).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn five_percent_are_no_drift() {
        assert!(drifts("a 100\nb 0\nc yes\n", "a 105\nb 0\nc yes\n").is_empty());
        assert!(drifts("a 100\ndate x\n", "a 95\ndate y\n").is_empty());
    }

    #[test]
    fn more_is_in_either_direction() {
        assert_eq!(
            drifts("a 100\nb 20\n", "a 106\nb 20\n"),
            ["a: was 100, is 106"]
        );
        assert_eq!(drifts("a 100\n", "a 94\n"), ["a: was 100, is 94"]);
        assert_eq!(drifts("a 0\n", "a 1\n"), ["a: was 0, is 1"]);
        assert_eq!(drifts("a no\n", "a yes\n"), ["a: was no, is yes"]);
    }

    #[test]
    fn what_was_never_measured_is_a_drift() {
        assert_eq!(drifts("a 1\n", "b 1\n"), ["b: was nothing, is 1"]);
    }

    #[test]
    fn nothing_is_measured_twice() {
        assert!(Figures::parse("a 1\na 2\n").is_err());
        assert!(Figures::parse("nothing\n").is_err());
    }
}
