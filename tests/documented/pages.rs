//! Which commands the pages name.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A command, the folder to type it in, and what the page says that it prints.
#[derive(Clone, Debug)]
pub struct Named {
    pub page: String,
    pub folder: String,
    pub command: String,
    pub output: Vec<String>,
}

const PROGRAMS: [&str; 8] = [
    "cargo",
    "rustup",
    "probe-rs",
    "esp8266-mqtt-emulator",
    "mosquitto_pub",
    "mosquitto_sub",
    "nc",
    "git",
];

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file for readers: Markdown, issue forms, documentation of examples and library, files to play.
pub fn pages() -> Vec<String> {
    fn visit(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str());
            if matches!(name, Some("target" | ".git" | "node_modules" | "corpus")) {
                continue;
            }
            if path.is_dir() {
                visit(&path, found);
            } else {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    visit(root(), &mut found);
    let mut pages = Vec::new();
    for path in found {
        let path = path.strip_prefix(root()).expect("below the root");
        let path = path.to_str().expect("text").replace('\\', "/");
        let (_, ending) = path.rsplit_once('.').unwrap_or_default();
        let is_code = path.starts_with("src/") || path.starts_with("examples/");
        let is_page = match ending {
            "md" => true,
            "yml" => path.starts_with(".github/ISSUE_TEMPLATE/"),
            "rs" | "txt" => is_code,
            _ => false,
        };
        if is_page {
            pages.push(path);
        }
    }
    pages.sort();
    pages
}

pub fn commands(page: &str) -> Vec<Named> {
    let text = fs::read_to_string(root().join(page)).expect("text");
    let text = match page.rsplit_once('.').expect("an ending").1 {
        "rs" => uncommented(&text, &["//!", "///"]),
        "txt" => format!("```sh\n{}```\n", uncommented(&text, &["#  "])),
        _ => text,
    };
    let is_firmware = page.starts_with("examples/") && page.matches('/').count() == 2;
    let folder = match page.rsplit_once('/') {
        Some((folder, "README.md")) if is_firmware => folder,
        _ => "",
    };
    let mut reader = Reader {
        page,
        folder: folder.to_owned(),
        found: Vec::new(),
    };
    reader.read(&text);
    reader.found
}

/// What stands in comments, other lines empty.
fn uncommented(text: &str, starts: &[&str]) -> String {
    let mut comments = String::new();
    for line in text.lines().map(str::trim_start) {
        let comment = starts.iter().find_map(|start| line.strip_prefix(start));
        comments += comment.unwrap_or_default();
        comments.push('\n');
    }
    comments
}

/// Whether it starts with one of our programs, after settings of the environment. The mere name of one is no command.
fn is_command(text: &str) -> bool {
    let is_setting =
        |word: &&str| word.contains('=') && word.starts_with(|c: char| c.is_ascii_uppercase());
    let mut words = text.split_whitespace().skip_while(is_setting);
    words.next().is_some_and(|program| {
        PROGRAMS.contains(&program) && words.next().is_some() || is_script(program)
    })
}

fn is_script(program: &str) -> bool {
    program.starts_with(".ci/") && Path::new(program).extension().is_none()
}

struct Reader<'a> {
    page: &'a str,
    folder: String,
    found: Vec<Named>,
}

impl Reader<'_> {
    fn read(&mut self, text: &str) {
        let mut prose = String::new();
        let mut fence: Option<&str> = None;
        let mut begun = String::new();
        let folder = self.folder.clone();
        for line in text.lines() {
            let line = line.trim();
            if let Some(language) = line.strip_prefix("```") {
                fence = fence.is_none().then_some(language);
                self.folder.clone_from(&folder);
                continue;
            }
            let Some(language) = fence else {
                if line.is_empty() {
                    self.spans(&prose);
                    prose.clear();
                }
                prose += line;
                prose.push(' ');
                continue;
            };
            let typed = match language {
                "console" => line.strip_prefix("$ "),
                "sh" | "bash" => Some(line),
                "text" | "" => is_command(line).then_some(line),
                _ => None,
            };
            match typed {
                Some(typed) => {
                    let typed = typed.split(" # ").next().unwrap_or_default().trim();
                    match typed.strip_suffix('\\') {
                        Some(start) => begun += start,
                        None => {
                            let whole = core::mem::take(&mut begun) + typed;
                            self.add(&whole);
                        }
                    }
                }
                None if language == "console" => {
                    let command = self.found.last_mut().expect("a command before its output");
                    command.output.push(line.to_owned());
                }
                None => {}
            }
        }
        self.spans(&prose);
    }

    /// What stands in backticks.
    fn spans(&mut self, prose: &str) {
        for span in prose.split('`').skip(1).step_by(2) {
            if is_command(span) {
                self.add(span);
            }
        }
    }

    fn add(&mut self, command: &str) {
        let words: Vec<_> = command.split_whitespace().collect();
        match words[..] {
            [] | ["#", ..] => {}
            ["cd", folder] => self.folder = folder.to_owned(),
            _ => self.found.push(Named {
                page: self.page.to_owned(),
                folder: self.folder.clone(),
                command: words.join(" "),
                output: Vec::new(),
            }),
        }
    }
}
