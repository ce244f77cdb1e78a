//! What can be read of an object.

use qapi_schema::qom::ObjectPropertyInfo;
use serde_json::Value;
use virtio_core::feature_map::{FeatureText, TRANSPORT};
use virtio_core::{DeviceKind, Introspect};

/// A property of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// What it holds, as `qom-list` calls it.
    pub of: String,
    /// What it means, for people.
    pub description: Option<&'static str>,
    /// What it holds.
    pub value: Value,
}

impl Property {
    /// A property that needs no words.
    pub(super) fn new(name: &str, of: &str, value: impl Into<Value>) -> Self {
        Self { name: name.to_owned(), of: of.to_owned(), description: None, value: value.into() }
    }

    /// An object that belongs to this one.
    pub(super) fn child(name: &str, of: &str, path: &str) -> Self {
        Self::new(name, &format!("child<{of}>"), path)
    }

    /// An object that has to do with this one.
    pub(super) fn link(name: &str, of: &str, path: &str) -> Self {
        Self::new(name, &format!("link<{of}>"), path)
    }

    /// The property without its value.
    pub fn info(self) -> ObjectPropertyInfo {
        let description = self.description.map(str::to_owned);
        ObjectPropertyInfo { name: self.name, type_: self.of, description, default_value: None }
    }
}

/// What every device has that stays as long as the machine.
pub(super) fn of_devices() -> Vec<Property> {
    vec![
        Property::new("realized", "bool", true),
        Property::new("hotplugged", "bool", false),
        Property::new("hotpluggable", "bool", false),
    ]
}

/// What a device has that can come and go, on the bus with this path.
pub(super) fn of_bus_devices(bus: &str) -> Vec<Property> {
    vec![
        Property::new("realized", "bool", true),
        Property::new("hotpluggable", "bool", true),
        Property::link("parent_bus", "bus", bus),
    ]
}

/// What a virtio device shows of itself, and for each feature bit that its kind knows whether it is offered.
pub(super) fn of_virtio(view: &dyn Introspect) -> Vec<Property> {
    let (kind, snapshot) = (view.kind(), view.status());
    let mut properties = vec![
        Property::new("device-id", "uint32", kind.id),
        Property::new("queues", "uint16", snapshot.queue_count),
        Property::new("device-status", "uint8", snapshot.status),
        Property::new("broken", "bool", snapshot.failure.is_some()),
    ];
    properties.extend(of_features(kind, snapshot.offered_features));
    properties
}

/// One property a feature bit: whether it is set in `bits`.
pub(super) fn of_features(kind: &DeviceKind, bits: u128) -> Vec<Property> {
    let property = |text: FeatureText| Property {
        description: Some(text.description),
        ..Property::new(&feature_name(text.name), "bool", bits >> text.bit & 1 == 1)
    };
    let transport = TRANSPORT.iter().map(|row| row.text);
    transport.chain(kind.features.texts()).map(property).collect()
}

/// `VIRTIO_BLK_F_SEG_MAX` is called `seg_max`.
fn feature_name(name: &str) -> String {
    name.split_once("_F_").map_or(name, |(_, own)| own).to_ascii_lowercase()
}
