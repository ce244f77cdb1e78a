//! Where the project lies, and how to run commands in it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the workspace's Cargo.toml.
pub(crate) fn root() -> &'static Path {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.parent().unwrap_or(crate_folder)
}

/// Runs a command in `folder` and shows what it prints.
///
/// # Errors
/// The command cannot be started or does not succeed; the text holds the command, ready to be run again.
pub(crate) fn run(folder: &Path, environment: &[(&str, &str)], command: &[&str]) -> Result<(), String> {
    let line = command.join(" ");
    println!("$ {line}");
    let status =
        prepare(folder, environment, command)?.status().map_err(|error| format!("{line}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed ({status})")) }
}

/// Runs a command in `folder` and returns what it prints.
///
/// # Errors
/// As [`run`].
pub(crate) fn output(
    folder: &Path,
    environment: &[(&str, &str)],
    command: &[&str],
) -> Result<String, String> {
    let line = command.join(" ");
    let output =
        prepare(folder, environment, command)?.output().map_err(|error| format!("{line}: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{line}` failed:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("{line}: {error}"))
}

/// Runs the crate `lab`.
///
/// # Errors
/// As [`run`].
pub(crate) fn lab(task: &str, arguments: &[String]) -> Result<(), String> {
    let mut command = vec!["cargo", "run", "--quiet", "--package", "lab", "--", task];
    command.extend(arguments.iter().map(String::as_str));
    run(root(), &[], &command)
}

fn prepare(folder: &Path, environment: &[(&str, &str)], command: &[&str]) -> Result<Command, String> {
    let (program, arguments) = command.split_first().ok_or("no command given")?;
    let mut prepared = Command::new(program);
    prepared.args(arguments).envs(environment.iter().copied()).current_dir(folder);
    Ok(prepared)
}

/// The files of the project that git knows or would take, as paths from the root.
///
/// # Errors
/// git cannot be run here.
pub(crate) fn files() -> Result<Vec<PathBuf>, String> {
    let listed = output(root(), &[], &["git", "ls-files", "--cached", "--others", "--exclude-standard"])?;
    Ok(listed.lines().map(PathBuf::from).filter(|path| root().join(path).is_file()).collect())
}
