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
    machine.verdict(findings)?;
    Ok(format!("{} values of KVM, {}", after.len(), grown.join(", ")))
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
