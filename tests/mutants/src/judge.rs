//! Which mutants the tests notice.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

pub struct Test {
    program: PathBuf,
    name: String,
    takes: Duration,
    /// The mutants that it passes by.
    reaches: BTreeSet<usize>,
}

pub enum Outcome {
    Caught(String),
    Timeout(String),
    Missed,
    /// No test comes there.
    Unreached,
}

/// A chunk's tests run in one process; short ones first.
const CHUNK: Duration = Duration::from_millis(150);
const LONG: Duration = Duration::from_millis(400);
/// Whatever takes this much longer than without a mutant hangs.
const PATIENCE: u32 = 4;
const LEAST_PATIENCE: Duration = Duration::from_secs(3);
/// Some mutants hoard; in KiB.
const MEMORY: u32 = 4_000_000;

/// Runs each test alone, to see what it reaches and how long it takes. Those that fail are left out.
pub fn tests(programs: &[PathBuf], folder: &Path, jobs: usize) -> Vec<Test> {
    let mut names = Vec::new();
    for program in programs {
        let listed = Command::new(program)
            .args(["--list", "--format", "terse"])
            .current_dir(folder)
            .output()
            .expect("a list");
        let text = String::from_utf8(listed.stdout).expect("text");
        names.extend(
            text.lines()
                .filter_map(|line| line.strip_suffix(": test"))
                .map(|name| (program, name.to_owned())),
        );
    }
    let found = in_parallel(names.len(), jobs, |index| {
        let (program, name) = &names[index];
        let cover =
            std::env::temp_dir().join(format!("mutants-cover-{}-{index}", std::process::id()));
        let started = Instant::now();
        let mut child = start(
            program,
            folder,
            [name.as_str()],
            ("MUTANTS_COVER", &cover.to_string_lossy()),
            Stdio::null(),
        );
        let passed = wait(&mut child, Duration::from_secs(120));
        let takes = started.elapsed();
        let reached = fs::read_to_string(&cover).unwrap_or_default();
        let _ = fs::remove_file(cover);
        if passed != Some(true) {
            println!("left out, it fails without a mutant: {name}");
            return None;
        }
        let reaches = reached
            .lines()
            .filter_map(|line| line.parse().ok())
            .collect();
        Some(Test {
            program: (*program).clone(),
            name: name.clone(),
            takes,
            reaches,
        })
    });
    let mut tests: Vec<Test> = found.into_iter().flatten().collect();
    tests.sort_by_key(|test| test.takes);
    tests
}

/// Runs the tests that take long, or those that do not. `first` is the name of one that is likely to notice.
pub fn judge(
    number: usize,
    tests: &[Test],
    long: bool,
    folder: &Path,
    first: Option<&str>,
) -> Outcome {
    let reaching = || tests.iter().filter(|test| test.reaches.contains(&number));
    if reaching().next().is_none() {
        return Outcome::Unreached;
    }
    let reaching: Vec<&Test> = reaching()
        .filter(|test| (test.takes > LONG) == long)
        .collect();
    let (likely, others): (Vec<&Test>, Vec<&Test>) = reaching
        .into_iter()
        .partition(|test| Some(test.name.as_str()) == first);
    for chunk in chunks(&likely).into_iter().chain(chunks(&others)) {
        let takes: Duration = chunk.iter().map(|test| test.takes).sum();
        let names = chunk.iter().map(|test| test.name.as_str());
        // Not a pipe: one that nobody reads would stop a test that prints much.
        let printed =
            std::env::temp_dir().join(format!("mutants-printed-{}-{number}", std::process::id()));
        let output = fs::File::create(&printed).expect("a file").into();
        let mut child = start(
            &chunk[0].program,
            folder,
            names,
            ("MUTANT", &number.to_string()),
            output,
        );
        let ended = wait(&mut child, takes * PATIENCE + LEAST_PATIENCE);
        let failed = failed(&fs::read_to_string(&printed).unwrap_or_default());
        let _ = fs::remove_file(printed);
        let by = chunk[0].name.clone();
        match ended {
            Some(true) => {}
            Some(false) => return Outcome::Caught(failed.unwrap_or(by)),
            None => return Outcome::Timeout(by),
        }
    }
    Outcome::Missed
}

/// Tests of one program that together take not much longer than the shortest alone.
fn chunks<'a>(tests: &[&'a Test]) -> Vec<Vec<&'a Test>> {
    let mut open: BTreeMap<&Path, (Duration, Vec<&Test>)> = BTreeMap::new();
    let mut done = Vec::new();
    for test in tests {
        let (takes, chunk) = open.entry(&test.program).or_default();
        *takes += test.takes;
        chunk.push(*test);
        if *takes > CHUNK {
            done.push(std::mem::take(chunk));
            *takes = Duration::ZERO;
        }
    }
    done.extend(
        open.into_values()
            .map(|(_, chunk)| chunk)
            .filter(|chunk| !chunk.is_empty()),
    );
    done
}

fn start<'a>(
    program: &Path,
    folder: &Path,
    tests: impl IntoIterator<Item = &'a str>,
    variable: (&str, &str),
    output: Stdio,
) -> Child {
    Command::new("sh")
        .args(["-c", &format!("ulimit -v {MEMORY}; exec \"$@\""), "sh"])
        .arg(program)
        .args(["--exact", "--test-threads=1", "--format", "terse"])
        .args(tests)
        .env(variable.0, variable.1)
        .env("RUST_BACKTRACE", "0")
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(Stdio::null())
        .spawn()
        .expect("a test program")
}

/// Whether it ended well; nothing if it had to be ended.
fn wait(child: &mut Child, longest: Duration) -> Option<bool> {
    let started = Instant::now();
    let mut pause = Duration::from_millis(1);
    while started.elapsed() < longest {
        if let Some(status) = child.try_wait().expect("a child") {
            return Some(status.success());
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}

/// The first test that failed.
fn failed(printed: &str) -> Option<String> {
    let (_, list) = printed.rsplit_once("failures:\n")?;
    Some(list.lines().next()?.trim().to_owned())
}

/// Results of `work` for all numbers below `count`.
pub fn in_parallel<T: Send>(count: usize, jobs: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let results = std::sync::Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    if index >= count {
                        break;
                    }
                    let result = work(index);
                    results.lock().expect("no panic").insert(index, result);
                }
            });
        }
    });
    results
        .into_inner()
        .expect("no panic")
        .into_values()
        .collect()
}
