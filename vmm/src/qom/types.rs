//! The types that objects can have.

use virtio_core::options::OptionHelp;
use virtio_core::roles::BusDeviceType;
use virtio_core::{DeviceKind, DeviceType};

use super::property::{Property, of_bus_devices, of_devices, of_features};
use crate::devices;
use qapi_schema::qom::ObjectPropertyInfo;

pub(super) const CONTAINER: &str = "container";
pub(super) const MACHINE: &str = "ringscope-machine";
pub(super) const CPU: &str = "x86_64-cpu";

const DEVICE: &str = "device";
const VIRTIO_DEVICE: &str = "virtio-device";
const VIRTIO_PCI: &str = "virtio-pci";
const BUS: &str = "bus";
/// What goes onto a bus of a device's own, and can come and go.
const BUS_DEVICE: &str = "bus-device";

/// A type of objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    /// Its name.
    pub name: String,
    /// The type that it derives from.
    pub parent: Option<&'static str>,
    /// There are objects of derived types only.
    pub is_abstract: bool,
}

/// What a virtio device of this kind is.
pub(super) fn behind_function(kind: &DeviceKind) -> String {
    format!("{}-device", kind.name)
}

/// What the PCI function of a virtio device of this kind is.
pub(super) fn function(kind: &DeviceKind) -> String {
    format!("{}-pci", kind.name)
}

/// Every type, parents before those that derive from them. Devices are of the kinds that `--device` accepts.
pub fn types() -> Vec<Type> {
    let fixed = [
        ("object", None, true),
        (CONTAINER, Some("object"), false),
        ("machine", Some("object"), true),
        (MACHINE, Some("machine"), false),
        (DEVICE, Some("object"), true),
        ("cpu", Some(DEVICE), true),
        (CPU, Some("cpu"), false),
        (VIRTIO_DEVICE, Some(DEVICE), true),
        ("pci-device", Some(DEVICE), true),
        (VIRTIO_PCI, Some("pci-device"), true),
        (BUS, Some("object"), true),
        (BUS_DEVICE, Some(DEVICE), true),
    ];
    let mut types: Vec<_> = fixed
        .into_iter()
        .map(|(name, parent, is_abstract)| Type { name: name.to_owned(), parent, is_abstract })
        .collect();
    let concrete = |name: String, parent| Type { name, parent: Some(parent), is_abstract: false };
    for DeviceType { kind, .. } in devices::types() {
        types.push(concrete(behind_function(kind), VIRTIO_DEVICE));
        types.push(concrete(function(kind), VIRTIO_PCI));
    }
    for BusDeviceType { name, bus_kind, .. } in devices::bus_types() {
        types.push(concrete((*bus_kind).to_owned(), BUS));
        types.push(concrete((*name).to_owned(), BUS_DEVICE));
    }
    types
}

impl Type {
    /// Whether it is the type `name` or derives from it.
    pub fn implements(&self, name: &str, all: &[Type]) -> bool {
        let parent = || all.iter().find(|other| Some(other.name.as_str()) == self.parent);
        self.name == name || parent().is_some_and(|parent| parent.implements(name, all))
    }
}

/// What devices of the type `name` have; `None` if devices are of no such type. What `--device` takes is among it, with
/// its meaning.
pub fn device_properties(name: &str) -> Option<Vec<ObjectPropertyInfo>> {
    let all = types();
    let found = all.iter().find(|one| one.name == name)?;
    if found.is_abstract || !found.implements(DEVICE, &all) {
        return None;
    }
    let common = match devices::bus_device_type(name) {
        Some(_) => of_bus_devices(""),
        None => of_devices(),
    };
    let mut properties: Vec<_> = common.into_iter().map(Property::info).collect();
    let device_type = devices::types()
        .iter()
        .find(|device| [behind_function(device.kind), function(device.kind)].contains(&found.name));
    if let Some(device_type) = device_type {
        properties.extend(device_type.options.iter().map(of_option));
        // Some are called as the option is that decides whether they are offered.
        let is_new =
            |feature: &Property| device_type.options.iter().all(|option| option.name != feature.name);
        let features = of_features(device_type.kind, 0).into_iter();
        properties.extend(features.filter(is_new).map(Property::info));
    }
    if let Some(device_type) = devices::bus_device_type(name) {
        properties.extend(device_type.options.iter().map(of_option));
    }
    Some(properties)
}

fn of_option(option: &OptionHelp) -> ObjectPropertyInfo {
    ObjectPropertyInfo {
        name: option.name.to_owned(),
        type_: "str".to_owned(),
        description: Some(format!("{}: {}", option.value, option.meaning)),
        default_value: None,
    }
}
