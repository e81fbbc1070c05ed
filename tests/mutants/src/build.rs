//! Builds the tests with all mutants in one library, without those that do not compile.

use crate::{list::Mutant, switch, switch::Refused};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use syn::{spanned::Spanned, visit::Visit};

/// Writes the source below the current folder with all mutants into `tree` and builds the test programs. Adds to `refused`.
pub fn build(
    tree: &Path,
    mutants: &[Mutant],
    arguments: &[String],
    refused: &mut Refused,
) -> Vec<PathBuf> {
    let by_file = |path: &Path| {
        let same = |file: &Path| file.canonicalize().is_ok_and(|file| file.ends_with(path));
        mutants
            .iter()
            .enumerate()
            .filter(|(_, mutant)| same(&mutant.file))
            .collect::<Vec<_>>()
    };
    // All files, for a function that has no mutants may call one that is `const` no longer.
    let sources: Vec<_> = files(Path::new("src"))
        .into_iter()
        .map(|path| {
            (
                fs::read_to_string(&path).expect("a source"),
                by_file(&path),
                path,
            )
        })
        .collect();
    loop {
        let before = (
            refused.left.len(),
            refused.unviable.len(),
            refused.constant.len(),
        );
        for (text, own, path) in &sources {
            let mut text = switch::rewrite(text, own, refused);
            if path == Path::new("src/lib.rs") {
                text += "\nmod mutant;\n";
            }
            write(&tree.join(path), &text);
        }
        write(&tree.join("src/mutant.rs"), include_str!("mutant.rs.in"));
        match cargo(tree, arguments) {
            Ok(programs) => return programs,
            Err(errors) => errors
                .iter()
                .for_each(|error| refuse(tree, error, mutants, refused)),
        }
        if before
            == (
                refused.left.len(),
                refused.unviable.len(),
                refused.constant.len(),
            )
        {
            panic!("does not compile, and not because of a mutant");
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|name| name == "rs") {
            found.push(path);
        }
    }
    found
}

fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(path.parent().expect("a folder")).expect("can make it");
    fs::write(path, text).expect("can write");
}

/// The test programs, or the compiler's errors.
fn cargo(tree: &Path, arguments: &[String]) -> Result<Vec<PathBuf>, Vec<Value>> {
    let output = Command::new("cargo")
        .args(["test", "--no-run", "--message-format=json", "--quiet"])
        .args(arguments)
        .current_dir(tree)
        .env("RUSTFLAGS", "--cap-lints=allow")
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo");
    let text = String::from_utf8(output.stdout).expect("text");
    let messages: Vec<Value> = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    if output.status.success() {
        let program = |message: &Value| message["profile"]["test"] == true;
        let path = |message: &Value| message["executable"].as_str().map(PathBuf::from);
        return Ok(messages
            .iter()
            .filter(|message| program(message))
            .filter_map(path)
            .collect());
    }
    let errors: Vec<Value> = messages
        .into_iter()
        .filter(|message| message["message"]["level"] == "error")
        .map(|mut message| message["message"].take())
        .collect();
    Err(errors)
}

fn refuse(tree: &Path, error: &Value, mutants: &[Mutant], refused: &mut Refused) {
    let message = error["message"].as_str().unwrap_or_default();
    if error["code"]["code"] == "E0015" {
        let name = message
            .split('`')
            .nth(1)
            .and_then(|path| path.rsplit("::").next())
            .unwrap_or_default();
        refused.constant.insert(name.to_owned());
        return;
    }
    let mut spans: Vec<&Value> = error["spans"].as_array().into_iter().flatten().collect();
    spans.extend(
        error["children"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|child| child["spans"].as_array().into_iter().flatten()),
    );
    if error["code"]["code"] == "E0004" {
        // Of arms that are each superfluous, not all may be gone.
        refused.left.extend(
            spans
                .iter()
                .flat_map(|span| arms_at(tree, span).unwrap_or_default()),
        );
        return;
    }
    let found: Vec<usize> = spans
        .iter()
        .filter_map(|span| mutant_at(tree, span))
        .collect();
    if found.is_empty() {
        eprintln!(
            "not by a mutant: {}",
            error["rendered"].as_str().unwrap_or_default()
        );
    }
    // In a function of its own an `impl Trait` may be another type.
    let (left, unviable): (Vec<usize>, Vec<usize>) = found
        .into_iter()
        .partition(|number| mutants[*number].returns_impl);
    refused.left.extend(left);
    refused.unviable.extend(unviable);
}

/// The mutant in whose text something stands.
fn mutant_at(tree: &Path, span: &Value) -> Option<usize> {
    let text = fs::read_to_string(tree.join(span["file_name"].as_str()?)).ok()?;
    let (before, after) = text.split_at_checked(span["byte_start"].as_u64()? as usize)?;
    let (_, open) = before.rsplit_once("/*<")?;
    if open.contains("/*>*/") || !after.contains("/*>*/") {
        return None;
    }
    open.split_once("*/")?.0.parse().ok()
}

/// The arms that may be gone of a `match` that then is not exhaustive, by where its scrutinee stands.
fn arms_at(tree: &Path, span: &Value) -> Option<Vec<usize>> {
    struct Arms<'a>(&'a str, usize, Vec<usize>);
    impl<'ast> Visit<'ast> for Arms<'_> {
        fn visit_expr_match(&mut self, expression: &'ast syn::ExprMatch) {
            if expression.expr.span().byte_range().start == self.1 {
                for arm in &expression.arms {
                    let head = &self.0[arm.pat.span().byte_range().end
                        ..arm.fat_arrow_token.span().byte_range().start];
                    let numbers = head
                        .split("!crate::mutant::on(")
                        .skip(1)
                        .filter_map(|rest| rest.split_once(')'));
                    self.2
                        .extend(numbers.filter_map(|(number, _)| number.parse::<usize>().ok()));
                }
            }
            syn::visit::visit_expr_match(self, expression);
        }
    }
    let text = fs::read_to_string(tree.join(span["file_name"].as_str()?)).ok()?;
    let mut arms = Arms(&text, span["byte_start"].as_u64()? as usize, Vec::new());
    arms.visit_file(&syn::parse_file(&text).ok()?);
    Some(arms.2)
}
