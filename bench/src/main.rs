//! Benchmarks. Each prints numbers for people to compare and asserts none: machines differ, and are busy.

mod allocations;
mod counters;
mod disk;
mod introspect;
mod measure;
mod qmp;
mod statistics;
mod statistics_files;

use std::process::ExitCode;

fn main() -> ExitCode {
    let subject = std::env::args().nth(1).unwrap_or_default();
    match subject.as_str() {
        "counters" => counters::run(),
        "introspect" => introspect::run(),
        "qmp" => qmp::run(),
        "stats" => statistics::run(),
        other => {
            eprintln!("there is no benchmark '{other}'; accepted are counters, introspect, qmp, stats");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
