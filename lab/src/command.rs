//! Programs of this machine.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::error::Error;

/// Runs a command to its end; returns what it printed.
///
/// # Errors
/// It cannot be started, or does not succeed: the error has the line and what the program said.
pub(crate) fn output(command: &mut Command) -> Result<String, Error> {
    let line = line(command);
    let failed = |detail: String| Error::Command { command: line.clone(), detail };
    let Output { status, stdout, stderr } = command.output().map_err(|error| failed(error.to_string()))?;
    if !status.success() {
        return Err(failed(format!("{status}\n{}", String::from_utf8_lossy(&stderr).trim())));
    }
    String::from_utf8(stdout).map_err(|_| failed("it printed what is no text".to_owned()))
}

/// Runs a command to its end and lets people see what it prints.
///
/// # Errors
/// As [`output`].
pub(crate) fn run(command: &mut Command) -> Result<(), Error> {
    let line = line(command);
    let failed = |detail: String| Error::Command { command: line.clone(), detail };
    let status = command.status().map_err(|error| failed(error.to_string()))?;
    if status.success() { Ok(()) } else { Err(failed(status.to_string())) }
}

/// Where a program is that the shell would find.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        // Programs for the administrator are not on everybody's path.
        .chain(["/usr/sbin", "/sbin"].map(PathBuf::from))
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

fn line(command: &Command) -> String {
    let program = Path::new(command.get_program()).display().to_string();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(program).chain(arguments).collect::<Vec<_>>().join(" ")
}
