//! Devices whose queues published back ends work on: they are looked at all the time, killed and started anew, and no request
//! is lost.

use std::time::Instant;

use serde_json::{Value, json};

use super::device::path;
use crate::error::Error;
use crate::machine::Machine;

/// How often the back end is killed that the guest's work waits for.
const KILLS: u64 = 5;
/// How often a device is looked at between two of them.
const LOOKS: u32 = 100;
/// How often more, until the back end has answered something.
const PATIENCE: u32 = 100;
/// Of the disk, to tell it from others.
const SECTORS: u32 = 98304;

pub(crate) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    let mut findings = Vec::new();
    let share = share(machine, &mut findings)?;
    let entropy = entropy(machine, &mut findings)?;
    let disk = killed(machine, "vdisk0", &format!("disk_at_work {SECTORS}"), &mut findings)?;
    machine.verdict(findings)?;
    Ok(format!("virtiofsd: {share}; vhost-device-rng: {entropy}; qemu-storage-daemon: {disk}"))
}

/// A folder of the machine beside the monitor, in the guest.
fn share(machine: &mut Machine<'_>, findings: &mut Vec<String>) -> Result<String, Error> {
    let words = "share labshare 8";
    machine.post(words)?;
    let rate = look(machine, "vshare0", LOOKS)?;
    let answer = machine.answer(words)?;
    let said = answer.lines.join(" / ");
    if !answer.ok || said != "found hello from outside / files 8" {
        findings.push(format!("'{words}' gave: {said}"));
    }
    let outside = machine.run("head -n 1 machine/share/file7; ls machine/share | grep -c file")?;
    if outside.trim() != "file 7\n8" {
        findings.push(format!("outside there are: {outside}"));
    }
    Ok(format!("8 MiB in 8 files while it was looked at {rate:.0} times a second"))
}

/// Entropy of a back end that is not killed: it begins to count a ring's answers anew when it is started anew.
fn entropy(machine: &mut Machine<'_>, findings: &mut Vec<String>) -> Result<String, Error> {
    let words = "entropy_at_work";
    machine.post(words)?;
    machine.begun(words)?;
    let rate = look(machine, "ventropy0", LOOKS)?;
    let answer = machine.disturb(words)?;
    let said = answer.lines.join(" / ");
    if !answer.ok {
        findings.push(format!("'{words}' gave: {said}"));
    }
    Ok(format!("{said} while it was looked at {rate:.0} times a second"))
}

/// Lets the guest work on a device whose back end is killed again and again.
fn killed(
    machine: &mut Machine<'_>,
    id: &str,
    words: &str,
    findings: &mut Vec<String>,
) -> Result<String, Error> {
    let before = back_end(machine, id)?["connections"].as_u64().unwrap_or(0);
    machine.post(words)?;
    machine.begun(words)?;
    let mut rates = Vec::new();
    for _ in 0..KILLS {
        rates.push(look_at_work(machine, id)?);
        machine.run(&format!("kill -9 $(cat machine/{id}.process)"))?;
        for event in ["VHOST_USER_DISCONNECTED", "VHOST_USER_CONNECTED"] {
            let told = machine.event(event)?;
            if told.data["device"] != id {
                findings.push(format!("{event} is about {} instead of {id}", told.data["device"]));
            }
        }
    }
    let answer = machine.disturb(words)?;
    let said = answer.lines.join(" / ");
    if !answer.ok {
        findings.push(format!("'{words}' gave: {said}"));
    }
    let after = back_end(machine, id)?;
    if after["connections"].as_u64() != Some(before + KILLS) || after["running"] != true {
        findings.push(format!("after {KILLS} kills the back end of {id} is: {after}"));
    }
    let rate = rates.iter().sum::<f64>() / f64::from(u32::try_from(rates.len()).unwrap_or(1));
    Ok(format!("{said}, none lost, killed {KILLS} times, looked at {rate:.0} times a second"))
}

/// Looks at a device until its back end has answered something meanwhile; returns how many times a second that was.
fn look_at_work(machine: &mut Machine<'_>, id: &str) -> Result<f64, Error> {
    let before = answered(machine, id)?;
    for _ in 0..PATIENCE {
        let rate = look(machine, id, LOOKS)?;
        if answered(machine, id)? != before {
            return Ok(rate);
        }
    }
    Err(machine.failed(&format!("the back end of {id} answers nothing after number {before}")))
}

/// The used index that stands in the memory of the first queue, which has a split ring for all of these back ends.
fn answered(machine: &mut Machine<'_>, id: &str) -> Result<Value, Error> {
    let path = path(machine, id)?;
    let devices = machine.query("query-virtio", json!({ "path": path }))?;
    Ok(devices[0]["queues"][0]["ring"]["memory-used"].clone())
}

/// Asks so many times all that can be asked of a back end; returns how many times a second that was.
fn look(machine: &mut Machine<'_>, id: &str, times: u32) -> Result<f64, Error> {
    let path = path(machine, id)?;
    let start = Instant::now();
    for round in 0..times {
        let (command, arguments) = match round % 4 {
            0 => ("x-query-virtio-status", json!({ "path": path })),
            1 => ("x-query-virtio-queue-status", json!({ "path": path, "queue": 0 })),
            2 => ("x-query-virtio-vhost-queue-status", json!({ "path": path, "queue": 0 })),
            _ => ("query-virtio", json!({ "path": path })),
        };
        machine.query(command, arguments)?;
    }
    Ok(f64::from(times) / start.elapsed().as_secs_f64())
}

fn back_end(machine: &mut Machine<'_>, id: &str) -> Result<Value, Error> {
    let path = path(machine, id)?;
    let devices = machine.query("query-virtio", json!({ "path": path }))?;
    Ok(devices[0]["back-end"].clone())
}
