//! The command line: one file a subcommand.

mod check;
mod diff;
mod docs;
mod generate;
mod introspect;
mod load;
mod write;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Checks QAPI schemas and generates from them.
#[derive(Parser)]
#[command(name = "qapi-gen", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Report everything that is wrong with a schema
    Check(check::Arguments),
    /// Write Rust
    Generate(generate::Arguments),
    /// Print the answer to query-qmp-schema
    Introspect(introspect::Arguments),
    /// Write a reference in Markdown
    Docs(docs::Arguments),
    /// Tell what changed between two schemas; fails if a client would break
    Diff(diff::Arguments),
}

/// Why a subcommand ended without success.
enum Failure {
    /// It was reported already.
    Reported,
    /// Still to be reported.
    Message(String),
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Failure::Message(message)
    }
}

pub(crate) fn run() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Docs(arguments) => docs::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Introspect(arguments) => introspect::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Reported) => ExitCode::FAILURE,
        Err(Failure::Message(message)) => {
            write::complain(&format!("error: {message}"));
            ExitCode::FAILURE
        }
    }
}
