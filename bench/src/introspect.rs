//! `introspect`: what looking costs the one who looks, and what it costs the device.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use qapi_schema::inspect::requests::QueryVirtioChains;
use virtio_core::Introspect;
use virtio_core::introspection::{first_generation, inspect, second_generation};

use crate::disk::Disk;
use crate::measure::{cost, median};

const PATH: &str = "/machine/peripheral/disk0";
/// Rounds of each kind, in turn.
const ROUNDS: usize = 25;
/// How long a round lasts.
const ROUND: Duration = Duration::from_millis(400);
/// Between two queries of the client: a thousand a second.
const INTERVAL: Duration = Duration::from_millis(1);

/// Measures and prints everything.
pub(crate) fn run() {
    let mut disk = Disk::new();
    disk.read_for(ROUND);
    costs(&*disk.view());
    busy_queue(&mut disk);
}

/// What one look costs the one who looks, on a device at rest.
fn costs(view: &dyn Introspect) {
    let chains =
        QueryVirtioChains { path: PATH.to_owned(), queue: 0, slot: Some(0), count: None, dump: None };
    println!("{:<58} {:>10}  {:>11}", "one look at a block device at rest", "median", "allocations");
    let row = |name: &str, cost: crate::measure::Cost| {
        println!("{name:<58} {:>7.0} ns  {:>11}", cost.nanoseconds, cost.allocations);
    };
    row("queue snapshot (what the device publishes)", cost(|| view.queue(0)));
    row("x-debug-virtio-queue-status", cost(|| first_generation::queue_status(view, 0)));
    row("x-query-virtio-queue-status", cost(|| second_generation::queue_status(view, 0)));
    row("x-query-virtio-queue-element", cost(|| second_generation::queue_element(view, 0, Some(0))));
    row("x-query-virtio-status (full device, compatible)", cost(|| second_generation::status(view)));
    row("query-virtio (full device with its queue, our own)", cost(|| inspect::device(PATH, view)));
    row("query-virtio-chains (one slot)", cost(|| inspect::chains(view, &chains)));
    let json = cost(|| serde_json::to_vec(&inspect::device(PATH, view)));
    row("query-virtio, as JSON text", json);
}

/// What a client that asks a thousand times a second takes from a busy queue. A thread that wakes up as often and does
/// not ask shows what of it is the price of having one more thread on this host.
fn busy_queue(disk: &mut Disk) {
    let view = disk.view();
    let (mut alone, mut woken, mut asked) = (Vec::new(), Vec::new(), Vec::new());
    let mut queries = 0;
    for _ in 0..ROUNDS {
        alone.push(disk.read_for(ROUND));
        woken.push(read_beside(disk, || ()).0);
        let (rate, count) = read_beside(disk, || {
            black_box(inspect::device(PATH, &*view));
        });
        asked.push(rate);
        queries += count;
    }
    let seconds = ROUND.as_secs_f64() * f64::from(u32::try_from(ROUNDS).unwrap_or(1));
    let ratio = |of: &[f64], to: &[f64]| median(of.iter().zip(to).map(|(of, to)| of / to).collect());
    println!();
    println!("reads of 4 KiB, 32 at once, {ROUNDS} rounds of {} ms each, medians:", ROUND.as_millis());
    let row = |name: &str, value: f64| println!("  {name:<56} {value:>8.0} requests/s");
    row("nobody else", median(alone.clone()));
    row("a thread wakes up 1000 times a second", median(woken.clone()));
    let name = format!("a client asks query-virtio {:.0} times a second", f64::from(queries) / seconds);
    row(&name, median(asked.clone()));
    println!("  asked / nobody else, median of the rounds                {:>8.4}", ratio(&asked, &alone));
    println!("  asked / only woken, median of the rounds                 {:>8.4}", ratio(&asked, &woken));
}

/// Reads while another thread does something a thousand times a second; returns requests a second, and how often it
/// did.
fn read_beside(disk: &mut Disk, look: impl Fn() + Sync) -> (f64, u32) {
    let (stop, count) = (AtomicBool::new(false), AtomicU32::new(0));
    let rate = thread::scope(|scope| {
        scope.spawn(|| {
            let mut next = Instant::now();
            while !stop.load(Ordering::Relaxed) {
                look();
                count.fetch_add(1, Ordering::Relaxed);
                next += INTERVAL;
                thread::sleep(next.saturating_duration_since(Instant::now()));
            }
        });
        let rate = disk.read_for(ROUND);
        stop.store(true, Ordering::Relaxed);
        rate
    });
    (rate, count.into_inner())
}
