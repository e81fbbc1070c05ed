//! Strategies and a runner for property tests whose cases are the same in each run.

use proptest::prelude::*;

/// Any text, often with the characters that are special on the wire.
pub fn any_text(longest: usize) -> impl Strategy<Value = String> {
    let special = prop_oneof![
        4 => any::<char>(),
        4 => "[ -~]".prop_map(|text| text.chars().next().unwrap_or(' ')),
        3 => prop::sample::select(vec!['"', '\\', ',', '+', '\'', ':', '>', '0', 'n']),
        1 => prop::sample::select(vec!['\r', '\n', '\0']),
    ];
    prop::collection::vec(special, 0..longest).prop_map(String::from_iter)
}

/// The same without what no line can carry.
pub fn sendable(longest: usize) -> impl Strategy<Value = String> {
    any_text(longest).prop_map(|text| text.replace(['\r', '\n', '\0'], "\\,\""))
}

pub fn run<S: Strategy>(
    cases: u32,
    strategy: S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    };
    let seed = proptest::test_runner::TestRng::deterministic_rng(
        proptest::test_runner::RngAlgorithm::ChaCha,
    );
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(config, seed);
    runner
        .run(&strategy, test)
        .unwrap_or_else(|error| panic!("{error}"));
    let test = std::thread::current();
    println!("{cases} cases: {}", test.name().unwrap_or_default());
}
