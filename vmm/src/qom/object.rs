//! The objects of a machine.

use std::path::PathBuf;

use serde_json::json;
use virtio_core::Introspect;
use virtio_core::roles::BusDevice;

use super::property::{Property, of_bus_devices, of_devices, of_virtio};
use super::types::{CONTAINER, CPU, MACHINE, behind_function, function};
use crate::accelerator::Vcpu;
use crate::machine::Machine;
use crate::object_tree::{BACKEND, DeviceObject, ObjectTree, vcpu_path};

/// Objects that only hold others.
const CONTAINERS: [&str; 4] = ["/", "/machine/peripheral", "/machine/peripheral-anon", "/machine/unattached"];
/// Where the machine is.
const MACHINE_PATH: &str = "/machine";

/// One object.
pub struct Object<'m> {
    /// Its canonical path.
    pub path: String,
    of: Of<'m>,
}

/// What an object stands for.
enum Of<'m> {
    Container,
    Machine(&'m Machine),
    /// The PCI function of a device.
    Function(&'m dyn Introspect),
    Device(&'m dyn Introspect),
    Vcpu(Vcpu),
    /// A device's bus, and its devices.
    Bus {
        kind: &'static str,
        devices: Vec<BusDevice>,
    },
    /// A device on the bus with this path.
    OnBus {
        device: BusDevice,
        bus: String,
    },
}

/// Every object of `machine`, parents before their children.
pub fn objects(machine: &Machine) -> Vec<Object<'_>> {
    let mut objects: Vec<_> =
        CONTAINERS.iter().map(|path| Object { path: (*path).to_owned(), of: Of::Container }).collect();
    objects.insert(1, Object { path: MACHINE_PATH.to_owned(), of: Of::Machine(machine) });
    for DeviceObject { path, view, .. } in machine.objects().devices() {
        if let Some(function) = path.strip_suffix(BACKEND) {
            objects.push(Object { path: function.to_owned(), of: Of::Function(&**view) });
        }
        objects.push(Object { path: path.clone(), of: Of::Device(&**view) });
    }
    for (host, bus) in machine.objects().buses() {
        let (kind, devices, path) = (bus.kind(), bus.devices(), ObjectTree::bus_path(host, bus));
        let on_bus = |device: BusDevice| Object {
            path: device.path.clone(),
            of: Of::OnBus { device, bus: path.clone() },
        };
        objects.extend(devices.iter().cloned().map(on_bus));
        objects.push(Object { path, of: Of::Bus { kind, devices } });
    }
    let vcpus = machine.accelerator().vcpus().into_iter();
    objects.extend(vcpus.map(|vcpu| Object { path: vcpu_path(vcpu.index), of: Of::Vcpu(vcpu) }));
    objects
}

impl Object<'_> {
    /// The name of its type.
    pub fn type_name(&self) -> String {
        match &self.of {
            Of::Container => CONTAINER.to_owned(),
            Of::Machine(_) => MACHINE.to_owned(),
            Of::Function(view) => function(view.kind()),
            Of::Device(view) => behind_function(view.kind()),
            Of::Vcpu(_) => CPU.to_owned(),
            Of::Bus { kind, .. } => (*kind).to_owned(),
            Of::OnBus { device, .. } => device.type_name.to_owned(),
        }
    }

    /// What can be read of it, its children among `all` objects of the machine last.
    pub fn properties(&self, all: &[Object<'_>]) -> Vec<Property> {
        let mut properties = vec![Property::new("type", "string", self.type_name())];
        properties.extend(match &self.of {
            Of::Container => Vec::new(),
            Of::Machine(machine) => of_machine(machine),
            Of::Function(view) => [of_devices(), of_function(*view)].concat(),
            Of::Device(view) => [of_devices(), of_virtio(*view)].concat(),
            Of::Vcpu(vcpu) => [of_devices(), of_vcpu(*vcpu)].concat(),
            Of::Bus { devices, .. } => of_bus(devices),
            Of::OnBus { bus, .. } => of_bus_devices(bus),
        });
        let children = all.iter().filter_map(|other| Some((other, self.name_of_child(other)?)));
        properties
            .extend(children.map(|(child, name)| Property::child(name, &child.type_name(), &child.path)));
        properties
    }

    /// The last part of the path of `other`, if that is an object right below this one.
    fn name_of_child<'o>(&self, other: &'o Object<'_>) -> Option<&'o str> {
        let below = other.path.strip_prefix(&self.path)?;
        let name = if self.path == "/" { below } else { below.strip_prefix('/')? };
        Some(name).filter(|name| !name.is_empty() && !name.contains('/'))
    }
}

fn of_machine(machine: &Machine) -> Vec<Property> {
    let settings = machine.settings();
    let file =
        |path: &Option<PathBuf>| path.as_ref().map_or_else(String::new, |path| path.display().to_string());
    let vcpus = settings.cpus;
    vec![
        Property::new("accel", "string", machine.accelerator().name()),
        Property::new("kernel", "string", file(&settings.kernel)),
        Property::new("initrd", "string", file(&settings.initrd)),
        Property::new("append", "string", settings.kernel_command_line.clone().unwrap_or_default()),
        Property::new("memory", "MemorySizeConfiguration", json!({ "size": settings.memory })),
        Property::new(
            "smp",
            "SMPConfiguration",
            json!({ "cpus": vcpus, "sockets": 1, "cores": vcpus, "threads": 1, "maxcpus": vcpus }),
        ),
        Property::new("transport", "string", settings.transport.as_str()),
    ]
}

/// A message vector for changes of the configuration, and one for each queue.
fn of_function(view: &dyn Introspect) -> Vec<Property> {
    let vectors = view.status().messages.map_or(0, |messages| messages.queues.len() + 1);
    vec![Property::new("vectors", "uint32", vectors)]
}

fn of_bus(devices: &[BusDevice]) -> Vec<Property> {
    let link = |(place, device): (usize, &BusDevice)| {
        Property::link(&format!("child[{place}]"), device.type_name, &device.path)
    };
    devices.iter().enumerate().map(link).collect()
}

fn of_vcpu(vcpu: Vcpu) -> Vec<Property> {
    vec![
        Property::new("socket-id", "int32", 0),
        Property::new("core-id", "int32", vcpu.index),
        Property::new("thread-id", "int32", 0),
    ]
}
