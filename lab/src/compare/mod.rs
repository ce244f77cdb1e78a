//! What both monitors answer about the same guest, side by side.
//!
//! A difference without an explanation is a failure: then either ours is wrong, or [`explanations`] lacks a row.

mod explanations;
mod table;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::error::Error;
use crate::machine::Machine;

pub(crate) use table::Table;

/// What a monitor answered: for each device by name, each value by what it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Capture {
    /// The values.
    devices: BTreeMap<String, BTreeMap<String, String>>,
}

/// What stands for a feature that is there.
const THERE: &str = "yes";

/// Asks the monitor all that both know.
///
/// # Errors
/// It refuses, or has gone.
pub(crate) fn capture(machine: &mut Machine<'_>) -> Result<Capture, Error> {
    let mut capture = Capture::default();
    let listed = machine.query("x-query-virtio", Value::Null)?;
    for info in listed.as_array().into_iter().flatten() {
        let (path, name) = (&info["path"], info["name"].as_str().unwrap_or_default());
        let values = capture.devices.entry(name.to_owned()).or_default();
        values.insert("path".to_owned(), print(path));
        let status = machine.query("x-query-virtio-status", json!({ "path": path }))?;
        members(values, "", &status);
        for queue in 0..status["num-vqs"].as_u64().unwrap_or_default() {
            let reply =
                machine.query("x-query-virtio-queue-status", json!({ "path": path, "queue": queue }))?;
            // The queues of ports that nobody has are many, and all alike.
            if reply["vring-desc"] != 0 {
                members(values, &format!("queue {queue}: "), &reply);
            }
        }
    }
    let schemas = machine.query("query-stats-schemas", Value::Null)?;
    let values = capture.devices.entry("statistics".to_owned()).or_default();
    for schema in schemas.as_array().into_iter().flatten() {
        for statistic in schema["stats"].as_array().into_iter().flatten() {
            let what = format!("{} {}", print(&schema["target"]), print(&statistic["name"]));
            let (kind, unit) = (print(&statistic["type"]), print(&statistic["unit"]));
            values.insert(what, format!("{kind} {unit} {}^{}", statistic["base"], statistic["exponent"]));
        }
    }
    Ok(capture)
}

/// Puts every member of a reply into `values`. Of features and status bits only the names count: the text behind each
/// name is the monitor's own.
fn members(values: &mut BTreeMap<String, String>, place: &str, reply: &Value) {
    for (name, value) in reply.as_object().into_iter().flatten() {
        match value {
            Value::Object(lists) => {
                for text in lists.values().flat_map(|list| list.as_array().into_iter().flatten()) {
                    let text = print(text);
                    let short = text.split(':').next().unwrap_or_default();
                    values.insert(format!("{place}{name}: {short}"), THERE.to_owned());
                }
                for (list, bits) in lists.iter().filter(|(_, bits)| bits.is_u64()) {
                    values.insert(format!("{place}{name}: {list}"), bits.to_string());
                }
            }
            _ => {
                values.insert(format!("{place}{name}"), print(value));
            }
        }
    }
}

fn print(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
