//! The guest's two ways to leave.

use crate::error::Error;
use crate::machine::Machine;
use crate::monitor::Devices;

/// The guest resets the machine, which comes up again with everything in it, under the same monitor.
pub(super) fn reboot(machine: &mut Machine<'_>) -> Result<String, Error> {
    let before = machine.run("cat machine/pid")?;
    let before_reboot = super::devices(machine)?;
    machine.post("reboot -f")?;
    let event = machine.event("RESET")?;
    let mut findings = Vec::new();
    if event.data["guest"] != true || event.data["reason"] != "guest-reset" {
        findings.push(format!("the event RESET says {}", event.data));
    }
    machine.wait_until_ready()?;
    let devices = super::devices(machine)?;
    if devices.len() != before_reboot.len() {
        let before = before_reboot.len();
        findings.push(format!("{} devices after the reboot instead of {before}", devices.len()));
    }
    let is_on_network = matches!(machine.plan().devices, Devices::Five);
    for words in ["block 1"].into_iter().chain(is_on_network.then_some("network 1 56")) {
        let answer = machine.ask(words)?;
        if !answer.ok {
            findings.push(format!("'{words}' failed after the reboot: {}", answer.lines.join(" / ")));
        }
    }
    if machine.run("cat machine/pid")? != before {
        findings.push("another process runs the machine now".to_owned());
    }
    machine.verdict(findings)?;
    Ok(format!("up again, with all of its {} devices", devices.len()))
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
    machine.verdict(findings)?;
    Ok("SHUTDOWN by the guest, exit status 0".to_owned())
}
