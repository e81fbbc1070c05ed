//! The line editor: history, completion and hints.

use crate::{arguments::Arguments, catalogue, failure::Failure};
use rustyline::{
    Config, Context, Editor, Helper, Validator, completion::Completer, error::ReadlineError,
    highlight::Highlighter, hint::Hinter, history::FileHistory,
};
use std::borrow::Cow;

pub type Line = Editor<Commands, FileHistory>;

/// Completes and hints names of commands.
#[derive(Helper, Validator)]
pub struct Commands;

impl Completer for Commands {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        let start = line.get(..at).unwrap_or_default();
        let names = if start.is_empty() {
            Vec::new()
        } else {
            catalogue::names_like(start)
        };
        Ok((0, names.into_iter().map(str::to_owned).collect()))
    }
}

impl Hinter for Commands {
    type Hint = String;

    fn hint(&self, line: &str, at: usize, _: &Context<'_>) -> Option<String> {
        if at < line.len() || line.len() < 3 || line.contains(['=', '?']) {
            return None;
        }
        let names = catalogue::names_like(line);
        match names.as_slice() {
            [name, ..] if name.len() > line.len() => name.get(line.len()..).map(str::to_owned),
            _ => catalogue::hint_for(line),
        }
    }
}

impl Highlighter for Commands {
    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(format!("\x1b[2m{hint}\x1b[0m"))
    }
}

pub fn editor(arguments: &Arguments) -> Result<Line, Failure> {
    let failed = |error: ReadlineError| Failure::from(format!("cannot use the terminal: {error}"));
    let config = Config::builder().auto_add_history(false).build();
    let mut editor = Editor::with_config(config).map_err(failed)?;
    editor.set_helper(Some(Commands));
    if let Some(path) = &arguments.history
        && path.exists()
    {
        editor.load_history(path).map_err(failed)?;
    }
    Ok(editor)
}
