//! Entropy.

use serde_json::json;

use crate::error::Error;
use crate::machine::Machine;

/// How often the guest reads, and how much.
const READS: u64 = 16;
const SIZE: u64 = 4096;

pub(crate) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    let mut findings = Vec::new();
    let before = requests(machine)?;
    let answer = machine.ask(&format!("entropy_reads {READS} {SIZE}"))?;
    let counted = requests(machine)?.saturating_sub(before);
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

/// The requests that the device has served.
fn requests(machine: &mut Machine<'_>) -> Result<u64, Error> {
    let wanted = json!({ "targets": ["queue"], "providers": ["virtio"], "names": ["requests"] });
    let reply = machine.query("query-statistics", wanted)?;
    let mut objects = reply["objects"].as_array().into_iter().flatten();
    let own = objects.find(|object| object["path"].as_str().is_some_and(|path| path.contains("rng0")));
    own.and_then(|object| object["statistics"][0]["value"].as_u64())
        .ok_or_else(|| machine.failed("the monitor counts no requests of rng0"))
}
