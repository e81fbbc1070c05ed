//! What to do, from the guide's page of symptoms.

use crate::diagnosis::Problem;

const WIDTH: usize = 79;

/// What is wrong and what to do, or that all is well.
pub fn conclude(problems: &[Problem]) {
    for Problem { diagnosis, .. } in problems {
        println!("\n{}", diagnosis.heading().to_uppercase());
        for paragraph in paragraphs(diagnosis.section()) {
            let indent = if paragraph.starts_with("- ") {
                "  "
            } else {
                ""
            };
            show(indent, &paragraph);
        }
    }
    match problems {
        [] => println!("\nAll is well."),
        _ => println!("\nMore: module guide::troubleshooting of the crate's documentation."),
    }
}

/// Paragraphs and items of a list, each in one line.
fn paragraphs(section: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut ended = true;
    for line in section.lines() {
        let begins = ended || line.starts_with("- ");
        ended = line.is_empty();
        let line = line.trim().replace("**", "");
        match all.last_mut() {
            _ if ended => {}
            Some(last) if !begins => *last += &format!(" {line}"),
            _ => all.push(line),
        }
    }
    all
}

/// Broken into lines; all but the first begin with `indent`.
fn show(indent: &str, text: &str) {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if line.chars().count() + word.chars().count() >= WIDTH {
            println!("{line}");
            line = indent.to_owned();
        } else if !line.trim().is_empty() {
            line.push(' ');
        }
        line += word;
    }
    println!("{line}");
}
