//! `cargo xtask ci`: the checks in the order in which they fail fastest.

use std::time::Instant;

use crate::{codegen, layering, tidy, workspace};

/// Each check is named by the command that repeats it alone.
type Check = (&'static str, fn() -> Result<(), String>);

const CHECKS: [Check; 7] = [
    ("cargo fmt --all --check", format),
    ("cargo xtask tidy", tidy::run),
    ("cargo xtask layering", layering::run),
    ("cargo xtask codegen --check", generated_code),
    ("cargo clippy --workspace --all-targets -- -D warnings", clippy),
    ("cargo doc --workspace --no-deps", documentation),
    ("cargo test --workspace", tests),
];

/// Runs every check; stops at the first that fails.
///
/// # Errors
/// A check failed: the text says which, and the command that repeats it.
pub(crate) fn run() -> Result<(), String> {
    for (command, check) in CHECKS {
        let start = Instant::now();
        check().map_err(|error| format!("{error}\n  to repeat this check: {command}"))?;
        println!("ok: {command} ({:.1} s)", start.elapsed().as_secs_f64());
    }
    println!("ci: all {} checks passed", CHECKS.len());
    Ok(())
}

fn cargo(environment: &[(&str, &str)], arguments: &[&str]) -> Result<(), String> {
    let mut command = vec!["cargo"];
    command.extend(arguments);
    workspace::run(workspace::root(), environment, &command)
}

fn format() -> Result<(), String> {
    cargo(&[], &["fmt", "--all", "--check"]).map_err(|error| format!("{error}; `cargo fmt --all` mends it"))
}

fn generated_code() -> Result<(), String> {
    codegen::run(true).map_err(|error| error.to_string())
}

fn clippy() -> Result<(), String> {
    cargo(&[], &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
}

fn documentation() -> Result<(), String> {
    cargo(&[("RUSTDOCFLAGS", "-D warnings")], &["doc", "--workspace", "--no-deps"])
}

fn tests() -> Result<(), String> {
    cargo(&[("INSTA_UPDATE", "no")], &["test", "--workspace"])
}
