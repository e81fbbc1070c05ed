//! The lists in the folder of the results.

use crate::switch::Refused;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::Path};

/// By name: what became of it, and the test that noticed.
pub type Outcomes = BTreeMap<String, (String, String)>;

/// For another run with the same mutants, so that the compiler need not be asked again.
pub fn remember(folder: &Path, refused: &Refused) {
    let Refused {
        unviable,
        left,
        constant,
    } = refused;
    let known = json!({ "unviable": unviable, "left": left, "constant": constant });
    fs::write(folder.join("refused.json"), known.to_string()).expect("can write");
}

pub fn recall(folder: &Path) -> Refused {
    let text = fs::read_to_string(folder.join("refused.json")).unwrap_or_default();
    let refused: Value = serde_json::from_str(&text).unwrap_or_default();
    let list = |key: &str| refused[key].as_array().cloned().unwrap_or_default();
    let numbers = |key: &str| {
        let number = |value: &Value| value.as_u64().map(|number| number as usize);
        list(key).iter().filter_map(number).collect()
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    Refused {
        unviable: numbers("unviable"),
        left: numbers("left"),
        constant: list("constant").iter().filter_map(text).collect(),
    }
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
