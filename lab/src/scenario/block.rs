//! Disks beside that of the mailbox: one of several queues, and a qcow2 image.

use crate::error::Error;
use crate::machine::Machine;

/// What the guest writes one after the other, in MiB.
const MEBIBYTES: u32 = 8;
/// What works on the disk at once, each on the MiB of its number, and how many blocks each writes.
const JOBS: u32 = 4;
const BLOCKS: u32 = 16;
/// The number in the MiB of the first block that a job writes, and how far it is to the next one; the guest's script says
/// the same.
const FIRST: u32 = 31;
const STRIDE: u32 = 167;
/// Blocks in a MiB.
const PER_MEBIBYTE: u32 = 256;

pub(crate) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    let mut findings = Vec::new();
    for disk in ["lab-block", "lab-qcow2"] {
        want(machine, &mut findings, &format!("on_disk {disk} block {MEBIBYTES}"))?;
        want(machine, &mut findings, &format!("on_disk {disk} scattered {JOBS} {BLOCKS}"))?;
    }
    // The qcow2 image as raw bytes, and what those who know the format find in it. The guest has flushed.
    let check = "cd machine; qemu-img check -U -q block.qcow2 && qemu-img convert -U -O raw block.qcow2 block.raw && echo clean";
    let checked = machine.run(check)?;
    if checked.trim() != "clean" {
        findings.push(format!("qemu-img says of the qcow2 image: {}", checked.trim()));
    }
    for file in ["block.img", "block.raw"] {
        look_for_written(machine, &mut findings, file)?;
    }
    look_for_zeroes(machine, &mut findings)?;
    machine.verdict(findings)?;
    Ok(format!(
        "{MEBIBYTES} MiB in order and {JOBS} jobs of {BLOCKS} blocks at once on a raw and on a qcow2 image: read back, found in \
         the files, zeroed, discarded; the qcow2 image is clean"
    ))
}

/// Has the guest do something that has to succeed.
fn want(machine: &mut Machine<'_>, findings: &mut Vec<String>, words: &str) -> Result<(), Error> {
    let answer = machine.ask(words)?;
    if !answer.ok {
        findings.push(format!("'{words}' failed: {}", answer.lines.join(" / ")));
    }
    Ok(())
}

/// What the guest wrote stands in the file.
fn look_for_written(machine: &mut Machine<'_>, findings: &mut Vec<String>, file: &str) -> Result<(), Error> {
    let blocks = (0..JOBS).flat_map(|job| {
        let place = move |number| job * PER_MEBIBYTE + (number * STRIDE + job * FIRST) % PER_MEBIBYTE;
        (0..BLOCKS).map(place).map(|block| (4096, block, format!("block {block}")))
    });
    let mebibytes = (JOBS..MEBIBYTES).map(|chunk| (1 << 20, chunk, format!("chunk {chunk}")));
    for (size, number, expected) in blocks.chain(mebibytes) {
        let script = format!("dd if=machine/{file} bs={size} skip={number} count=1 2>/dev/null | head -n 1");
        let found = machine.run(&script)?;
        if found.trim() != expected {
            findings.push(format!("where {file} was to begin with '{expected}' stands '{}'", found.trim()));
        }
    }
    Ok(())
}

/// A MiB that the guest zeroes and one that it discards are zeroes in the file.
fn look_for_zeroes(machine: &mut Machine<'_>, findings: &mut Vec<String>) -> Result<(), Error> {
    for (option, mebibyte) in [("-z", 5), ("", 6)] {
        let words = format!("on_disk lab-block without {option} -o {} -l {}", mebibyte << 20, 1 << 20);
        want(machine, findings, &words)?;
        let script = format!(
            "dd if=machine/block.img bs=1M skip={mebibyte} count=1 2>/dev/null | tr -d '\\000' | wc -c"
        );
        let left = machine.run(&script)?;
        if left.trim() != "0" {
            findings
                .push(format!("after '{words}', {} bytes of that MiB in the file are not zero", left.trim()));
        }
    }
    Ok(())
}
