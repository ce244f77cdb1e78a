//! Why the lab does not go on.

use std::io;
use std::path::PathBuf;

use qmp_client::ClientError;

/// What went wrong, with everything that a person needs who was not watching.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A program of this machine did not do its work.
    #[error("`{command}` failed: {detail}")]
    Command {
        /// The line, ready to be run again.
        command: String,
        /// What it said, or why it could not be started.
        detail: String,
    },
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something that the lab is made of is missing, and how to get it.
    #[error("{missing}; {remedy}")]
    Missing {
        /// What.
        missing: String,
        /// How to get it.
        remedy: String,
    },
    /// What was asked for on the command line does not go together.
    #[error("{what} cannot be had: {remedy}")]
    Choice {
        /// What.
        what: String,
        /// What would be.
        remedy: String,
    },
    /// A file is not what it should be.
    #[error("{what}: {problem}")]
    Malformed {
        /// The file.
        what: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The machine that the monitors run in did not come up, or died.
    #[error("{what}\n{log}")]
    Host {
        /// What happened.
        what: String,
        /// The end of its console.
        log: String,
    },
    /// A script did not succeed where the monitors run.
    #[error("where the monitors run, a script ended with {status}:\n{script}\n{output}")]
    Script {
        /// The script.
        script: String,
        /// Its exit status.
        status: i32,
        /// What it printed.
        output: String,
    },
    /// A guest or its monitor did not do what was waited for.
    #[error("{monitor}: {what}\n  the end of the guest's console:\n{console}")]
    Guest {
        /// Which monitor.
        monitor: String,
        /// What was waited for.
        what: String,
        /// The end of the console and of what the monitor printed.
        console: String,
    },
    /// The monitor cannot be asked.
    #[error("{monitor}: {source}")]
    Client {
        /// Which monitor.
        monitor: String,
        /// What happened.
        source: ClientError,
    },
    /// What was looked at is not as it has to be: every finding, a line each.
    #[error("{monitor}: not as it has to be:\n  {}", findings.join("\n  "))]
    Findings {
        /// Which monitor.
        monitor: String,
        /// What was found.
        findings: Vec<String>,
    },
}

/// Names the file in an error of the system.
pub(crate) fn at<T>(path: impl Into<PathBuf>, outcome: io::Result<T>) -> Result<T, Error> {
    outcome.map_err(|source| Error::File { path: path.into(), source })
}
