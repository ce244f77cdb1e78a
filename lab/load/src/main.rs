//! Keeps a disk or a network busy for a while and prints how much it has carried a second, as one number.
//!
//! The lab builds it as one file that needs nothing else and puts it into its guests, which have little more than a shell.
//! It knows nothing of virtio: what it sees is what programs of a guest see.

mod disk;
mod network;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Move blocks between a disk and memory, past the page cache; prints requests a second
    Disk {
        /// The disk, whose last MiB is left alone
        path: PathBuf,
        #[arg(value_enum)]
        direction: disk::Direction,
        #[arg(value_enum)]
        order: disk::Order,
        /// Bytes of a request, a multiple of 4096
        bytes: u32,
        /// Requests at once
        depth: u32,
        seconds: f64,
    },
    /// Talk to a server over TCP; prints round trips, or bytes, a second
    Network {
        server: SocketAddr,
        #[arg(value_enum)]
        talk: network::Talk,
        seconds: f64,
    },
    /// Be such a server
    Serve { address: SocketAddr },
}

fn main() -> ExitCode {
    let rate = match Arguments::parse().task {
        Task::Disk { path, direction, order, bytes, depth, seconds } => {
            let work = disk::Work { direction, order, bytes, depth };
            work.rate(&path, time(seconds))
        }
        Task::Network { server, talk, seconds } => network::rate(server, talk, time(seconds)),
        Task::Serve { address } => network::serve(address),
    };
    match rate {
        Ok(rate) => {
            println!("{rate:.1}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn time(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

/// An error in our own words.
fn wrong(what: String) -> io::Error {
    io::Error::other(what)
}
