//! Do the guest's drivers and the monitor agree on what was negotiated, bit by bit?

use serde_json::{Value, json};

use super::devices;
use crate::error::Error;
use crate::features::{Bits, Names};
use crate::machine::Machine;

pub(super) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    let mut findings = Vec::new();
    let mut compared = Vec::new();
    let guest = devices(machine)?;
    let listed = machine.query("x-query-virtio", Value::Null)?;
    for info in listed.as_array().into_iter().flatten() {
        let (path, name) = (info["path"].clone(), info["name"].as_str().unwrap_or_default());
        let status = machine.query("x-query-virtio-status", json!({ "path": path }))?;
        let id = status["device-id"].as_u64().and_then(|id| u16::try_from(id).ok()).unwrap_or_default();
        let Some(device) = guest.iter().find(|device| device.id == id) else {
            findings.push(format!("{name}: the guest has no device of kind {id}"));
            continue;
        };
        let names = Names::of(id);
        let mut check = |source: &str, bits: &Bits, expected: u128| {
            findings
                .extend(bits.unknown.iter().map(|unknown| format!("{name}: {source}: no bit is {unknown}")));
            let (more, less) = (bits.bits & !expected, expected & !bits.bits);
            if more != 0 {
                findings.push(format!("{name}: {source} only: {}", names.print(more)));
            }
            if less != 0 {
                findings.push(format!("{name}: missing in {source}: {}", names.print(less)));
            }
        };
        check("x-query-virtio-status", &names.second_generation(&status["guest-features"]), device.features);
        let offered = names.second_generation(&status["host-features"]);
        // What the driver acknowledged was offered.
        check(
            "what is offered",
            &Bits { bits: offered.bits & device.features, ..Bits::default() },
            device.features,
        );
        if machine.knows("x-debug-virtio-status") {
            let first = machine.query("x-debug-virtio-status", json!({ "path": path }))?;
            check(
                "x-debug-virtio-status",
                &names.first_generation(&first["guest-features"]),
                device.features,
            );
            check(
                "x-debug-virtio-status (offered)",
                &names.first_generation(&first["host-features"]),
                offered.bits,
            );
        }
        if machine.knows("query-virtio") {
            let own = machine.query("query-virtio", json!({ "path": path }))?;
            let own = &own[0]["features"];
            check("query-virtio", &numbered(own, &["agreed", "not-offered"]), device.features);
            check("query-virtio (offered)", &numbered(own, &["agreed", "refused", "open"]), offered.bits);
        }
        compared.push(format!("{name} {}", device.features.count_ones()));
    }
    machine.verdict(findings)?;
    Ok(format!("bits that guest and monitor agree on: {}", compared.join(", ")))
}

/// The bits that `query-virtio` lists in one of these states.
fn numbered(features: &Value, states: &[&str]) -> Bits {
    let listed = features.as_array().into_iter().flatten();
    let wanted =
        listed.filter(|feature| feature["state"].as_str().is_some_and(|state| states.contains(&state)));
    let bits = wanted.filter_map(|feature| feature["bit"].as_u64()).fold(0, |bits, bit| bits | 1_u128 << bit);
    Bits { bits, ..Bits::default() }
}
