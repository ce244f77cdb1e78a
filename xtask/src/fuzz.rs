//! `cargo xtask fuzz TARGET`: builds one fuzz target with instrumentation, and runs it for a while.
//!
//! What cargo-fuzz does, but for its sanitizers, which the stable toolchain does not have.

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::workspace;

/// The crates with fuzz targets. They are no part of the workspace.
const CRATES: [&str; 2] = ["fuzz", "qapi-gen/fuzz"];

/// Lets libFuzzer see which edges of the program an input takes, and what it is compared with.
const INSTRUMENTATION: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing";

/// Seconds that one input may take, megabytes that the program may take, and bytes of the longest input.
const LIMITS: [&str; 3] = ["-timeout=20", "-rss_limit_mb=1024", "-max_len=4096"];

/// Runs `target` for so many seconds; what it has learnt stays under the target folder for the next time.
///
/// # Errors
/// There is no such target, or it found something: the text names the command.
pub(crate) fn run(target: &str, seconds: u32) -> Result<(), String> {
    let folder = CRATES.iter().find(|folder| program(folder, target).is_file());
    let folder =
        folder.ok_or_else(|| format!("there is no fuzz target '{target}'; there are {}", targets()))?;
    let output =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace::root().join("target"), PathBuf::from);
    let output = output.join("fuzz");
    let corpus = output.join("corpus").join(target);
    fs::create_dir_all(&corpus).map_err(|error| format!("cannot create {}: {error}", corpus.display()))?;
    let host = host()?;
    let output = output.display().to_string();
    let (corpus, time) = (corpus.display().to_string(), format!("-max_total_time={seconds}"));
    let artifacts = format!("-artifact_prefix={output}/{target}-");
    // With the target named, build scripts and procedural macros are left without instrumentation.
    let mut command = vec!["cargo", "run", "--release", "--target", &host, "--target-dir", &output];
    command.extend(["--bin", target, "--", &time, &artifacts, "-print_final_stats=1"]);
    command.extend(LIMITS);
    command.push(&corpus);
    workspace::run(&workspace::root().join(folder), &[("RUSTFLAGS", INSTRUMENTATION)], &command)
}

fn program(folder: &str, target: &str) -> PathBuf {
    targets_folder(folder).join(target).with_extension("rs")
}

fn targets_folder(folder: &str) -> PathBuf {
    workspace::root().join(folder).join("fuzz_targets")
}

/// The names of all targets, for people.
fn targets() -> String {
    let files =
        CRATES.iter().filter_map(|folder| fs::read_dir(targets_folder(folder)).ok()).flatten().flatten();
    let stems =
        files.filter_map(|file| Path::new(&file.file_name()).file_stem()?.to_str().map(str::to_owned));
    let mut names: Vec<String> = stems.collect();
    names.sort_unstable();
    names.join(", ")
}

/// The triple of the machine that this runs on.
fn host() -> Result<String, String> {
    let text = workspace::output(workspace::root(), &[], &["rustc", "-vV"])?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "`rustc -vV` names no host".to_owned())
}
