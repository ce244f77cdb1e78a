//! Do the devices do their work?

use serde_json::json;

use crate::error::Error;
use crate::machine::Machine;
use crate::monitor::BALLOON_PAGES;

/// What goes out of the guest's console and comes in.
const GREETING: &str = "hello from the guest";
const REPLY: &str = "hello from outside";

pub(super) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    let mut findings = Vec::new();
    for words in ["block 4", "network 4 56", "network 2 1400", "entropy"] {
        let answer = machine.ask(words)?;
        if !answer.ok || (words == "entropy" && !answer.lines.iter().any(|line| line.contains("virtio_rng")))
        {
            findings.push(format!("'{words}' failed: {}", answer.lines.join(" / ")));
        }
    }
    findings.extend(console(machine)?);
    findings.extend(balloon(machine)?);
    machine.verdict(findings)?;
    Ok("disk, network, entropy, console both ways, balloon".to_owned())
}

fn console(machine: &mut Machine<'_>) -> Result<Vec<String>, Error> {
    machine.post(&format!("console {GREETING}"))?;
    machine.wait_for(&format!("grep -q '{GREETING}' machine/output"), "words out of the guest's console")?;
    machine.run(&format!("echo '{REPLY}' >machine/input"))?;
    let answer = machine.answer("console")?;
    if answer.lines.iter().any(|line| line == &format!("received {REPLY}")) {
        return Ok(Vec::new());
    }
    Ok(vec![format!("the guest's console received: {}", answer.lines.join(" / "))])
}

/// Ours asks for the pages from the start; QEMU is told now.
fn balloon(machine: &mut Machine<'_>) -> Result<Vec<String>, Error> {
    if machine.knows("balloon") && !machine.plan().monitor.is_ringscope() {
        let left = (crate::monitor::MEMORY_MIB << 20) - BALLOON_PAGES * 4096;
        machine.query("balloon", json!({ "value": left }))?;
    }
    let expected = format!("inflated {BALLOON_PAGES}");
    let mut seen = Vec::new();
    // The driver takes its time, a few hundred pages at once; each question takes some time as well.
    for _ in 0..100 {
        seen = machine.ask("balloon")?.lines;
        if seen.contains(&expected) {
            return Ok(Vec::new());
        }
    }
    Ok(vec![format!("the balloon holds '{}' instead of '{expected}'", seen.join(" / "))])
}
