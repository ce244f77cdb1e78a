//! Disks beside that of the mailbox.

use crate::error::Error;
use crate::machine::Machine;

/// What the guest writes, in MiB.
const MEBIBYTES: u32 = 8;

pub(crate) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    let mut findings = Vec::new();
    let words = format!("on_disk lab-block block {MEBIBYTES}");
    let answer = machine.ask(&words)?;
    if !answer.ok {
        findings.push(format!("'{words}' failed: {}", answer.lines.join(" / ")));
    }
    for chunk in 0..MEBIBYTES {
        let script = format!("dd if=machine/block.img bs=1M skip={chunk} count=1 2>/dev/null | head -n 1");
        let found = machine.run(&script)?;
        if found.trim() != format!("chunk {chunk}") {
            findings.push(format!("MiB {chunk} of the disk's file begins with '{}'", found.trim()));
        }
    }
    machine.verdict(findings)?;
    Ok(format!("{MEBIBYTES} MiB written, read back, and found in the disk's file"))
}
