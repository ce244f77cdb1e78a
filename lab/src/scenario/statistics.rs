//! Do statistics grow with the guest's work?

use std::collections::BTreeMap;

use serde_json::json;

use crate::error::Error;
use crate::machine::Machine;

/// Values by whose they are and what they are called.
type Values = BTreeMap<(String, String), u64>;

/// What the guest does between two looks.
const WORK: &str = "block 2";

pub(super) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    let before = kvm(machine)?;
    if !machine.ask(WORK)?.ok {
        return Err(machine.failed("the guest's work failed"));
    }
    let after = kvm(machine)?;
    let mut findings = Vec::new();
    let vcpus = after.keys().filter(|(_, name)| name == "exits").count();
    if vcpus != usize::from(machine.plan().cpus) {
        findings.push(format!("{vcpus} vCPUs have statistics"));
    }
    for (key @ (whose, name), value) in &after {
        let earlier = before.get(key).copied().unwrap_or_default();
        if name == "exits" && *value == 0 {
            findings.push(format!("{whose} never left the guest"));
        }
        if name == "exits" && *value < earlier {
            findings.push(format!("{name} of {whose} went from {earlier} back to {value}"));
        }
    }
    let sum = |values: &Values, name: &str| -> u64 {
        values.iter().filter(|((_, known), _)| known == name).map(|(_, value)| value).sum()
    };
    let mut grown = Vec::new();
    for name in ["exits", "irq_injections"] {
        let (first, second) = (sum(&before, name), sum(&after, name));
        grown.push(format!("{name} {first} to {second}"));
        if second <= first {
            findings.push(format!(
                "{name} of all vCPUs did not grow from {first} with the guest's work ({second})"
            ));
        }
    }
    if machine.knows("query-statistics") {
        let (finding, counted) = disk(machine)?;
        findings.extend(finding);
        grown.push(counted);
    }
    machine.verdict(findings)?;
    Ok(format!("{} values of KVM, {}", after.len(), grown.join(", ")))
}

/// Counts reads of the disk on both sides. The guest reads its mailbox all the time, so its own count is taken twice on
/// either side of the monitor's: between the inner two fewer reads came back than the device counts, between the outer
/// two more.
fn disk(machine: &mut Machine<'_>) -> Result<(Option<String>, String), Error> {
    let outer = guest_reads(machine)?;
    let Some(first) = requests(machine)? else {
        return Ok((Some("the monitor counts no requests of the disk".to_owned()), String::new()));
    };
    let inner = guest_reads(machine)?;
    if !machine.ask("disk_read 64")?.ok {
        return Err(machine.failed("the guest cannot read its disk"));
    }
    let inner = guest_reads(machine)?.saturating_sub(inner);
    let counted = requests(machine)?.unwrap_or_default().saturating_sub(first);
    let outer = guest_reads(machine)?.saturating_sub(outer);
    let text = format!("{counted} requests of the disk, of which the guest saw {inner} to {outer}");
    Ok(((!(inner..=outer).contains(&counted) || inner < 64).then(|| text.clone()), text))
}

/// Requests that the disk's queues have served, if the monitor counts them.
fn requests(machine: &mut Machine<'_>) -> Result<Option<u64>, Error> {
    let wanted = json!({ "targets": ["queue"], "providers": ["virtio"], "names": ["requests"] });
    let reply = machine.query("query-statistics", wanted)?;
    let objects = reply["objects"].as_array().into_iter().flatten();
    let disk = objects.filter(|object| object["path"].as_str().is_some_and(|path| path.contains("disk0")));
    let values: Option<Vec<_>> = disk.map(|object| object["statistics"][0]["value"].as_u64()).collect();
    Ok(values.filter(|values| !values.is_empty()).map(|values| values.iter().sum()))
}

fn guest_reads(machine: &mut Machine<'_>) -> Result<u64, Error> {
    let answer = machine.ask("disk_reads")?;
    let reads = answer.lines.iter().find_map(|line| line.strip_prefix("reads ")?.parse().ok());
    reads.ok_or_else(|| machine.failed(&format!("the guest does not count its reads: {:?}", answer.lines)))
}

/// All single numbers of KVM.
fn kvm(machine: &mut Machine<'_>) -> Result<Values, Error> {
    let mut values = Values::new();
    for target in ["vm", "vcpu"] {
        let reply = machine.query("query-stats", json!({ "target": target }))?;
        for (number, object) in reply.as_array().into_iter().flatten().enumerate() {
            let whose =
                object["qom-path"].as_str().map_or_else(|| format!("{target} {number}"), str::to_owned);
            for statistic in object["stats"].as_array().into_iter().flatten() {
                let name = statistic["name"].as_str().unwrap_or_default();
                if let Some(value) = statistic["value"].as_u64() {
                    values.insert((whose.clone(), name.to_owned()), value);
                }
            }
        }
    }
    Ok(values)
}
