//! Disks beside that of the mailbox: an image with several queues, and one of qcow2 that QEMU's tools make and check.

use super::device::requests;
use super::image::{allocated, chunks};
use crate::error::Error;
use crate::machine::Machine;

/// The image with several queues.
const FILE: &str = "block.img";
/// What the guest writes in large pieces, and what is compared, in MiB.
const MEBIBYTES: u32 = 8;
/// The blocks of 4 KiB that are read and written at random by each program of the guest that does so.
const BLOCKS: u64 = 512;
/// The queues that the image has.
const QUEUES: u8 = 4;
/// How the guest empties a part, and whether the file becomes smaller: zeroes that the guest's kernel wrote itself would
/// never have it so.
const EMPTIED: [(&str, bool); 3] = [("zeroes", false), ("hole", true), ("discard", true)];
/// Each of these parts, in MiB.
const PART: u32 = 2;

pub(crate) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    let mut findings = Vec::new();
    let random = random(machine, &mut findings)?;
    machine.expect(&format!("on_disk lab-block block {MEBIBYTES}"), &mut findings)?;
    let mut from = 0;
    for (how, gives_up) in EMPTIED {
        empty(machine, how, from, gives_up, &mut findings)?;
        from += PART;
    }
    findings.extend(chunks(machine, FILE, from..MEBIBYTES)?);
    qcow2(machine, &mut findings)?;
    machine.verdict(findings)?;
    Ok(format!("{random}; zeroes, a hole and a discard seen in the file; qcow2 to be checked at the end"))
}

/// Random I/O, on as many of the queues as the guest has processors for.
fn random(machine: &mut Machine<'_>, findings: &mut Vec<String>) -> Result<String, Error> {
    let before = requests(machine, "block0")?;
    let workers = machine.plan().cpus.min(QUEUES);
    machine.expect(&format!("on_disk lab-block block_random {workers} {BLOCKS}"), findings)?;
    let after = requests(machine, "block0")?;
    let served: Vec<_> =
        after.iter().zip(&before).map(|(after, before)| after.saturating_sub(*before)).collect();
    let used = served.iter().filter(|&&requests| requests >= BLOCKS).count();
    let total: u64 = served.iter().sum();
    // Each block is written and read.
    if total < 2 * u64::from(workers) * BLOCKS || used != usize::from(workers) {
        findings.push(format!(
            "{workers} times {BLOCKS} blocks came as so many requests on the queues: {served:?}"
        ));
    }
    let inside = machine.expect(&format!("on_disk lab-block block_sum {MEBIBYTES}"), findings)?;
    let outside = machine.run(&format!("head -c {} machine/{FILE} | sha256sum", MEBIBYTES << 20))?;
    if inside != outside.trim() {
        findings.push(format!(
            "the sum of the disk is {inside} to the guest, and of its file {}",
            outside.trim()
        ));
    }
    Ok(format!("{total} random requests on {used} queues verified"))
}

/// The guest empties a part of the disk, which its file shows.
fn empty(
    machine: &mut Machine<'_>,
    how: &str,
    from: u32,
    gives_up: bool,
    findings: &mut Vec<String>,
) -> Result<(), Error> {
    let before = allocated(machine, FILE)?;
    let words = format!("on_disk lab-block empty {how} {} {}", from << 20, PART << 20);
    let left = machine.expect(&words, findings)?;
    let look =
        format!("dd if=machine/{FILE} bs=1M skip={from} count={PART} 2>/dev/null | tr -d '\\0' | wc -c");
    let outside = machine.run(&look)?;
    if left != "0" || outside.trim() != "0" {
        findings
            .push(format!("'{words}' left {left} bytes to the guest, and {} in the file", outside.trim()));
    }
    let given_up = before.saturating_sub(allocated(machine, FILE)?);
    if given_up != if gives_up { PART << 10 } else { 0 } {
        findings.push(format!("'{words}' made the file {given_up} KiB smaller, of {before} KiB"));
    }
    Ok(())
}

/// The image that `qemu-img` has made is written at random and in large pieces, and emptied in part. What the guest reads then
/// is compared with what `qemu-img` finds in the image when the monitor has ended.
fn qcow2(machine: &mut Machine<'_>, findings: &mut Vec<String>) -> Result<(), Error> {
    let part = PART << 20;
    let hole = format!("empty hole {} {part}", (MEBIBYTES << 20) - part);
    let discard = format!("empty discard {} {part}", MEBIBYTES << 20);
    for words in [&format!("block {MEBIBYTES}"), &format!("block_random 1 {BLOCKS}"), &discard] {
        machine.expect(&format!("on_disk lab-qcow2 {words}"), findings)?;
    }
    let left = machine.expect(&format!("on_disk lab-qcow2 {hole}"), findings)?;
    if left != "0" {
        findings.push(format!("'{hole}' left {left} bytes of the qcow2 image"));
    }
    let sum = machine.expect(&format!("on_disk lab-qcow2 block_sum {MEBIBYTES}"), findings)?;
    machine.run(&format!("echo '{sum}' >machine/qcow2.sum")).map(drop)
}
