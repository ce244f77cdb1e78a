//! What a disk's file has, beside the monitor.

use std::ops::Range;

use crate::error::Error;
use crate::machine::Machine;

/// Findings about the MiB `chunks` of the file, which the guest's function `block` has written.
///
/// # Errors
/// The file cannot be read.
pub(super) fn chunks(
    machine: &mut Machine<'_>,
    file: &str,
    chunks: Range<u32>,
) -> Result<Vec<String>, Error> {
    let mut findings = Vec::new();
    for chunk in chunks {
        let script = format!("dd if=machine/{file} bs=1M skip={chunk} count=1 2>/dev/null | head -n 1");
        let found = machine.run(&script)?;
        if found.trim() != format!("chunk {chunk}") {
            findings.push(format!("MiB {chunk} of {file} begins with '{}'", found.trim()));
        }
    }
    Ok(findings)
}

/// What the file takes, in KiB.
///
/// # Errors
/// It cannot be told.
pub(super) fn allocated(machine: &mut Machine<'_>, file: &str) -> Result<u32, Error> {
    let text = machine.run(&format!("du -k machine/{file}"))?;
    let size = text.split_whitespace().next().and_then(|size| size.parse().ok());
    size.ok_or_else(|| machine.failed(&format!("no size in '{text}'")))
}
