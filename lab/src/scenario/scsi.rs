//! A SCSI host and its disks, one of which comes and goes.

use serde_json::json;

use crate::error::Error;
use crate::machine::Machine;

/// What the guest writes, in MiB.
const MEBIBYTES: u32 = 8;
/// What it gives up of that, in bytes.
const DISCARDED: u32 = 2 << 20;

pub(crate) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    let mut findings = Vec::new();
    let first = ask(machine, "scsi_found lab-scsi", &mut findings)?;
    ask(machine, &format!("on_scsi lab-scsi block {MEBIBYTES}"), &mut findings)?;
    for chunk in 0..MEBIBYTES {
        let script = format!("dd if=machine/scsi.img bs=1M skip={chunk} count=1 2>/dev/null | head -n 1");
        let found = machine.run(&script)?;
        if found.trim() != format!("chunk {chunk}") {
            findings.push(format!("MiB {chunk} of the disk's file begins with '{}'", found.trim()));
        }
    }
    discard(machine, &mut findings)?;
    hot_plug(machine, &mut findings)?;
    machine.verdict(findings)?;
    Ok(format!(
        "{first}; {MEBIBYTES} MiB written, read back and found in its file; {} MiB given up; a disk came and went",
        DISCARDED >> 20
    ))
}

/// Gives up the first blocks: they read as zeroes, and the file has become smaller.
fn discard(machine: &mut Machine<'_>, findings: &mut Vec<String>) -> Result<(), Error> {
    const ALLOCATED: &str = "du -k machine/scsi.img | cut -f1";
    let before: u32 = machine.run(ALLOCATED)?.trim().parse().unwrap_or(0);
    let left = ask(machine, &format!("on_scsi lab-scsi scsi_discard 0 {DISCARDED}"), findings)?;
    let after: u32 = machine.run(ALLOCATED)?.trim().parse().unwrap_or(u32::MAX);
    if left != "0" {
        findings.push(format!("{left} bytes of what was given up are not zero"));
    }
    if after.saturating_add(DISCARDED >> 10) > before {
        findings
            .push(format!("the disk's file took {before} KiB before the discard, and {after} KiB after it"));
    }
    Ok(())
}

/// Puts a disk on the bus and takes it off again, and has the guest look each time.
fn hot_plug(machine: &mut Machine<'_>, findings: &mut Vec<String>) -> Result<(), Error> {
    let add = json!({
        "driver": "scsi-hd", "bus": "scsi0", "id": "late", "serial": "lab-late", "size": "16M", "target": 3, "lun": 0,
    });
    machine.query("device_add", add)?;
    let found = ask(machine, "scsi_found lab-late", findings)?;
    if !found.contains("32768 sectors") || !found.contains(":0:3:0") {
        findings.push(format!("the disk that came is to the guest: {found}"));
    }
    ask(machine, "on_scsi lab-late block 2", findings)?;
    machine.query("device_del", json!({ "id": "late" }))?;
    let event = machine.event("DEVICE_DELETED")?;
    if event.data["device"] != "late" {
        findings.push(format!("DEVICE_DELETED tells of {}", event.data));
    }
    ask(machine, "scsi_gone lab-late", findings)?;
    // The other disk has not noticed.
    ask(machine, "on_scsi lab-scsi block 1", findings)?;
    Ok(())
}

/// What the guest says to `words`; that it does not succeed is a finding.
fn ask(machine: &mut Machine<'_>, words: &str, findings: &mut Vec<String>) -> Result<String, Error> {
    let answer = machine.ask(words)?;
    let lines = answer.lines.join(" / ");
    if !answer.ok {
        findings.push(format!("'{words}' failed: {lines}"));
    }
    Ok(lines)
}
