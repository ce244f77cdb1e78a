//! The lab: real Linux guests, with the kernel's own virtio drivers, under the monitor.
//!
//! `cargo xtask lab` runs it. It takes Debian's kernel, makes a guest of it, finds or makes a machine whose KVM runs
//! Linux ([`host`]), boots the guest there under the monitor and drives both from outside: the guest through a mailbox
//! on its disk, the monitor over QMP ([`machine`]). What is tried stands in [`scenario`].
//!
//! It knows the monitor's schema, its client and the names of features; of the monitor's inside it knows nothing else.

mod bench;
mod command;
mod compare;
mod cpio;
mod emulator;
mod error;
mod families;
mod features;
mod guests;
mod host;
mod initramfs;
mod kernel;
mod machine;
mod monitor;
mod packages;
mod programs;
mod run;
mod scenario;
mod steps;
mod supplies;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Real Linux guests under the monitor.
#[derive(Parser)]
#[command(name = "cargo xtask lab", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Try everything
    #[command(name = "lab")]
    Run(run::Options),
    /// Measure how soon a guest is there, what its monitor costs in memory, and how much disk and network carry
    Bench(bench::Options),
}

/// The project's folder.
fn project() -> &'static Path {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.parent().unwrap_or(crate_folder)
}

/// The folder that cargo builds in.
fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| project().join("target"), |folder| project().join(folder))
}

fn main() -> ExitCode {
    let succeeded = match Arguments::parse().task {
        Task::Run(options) => run::run(&options),
        Task::Bench(options) => bench::run(&options),
    };
    match succeeded {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
