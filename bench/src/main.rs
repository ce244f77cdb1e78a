//! Benchmarks. Each prints numbers for people to compare and asserts none: machines differ, and are busy.

mod allocations;
mod counters;
mod disk;
mod introspect;
mod measure;

use std::process::ExitCode;

fn main() -> ExitCode {
    let subject = std::env::args().nth(1).unwrap_or_default();
    match subject.as_str() {
        "counters" => counters::run(),
        "introspect" => introspect::run(),
        other => {
            eprintln!("there is no benchmark '{other}'; accepted are counters, introspect");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
