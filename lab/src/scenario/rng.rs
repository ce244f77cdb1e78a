//! Entropy.

use super::device::requests;
use crate::error::Error;
use crate::machine::Machine;

/// How often the guest reads, and how much.
const READS: u64 = 16;
const SIZE: u64 = 4096;

pub(crate) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    let mut findings = Vec::new();
    let before: u64 = requests(machine, "rng0")?.iter().sum();
    let answer = machine.ask(&format!("entropy_reads {READS} {SIZE}"))?;
    let counted = requests(machine, "rng0")?.iter().sum::<u64>().saturating_sub(before);
    let compressed =
        answer.lines.iter().find_map(|line| line.strip_prefix("compressed ")?.parse::<u64>().ok());
    // What is random grows when it is compressed.
    if !answer.ok || compressed.is_none_or(|compressed| compressed < READS * SIZE) {
        findings.push(format!("{READS} reads of {SIZE} bytes gave: {}", answer.lines.join(" / ")));
    }
    if counted == 0 {
        findings.push("the monitor counted no request of the guest's".to_owned());
    }
    machine.verdict(findings)?;
    Ok(format!("{} random bytes in {counted} requests", READS * SIZE))
}
