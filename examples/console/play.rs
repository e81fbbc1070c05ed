//! Sends the commands of a file and reports on each.

use crate::{
    catalogue,
    failure::Failure,
    lines::Outcome,
    module::{Module, Reply},
    script::Step,
};
use std::time::Instant;

/// Returns whether every command did what it should.
pub fn run(module: &mut Module, steps: &[Step]) -> Result<bool, Failure> {
    let start = Instant::now();
    let (mut good, mut tolerated, mut bad) = (0, 0, 0);
    for step in steps {
        match step {
            Step::Command {
                line,
                may_fail,
                data,
            } => {
                println!("> {}", shown(line));
                let reply = play(module, line, data)?;
                for line in &reply.lines {
                    println!("< {line}");
                }
                let is_good = reply.outcome.is_good();
                let verdict = match (is_good, may_fail) {
                    (true, _) => "ok",
                    (false, true) => "not ok, but allowed",
                    (false, false) => "NOT OK",
                };
                println!(
                    "  {verdict}: {} after {} ms",
                    reply.outcome.text(),
                    reply.time.as_millis()
                );
                match (is_good, may_fail) {
                    (true, _) => good += 1,
                    (false, true) => tolerated += 1,
                    (false, false) => bad += 1,
                }
            }
            Step::Wait { time, text } => {
                let found = module.listen(*time, text.as_deref())?;
                match text {
                    Some(text) if found => println!("  came: {text}"),
                    Some(text) => {
                        println!("  NOT OK: {text} has not come in {time:?}");
                        bad += 1;
                    }
                    None => {}
                }
            }
        }
    }
    println!(
        "{good} ok, {tolerated} refused as allowed, {bad} not ok, {:.1} s",
        start.elapsed().as_secs_f32()
    );
    Ok(bad == 0)
}

fn play(module: &mut Module, line: &str, data: &[u8]) -> Result<Reply, Failure> {
    let mut reply = module.command(line)?;
    if reply.outcome == Outcome::Prompt
        && let Some(end) = module.data(data.to_vec(), true)?
    {
        reply.outcome = end.outcome;
        reply.lines.extend(end.lines);
        reply.time += end.time;
    }
    Ok(reply)
}

/// A command without its secrets.
fn shown(line: &str) -> String {
    match line.split_once('=') {
        Some((name, _)) if catalogue::is_secret(line) => format!("{name}=<redacted>"),
        _ => line.to_owned(),
    }
}
