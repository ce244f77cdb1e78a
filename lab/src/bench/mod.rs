//! `cargo xtask bench guest`: how soon a guest is there, what its monitor costs in memory, and how much its disk and its
//! network carry.
//!
//! All monitors boot the same kernel with the same initial RAM disk and the same five devices, one after the other, round
//! by round, in the same machine; so what disturbs one disturbs all. Where that machine is emulated, an exit costs thirty
//! times what it costs on hardware: ratios tell more than times.

mod figure;
mod table;

use crate::error::Error;
use crate::host::Host;
use crate::machine::Machine;
use crate::monitor::{Devices, Kernel, Monitor, Plan, Transport};
use crate::steps::Steps;
use crate::supplies::{self, Wanted};
use figure::{FIGURES, Figure};
use table::Series;

/// What is measured, and how often.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// How often each monitor boots the guest
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How long disk and network are kept busy for each figure, in seconds
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// Only figures with this in their name
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,
    #[command(flatten)]
    supplies: supplies::Supplies,
}

/// The one that others are compared with, at first, and those others.
const MONITORS: [Monitor; 4] =
    [Monitor::Microvm, Monitor::Q35, Monitor::Ringscope(Transport::Mmio), Monitor::Ringscope(Transport::Pci)];

/// Of an emulated machine: one for the guest, and one for the threads of its devices.
const PROCESSORS: u8 = 2;

/// Measures and prints; returns whether everything worked.
///
/// # Errors
/// No figure is called as asked for.
pub(crate) fn run(options: &Options) -> Result<bool, Error> {
    let figures: Vec<&'static Figure> =
        FIGURES.iter().filter(|figure| figure.name.contains(&options.only)).collect();
    if figures.is_empty() {
        let names = FIGURES.each_ref().map(|figure| figure.name).join("; ");
        return Err(Error::Choice {
            what: format!("no figure with '{}' in its name", options.only),
            remedy: format!("they are: {names}"),
        });
    }
    let mut steps = Steps::new();
    let mut all = MONITORS.map(|monitor| Series::new(monitor, figures.len()));
    let wanted = Wanted { ringscope: true, families: &[], load: true, processors: PROCESSORS };
    let prepared = supplies::prepare(&mut steps, &options.supplies, &wanted);
    if let Some(mut host) = prepared.and_then(|prepared| prepared.host(&mut steps, "bench")) {
        for round in 1..=options.rounds {
            for series in &mut all {
                let name = format!("round {round}: {}", series.monitor);
                steps.step(&name, || measure(host.as_mut(), &figures, options.seconds, series));
            }
        }
        print!("{}", table::table(&figures, &all));
    }
    Ok(steps.finish())
}

/// Boots a guest and adds a value to each figure.
fn measure(
    host: &mut dyn Host,
    figures: &[&Figure],
    seconds: u32,
    series: &mut Series,
) -> Result<String, Error> {
    let plan = Plan { monitor: series.monitor, cpus: 1, devices: Devices::Five, kernel: Kernel::Elf };
    let mut machine = Machine::boot(host, plan)?;
    figure::prepare(&mut machine)?;
    let mut texts = Vec::new();
    for (figure, values) in figures.iter().zip(&mut series.values) {
        let value = figure.measure(&mut machine, seconds)?;
        texts.push(figure.text(value));
        values.push(value);
    }
    Ok(texts.join(", "))
}
