//! The line editor: completion and hints.

use crate::{
    catalogue::{self, Hint},
    failure::Failure,
};
use rustyline::{
    CompletionType, Config, Context, Editor, Helper,
    completion::Completer,
    highlight::Highlighter,
    hint::{self, Hinter},
    history::DefaultHistory,
    validate::Validator,
};
use std::{borrow::Cow, fs};

pub type LineEditor = Editor<Commands, DefaultHistory>;

/// Completes and hints commands.
pub struct Commands {
    /// Whether commands are typed, and not data.
    pub is_active: bool,
}

pub fn new() -> Result<LineEditor, Failure> {
    let config = Config::builder()
        .auto_add_history(false)
        .completion_type(CompletionType::List)
        .build();
    let mut editor = Editor::with_config(config).map_err(|error| unusable(&error))?;
    editor.set_helper(Some(Commands { is_active: true }));
    Ok(editor)
}

pub fn unusable(error: &rustyline::error::ReadlineError) -> Failure {
    format!("cannot use the terminal: {error}")
}

impl Helper for Commands {}
impl Validator for Commands {}

impl Completer for Commands {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        let typed = line.get(..at).unwrap_or_default();
        if !self.is_active || typed.is_empty() {
            return Ok((0, Vec::new()));
        }
        Ok(match typed.strip_prefix("play ") {
            Some(path) => ("play ".len(), files(path)),
            None => (0, catalogue::completions(typed)),
        })
    }
}

/// Files and directories that begin like this.
fn files(start: &str) -> Vec<String> {
    let directory = start.rfind('/').map_or("", |end| &start[..=end]);
    let entries = fs::read_dir(if directory.is_empty() { "." } else { directory });
    let mut all: Vec<_> = entries
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| {
            let is_directory = entry.path().is_dir();
            let name = entry.file_name().to_string_lossy().into_owned();
            format!("{directory}{name}{}", if is_directory { "/" } else { "" })
        })
        .filter(|path| path.starts_with(start))
        .collect();
    all.sort_unstable();
    all
}

impl Hinter for Commands {
    type Hint = Shown;

    fn hint(&self, line: &str, at: usize, _: &Context<'_>) -> Option<Shown> {
        if !self.is_active || at < line.len() {
            return None;
        }
        catalogue::hint(line).map(|hint| match hint {
            Hint::Rest(rest) => Shown {
                takes: rest.len(),
                text: rest,
            },
            Hint::Note(text) => Shown { text, takes: 0 },
        })
    }
}

/// A hint, of which the right arrow takes so many bytes.
pub struct Shown {
    text: String,
    takes: usize,
}

impl hint::Hint for Shown {
    fn display(&self) -> &str {
        &self.text
    }

    fn completion(&self) -> Option<&str> {
        (self.takes > 0).then_some(&self.text[..self.takes])
    }
}

impl Highlighter for Commands {
    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(format!("\x1b[2m{hint}\x1b[0m"))
    }
}
