//! A SCSI host and its disks, one of which comes and goes.

use serde_json::json;

use super::image::{allocated, chunks};
use crate::error::Error;
use crate::machine::Machine;

/// The disk's file.
const FILE: &str = "scsi.img";
/// What the guest writes, in MiB.
const MEBIBYTES: u32 = 8;
/// What it gives up of that, in bytes.
const DISCARDED: u32 = 2 << 20;

pub(crate) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    let mut findings = Vec::new();
    let first = machine.expect("scsi_found lab-scsi", &mut findings)?;
    machine.expect(&format!("on_scsi lab-scsi block {MEBIBYTES}"), &mut findings)?;
    findings.extend(chunks(machine, FILE, 0..MEBIBYTES)?);
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
    let before = allocated(machine, FILE)?;
    let left = machine.expect(&format!("on_scsi lab-scsi empty discard 0 {DISCARDED}"), findings)?;
    let after = allocated(machine, FILE)?;
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
    let found = machine.expect("scsi_found lab-late", findings)?;
    if !found.contains("32768 sectors") || !found.contains(":0:3:0") {
        findings.push(format!("the disk that came is to the guest: {found}"));
    }
    machine.expect("on_scsi lab-late block 2", findings)?;
    machine.query("device_del", json!({ "id": "late" }))?;
    let event = machine.event("DEVICE_DELETED")?;
    if event.data["device"] != "late" {
        findings.push(format!("DEVICE_DELETED tells of {}", event.data));
    }
    machine.expect("scsi_gone lab-late", findings)?;
    // The other disk has not noticed.
    machine.expect("on_scsi lab-scsi block 1", findings)?;
    Ok(())
}
