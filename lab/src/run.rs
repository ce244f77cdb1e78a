//! `cargo xtask lab`: every scenario, on every transport, with one vCPU and with several.

use std::fs;

use crate::compare::{Capture, Table};
use crate::error::{Error, at};
use crate::families::Family;
use crate::guests::Guests;
use crate::host::Shape;
use crate::monitor::{Devices, Kernel, Monitor, Plan, Transport};
use crate::scenario::{Scenario, Trial, parser};
use crate::steps::Steps;
use crate::supplies::{self, Wanted};

/// What is tried.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The devices of the guests
    #[arg(long, value_enum, default_value = "five")]
    devices: Set,
    /// Only this scenario; may be repeated
    #[arg(long, value_parser = parser(), value_name = "SCENARIO")]
    scenario: Vec<Trial>,
    /// Only this transport
    #[arg(long, value_enum)]
    transport: Option<Transport>,
    /// Only this many vCPUs
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    cpus: Option<u8>,
    /// Only this monitor
    #[arg(long, value_enum)]
    monitor: Option<Which>,
    /// Of the set `full`: only guests that are offered packed rings, or only others
    #[arg(long, value_enum, value_name = "on|off")]
    packed: Option<Switch>,
    #[command(flatten)]
    supplies: supplies::Supplies,
    /// Leave the last guest running, say where its monitor is, and wait for a line on standard input
    #[arg(long)]
    keep: bool,
}

/// Of an emulated machine. One with more processors that has guests with several vCPUs is lost within minutes: its Linux, or
/// a guest, is found in the other's state. So there are several machines instead. With huge pages that came sooner.
const SHAPE: Shape = Shape { processors: 1, huge_pages: false };

/// Sets of devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Set {
    /// One of each of the kinds that QEMU has as well, which it is compared with
    Five,
    /// Those of the families, under ringscope, on split and on packed rings
    Full,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Switch {
    On,
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    /// Ours
    Ringscope,
    /// The one that ours is compared with
    Qemu,
}

/// Runs what is asked for; returns whether all of it succeeded.
///
/// # Errors
/// What is asked for makes no sense, or standard input cannot be read.
pub(crate) fn run(options: &Options) -> Result<bool, Error> {
    let mut steps = Steps::new();
    let trials = trials(options)?;
    let families: Vec<_> = trials.iter().filter_map(|trial| trial.family()).collect();
    let plans = plans(options, &families);
    let with_ringscope = plans.iter().any(|plan| plan.monitor.is_ringscope());
    let wanted = Wanted { ringscope: with_ringscope, families: &families, load: false, shape: SHAPE };
    if let Some(prepared) = supplies::prepare(&mut steps, &options.supplies, &wanted) {
        let kept = if options.keep { plans.last() } else { None };
        let captures = Guests { prepared: &prepared, trials: &trials, kept }.all(&mut steps, &plans);
        compare(&mut steps, &captures);
    }
    Ok(steps.finish())
}

/// What is tried on each guest: what was asked for, or all that its devices are for, and always its end.
fn trials(options: &Options) -> Result<Vec<Trial>, Error> {
    if options.devices == Set::Full && options.monitor == Some(Which::Qemu) {
        return Err(Error::Choice {
            what: "`--devices full` under QEMU".to_owned(),
            remedy: "QEMU has `--devices five`".to_owned(),
        });
    }
    if options.devices == Set::Five && options.packed.is_some() {
        return Err(Error::Choice {
            what: "`--packed` without `--devices full`".to_owned(),
            remedy: "the five devices have split rings".to_owned(),
        });
    }
    let fits = |trial: &Trial| match (options.devices, trial) {
        (Set::Five, Trial::Family(_)) => false,
        (Set::Five, Trial::General(_)) | (Set::Full, Trial::Family(_)) => true,
        // These know the five devices.
        (Set::Full, Trial::General(scenario)) => scenario.fits_every_device(),
    };
    if let Some(misfit) = options.scenario.iter().find(|trial| !fits(trial)) {
        let other = if misfit.family().is_some() { "full" } else { "five" };
        return Err(Error::Choice {
            what: format!("the scenario {}", misfit.name()),
            remedy: format!("it is one of `--devices {other}`"),
        });
    }
    let named = |trial: &Trial| options.scenario.iter().any(|wanted| wanted.name() == trial.name());
    let is_wanted = |trial: &Trial| {
        options.scenario.is_empty() || named(trial) || trial.name() == Scenario::PowerOff.name()
    };
    Ok(Trial::all().into_iter().filter(fits).filter(is_wanted).collect())
}

/// The machines to run. Those with several vCPUs get the other form of the kernel, so that both are tried.
fn plans(options: &Options, families: &[&'static Family]) -> Vec<Plan> {
    let transports = options.transport.map_or_else(|| vec![Transport::Mmio, Transport::Pci], |one| vec![one]);
    let counts = options.cpus.map_or_else(|| vec![1, 4], |one| vec![one]);
    let mut plans = Vec::new();
    for transport in transports {
        let ours = counts.iter().map(|cpus| (Monitor::Ringscope(transport), *cpus));
        let reference = counts.iter().take(1).map(|cpus| (Monitor::reference(transport), *cpus));
        let wanted = ours.chain(reference).filter(|(monitor, _)| match options.monitor {
            None => options.devices == Set::Five || monitor.is_ringscope(),
            Some(Which::Ringscope) => monitor.is_ringscope(),
            Some(Which::Qemu) => !monitor.is_ringscope(),
        });
        for (monitor, cpus) in wanted {
            let kernel = if cpus == 1 { Kernel::Elf } else { Kernel::Image };
            let sets = sets(options, families).into_iter();
            plans.extend(sets.map(|devices| Plan { monitor, cpus, devices, kernel }));
        }
    }
    plans
}

/// The devices that each machine is tried with.
fn sets(options: &Options, families: &[&'static Family]) -> Vec<Devices> {
    if options.devices == Set::Five {
        return vec![Devices::Five];
    }
    let forms = match options.packed {
        None => vec![false, true],
        Some(packed) => vec![packed == Switch::On],
    };
    forms.into_iter().map(|packed| Devices::Families { families: families.to_vec(), packed }).collect()
}

/// Puts what both monitors told of each transport side by side, prints the differences and leaves the whole in a file.
fn compare(steps: &mut Steps, captures: &[(Plan, Capture)]) {
    let mut whole = "# The same guest under QEMU and under ringscope\n\n".to_owned();
    let mut differences = String::new();
    for (plan, ours) in captures.iter().filter(|(plan, _)| plan.monitor.is_ringscope()) {
        let reference = Monitor::reference(plan.monitor.transport());
        let Some((_, theirs)) =
            captures.iter().find(|(other, _)| other.monitor == reference && other.cpus == plan.cpus)
        else {
            continue;
        };
        let title = format!("{reference} and {plan}");
        steps.step(&title, || {
            let table = Table::new(title.clone(), plan.monitor.transport(), theirs, ours);
            whole.push_str(&table.markdown(false));
            differences.push_str(&table.markdown(true));
            let path = supplies::results()?.join("compare.md");
            at(&path, fs::write(&path, &whole))?;
            match table.unexplained() {
                findings if findings.is_empty() => {
                    Ok(format!("{}; all of them in {}", table.summary(), path.display()))
                }
                findings => Err(Error::Findings { monitor: title.clone(), findings }),
            }
        });
    }
    print!("{differences}");
}
