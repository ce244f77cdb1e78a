//! The guests of a run, one after the other in each machine for the monitors: those of different transports in machines
//! of their own, side by side, where that can be.

use std::panic::resume_unwind;
use std::thread;

use crate::compare::{self, Capture};
use crate::host::Host;
use crate::machine::Machine;
use crate::monitor::{Plan, Transport};
use crate::scenario::{Scenario, Trial};
use crate::steps::Steps;
use crate::supplies::Prepared;

/// What all guests of a run have in common.
#[derive(Clone, Copy)]
pub(crate) struct Guests<'run> {
    /// What their machines are made of.
    pub(crate) prepared: &'run Prepared,
    /// What is tried on each.
    pub(crate) trials: &'run [Trial],
    /// The one that is left running.
    pub(crate) kept: Option<&'run Plan>,
}

impl<'run> Guests<'run> {
    /// Runs them all; returns what their monitors told, where that was wanted.
    pub(crate) fn all(self, steps: &mut Steps, plans: &'run [Plan]) -> Vec<(Plan, Capture)> {
        let groups = by_transport(plans);
        let Some((transport, _)) = groups.first() else { return Vec::new() };
        let name = transport.to_string();
        let Some(host) = self.prepared.host(steps, &name) else { return Vec::new() };
        if !host.can_have_company() {
            let plans: Vec<_> = plans.iter().collect();
            return Place { guests: self, name, host: Some(host) }.all(steps, &plans);
        }
        let mut first = Some(host);
        let mut captures = Vec::new();
        thread::scope(|scope| {
            let start = |(transport, plans): (Transport, Vec<&'run Plan>)| {
                let mut place = Place { guests: self, name: transport.to_string(), host: first.take() };
                let mut own = steps.beside();
                scope.spawn(move || (place.all(&mut own, &plans), own))
            };
            let threads: Vec<_> = groups.into_iter().map(start).collect();
            for thread in threads {
                let (told, own) = thread.join().unwrap_or_else(|panic| resume_unwind(panic));
                captures.extend(told);
                steps.join(own);
            }
        });
        captures
    }
}

/// The plans for each transport that there is one for.
fn by_transport(plans: &[Plan]) -> Vec<(Transport, Vec<&Plan>)> {
    let of = |transport| plans.iter().filter(|plan| plan.monitor.transport() == transport).collect();
    let groups = [Transport::Mmio, Transport::Pci].map(|transport| (transport, of(transport)));
    groups.into_iter().filter(|(_, plans): &(_, Vec<_>)| !plans.is_empty()).collect()
}

/// A machine that the monitors run in, and what it takes to have another one.
struct Place<'run> {
    guests: Guests<'run>,
    /// The machine's.
    name: String,
    /// Nothing before the first guest, and when it was lost.
    host: Option<Box<dyn Host>>,
}

impl Place<'_> {
    fn all(&mut self, steps: &mut Steps, plans: &[&Plan]) -> Vec<(Plan, Capture)> {
        let mut captures = Vec::new();
        for plan in plans {
            let capture = self.guest(steps, plan);
            captures.extend(capture.map(|capture| ((*plan).clone(), capture)));
            // It is not lost, it cannot be had.
            if self.host.is_none() && !steps.has_lost_host() {
                break;
            }
        }
        captures
    }

    /// As [`guest`], with one more try in another machine should this one be lost: where QEMU emulates it, it now and then
    /// dies or hangs without anything that is tried in it having a part in that.
    fn guest(&mut self, steps: &mut Steps, plan: &Plan) -> Option<Capture> {
        let capture = self.attempt(steps, plan);
        if !steps.take_lost_host() {
            return capture;
        }
        println!(
            "AGAIN            {plan}: the machine for the monitors was lost, which is forgiven once a guest"
        );
        self.attempt(steps, plan)
    }

    fn attempt(&mut self, steps: &mut Steps, plan: &Plan) -> Option<Capture> {
        if self.host.is_none() {
            self.host = self.guests.prepared.host(steps, &self.name);
        }
        let keep = self.guests.kept.is_some_and(|kept| std::ptr::eq(kept, plan));
        let capture = guest(steps, self.host.as_deref_mut()?, plan, self.guests.trials, keep);
        if steps.has_lost_host() {
            self.host = None;
        }
        capture
    }
}

/// Boots a guest and tries these things on it; returns what its monitor told, where that was wanted.
fn guest(
    steps: &mut Steps,
    host: &mut dyn Host,
    plan: &Plan,
    trials: &[Trial],
    keep: bool,
) -> Option<Capture> {
    let mut capture = None;
    let mut booted = None;
    let address = host.address();
    steps.step(&format!("{plan}: boot"), || {
        let mut machine = Machine::boot(host, plan.clone())?;
        let seconds = machine.seconds_to_init()?;
        booted = Some(machine);
        Ok(format!("{seconds:.1} s from its start to the guest's init"))
    });
    let mut machine = booted?;
    for trial in trials.iter().filter(|trial| trial.is_for(plan.monitor)) {
        if keep && matches!(trial, Trial::General(Scenario::PowerOff)) {
            continue;
        }
        let name = format!("{plan}: {}", trial.name());
        let may_go_on = steps.step(&name, || match trial {
            Trial::General(Scenario::Compare) => {
                capture = Some(compare::capture(&mut machine)?);
                Ok("asked for what both monitors know".to_owned())
            }
            Trial::General(scenario) => scenario.run(&mut machine),
            Trial::Family(family) => (family.run)(&mut machine),
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
