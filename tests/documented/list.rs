//! What is done with each command: `commands.txt`.

use std::collections::HashMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deed {
    pub kind: Kind,
    pub is_long: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Run { code: i32 },
    Endless,
    Board,
    Not,
}

/// By folder and command.
pub struct List(HashMap<(&'static str, &'static str), Deed>);

impl List {
    pub fn read() -> Self {
        let mut deed = None;
        let mut list = HashMap::new();
        for line in include_str!("commands.txt").lines() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(title) = line.strip_prefix("== ") {
                deed = Some(Deed::of(title));
                continue;
            }
            let command = line.split_once("$ ").expect("a folder, then a command");
            let earlier = list.insert(command, deed.expect("a title"));
            assert!(earlier.is_none(), "{line}: twice");
        }
        Self(list)
    }

    pub fn get(&self, folder: &str, command: &str) -> Option<Deed> {
        self.0.get(&(folder, command)).copied()
    }

    pub fn all(&self) -> impl Iterator<Item = (&'static str, &'static str, Deed)> {
        self.0
            .iter()
            .map(|(&(folder, command), &deed)| (folder, command, deed))
    }
}

impl Deed {
    fn of(title: &str) -> Self {
        let (is_long, kind) = match title.strip_prefix("long, ") {
            Some(kind) => (true, kind),
            None => (false, title),
        };
        let kind = match kind.split_once(": ").unwrap_or((kind, "")) {
            ("run", "") => Kind::Run { code: 0 },
            ("exit 1", "") => Kind::Run { code: 1 },
            ("endless", "") => Kind::Endless,
            ("board", "") => Kind::Board,
            ("not", reason) if !reason.is_empty() => Kind::Not,
            _ => panic!("{title}: no such deed, or no reason"),
        };
        Self { kind, is_long }
    }
}
