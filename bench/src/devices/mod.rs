//! `devices`: what devices do for a driver that keeps them busy. Requests a second, and what one costs the device's own
//! threads in time, allocations and instructions.

mod block;
mod console;
mod instructions;
mod net;
mod station;

use std::fs;
use std::time::{Duration, Instant};

use virtio_core::RingForm;

use crate::allocations;
use crate::measure::median;
use instructions::Instructions;
use station::{DEPTH, Station, Subject};

/// Rounds of which the median is taken, each this long.
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(200);

/// What a round has shown.
struct Round {
    /// Requests a second.
    rate: f64,
    /// Of all threads but the driver's, in nanoseconds a request.
    cpu: f64,
    /// Of all threads but the driver's, a request.
    allocations: f64,
}

/// Measures and prints everything. With arguments it is one of its own runs that are watched from outside.
pub(crate) fn run(arguments: &[String]) {
    let subjects: Vec<Subject> =
        [block::subjects(), net::subjects(), console::subjects()].into_iter().flatten().collect();
    if !arguments.is_empty() {
        return instructions::be_watched(&subjects, arguments);
    }
    println!(
        "{DEPTH} requests at once, {ROUNDS} rounds of {} ms, medians. Of what a request costs, all is",
        ROUND.as_millis()
    );
    println!(
        "that of the device's threads: of CPU time the kernel's part too, of instructions the program's only."
    );
    let instructions = Instructions::find();
    if let Err(why) = &instructions {
        println!("Instructions are not counted: {why}.");
    }
    println!(
        "{:<24} {:<7} {:>12} {:>14} {:>20} {:>21}",
        "", "ring", "requests/s", "CPU ns/request", "allocations/request", "instructions/request"
    );
    for subject in &subjects {
        for rings in RingForm::BOTH {
            let rounds = measure(subject, rings);
            let of = |part: fn(&Round) -> f64| median(rounds.iter().map(part).collect());
            let counted = instructions.as_ref().ok().and_then(|counter| counter.of_a_request(subject, rings));
            println!(
                "{:<24} {:<7} {:>12.0} {:>14.0} {:>20.4} {:>21}",
                subject.name,
                station::name_of(rings),
                of(|round| round.rate),
                of(|round| round.cpu),
                of(|round| round.allocations),
                counted.map_or_else(|| "-".to_owned(), |count| format!("{count:.0}")),
            );
        }
    }
}

fn measure(subject: &Subject, rings: RingForm) -> Vec<Round> {
    let mut station = Station::new(subject, rings);
    round(&mut station);
    (0..ROUNDS).map(|_| round(&mut station)).collect()
}

/// Batch after batch, for about as long as a round is.
fn round(station: &mut Station<'_>) -> Round {
    let (start, cpu, allocated) = (Instant::now(), cpu_of_others(), allocations::count_elsewhere());
    let mut done = 0;
    while start.elapsed() < ROUND {
        station.batch();
        done += u32::from(DEPTH);
    }
    let (done, elapsed) = (f64::from(done), start.elapsed().as_secs_f64());
    let allocated = u32::try_from(allocations::count_elsewhere() - allocated).unwrap_or(u32::MAX);
    Round {
        rate: done / elapsed,
        cpu: (cpu_of_others() - cpu).as_secs_f64() * 1e9 / done,
        allocations: f64::from(allocated) / done,
    }
}

/// The CPU time of all threads of this process but this one.
fn cpu_of_others() -> Duration {
    let own = rustix::thread::gettid().as_raw_nonzero().to_string();
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let others = threads.filter(|thread| thread.file_name().to_string_lossy() != own);
    let time = |thread: fs::DirEntry| -> Option<u64> {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    };
    Duration::from_nanos(others.filter_map(time).sum())
}
