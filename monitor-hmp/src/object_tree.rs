//! `info qom-tree` and `info qtree`: the machine's objects, and the devices among them by bus.

use std::fmt::Write;

use qapi_schema::qom::requests::{QomGet, QomList};
use qapi_schema::runtime::Error;
use serde_json::Value;

use crate::monitor::Machine;

/// Where the tree of objects begins for people.
pub(crate) const ROOT: &str = "/machine";

/// Blanks by which what belongs to something is indented.
const STEP: usize = 2;

/// An object that belongs to another.
pub(crate) struct Child {
    /// The last part of its path.
    pub(crate) name: String,
    /// Its path.
    pub(crate) path: String,
    /// The name of its type.
    pub(crate) of: String,
}

/// The objects that belong to the one at `path`, sorted by name.
pub(crate) fn children(machine: &impl Machine, path: &str) -> Result<Vec<Child>, Error> {
    let properties = machine.qom_list(QomList { path: path.to_owned() })?;
    let child = |name: String, of: &str| {
        let of = of.strip_prefix("child<")?.strip_suffix('>')?.to_owned();
        Some(Child { path: format!("{}/{name}", path.trim_end_matches('/')), name, of })
    };
    let mut children: Vec<Child> =
        properties.into_iter().filter_map(|property| child(property.name, &property.type_)).collect();
    children.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(children)
}

/// The object at `path` and all that belong to it, a line each.
pub(crate) fn info_qom_tree(machine: &impl Machine, path: &str) -> Result<String, Error> {
    let of = get(machine, path, "type")?;
    let of = of.as_str().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let mut text = format!("/{name} ({of})\n");
    // Objects that are still to be shown, the next one last, with their depths.
    let mut left: Vec<(usize, Child)> = below(machine, path, 1)?;
    while let Some((depth, child)) = left.pop() {
        // Writing to a String does not fail.
        let _ = writeln!(text, "{:indent$}/{} ({})", "", child.name, child.of, indent = depth * STEP);
        left.extend(below(machine, &child.path, depth + 1)?);
    }
    Ok(text)
}

/// The children of an object, the first one last.
fn below(machine: &impl Machine, path: &str, depth: usize) -> Result<Vec<(usize, Child)>, Error> {
    let children = children(machine, path)?;
    Ok(children.into_iter().rev().map(|child| (depth, child)).collect())
}

/// The devices with their properties, those with an id first. A PCI function has the bus of its virtio device below
/// it.
pub(crate) fn info_qtree(machine: &impl Machine) -> Result<String, Error> {
    let mut text = String::from("bus: main-system-bus\n  type System\n");
    for (place, have_ids) in [("peripheral", true), ("peripheral-anon", false)] {
        for device in children(machine, &format!("{ROOT}/{place}"))? {
            let id = if have_ids { device.name.as_str() } else { "" };
            device_lines(machine, &device, id, 1, &mut text)?;
        }
    }
    Ok(text)
}

fn device_lines(
    machine: &impl Machine,
    device: &Child,
    id: &str,
    depth: usize,
    text: &mut String,
) -> Result<(), Error> {
    let indent = depth * STEP;
    let _ = writeln!(text, "{:indent$}dev: {}, id \"{id}\"", "", device.of);
    let indent = indent + STEP;
    for property in machine.qom_list(QomList { path: device.path.clone() })? {
        if property.name != "type" && !property.type_.starts_with("child<") {
            let value = shown(&get(machine, &device.path, &property.name)?);
            let _ = writeln!(text, "{:indent$}{} = {value}", "", property.name);
        }
    }
    let backends = children(machine, &device.path)?;
    if !backends.is_empty() {
        let _ = writeln!(text, "{:indent$}bus: virtio-bus\n{:indent$}  type virtio-pci-bus", "", "");
    }
    backends.iter().try_for_each(|backend| device_lines(machine, backend, "", depth + 2, text))
}

fn get(machine: &impl Machine, path: &str, property: &str) -> Result<Value, Error> {
    machine.qom_get(QomGet { path: path.to_owned(), property: property.to_owned() })
}

/// A number is shown in hexadecimal too.
fn shown(value: &Value) -> String {
    match value.as_u64() {
        Some(number) => format!("{number} ({number:#x})"),
        None => value.to_string(),
    }
}
