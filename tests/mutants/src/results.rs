//! The lists in the folder of the results.

use crate::{
    judge::{Known, Test},
    switch::Refused,
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    time::Duration,
};

/// By name: what became of it, and the test that noticed.
pub type Outcomes = BTreeMap<String, (String, String)>;

/// For another run with the same mutants.
pub fn remember(folder: &Path, refused: &Refused, tests: &[Test]) {
    let tests: Vec<Value> = tests
        .iter()
        .map(|test| json!([test.name, test.takes.as_micros() as u64, test.reaches]))
        .collect();
    let Refused {
        unviable,
        left,
        constant,
    } = refused;
    let known = json!({ "unviable": unviable, "left": left, "constant": constant, "tests": tests });
    fs::write(folder.join("known.json"), known.to_string()).expect("can write");
}

pub fn recall(folder: &Path) -> (Refused, Known) {
    let text = fs::read_to_string(folder.join("known.json")).unwrap_or_default();
    let known: Value = serde_json::from_str(&text).unwrap_or_default();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let numbers = |value: &Value| -> BTreeSet<usize> {
        list(value)
            .iter()
            .filter_map(Value::as_u64)
            .map(|number| number as usize)
            .collect()
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let test = |test: &Value| {
        let takes = Duration::from_micros(test[1].as_u64()?);
        Some((text(&test[0])?, (takes, numbers(&test[2]))))
    };
    let refused = Refused {
        unviable: numbers(&known["unviable"]),
        left: numbers(&known["left"]),
        constant: list(&known["constant"]).iter().filter_map(text).collect(),
    };
    (
        refused,
        list(&known["tests"]).iter().filter_map(test).collect(),
    )
}

pub fn read(folder: &Path) -> Outcomes {
    let text =
        fs::read_to_string(folder.join("outcomes.txt")).expect("an earlier run's outcomes.txt");
    let line = |line: &str| {
        let mut words = line.split('\t').map(str::to_owned);
        let (outcome, name, by) = (words.next()?, words.next()?, words.next()?);
        Some((name, (outcome, by)))
    };
    text.lines().filter_map(line).collect()
}

pub fn write(folder: &Path, outcomes: &Outcomes) {
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
