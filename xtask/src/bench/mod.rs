//! `cargo xtask bench NAME`: programs that measure. None of them asserts a time: what they print is for people.

mod codegen;

use std::path::PathBuf;

use clap::Subcommand;

use crate::workspace;

/// What can be measured.
#[derive(Subcommand)]
pub(crate) enum Benchmark {
    /// How long the generator takes, whole process, and what its output costs to compile
    Codegen {
        /// A schema to measure as well: its main file
        #[arg(long, value_name = "FILE")]
        schema: Option<PathBuf>,
        /// How often each is run; the fastest and the middle run are told
        #[arg(long, default_value_t = 15)]
        runs: usize,
    },
    /// What counting costs a request, and what it costs to take its times
    Counters,
    /// Requests a second that devices do for a driver, and what one costs them in time, allocations and instructions
    Devices,
    /// How soon a Linux guest is there, what its monitor costs in memory, and how much disk and network carry, beside
    /// QEMU; the lab's options follow
    #[command(disable_help_flag = true)]
    Guest {
        /// What the lab is told
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// What looking at a device costs the one who looks, and the device
    Introspect,
    /// What QMP commands cost the client and the server, beside QEMU
    Qmp,
    /// What asking for statistics costs, beside reading the kernel's files and writing their numbers down
    Stats,
}

/// Measures.
///
/// # Errors
/// Something that is to be measured does not work.
pub(crate) fn run(benchmark: &Benchmark) -> Result<(), String> {
    match benchmark {
        Benchmark::Codegen { schema, runs } => codegen::run(schema.as_deref(), *runs),
        Benchmark::Counters => of_the_machine("counters"),
        Benchmark::Devices => of_the_machine("devices"),
        Benchmark::Guest { arguments } => workspace::lab("bench", arguments),
        Benchmark::Introspect => of_the_machine("introspect"),
        Benchmark::Qmp => {
            let command = ["cargo", "build", "--quiet", "--release", "--package", "vmm"];
            workspace::run(workspace::root(), &[], &command)?;
            of_the_machine("qmp")
        }
        Benchmark::Stats => of_the_machine("stats"),
    }
}

/// Runs a benchmark of the crate `bench`, optimised: what it measures is no part of this tool.
fn of_the_machine(subject: &str) -> Result<(), String> {
    let command = ["cargo", "run", "--quiet", "--release", "--package", "bench", "--", subject];
    workspace::run(workspace::root(), &[], &command)
}
