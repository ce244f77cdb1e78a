//! Benchmarks. Each prints numbers for people to compare and asserts none: machines differ, and are busy.

mod allocations;
mod counters;
mod devices;
mod disk;
mod introspect;
mod measure;
mod qmp;
mod statistics;
mod statistics_files;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (subject, further) =
        arguments.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    match subject {
        "counters" => counters::run(),
        "devices" => devices::run(further),
        "introspect" => introspect::run(),
        "qmp" => qmp::run(),
        "stats" => statistics::run(),
        other => {
            eprintln!(
                "there is no benchmark '{other}'; accepted are counters, devices, introspect, qmp, stats"
            );
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
