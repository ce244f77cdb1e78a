//! The guest's two ways to leave.

use crate::error::Error;
use crate::machine::Machine;
use crate::monitor::Devices;

/// The guest resets the machine, which comes up again with everything in it, under the same monitor.
pub(super) fn reboot(machine: &mut Machine<'_>) -> Result<String, Error> {
    comes_up_again(machine, "guest-reset", |machine| machine.post("reboot -f"))
}

/// The machine is reset by what `reset` does, and the event tells this `reason`.
///
/// # Errors
/// It does not come up again as it was before.
pub(super) fn comes_up_again(
    machine: &mut Machine<'_>,
    reason: &str,
    reset: impl FnOnce(&mut Machine<'_>) -> Result<(), Error>,
) -> Result<String, Error> {
    let process = machine.run("cat machine/pid")?;
    let before = super::devices(machine)?.len();
    reset(machine)?;
    let event = machine.event("RESET")?;
    let mut findings = Vec::new();
    if event.data["guest"] != reason.starts_with("guest") || event.data["reason"] != reason {
        findings.push(format!("the event RESET says {}", event.data));
    }
    machine.wait_until_ready()?;
    let devices = super::devices(machine)?.len();
    if devices != before {
        findings.push(format!("{devices} devices after the reset instead of {before}"));
    }
    let is_on_network = matches!(machine.plan().devices, Devices::Five);
    for words in ["block 1"].into_iter().chain(is_on_network.then_some("network 1 56")) {
        let answer = machine.ask(words)?;
        if !answer.ok {
            findings.push(format!("'{words}' failed after the reset: {}", answer.lines.join(" / ")));
        }
    }
    if machine.run("cat machine/pid")? != process {
        findings.push("another process runs the machine now".to_owned());
    }
    machine.verdict(findings)?;
    Ok(format!("up again, with all of its {devices} devices"))
}

/// The guest switches the machine off.
pub(super) fn power_off(machine: &mut Machine<'_>) -> Result<String, Error> {
    machine.post("poweroff -f")?;
    let event = machine.event("SHUTDOWN")?;
    let mut findings = Vec::new();
    if event.data["guest"] != true || event.data["reason"] != "guest-shutdown" {
        findings.push(format!("the event SHUTDOWN says {}", event.data));
    }
    let status = machine.exit_status()?;
    if status != "0" {
        findings.push(format!("the monitor's exit status is {status} instead of 0"));
    }
    for family in machine.plan().families().to_vec() {
        let left = machine.run(&format!("cd machine || exit\n{}", family.afterwards));
        findings.extend(left.err().map(|error| format!("{} leaves behind: {error}", family.name)));
    }
    machine.verdict(findings)?;
    Ok("SHUTDOWN by the guest, exit status 0".to_owned())
}
