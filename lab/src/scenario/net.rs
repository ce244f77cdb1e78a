//! A network card of several queues at a tap interface, with every offload that the host knows.

use serde_json::{Value, json};

use super::device::{path, requests};
use crate::error::Error;
use crate::machine::Machine;

/// Another address than the card was made with.
const OTHER_MAC: &str = "52:54:00:aa:bb:cc";
const VLAN: u16 = 42;
/// Connections at once.
const FLOWS: u32 = 8;

pub(crate) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    // The monitor has made the interface.
    machine.run("ip addr add 192.168.8.1/24 dev lab1 && ip link set lab1 up")?;
    let mut findings = Vec::new();
    machine.expect("net_carrier 1", &mut findings)?;
    machine.expect("net_up", &mut findings)?;
    for words in ["net_echo 4 56", "net_echo 2 1400", "net_echo 2 9000"] {
        machine.expect(words, &mut findings)?;
    }
    let out = machine.expect(&format!("net_flows {FLOWS} 2"), &mut findings)?;
    let back = machine.expect(&format!("net_flows {FLOWS} 2 -R"), &mut findings)?;
    // Those flows are one program's, which may stay on one processor.
    machine.expect("net_each", &mut findings)?;
    offloads(machine, &mut findings)?;
    let used = queues_used(machine)?;
    if used < usize::from(machine.plan().cpus.min(4)) {
        findings.push(format!("{used} transmit queues were used"));
    }
    commands(machine, &mut findings)?;
    cable(machine, &mut findings)?;
    machine.verdict(findings)?;
    let (out, back) = (rate(&out), rate(&back));
    Ok(format!(
        "{FLOWS} flows, transmit queues used: {used}; {out} out, {back} in; filter, cable and interface followed"
    ))
}

/// The rate in a line of iperf3.
fn rate(line: &str) -> String {
    let words: Vec<_> = line.split_whitespace().collect();
    let unit = words.iter().position(|word| word.ends_with("Bytes/sec"));
    let number = unit.and_then(|unit| words.get(unit.checked_sub(1)?));
    number.map_or_else(|| "?".to_owned(), |number| format!("{number} MiB/s"))
}

/// Both sides leave work to each other.
fn offloads(machine: &mut Machine<'_>, findings: &mut Vec<String>) -> Result<(), Error> {
    let path = path(machine, "net0")?;
    let status = machine.query("x-query-virtio-status", json!({ "path": path }))?;
    let features = status["guest-features"]["dev-features"].to_string();
    for name in
        ["CSUM", "GUEST_CSUM", "HOST_TSO4", "GUEST_TSO4", "MRG_RXBUF", "CTRL_VQ", "CTRL_GUEST_OFFLOADS"]
    {
        if !features.contains(&format!("VIRTIO_NET_F_{name}:")) {
            findings.push(format!("VIRTIO_NET_F_{name} was not negotiated"));
        }
    }
    Ok(())
}

/// The driver's commands arrive: the filter is what the guest was told to want.
fn commands(machine: &mut Machine<'_>, findings: &mut Vec<String>) -> Result<(), Error> {
    machine.expect(&format!("net_mac {OTHER_MAC}"), findings)?;
    machine.expect("net_echo 2 56", findings)?;
    machine.expect(&format!("net_vlan {VLAN}"), findings)?;
    let quiet = filter(machine)?;
    machine.expect("net_promiscuous on", findings)?;
    let promiscuous = filter(machine)?;
    machine.expect("net_promiscuous off", findings)?;
    let vlans = quiet["vlan-table"].as_array().cloned().unwrap_or_default();
    let as_wanted = quiet["main-mac"] == OTHER_MAC
        && quiet["promiscuous"] == false
        && vlans.contains(&json!(VLAN))
        && promiscuous["promiscuous"] == true;
    if !as_wanted {
        findings.push(format!("the filter was {quiet}, and promiscuous {promiscuous}"));
    }
    machine.event("NIC_RX_FILTER_CHANGED")?;
    Ok(())
}

/// The guest knows of a cable that is pulled, of an interface that is switched off, and of one that is deleted.
fn cable(machine: &mut Machine<'_>, findings: &mut Vec<String>) -> Result<(), Error> {
    for up in [false, true] {
        machine.query("set_link", json!({ "name": "net0", "up": up }))?;
        machine.expect(&format!("net_carrier {}", u8::from(up)), findings)?;
    }
    for (command, carrier) in [("set lab1 down", 0), ("set lab1 up", 1)] {
        machine.run(&format!("ip link {command}"))?;
        machine.expect(&format!("net_carrier {carrier}"), findings)?;
    }
    machine.expect("net_echo 2 56", findings)?;
    machine.run("ip link delete lab1")?;
    machine.expect("net_carrier 0", findings)?;
    loop {
        let event = machine.event("NET_LINK_CHANGED")?;
        if event.data["cause"] == "interface-gone" {
            return Ok(());
        }
    }
}

/// Transmit queues that have carried more than a few frames.
fn queues_used(machine: &mut Machine<'_>) -> Result<usize, Error> {
    let requests = requests(machine, "net0")?;
    // Receive and transmit queues take turns, and the last one is for commands.
    Ok(requests.iter().take(8).skip(1).step_by(2).filter(|&&frames| frames > 100).count())
}

fn filter(machine: &mut Machine<'_>) -> Result<Value, Error> {
    let reply = machine.query("query-rx-filter", json!({ "name": "net0" }))?;
    Ok(reply[0].clone())
}
