//! The program `ringscope-top`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ringscope_top::program::run(std::env::args_os().skip(1))
}
