//! Memory that the guest gives back: free memory that it reports, a target, and statistics.

use serde_json::{Value, json};

use crate::error::Error;
use crate::machine::Machine;
use crate::monitor::MEMORY_MIB;

/// What the guest uses for a moment, in MiB.
const TOUCHED: u64 = 96;
/// What it is asked to make do with, in MiB.
const TARGET: u64 = 160;
const MIB: u64 = 1 << 20;

pub(crate) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    let mut findings = Vec::new();
    let total = wait_for(machine, "the guest's statistics", |info| {
        info["statistics"]["total-memory"].as_u64().map(|total| total / MIB)
    })?;
    if !(MEMORY_MIB / 2..=MEMORY_MIB).contains(&total) {
        findings.push(format!("the guest says it has {total} MiB of {MEMORY_MIB}"));
    }
    let reported = reports(machine, &mut findings)?;
    let before = resident_mib(machine)?;
    set(machine, TARGET)?;
    let event = machine.event("BALLOON_CHANGE")?;
    if event.data["actual"].as_u64().is_none_or(|actual| actual >= MEMORY_MIB * MIB) {
        findings.push(format!("the first BALLOON_CHANGE says {}", event.data));
    }
    wait_for_size(machine, TARGET)?;
    let shown = machine.human("info balloon")?;
    if shown.trim() != format!("balloon: actual={TARGET}") {
        findings.push(format!("'info balloon' shows '{}'", shown.trim()));
    }
    let after = resident_mib(machine)?;
    machine.human(&format!("balloon {MEMORY_MIB}"))?;
    wait_for_size(machine, MEMORY_MIB)?;
    if let Ok(accepted) = machine.try_query("balloon", json!({ "value": 0 })) {
        findings.push(format!("a balloon of no memory was accepted: {accepted}"));
    }
    machine.verdict(findings)?;
    Ok(format!(
        "{total} MiB told by the guest; {reported} MiB came back by reports; {before} MiB in use before the target, {after} after"
    ))
}

/// What the guest has used and freed comes back to the host without being asked for; how much, in MiB.
fn reports(machine: &mut Machine<'_>, findings: &mut Vec<String>) -> Result<u64, Error> {
    let before = counted(machine, "free-pages-released")?;
    let answer = machine.ask(&format!("touch_memory {TOUCHED}"))?;
    if !answer.ok {
        findings.push(format!("the guest cannot use {TOUCHED} MiB: {}", answer.lines.join(" / ")));
    }
    let used = resident_mib(machine)?;
    let mut reported = 0;
    // The guest reports some seconds after it has freed something, larger pieces only.
    for _ in 0..600 {
        reported = counted(machine, "free-pages-released")?.saturating_sub(before) / MIB;
        if reported >= TOUCHED / 2 {
            break;
        }
        machine.run("usleep 100000")?;
    }
    let left = resident_mib(machine)?;
    if reported < TOUCHED / 2 || left + TOUCHED / 4 > used {
        findings.push(format!(
            "of {TOUCHED} MiB used and freed {reported} came back; {used} MiB in use, then {left}"
        ));
    }
    Ok(reported)
}

fn set(machine: &mut Machine<'_>, mebibytes: u64) -> Result<(), Error> {
    machine.query("balloon", json!({ "value": mebibytes * MIB })).map(drop)
}

fn wait_for_size(machine: &mut Machine<'_>, mebibytes: u64) -> Result<(), Error> {
    let given_up = (MEMORY_MIB - mebibytes) * MIB;
    let what = format!("the guest to have {mebibytes} MiB");
    wait_for(machine, &what, |info| (info["given-up"] == given_up).then_some(0)).map(drop)
}

/// Waits until what the balloon tells is as wanted.
fn wait_for(
    machine: &mut Machine<'_>,
    what: &str,
    wanted: impl Fn(&Value) -> Option<u64>,
) -> Result<u64, Error> {
    for _ in 0..1200 {
        let balloons = machine.query("query-guest-memory", Value::Null)?;
        if let Some(found) = wanted(&balloons[0]) {
            return Ok(found);
        }
        machine.run("usleep 100000")?;
    }
    Err(machine.failed(&format!("waited in vain for {what}")))
}

/// What the monitor takes of its host's memory, the guest included.
fn resident_mib(machine: &mut Machine<'_>) -> Result<u64, Error> {
    let text = machine.run("awk '/^VmRSS:/ { print $2 }' /proc/$(cat machine/pid)/status")?;
    text.trim()
        .parse::<u64>()
        .map(|kib| kib / 1024)
        .map_err(|_| machine.failed(&format!("no size in '{text}'")))
}

/// One of the balloon's own statistics.
fn counted(machine: &mut Machine<'_>, name: &str) -> Result<u64, Error> {
    let wanted = json!({ "targets": ["device"], "providers": ["virtio"], "names": [name] });
    let reply = machine.query("query-statistics", wanted)?;
    let mut objects = reply["objects"].as_array().into_iter().flatten();
    let found = objects.find_map(|object| object["statistics"][0]["value"].as_u64());
    found.ok_or_else(|| machine.failed(&format!("no device counts {name}: {reply}")))
}
