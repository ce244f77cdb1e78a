//! `cargo xtask bench guest`: how soon a guest is there, and what its monitor costs in memory.
//!
//! All monitors boot the same kernel with the same initial RAM disk and the same five devices, one after the other, round
//! by round, in the same machine; so what disturbs one disturbs all. Where that machine is emulated, an exit costs thirty
//! times what it costs on hardware: ratios tell more than times.

use crate::error::Error;
use crate::host::Host;
use crate::machine::Machine;
use crate::monitor::{Devices, Kernel, MEMORY_MIB, Monitor, Plan, Then, Transport};
use crate::steps::Steps;
use crate::supplies;

/// What is measured, and how often.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// How often each monitor boots the guest
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    #[command(flatten)]
    supplies: supplies::Supplies,
}

/// The one that others are compared with, at first, and those others.
const MONITORS: [Monitor; 4] =
    [Monitor::Microvm, Monitor::Q35, Monitor::Ringscope(Transport::Mmio), Monitor::Ringscope(Transport::Pci)];

/// What was measured of one monitor.
struct Series {
    monitor: Monitor,
    /// Seconds from the monitor's start to the first line of the guest's init.
    seconds: Vec<f64>,
    /// KiB that are resident in the monitor beside the guest's memory.
    memory: Vec<f64>,
}

/// Measures and prints; returns whether everything booted.
///
/// # Errors
/// None so far.
pub(crate) fn run(options: &Options) -> Result<bool, Error> {
    let mut steps = Steps::new();
    let mut all = MONITORS.map(|monitor| Series { monitor, seconds: Vec::new(), memory: Vec::new() });
    let prepared = supplies::prepare(&mut steps, &options.supplies, true, &[]);
    if let Some(mut host) = prepared.and_then(|prepared| prepared.host(&mut steps)) {
        for round in 1..=options.rounds {
            for series in &mut all {
                let name = format!("round {round}: {}", series.monitor);
                steps.step(&name, || measure(host.as_mut(), series));
            }
        }
        print!("{}", table(&all));
    }
    Ok(steps.finish())
}

fn measure(host: &mut dyn Host, series: &mut Series) -> Result<String, Error> {
    let plan = Plan {
        monitor: series.monitor,
        cpus: 1,
        devices: Devices::Five,
        kernel: Kernel::Elf,
        then: Then::Idle,
    };
    let mut machine = Machine::boot(host, plan)?;
    let seconds = machine.seconds_to_init()?;
    let kib = resident(&mut machine)?;
    series.seconds.push(seconds);
    series.memory.push(kib);
    Ok(format!("{seconds:.2} s to init, {:.1} MiB", kib / 1024.0))
}

/// What is resident in the monitor's process, in KiB: the sum of `Rss` over its mappings, without the one that is as
/// large as the guest's memory, which is that.
fn resident(machine: &mut Machine<'_>) -> Result<f64, Error> {
    let guest = MEMORY_MIB * 1024;
    let script = format!(
        "awk '/^Size:/ {{ size = $2 }}
              /^Rss:/ {{ if (size == {guest}) guests += 1; else own += $2 }}
              END {{ print guests + 0, own }}' /proc/$(cat machine/pid)/smaps"
    );
    let text = machine.run(&script)?;
    match text.trim().split_once(' ') {
        Some(("1", own)) => own.parse().map_err(|_| machine.failed(&format!("its mappings are '{text}'"))),
        _ => Err(machine.failed(&format!("the guest's memory is not one mapping of {guest} KiB: '{text}'"))),
    }
}

fn table(all: &[Series]) -> String {
    let mut text = "\n| monitor | start to init | ratio | resident beside guest memory | ratio |\n|---|---|---|---|---|\n"
        .to_owned();
    let reference = |values: fn(&Series) -> &Vec<f64>| all.first().and_then(|first| median(values(first)));
    for series in all {
        let (Some(seconds), Some(kib)) = (median(&series.seconds), median(&series.memory)) else { continue };
        let ratio = |value: f64, base: Option<f64>| {
            base.map_or_else(String::new, |base| format!("{:.3}", value / base))
        };
        text.push_str(&format!(
            "| {} | {seconds:.2} s ({}) | {} | {:.1} MiB | {} |\n",
            series.monitor,
            range(&series.seconds),
            ratio(seconds, reference(|series| &series.seconds)),
            kib / 1024.0,
            ratio(kib, reference(|series| &series.memory)),
        ));
    }
    text.push_str("\nMedians, in parentheses the fastest and the slowest; ratios to QEMU's microvm.\n");
    text
}

fn range(values: &[f64]) -> String {
    let (least, most) = values
        .iter()
        .fold((f64::MAX, f64::MIN), |(least, most), value| (least.min(*value), most.max(*value)));
    format!("{least:.2} to {most:.2}")
}

/// The one in the middle, or the mean of the two there.
fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = sorted.get(middle).copied()?;
    let lower = if sorted.len().is_multiple_of(2) { sorted.get(middle - 1).copied()? } else { upper };
    Some(f64::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_found() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }

    #[test]
    fn monitors_are_compared_with_the_first() {
        let series =
            |monitor, seconds, memory| Series { monitor, seconds: vec![seconds], memory: vec![memory] };
        let text = table(&[
            series(Monitor::Microvm, 4.0, 90.0 * 1024.0),
            series(Monitor::Ringscope(Transport::Mmio), 2.0, 4.5 * 1024.0),
        ]);
        insta::assert_snapshot!(text);
    }
}
