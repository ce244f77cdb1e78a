//! What both monitors answer about the same guest, side by side.
//!
//! A difference without an explanation is a failure: then either ours is wrong, or [`explanations`] lacks a row.

mod explanations;
mod table;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::error::Error;
use crate::features::Names;
use crate::machine::Machine;

pub(crate) use table::Table;

/// What a monitor answered: for each device by name, each value by what it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Capture {
    /// The values.
    devices: BTreeMap<String, Values>,
}

/// Values by what they are: a member's name, behind the place where it is one of several.
type Values = BTreeMap<String, String>;

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
        let id = status["device-id"].as_u64().and_then(|id| u16::try_from(id).ok()).unwrap_or_default();
        let names = Names::of(id);
        members(values, "", &status, &names);
        for queue in 0..status["num-vqs"].as_u64().unwrap_or_default() {
            let reply =
                machine.query("x-query-virtio-queue-status", json!({ "path": path, "queue": queue }))?;
            // The queues of ports that nobody has are many, and all alike.
            if reply["vring-desc"] != 0 {
                members(values, &format!("queue {queue}: "), &reply, &names);
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
/// name is the monitor's own, and for what has none there the name is ours.
fn members(values: &mut Values, place: &str, reply: &Value, names: &Names) {
    for (name, value) in reply.as_object().into_iter().flatten() {
        let Value::Object(lists) = value else {
            values.insert(format!("{place}{name}"), print(value));
            continue;
        };
        for list in lists.values() {
            let of_list = list.as_array().into_iter().flatten().map(print);
            let bits = u128::from(list.as_u64().unwrap_or_default());
            let unnamed = names.each(bits);
            for text in of_list.chain(unnamed) {
                let short = text.split(':').next().unwrap_or_default();
                values.insert(format!("{place}{name}: {short}"), THERE.to_owned());
            }
        }
    }
}

fn print(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
