//! Development tasks, run as `cargo xtask TASK`. Each task is a file of that name.

mod bench;
mod ci;
mod codegen;
mod fuzz;
mod layering;
mod made_up_device;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Ringscope's development tasks.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Write the Rust that is generated from qapi-schema/schema
    Codegen {
        /// Write nothing; fail if a file is not what would be written
        #[arg(long)]
        check: bool,
    },
    /// Measure something
    Bench {
        #[command(subcommand)]
        benchmark: bench::Benchmark,
    },
    /// Everything that must be green before a change lands
    Ci,
    /// Run real Linux guests under the monitor, and the same under QEMU; `--help` lists what can be chosen
    #[command(disable_help_flag = true)]
    Lab {
        /// What the lab is told
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Check which crate depends on which
    Layering,
    /// Check sizes of files and that devices are named in their own crates only
    Tidy,
    /// Run a fuzz target, with limits on time and memory for each input
    Fuzz {
        /// The target, for example packed_ring
        target: String,
        /// How long
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Add a device kind that does not exist to a copy of the project, and list the files that took
    MadeUpDevice,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Codegen { check } => codegen::run(check).map_err(|error| error.to_string()),
        Task::Bench { benchmark } => bench::run(&benchmark),
        Task::Ci => ci::run(),
        Task::Fuzz { target, seconds } => fuzz::run(&target, seconds),
        Task::Lab { arguments } => workspace::lab("lab", &arguments),
        Task::Layering => layering::run(),
        Task::Tidy => tidy::run(),
        Task::MadeUpDevice => made_up_device::run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
