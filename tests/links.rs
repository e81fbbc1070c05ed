//! Every link of a Markdown page to this repository leads to a file and a heading that exist.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str());
        if path.is_dir() {
            if !matches!(name, Some("target" | ".git" | "node_modules")) {
                pages(&path, found);
            }
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
}

/// Without blocks of code and what stands in backticks.
fn prose(text: &str) -> String {
    let text: String = text.split("```").step_by(2).collect();
    text.split('`').step_by(2).collect()
}

/// Targets, inline or defined at the end of the page.
fn links(prose: &str) -> Vec<&str> {
    let inline = prose.split("](").skip(1);
    let inline = inline.filter_map(|rest| Some(rest.split_once(')')?.0));
    let defined = prose
        .lines()
        .filter_map(|line| Some(line.strip_prefix('[')?.split_once("]: ")?.1));
    inline.chain(defined).collect()
}

/// As GitHub makes them of headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for line in text.split("```").step_by(2).flat_map(str::lines) {
        let heading = line.trim_start_matches('#');
        if heading.len() < line.len() && heading.starts_with(' ') {
            let keep = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
            let anchor: String = heading.trim().chars().filter(keep).collect();
            anchors.insert(anchor.to_lowercase().replace(' ', "-"));
        }
    }
    anchors
}

#[test]
fn every_link_leads_somewhere() {
    let mut all = Vec::new();
    pages(root(), &mut all);
    let (mut files, mut headings) = (0, 0);
    for page in &all {
        let text = fs::read_to_string(page).expect("text");
        let name = page.strip_prefix(root()).expect("below").display();
        for link in links(&prose(&text)) {
            // rustdoc looks after paths of Rust.
            if link.contains("://") || link.starts_with("data:") || link.contains("::") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => page.clone(),
                file => page.parent().expect("a folder").join(file),
            };
            assert!(target.exists(), "{name}: {link}");
            let inside = target.canonicalize().expect("a path");
            let root = root().canonicalize().expect("a path");
            assert!(
                inside.starts_with(root),
                "{name}: {link} leaves the repository"
            );
            files += 1;
            if !anchor.is_empty() {
                let text = fs::read_to_string(&target).expect("text");
                assert!(anchors(&text).contains(anchor), "{name}: {link}");
                headings += 1;
            }
        }
    }
    println!("{} pages, {files} links, {headings} to headings", all.len());
    assert!(files > 60 && headings > 20);
}

#[test]
fn every_board_can_be_found_from_the_readme() {
    let readme = fs::read_to_string(root().join("README.md")).expect("text");
    for entry in fs::read_dir(root().join("examples")).expect("a folder") {
        let page = entry.expect("an entry").path().join("README.md");
        if page.exists() {
            let page = page.strip_prefix(root()).expect("below").display();
            assert!(readme.contains(&format!("]: {page}\n")), "{page}");
        }
    }
}
