//! The objects: a disk with an id, and an entropy source on PCI without one.

use qapi_schema::qom::requests::{DeviceListProperties, QomGet, QomList, QomListTypes};
use qapi_schema::qom::{ObjectPropertyInfo, ObjectTypeInfo, QomCommands};
use qapi_schema::runtime::{Error, ErrorClass};
use serde_json::{Value, json};

use super::TestMachine;

/// A name, a type, and a value.
type Property = (&'static str, &'static str, Value);

/// Each object's path, type, and properties.
fn objects() -> Vec<(&'static str, &'static str, Vec<Property>)> {
    let function = "/machine/peripheral-anon/device[1]";
    vec![
        ("/machine", "ringscope-machine", vec![("memory", "uint64", json!(65536))]),
        ("/machine/peripheral", "container", vec![]),
        ("/machine/peripheral-anon", "container", vec![]),
        ("/machine/unattached", "container", vec![]),
        (
            super::DISK,
            "virtio-blk-device",
            vec![("serial", "string", json!("a b")), ("num-queues", "uint16", json!(1))],
        ),
        ("/machine/peripheral/swap9", "scsi-hd", vec![("hotpluggable", "bool", json!(true))]),
        (function, "virtio-rng-pci", vec![("hotpluggable", "bool", json!(false))]),
        (
            "/machine/peripheral-anon/device[1]/virtio-backend",
            "virtio-rng-device",
            vec![("hotpluggable", "bool", json!(false))],
        ),
        ("/machine/unattached/device[0]", "x86_64-cpu", vec![]),
    ]
}

fn properties(path: &str) -> Result<Vec<(String, String, Value)>, Error> {
    let all = objects();
    let found = all.iter().find(|(own, ..)| *own == path);
    let not_found = || Error::new(ErrorClass::DeviceNotFound, format!("Device '{path}' not found"));
    let (_, of, own) = found.ok_or_else(not_found)?;
    let mut properties = vec![("type".to_owned(), "string".to_owned(), json!(of))];
    properties
        .extend(own.iter().map(|(name, of, value)| ((*name).to_owned(), (*of).to_owned(), value.clone())));
    let children = all.iter().filter_map(|(child, of, _)| {
        let name = child.strip_prefix(path)?.strip_prefix('/').filter(|name| !name.contains('/'))?;
        Some((name.to_owned(), format!("child<{of}>"), json!(child)))
    });
    properties.extend(children);
    Ok(properties)
}

impl QomCommands for TestMachine {
    fn qom_list(&self, arguments: QomList) -> Result<Vec<ObjectPropertyInfo>, Error> {
        let info =
            |(name, type_, _)| ObjectPropertyInfo { name, type_, description: None, default_value: None };
        Ok(properties(&arguments.path)?.into_iter().map(info).collect())
    }

    fn qom_get(&self, arguments: QomGet) -> Result<Value, Error> {
        let found = properties(&arguments.path)?.into_iter().find(|(name, ..)| *name == arguments.property);
        let missing = || Error::generic(format!("Property '{}' not found", arguments.property));
        found.map(|(_, _, value)| value).ok_or_else(missing)
    }

    fn qom_list_types(&self, wanted: QomListTypes) -> Result<Vec<ObjectTypeInfo>, Error> {
        assert_eq!(wanted.implements.as_deref(), Some("bus-device"));
        Ok(vec![ObjectTypeInfo { name: "scsi-hd".to_owned(), abstract_: None, parent: wanted.implements }])
    }

    fn device_list_properties(&self, _: DeviceListProperties) -> Result<Vec<ObjectPropertyInfo>, Error> {
        Ok(Vec::new())
    }
}
