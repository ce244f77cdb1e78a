//! The program `ringscope`.

use std::process::ExitCode;

fn main() -> ExitCode {
    vmm::program::run(std::env::args_os().skip(1))
}
