//! What a client does to the guest as a whole: stops it, presses its power button, resets it.

use std::time::Duration;

use serde_json::Value;

use super::endings;
use crate::error::Error;
use crate::machine::Machine;

/// What the guest does while it is stopped.
const AT_WORK: &str = "block 4";
/// What the guest does until its power button is pressed.
const WATCHING: &str = "power_button";
/// How long a stopped guest is watched.
const STOPPED: Duration = Duration::from_secs(1);

/// A guest that is stopped in the middle of its work does nothing, and goes on as if nothing had been.
pub(super) fn pause(machine: &mut Machine<'_>) -> Result<String, Error> {
    machine.post(AT_WORK)?;
    machine.begun(AT_WORK)?;
    let mut findings = Vec::new();
    machine.query("stop", Value::Null)?;
    machine.event("STOP")?;
    let status = machine.query("query-status", Value::Null)?;
    if status["status"] != "paused" || status["running"] != false {
        findings.push(format!("a stopped machine's status is {status}"));
    }
    let before = exits(machine)?;
    std::thread::sleep(STOPPED);
    let after = exits(machine)?;
    if before != after {
        findings
            .push(format!("the vCPUs of a stopped machine left the guest {before} and then {after} times"));
    }
    machine.query("cont", Value::Null)?;
    machine.event("RESUME")?;
    if !machine.answer(AT_WORK)?.ok {
        findings.push("the work of a guest that was stopped meanwhile failed".to_owned());
    }
    machine.verdict(findings)?;
    Ok(format!("stopped after {after} exits, no more while it was, and its work went on"))
}

/// How often all vCPUs have left the guest.
fn exits(machine: &mut Machine<'_>) -> Result<u64, Error> {
    let wanted = serde_json::json!({ "target": "vcpu" });
    let reply = machine.query("query-stats", wanted)?;
    let statistics = reply.as_array().into_iter().flatten().flat_map(|vcpu| vcpu["stats"].as_array());
    let exits = statistics.flatten().filter(|statistic| statistic["name"] == "exits");
    Ok(exits.filter_map(|statistic| statistic["value"].as_u64()).sum())
}

/// The guest's kernel tells its programs that the power button was pressed.
pub(super) fn power_button(machine: &mut Machine<'_>) -> Result<String, Error> {
    machine.post(WATCHING)?;
    machine.wait_for("grep -q LAB-WATCHING machine/console", "the guest to watch its power button")?;
    machine.query("system_powerdown", Value::Null)?;
    machine.event("POWERDOWN")?;
    let answer = machine.answer(WATCHING)?;
    if !answer.ok {
        machine.verdict(vec![format!("the guest did not notice: {}", answer.lines.join(" / "))])?;
    }
    Ok("pressed, and noticed by the guest's programs".to_owned())
}

/// A client resets the machine, with the guest in the middle of something.
pub(super) fn reset(machine: &mut Machine<'_>) -> Result<String, Error> {
    endings::comes_up_again(machine, "host-qmp-system-reset", |machine| {
        machine.post(AT_WORK)?;
        machine.begun(AT_WORK)?;
        machine.query("system_reset", Value::Null).map(drop)
    })
}
