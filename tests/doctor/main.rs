//! The example `doctor`: that it finds out what is wrong, on a virtual clock, and what its executable prints.
//!
//! Some of these tests run the executable of the example, which `cargo test` builds and `cargo test --test doctor` does not.

#[path = "../../examples/doctor/broker.rs"]
mod broker;
#[path = "../../examples/doctor/checks.rs"]
mod checks;
#[path = "../../examples/doctor/diagnosis.rs"]
mod diagnosis;
#[path = "../../examples/doctor/emulated.rs"]
mod emulated;
#[path = "../common/example.rs"]
mod example;
mod executable;
#[cfg(target_os = "linux")]
#[path = "../demo/near.rs"]
mod near;
mod page;
#[path = "../../examples/doctor/rate.rs"]
mod rate;
#[path = "../../examples/demo/redact.rs"]
mod redact;
#[path = "../../examples/doctor/screen.rs"]
mod screen;
#[path = "../demo/served.rs"]
mod served;
#[cfg(target_os = "linux")]
mod terminal;
#[path = "../../examples/demo/trace.rs"]
mod trace;
mod troubles;
