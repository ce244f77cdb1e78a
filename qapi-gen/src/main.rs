//! `qapi-gen`: checks QAPI schemas and generates from them.

mod command_line;

use std::process::ExitCode;

fn main() -> ExitCode {
    command_line::run()
}
