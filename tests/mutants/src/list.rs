//! What `cargo mutants --list --json` says.

use serde_json::Value;
use std::{ops::Range, path::PathBuf};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Genre {
    Body,
    Operator,
    Arm,
    Guard,
}

pub struct Mutant {
    /// As `cargo mutants` prints it: file, line, column and what is replaced.
    pub name: String,
    pub file: PathBuf,
    pub genre: Genre,
    /// Line and column, from 1, of the first character and the one behind the last.
    pub span: Range<(usize, usize)>,
    pub replacement: String,
    pub returns_impl: bool,
}

pub fn parse(json: &str) -> Vec<Mutant> {
    let list: Value = serde_json::from_str(json).expect("a list of mutants");
    list.as_array()
        .expect("a list")
        .iter()
        .map(mutant)
        .collect()
}

fn mutant(value: &Value) -> Mutant {
    let text = |key: &str| value[key].as_str().expect(key).to_owned();
    let place = |end: &str| {
        let number = |key: &str| value["span"][end][key].as_u64().expect(key) as usize;
        (number("line"), number("column"))
    };
    Mutant {
        name: text("name"),
        file: text("file").into(),
        genre: match value["genre"].as_str() {
            Some("FnValue") => Genre::Body,
            Some("BinaryOperator" | "UnaryOperator") => Genre::Operator,
            Some("MatchArm") => Genre::Arm,
            Some("MatchArmGuard") => Genre::Guard,
            other => panic!("mutants of a new kind: {other:?}"),
        },
        span: place("start")..place("end"),
        replacement: text("replacement"),
        returns_impl: value["function"]["return_type"]
            .as_str()
            .is_some_and(|kind| kind.contains("impl ")),
    }
}
