//! A console with several ports: both directions, who is told of what, and a reader that does not read.

use serde_json::{Value, json};

use super::device::path;
use crate::error::Error;
use crate::machine::Machine;

/// What goes through a port in each direction, in bytes.
const BYTES: u64 = 1 << 20;
/// The transmit queue of port 2, `agent`: behind tty, for further consoles come first.
const AGENT_QUEUE: u16 = 7;
const AGENT: &str = "UNIX-CONNECT:machine/agent.sock";

pub(crate) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    let mut findings = Vec::new();
    let names = machine.ask("port_names")?;
    for name in ["tty", "agent", "log"] {
        if !names.lines.contains(&format!("port {name}")) {
            findings.push(format!("the guest has no port '{name}': {}", names.lines.join(" / ")));
        }
    }
    machine.verdict(std::mem::take(&mut findings))?;
    findings.extend(through(machine)?);
    findings.extend(opened(machine)?);
    findings.extend(unread(machine)?);
    findings.extend(terminal(machine)?);
    come_and_gone(machine, &mut findings)?;
    machine.verdict(findings)?;
    Ok(format!(
        "{BYTES} bytes each way, a reader that does not read holds up nobody else, and a port came and went"
    ))
}

/// Data to the guest and back arrives as it was.
fn through(machine: &mut Machine<'_>) -> Result<Vec<String>, Error> {
    let sum = machine.run(&format!(
        "seq 1 3000000 | head -c {BYTES} >machine/pattern; sha256sum <machine/pattern
         socat -u OPEN:machine/pattern {AGENT} >/dev/null 2>&1 & echo $! >>machine/helpers"
    ))?;
    let taken = machine.ask(&format!("port_take agent {BYTES}"))?;
    machine.post("port_give agent")?;
    let given = machine.run(&format!("timeout 50 socat -u {AGENT} - | head -c {BYTES} | sha256sum"))?;
    let answer = machine.answer("port_give agent")?;
    let mut findings = Vec::new();
    if taken.lines != [format!("sum {}", sum.trim())] {
        findings.push(format!("the guest took {} of {}", taken.lines.join(" / "), sum.trim()));
    }
    if given != sum || !answer.ok {
        findings.push(format!("the guest gave {} of {}", given.trim(), sum.trim()));
    }
    Ok(findings)
}

/// Clients heard that the guest opened a port, and the list of ends is complete.
fn opened(machine: &mut Machine<'_>) -> Result<Vec<String>, Error> {
    // The kernel opens its consoles as well.
    while machine.event("VSERPORT_CHANGE")?.data["id"] != "agent" {}
    let mut findings = Vec::new();
    let ends = machine.query("query-chardev", Value::Null)?;
    for label in ["serial0", "console1", "console1.tty", "console1.agent", "console1.log"] {
        let listed = ends.as_array().into_iter().flatten().any(|end| end["label"] == label);
        if !listed {
            findings.push(format!("query-chardev has no {label}: {ends}"));
        }
    }
    Ok(findings)
}

/// A client that is there and reads nothing: the port waits, and everything else goes on.
fn unread(machine: &mut Machine<'_>) -> Result<Vec<String>, Error> {
    machine.run(&format!(
        "[ -p machine/never ] || mkfifo machine/never
         sleep 1000 >machine/never 2>/dev/null & echo $! >>machine/helpers
         socat -u OPEN:machine/never {AGENT} >/dev/null 2>&1 & echo $! >machine/sluggard; cat machine/sluggard >>machine/helpers"
    ))?;
    let mut findings = Vec::new();
    for words in ["port_flood agent", "port_say log still here", "disk_read 16"] {
        let answer = machine.ask(words)?;
        if !answer.ok {
            findings.push(format!("'{words}' failed: {}", answer.lines.join(" / ")));
        }
    }
    let log = machine.run("cat machine/port.log")?;
    if log.trim() != "still here" {
        findings.push(format!("the port's file has '{}'", log.trim()));
    }
    let in_flight = json!({ "path": path(machine, "console1")?, "queue": AGENT_QUEUE });
    let waiting = machine.query("query-virtio-chains", in_flight)?;
    if waiting["chains"].as_array().is_none_or(Vec::is_empty) {
        findings.push("no output waits on the port that nobody reads".to_owned());
    }
    // The driver has the writer wait for somebody else then.
    machine.run(&format!(
        "kill $(cat machine/sluggard); socat -u {AGENT} OPEN:/dev/null 2>/dev/null & echo $! >>machine/helpers"
    ))?;
    if !machine.ask("port_drained")?.ok {
        findings.push("what was written to the port did not go to the next client".to_owned());
    }
    Ok(findings)
}

/// The guest's second terminal: what is asked at its socket is answered there.
fn terminal(machine: &mut Machine<'_>) -> Result<Vec<String>, Error> {
    let words = "terminal_answer hvc1 hello from hvc1";
    machine.post(words)?;
    // What comes before the guest has opened it is lost, so it is asked again and again.
    let said = machine.run(
        "mkfifo machine/tty.in; : >machine/tty.out
         socat - UNIX-CONNECT:machine/tty.sock <>machine/tty.in >machine/tty.out 2>&1 & echo $! >>machine/helpers
         tries=0
         until grep hello machine/tty.out || [ $tries -gt 200 ]; do
             echo 'who is there' >>machine/tty.in
             usleep 200000
             tries=$((tries + 1))
         done",
    )?;
    let heard = machine.answer(words)?.lines.join(" / ");
    let as_expected = said.trim() == "hello from hvc1" && heard == "heard who is there";
    Ok(if as_expected { Vec::new() } else { vec![format!("the terminal said '{}', {heard}", said.trim())] })
}

/// A port that comes while the guest runs, is written to, and goes; another can have its name then.
fn come_and_gone(machine: &mut Machine<'_>, findings: &mut Vec<String>) -> Result<(), Error> {
    for round in ["first", "second"] {
        let add = json!({
            "driver": "virtserialport", "bus": "console1", "id": "late", "name": "late",
            "port": format!("file:{round}.log"),
        });
        machine.query("device_add", add)?;
        machine.expect("port_come late", findings)?;
        machine.expect(&format!("port_say late the {round} time"), findings)?;
        machine.query("device_del", json!({ "id": "late" }))?;
        let event = machine.event("DEVICE_DELETED")?;
        if event.data["device"] != "late" {
            findings.push(format!("DEVICE_DELETED tells of {}", event.data));
        }
        machine.expect("port_gone late", findings)?;
        let said = machine.run(&format!("cat machine/{round}.log"))?;
        if said.trim() != format!("the {round} time") {
            findings.push(format!("the file of the port that came has '{}'", said.trim()));
        }
    }
    Ok(())
}
