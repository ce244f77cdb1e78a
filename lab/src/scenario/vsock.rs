//! Sockets between guest and host: both directions, many at once, and nobody there.

use serde_json::json;

use crate::error::Error;
use crate::machine::Machine;

/// What goes through one connection each way, in MiB.
const MEBIBYTES: u64 = 4;
/// Connections at once.
const CONNECTIONS: u64 = 16;
/// The host's service, as `prepare` has started it, and the guest's.
const SERVICE: u32 = 5000;
const GUEST_SERVICE: u32 = 7000;

pub(crate) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    let mut findings = Vec::new();
    let mut expect = |machine: &mut Machine<'_>, words: &str, line: &str| -> Result<(), Error> {
        let answer = machine.ask(words)?;
        if !answer.ok || !(line.is_empty() || answer.lines.iter().any(|found| found == line)) {
            findings.push(format!("'{words}' gave: {}", answer.lines.join(" / ")));
        }
        Ok(())
    };
    let whole = format!("echoed {}", MEBIBYTES << 20);
    expect(machine, &format!("vsock_echo {MEBIBYTES} {SERVICE}"), &whole)?;
    expect(machine, &format!("vsock_many {CONNECTIONS} {SERVICE}"), &format!("same {CONNECTIONS}"))?;
    expect(machine, &format!("vsock_refused {}", SERVICE + 1), "")?;
    expect(machine, &format!("vsock_serve {GUEST_SERVICE}"), "")?;
    findings.extend(from_host(machine)?);
    let wanted =
        json!({ "targets": ["device"], "names": ["connections-from-guest", "connections-from-host"] });
    let counted = machine.query("query-statistics", wanted)?.to_string();
    if !counted.contains(&format!("\"value\":{}", CONNECTIONS + 1)) {
        findings
            .push(format!("of {} connections of the guest the monitor counted: {counted}", CONNECTIONS + 1));
    }
    machine.verdict(findings)?;
    Ok(format!("{MEBIBYTES} MiB echoed each way, and {CONNECTIONS} connections at once"))
}

/// A program of the host reaches the guest's service, and one that wants another port reaches nobody.
fn from_host(machine: &mut Machine<'_>) -> Result<Vec<String>, Error> {
    let socket = "UNIX-CONNECT:machine/v.sock";
    let bytes = MEBIBYTES << 20;
    let script = format!(
        "seq 1 3000000 | head -c {bytes} >machine/pattern
         tries=0
         until [ -s machine/greeting ] || [ $tries -gt 100 ]; do
             (printf 'CONNECT {GUEST_SERVICE}\\n'; cat machine/pattern) | timeout 50 socat -t 20 - {socket} >machine/echo
             head -n 1 machine/echo | grep '^OK ' >machine/greeting || usleep 100000
             tries=$((tries + 1))
         done
         tail -c {bytes} machine/echo | cmp - machine/pattern && echo same
         printf 'CONNECT 1\\n' | timeout 20 socat -t 10 - {socket} | wc -c"
    );
    let text = machine.run(&script)?;
    let as_expected = text.split_whitespace().eq(["same", "0"]);
    Ok(if as_expected { Vec::new() } else { vec![format!("from the host: {}", text.trim())] })
}
