//! Sends the commands of a file and reports on each.

use crate::{
    answer::Outcome,
    failure::Failure,
    frames::{Frame, readable},
    module::{Module, Reply},
    port::Heard,
    redact::redacted,
    script::{Action, Step},
};
use std::time::Instant;

/// How the steps ended.
#[derive(Default)]
struct Tally {
    good: usize,
    allowed: usize,
    bad: usize,
}

/// Returns whether every command did what it should. With `stop` the first that does not is the last.
pub fn run(module: &mut Module, steps: &[Step], stop: bool) -> Result<bool, Failure> {
    let start = Instant::now();
    let mut tally = Tally::default();
    // What came with the answer to the last command may be what is waited for next.
    let mut lines = Vec::new();
    for step in steps {
        match &step.action {
            Action::Command {
                line,
                may_fail,
                data,
            } => {
                println!("{}", readable(&redacted(line.as_bytes())));
                let reply = play(module, line, data)?;
                report(&reply, *may_fail, step.number, &mut tally);
                lines = reply.lines;
            }
            Action::Wait { time, text } => {
                let began = Instant::now();
                let is_it = |line: &&String| text.as_ref().is_some_and(|text| line.contains(text));
                let came = match lines.iter().find(is_it) {
                    Some(line) => Some(line.clone()),
                    None => module.listen(Some(*time), |heard| awaited(heard, text.as_deref()))?,
                };
                lines.clear();
                match (text, came) {
                    (None, _) => {}
                    (Some(_), Some(line)) => {
                        println!("    {line}");
                        println!("  came, {:.3} s", began.elapsed().as_secs_f32());
                        tally.good += 1;
                    }
                    (Some(text), None) => {
                        let (number, time) = (step.number, time.as_secs_f32());
                        println!("  FAILED in line {number}: no {text} within {time} s");
                        tally.bad += 1;
                    }
                }
            }
        }
        if stop && tally.bad > 0 {
            break;
        }
    }
    let all = tally.good + tally.allowed + tally.bad;
    let allowed = match tally.allowed {
        0 => String::new(),
        count => format!(", {count} refused as allowed"),
    };
    println!(
        "{all} of {} steps played: {} OK{allowed}, {} failed, {:.1} s",
        steps.iter().filter(|step| step.is_checked()).count(),
        tally.good,
        tally.bad,
        start.elapsed().as_secs_f32()
    );
    Ok(tally.bad == 0)
}

/// The line or message that is waited for.
fn awaited(heard: &Heard, text: Option<&str>) -> Option<String> {
    let (Heard::Frame(Frame::Line(bytes) | Frame::Message(bytes)), Some(text)) = (heard, text)
    else {
        return None;
    };
    let line = readable(&redacted(bytes));
    line.contains(text).then_some(line)
}

fn play(module: &mut Module, line: &str, data: &[u8]) -> Result<Reply, Failure> {
    let mut reply = module.command(line)?;
    if reply.outcome == Outcome::Prompt {
        reply.lines.push(format!("> ({} bytes)", data.len()));
        module.data(data.to_vec())?;
        let end = module.wait(None)?;
        reply.outcome = end.outcome;
        reply.lines.extend(end.lines);
        reply.time += end.time;
    }
    Ok(reply)
}

fn report(reply: &Reply, may_fail: bool, number: usize, tally: &mut Tally) {
    for line in &reply.lines {
        println!("    {line}");
    }
    let words = match reply.outcome {
        Outcome::Done => "OK",
        Outcome::Refused => "refused",
        Outcome::Busy => "busy",
        Outcome::Prompt => "waits for data",
        Outcome::Restarted => "the module restarted",
        Outcome::Silence => "no answer in time",
    };
    let verdict = match (reply.outcome == Outcome::Done, may_fail) {
        (true, _) => {
            tally.good += 1;
            words.to_owned()
        }
        (false, true) => {
            tally.allowed += 1;
            format!("{words}, as allowed")
        }
        (false, false) => {
            tally.bad += 1;
            format!("FAILED in line {number}: {words}")
        }
    };
    let lines = match reply.lines.len() {
        1 => "1 line".to_owned(),
        count => format!("{count} lines"),
    };
    println!("  {verdict}, {lines}, {:.3} s", reply.time.as_secs_f32());
}
