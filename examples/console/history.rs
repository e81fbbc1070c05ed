//! What was typed, in a file of lines. What holds a password is not written.

use crate::{arguments::Arguments, editor::LineEditor, redact::is_confidential};
use std::{
    env, fs,
    io::{self, Write},
    path::PathBuf,
};

const FILE: &str = ".esp8266-mqtt-history";
/// So many lines are read back.
const KEPT: usize = 1000;

pub struct History {
    /// `None` to keep nothing.
    path: Option<PathBuf>,
}

impl History {
    /// Reads what was typed in earlier sessions.
    pub fn load(arguments: &Arguments, is_terminal: bool, editor: &mut LineEditor) -> Self {
        let home = || env::home_dir().map(|home| home.join(FILE));
        let path = match &arguments.history {
            _ if arguments.no_history || !is_terminal => None,
            Some(path) => Some(path.clone()),
            None => home(),
        };
        let text = path.as_ref().and_then(|path| fs::read_to_string(path).ok());
        let lines: Vec<_> = text.iter().flat_map(|text| text.lines()).collect();
        for line in &lines[lines.len().saturating_sub(KEPT)..] {
            editor.add_history_entry(*line).ok();
        }
        Self { path }
    }

    /// Adds a command; one with a password only to this session.
    pub fn add(&self, line: &str, editor: &mut LineEditor) -> io::Result<()> {
        // Not even the line before is worth repeating.
        let is_new = editor.add_history_entry(line).unwrap_or(false);
        match &self.path {
            Some(path) if is_new && !is_confidential(line.as_bytes()) => {
                let mut options = fs::OpenOptions::new();
                options.create(true).append(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                writeln!(options.open(path)?, "{line}")
            }
            _ => Ok(()),
        }
    }
}
