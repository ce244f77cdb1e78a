//! Is what the monitor says of a ring what stands in the guest's memory?
//!
//! The machine is stopped for this, so that nothing moves. The rings are read through the monitor's `xp`, which knows
//! nothing of rings, at the addresses that the driver gave, and compared with what the monitor's queries answer.

use serde_json::{Value, json};

use crate::error::Error;
use crate::machine::Machine;

/// What stands in the memory of a split ring (virtio 1.3, 2.7.6 and 2.7.8).
#[derive(Clone, Copy, Debug)]
struct InMemory {
    available_index: u16,
    used_index: u16,
}

/// What the monitor says of the same ring, in its different replies.
#[derive(Clone, Debug, Default)]
struct Told {
    size: u64,
    in_use: u64,
    last_available: Option<u64>,
    shadow_available: Option<u64>,
    used: u64,
    /// `query-virtio`'s ring, where there is that command.
    ring: Value,
}

pub(super) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    machine.query("stop", Value::Null)?;
    machine.event("STOP")?;
    let outcome = look(machine);
    machine.query("cont", Value::Null)?;
    machine.event("RESUME")?;
    let (queues, findings) = outcome?;
    machine.verdict(findings)?;
    // And it goes on where it was.
    if !machine.ask("block 1")?.ok {
        return Err(machine.failed("the disk does not work after the machine was stopped"));
    }
    Ok(format!("{queues} rings of a stopped guest, the same in its memory and in every reply; it went on"))
}

fn look(machine: &mut Machine<'_>) -> Result<(u32, Vec<String>), Error> {
    let mut findings = Vec::new();
    let mut queues = 0;
    let listed = machine.query("x-query-virtio", Value::Null)?;
    for path in listed.as_array().into_iter().flatten().map(|info| &info["path"]) {
        let status = machine.query("x-query-virtio-status", json!({ "path": path }))?;
        if status["vm-running"] != false {
            findings.push(format!("{path} is said to run"));
        }
        for queue in 0..status["num-vqs"].as_u64().unwrap_or_default() {
            let place = json!({ "path": path, "queue": queue });
            let reply = machine.query("x-query-virtio-queue-status", place.clone())?;
            if reply["vring-desc"] == 0 {
                continue;
            }
            queues += 1;
            let told = told(machine, path, queue, &reply)?;
            let first = in_memory(machine, &reply)?;
            let mut found = disagreements(&told, first);
            if machine.plan().monitor.is_ringscope() {
                found.extend(element(machine, &place, &reply)?);
            }
            let second = in_memory(machine, &reply)?;
            if first.available_index != second.available_index || first.used_index != second.used_index {
                found.push(format!("the stopped guest moved from {first:?} to {second:?}"));
            }
            findings.extend(found.into_iter().map(|finding| format!("{path} queue {queue}: {finding}")));
        }
    }
    Ok((queues, findings))
}

fn told(machine: &mut Machine<'_>, path: &Value, queue: u64, reply: &Value) -> Result<Told, Error> {
    let number = |member: &str| reply[member].as_u64();
    let mut told = Told {
        size: number("vring-num").unwrap_or_default(),
        in_use: number("inuse").unwrap_or_default(),
        last_available: number("last-avail-idx"),
        shadow_available: number("shadow-avail-idx"),
        used: number("used-idx").unwrap_or(u64::MAX),
        ring: Value::Null,
    };
    if machine.knows("query-virtio") {
        let own = machine.query("query-virtio", json!({ "path": path }))?;
        let own = own[0]["queues"].as_array().into_iter().flatten().find(|own| own["index"] == queue);
        told.ring = own.map(|own| own["ring"].clone()).unwrap_or_default();
    }
    Ok(told)
}

/// Both indices of a ring at the addresses of a queue's status.
fn in_memory(machine: &mut Machine<'_>, reply: &Value) -> Result<InMemory, Error> {
    let mut second_word = |member: &str| {
        let words = words(machine, reply[member].as_u64().unwrap_or_default(), 2)?;
        words.get(1).copied().ok_or_else(|| machine.failed(&format!("the ring at {member} cannot be read")))
    };
    Ok(InMemory { available_index: second_word("vring-avail")?, used_index: second_word("vring-used")? })
}

/// Numbers of 16 bits in the guest's physical memory.
fn words(machine: &mut Machine<'_>, address: u64, count: u64) -> Result<Vec<u16>, Error> {
    let dump = machine.human(&format!("xp /{count}xh {address:#x}"))?;
    Ok(dumped(&dump))
}

/// The items in lines of the form `0000000001234560: 0x0001 0x0002`.
fn dumped(dump: &str) -> Vec<u16> {
    let items =
        dump.lines().filter_map(|line| line.split_once(':')).flat_map(|(_, items)| items.split_whitespace());
    items.filter_map(|item| u16::from_str_radix(item.strip_prefix("0x")?, 16).ok()).collect()
}

fn disagreements(told: &Told, memory: InMemory) -> Vec<String> {
    let mut found = Vec::new();
    let mut same = |what: &str, told: u64, real: u64| {
        if told != real {
            found.push(format!("{what} is told to be {told} and is {real}"));
        }
    };
    same("the used index", told.used, u64::from(memory.used_index));
    if let (Some(last), Some(shadow)) = (told.last_available, told.shadow_available) {
        // Indices run freely in 16 bits.
        let ahead = |of: u64, by: u64| of.wrapping_sub(by) & 0xffff;
        let available = u64::from(memory.available_index);
        same("the number of chains in the device's hands", told.in_use, ahead(last, told.used));
        if ahead(available, last) > told.size {
            found.push(format!(
                "the device took chain {last}, the driver offered {available} of {}",
                told.size
            ));
        }
        if ahead(shadow, last) > ahead(available, last) {
            found.push(format!("the device has read {shadow} between {last} and {available}"));
        }
    }
    let mut same = |member: &str, real: u16| {
        let value = &told.ring[member];
        if told.ring["format"] == "split" && *value != real {
            found.push(format!("query-virtio's {member} is {value} and is {real} in memory"));
        }
    };
    same("driver-available", memory.available_index);
    same("memory-used", memory.used_index);
    same("device-used", memory.used_index);
    found
}

/// The chain that the driver offered last, as the monitor shows it and as its descriptors are in memory.
fn element(machine: &mut Machine<'_>, place: &Value, reply: &Value) -> Result<Vec<String>, Error> {
    let memory = in_memory(machine, reply)?;
    let (Some(size), Some(ring), Some(table)) =
        (reply["vring-num"].as_u64(), reply["vring-avail"].as_u64(), reply["vring-desc"].as_u64())
    else {
        return Ok(vec!["the queue's status has no ring".to_owned()]);
    };
    let slot = u64::from(memory.available_index.wrapping_sub(1)) % size;
    let mut arguments = place.clone();
    arguments["index"] = json!(slot);
    let element = machine.query("x-query-virtio-queue-element", arguments)?;
    let mut found = Vec::new();
    let mut same = |what: &str, told: &Value, real: u64| {
        if *told != real {
            found.push(format!("element {slot}: {what} is told to be {told} and is {real}"));
        }
    };
    same("the index of the available ring", &element["avail"]["idx"], u64::from(memory.available_index));
    same("the index of the used ring", &element["used"]["idx"], u64::from(memory.used_index));
    let head = words(machine, ring + 4 + 2 * slot, 1)?.first().copied().map(u64::from).unwrap_or(u64::MAX);
    same("its head", &element["index"], head);
    // Address and length of the first descriptor; one that refers to a table is shown by the table's first.
    let mut first = words(machine, table + 16 * head, 8)?;
    if descriptor(&first).is_some_and(|(_, _, flags)| flags & 4 != 0) {
        let (address, _, _) = descriptor(&first).unwrap_or_default();
        first = words(machine, address, 8)?;
    }
    match (descriptor(&first), element["descs"].as_array().and_then(|chain| chain.last())) {
        (Some((address, length, _)), Some(shown)) => {
            same("its first buffer's address", &shown["addr"], address);
            same("its first buffer's length", &shown["len"], u64::from(length));
        }
        (first, shown) => found.push(format!("element {slot}: first descriptor {first:?}, shown {shown:?}")),
    }
    Ok(found)
}

/// Address, length and flags of a descriptor (virtio 1.3, 2.7.5).
fn descriptor(words: &[u16]) -> Option<(u64, u32, u16)> {
    let &[a, b, c, d, low, high, flags, _] = words else { return None };
    let address = [d, c, b, a].iter().fold(0, |address, word| address << 16 | u64::from(*word));
    Some((address, u32::from(high) << 16 | u32::from(low), flags))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told() -> Told {
        let ring =
            json!({ "format": "split", "driver-available": 2, "memory-used": 65535, "device-used": 65535 });
        Told { size: 8, in_use: 2, last_available: Some(1), shadow_available: Some(2), used: 65535, ring }
    }

    #[test]
    fn indices_that_agree_across_their_wrap_are_no_finding() {
        let found = disagreements(&told(), InMemory { available_index: 2, used_index: 65535 });
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn every_disagreement_is_found() {
        let found = disagreements(&told(), InMemory { available_index: 10, used_index: 0 });
        assert_eq!(
            found,
            [
                "the used index is told to be 65535 and is 0",
                "the device took chain 1, the driver offered 10 of 8",
                "query-virtio's driver-available is 2 and is 10 in memory",
                "query-virtio's memory-used is 65535 and is 0 in memory",
                "query-virtio's device-used is 65535 and is 0 in memory",
            ]
        );
        let ahead = Told { shadow_available: Some(4), in_use: 1, ring: Value::Null, ..told() };
        let found = disagreements(&ahead, InMemory { available_index: 2, used_index: 65535 });
        assert_eq!(
            found,
            [
                "the number of chains in the device's hands is told to be 1 and is 2",
                "the device has read 4 between 1 and 2",
            ]
        );
    }

    #[test]
    fn dumps_and_descriptors_are_read() {
        let dump = "0000000000001000: 0x2000 0x0001 0x0000 0x0000 0x0010 0x0000 0x0005 0x0007\r\n";
        assert_eq!(descriptor(&dumped(dump)), Some((0x1_2000, 16, 5)));
        assert_eq!(dumped("0000000000001000: Cannot access memory\n"), Vec::<u16>::new());
    }
}
