//! Both READMEs say the same, and every file they link exists.

use std::{collections::BTreeSet, fs, path::Path};

const ENGLISH: &str = include_str!("../README.md");
const CHINESE: &str = include_str!("../README.zh-CN.md");

/// Fenced blocks.
fn blocks(text: &str) -> Vec<&str> {
    text.split("```").skip(1).step_by(2).collect()
}

/// What stands in backticks outside of blocks.
fn code(text: &str) -> BTreeSet<&str> {
    let prose = text.split("```").step_by(2);
    let code = prose.flat_map(|part| part.split('`').skip(1).step_by(2));
    code.collect()
}

/// Numbers of more than one digit, in the order of their value.
fn figures(text: &str) -> BTreeSet<&str> {
    let is_part = |c: char| c.is_ascii_digit() || c == ',' || c == '.';
    let words = text.split(move |c| !is_part(c));
    words
        .map(|word| word.trim_matches([',', '.']))
        .filter(|word| word.len() > 1)
        .collect()
}

fn headings(text: &str) -> usize {
    text.lines().filter(|line| line.starts_with("## ")).count()
}

#[test]
fn both_languages_say_the_same() {
    assert_eq!(blocks(ENGLISH), blocks(CHINESE));
    assert_eq!(code(ENGLISH), code(CHINESE));
    let outside = |text| {
        let text: &'static str = text;
        let definitions = text.find("\n[wiring]:").expect("the links");
        figures(&text[..definitions])
    };
    assert_eq!(outside(ENGLISH), outside(CHINESE));
    assert_eq!(headings(ENGLISH), headings(CHINESE));
}

/// What the examples in the documentation of the library call.
fn examples(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            examples(&path, text);
            continue;
        }
        let source = fs::read_to_string(path).expect("text");
        let lines = source.lines().map(str::trim_start);
        let mut is_example = false;
        for line in lines.filter_map(|line| line.strip_prefix("///")) {
            if line.contains("```") {
                is_example = !is_example;
            } else if is_example {
                *text += line;
            }
        }
    }
}

#[test]
fn every_method_has_an_example() {
    let methods = ENGLISH.split_once("## Methods").expect("a heading").1;
    let methods = methods.split("\n## ").next().expect("a section");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut text = String::new();
    examples(&folder, &mut text);
    let is_method = |name: &&str| name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let mut count = 0;
    for name in code(methods).into_iter().filter(is_method) {
        // Features, not methods.
        if !matches!(name, "json" | "async") {
            assert!(text.contains(&format!("module.{name}(")), "{name}");
            count += 1;
        }
    }
    assert!(count > 50, "{count}");
}

#[test]
fn what_is_linked_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for text in [ENGLISH, CHINESE] {
        let definitions: Vec<_> = text
            .lines()
            .filter_map(|line| line.strip_prefix('[')?.split_once("]: "))
            .collect();
        assert!(definitions.len() > 10);
        for (name, target) in definitions {
            assert!(root.join(target).is_file(), "{name}: {target}");
            assert!(text.contains(&format!("[{name}]")), "{name} is not used");
        }
    }
}
