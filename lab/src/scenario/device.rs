//! What the monitor tells of one device, by the identifier that it has on the command line.

use serde_json::{Value, json};

use crate::error::Error;
use crate::machine::Machine;

/// Where the device stands in the object tree, on either transport.
///
/// # Errors
/// There is no such device.
pub(super) fn path(machine: &mut Machine<'_>, id: &str) -> Result<String, Error> {
    let devices = machine.query("x-query-virtio", Value::Null)?;
    let paths = devices.as_array().into_iter().flatten().filter_map(|device| device["path"].as_str());
    let wanted = format!("/machine/peripheral/{id}");
    let found = paths.map(str::to_owned).find(|path| path.trim_end_matches("/virtio-backend") == wanted);
    found.ok_or_else(|| machine.failed(&format!("there is no device {id}")))
}

/// The requests that each of the device's queues has served, in the order of the queues.
///
/// # Errors
/// There is no such device, or it has no queues that count.
pub(super) fn requests(machine: &mut Machine<'_>, id: &str) -> Result<Vec<u64>, Error> {
    let path = path(machine, id)?;
    let wanted = json!({ "targets": ["queue"], "providers": ["virtio"], "names": ["requests"] });
    let reply = machine.query("query-statistics", wanted)?;
    let objects = reply["objects"].as_array().into_iter().flatten().filter(|object| object["path"] == *path);
    let mut counted: Vec<_> = objects
        .filter_map(|object| Some((object["queue"].as_u64()?, object["statistics"][0]["value"].as_u64()?)))
        .collect();
    counted.sort_unstable();
    if counted.is_empty() {
        return Err(machine.failed(&format!("no queue of {id} counts requests: {reply}")));
    }
    Ok(counted.into_iter().map(|(_, requests)| requests).collect())
}
