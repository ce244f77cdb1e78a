//! The program `ringscope-ctl`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ringscope_ctl::run(std::env::args_os())
}
