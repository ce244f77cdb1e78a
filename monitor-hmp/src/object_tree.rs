//! `info qom-tree` and `info qtree`: the machine's objects, and the devices among them by bus.

use std::fmt::Write;

use qapi_schema::qom::ObjectPropertyInfo;
use qapi_schema::qom::requests::{QomGet, QomList};
use qapi_schema::runtime::Error;
use serde_json::Value;

use crate::monitor::Machine;

/// Where the tree of objects begins for people.
pub(crate) const ROOT: &str = "/machine";
/// Where the devices with an id are.
pub(crate) const PERIPHERAL: &str = "/machine/peripheral";
const ANONYMOUS: &str = "/machine/peripheral-anon";
/// Where a device says on which bus it is.
const PARENT_BUS: &str = "parent_bus";

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
/// it, and what is on a device's own bus stands below that.
pub(crate) fn info_qtree(machine: &impl Machine) -> Result<String, Error> {
    let mut text = String::from("bus: main-system-bus\n  type System\n");
    for place in [PERIPHERAL, ANONYMOUS] {
        for device in children(machine, place)? {
            if get(machine, &device.path, PARENT_BUS).is_err() {
                device_lines(machine, &device, 1, &mut text)?;
            }
        }
    }
    Ok(text)
}

fn device_lines(
    machine: &impl Machine,
    device: &Child,
    depth: usize,
    text: &mut String,
) -> Result<(), Error> {
    let id = if device.path.strip_suffix(&device.name) == Some("/machine/peripheral/") {
        &device.name
    } else {
        ""
    };
    let indent = depth * STEP;
    let _ = writeln!(text, "{:indent$}dev: {}, id \"{id}\"", "", device.of);
    let indent = indent + STEP;
    for property in machine.qom_list(QomList { path: device.path.clone() })? {
        if property.name != "type" && linked(&property.type_).is_none() {
            let value = shown(&get(machine, &device.path, &property.name)?);
            let _ = writeln!(text, "{:indent$}{} = {value}", "", property.name);
        }
    }
    for child in children(machine, &device.path)? {
        let (name, of, devices) = match on_bus(machine, &child.path)? {
            None => ("virtio-bus", "virtio-pci-bus", vec![child]),
            Some(devices) => (child.name.as_str(), child.of.as_str(), devices),
        };
        let _ = writeln!(text, "{:indent$}bus: {name}\n{:indent$}  type {of}", "", "");
        devices.iter().try_for_each(|device| device_lines(machine, device, depth + 2, text))?;
    }
    Ok(())
}

/// The devices on the bus at `path`; nothing if a device is there.
fn on_bus(machine: &impl Machine, path: &str) -> Result<Option<Vec<Child>>, Error> {
    let properties = machine.qom_list(QomList { path: path.to_owned() })?;
    if properties.iter().any(|property| property.name == "hotpluggable") {
        return Ok(None);
    }
    let device = |property: &ObjectPropertyInfo| {
        let of = linked(&property.type_)?.to_owned();
        let path = get(machine, path, &property.name).ok()?.as_str()?.to_owned();
        Some(Child { name: path.rsplit('/').next()?.to_owned(), path, of })
    };
    Ok(Some(properties.iter().filter_map(device).collect()))
}

/// What a property leads to, if it leads to another object.
fn linked(of: &str) -> Option<&str> {
    of.strip_prefix("child<").or_else(|| of.strip_prefix("link<"))?.strip_suffix('>')
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
