//! `cargo xtask lab`: every scenario, on every transport, with one vCPU and with several.

use std::fs;

use crate::compare::{self, Capture, Table};
use crate::error::{Error, at};
use crate::host::Host;
use crate::machine::Machine;
use crate::monitor::{Kernel, Monitor, Plan, Then, Transport};
use crate::scenario::Scenario;
use crate::steps::Steps;
use crate::supplies;

/// What is tried.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only this scenario; may be repeated
    #[arg(long, value_enum)]
    scenario: Vec<Scenario>,
    /// Only this transport
    #[arg(long, value_enum)]
    transport: Option<Transport>,
    /// Only this many vCPUs
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    cpus: Option<u8>,
    /// Only this monitor
    #[arg(long, value_enum)]
    monitor: Option<Which>,
    #[command(flatten)]
    supplies: supplies::Supplies,
    /// Leave the last guest running, say where its monitor is, and wait for a line on standard input
    #[arg(long)]
    keep: bool,
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
/// Standard input cannot be read.
pub(crate) fn run(options: &Options) -> Result<bool, Error> {
    let mut steps = Steps::new();
    let plans = plans(options);
    let with_ringscope = plans.iter().any(|plan| plan.monitor.is_ringscope());
    if let Some(mut host) = supplies::prepare(&mut steps, &options.supplies, with_ringscope) {
        let mut captures = Vec::new();
        for (number, plan) in plans.iter().enumerate() {
            let keep = options.keep && number + 1 == plans.len();
            let capture = guest(&mut steps, host.as_mut(), *plan, &options.scenario, keep);
            captures.extend(capture.map(|capture| (*plan, capture)));
        }
        compare(&mut steps, &captures);
    }
    Ok(steps.finish())
}

/// The machines to run. Those with several vCPUs get the other form of the kernel, so that both are tried.
fn plans(options: &Options) -> Vec<Plan> {
    let transports = options.transport.map_or_else(|| vec![Transport::Mmio, Transport::Pci], |one| vec![one]);
    let counts = options.cpus.map_or_else(|| vec![1, 4], |one| vec![one]);
    let mut plans = Vec::new();
    for transport in transports {
        let ours = counts.iter().map(|cpus| (Monitor::Ringscope(transport), *cpus));
        let reference = counts.iter().take(1).map(|cpus| (Monitor::reference(transport), *cpus));
        let wanted = ours.chain(reference).filter(|(monitor, _)| match options.monitor {
            None => true,
            Some(Which::Ringscope) => monitor.is_ringscope(),
            Some(Which::Qemu) => !monitor.is_ringscope(),
        });
        plans.extend(wanted.map(|(monitor, cpus)| {
            let kernel = if cpus == 1 { Kernel::Elf } else { Kernel::Image };
            Plan { monitor, cpus, kernel, then: Then::Mailbox }
        }));
    }
    plans
}

/// Boots a guest and runs what is wanted on it; returns what its monitor told, where that was wanted.
fn guest(
    steps: &mut Steps,
    host: &mut dyn Host,
    plan: Plan,
    wanted: &[Scenario],
    keep: bool,
) -> Option<Capture> {
    let mut capture = None;
    let mut booted = None;
    let address = host.address();
    steps.step(&format!("{plan}: boot"), || {
        let mut machine = Machine::boot(host, plan)?;
        let seconds = machine.seconds_to_init()?;
        booted = Some(machine);
        Ok(format!("{seconds:.1} s from its start to the guest's init"))
    });
    let mut machine = booted?;
    for scenario in Scenario::ALL {
        let is_wanted = wanted.is_empty() || wanted.contains(&scenario) || scenario == Scenario::PowerOff;
        if !is_wanted || (keep && scenario == Scenario::PowerOff) {
            continue;
        }
        let name = format!("{plan}: {}", scenario.name());
        let may_go_on = steps.step(&name, || match scenario {
            Scenario::Compare => {
                capture = Some(compare::capture(&mut machine)?);
                Ok("asked for what both monitors know".to_owned())
            }
            _ => scenario.run(&mut machine),
        });
        if !may_go_on && !keep {
            break;
        }
    }
    if keep {
        println!("{plan}: the guest goes on; its monitor serves QMP at {address}. An empty line ends it.");
        let _ = std::io::stdin().read_line(&mut String::new());
    }
    capture
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
            let table = Table::new(title.clone(), theirs, ours);
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
