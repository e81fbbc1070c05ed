//! The example `http_get`, a GET through the emulated module.
//!
//! This runs the executable of the example, which `cargo test` builds and `cargo test --test http_get` does not.

#[path = "common/example.rs"]
mod example;

use example::{Run, executable, run};
use std::process::Command;

fn http_get(arguments: &[&str]) -> Run {
    run(Command::new(executable("http_get")).args(arguments))
}

fn page(first: &str) -> String {
    let lines = (1..=200).map(|line| format!("{line}: OK\r\n>\r\nERROR\r\n"));
    format!("{first}\r\n{}", lines.collect::<String>())
}

#[test]
fn a_page_that_looks_like_answers() {
    let output = http_get(&[]);
    assert_eq!(output.stderr, "status 200\n");
    let expected = page("Hello from the other end.");
    assert_eq!(output.stdout, expected);
    assert_eq!(output.code, Some(0));

    // Nobody listens on port 1.
    let output = http_get(&["http://127.0.0.1:1/"]);
    let refused = "error: http: the connection was refused: check host and port\n";
    assert_eq!(output.stderr, refused);
}

#[test]
fn what_is_no_address_is_refused() {
    for url in ["", "host", "https://host/", "http:///x", "http://h:x/"] {
        let output = http_get(&[url]);
        let expected = format!("error: not http://HOST[:PORT]/PATH: {url}\n");
        assert_eq!(output.stderr, expected);
        assert_eq!(output.code, Some(1));
    }
}
