//! Devices on the buses of others: put there by the command line, or put there and taken away while the machine runs.

use virtio_core::DeviceError;
use virtio_core::options::OptionsError;
use virtio_core::roles::{Bus, NewBusDevice};

use crate::devices::NewOnBus;
use crate::object_tree::{ObjectTree, ObjectTreeError};

/// Why a device cannot be put on a bus.
#[derive(Debug, thiserror::Error)]
pub enum PlugError {
    /// No device has such a bus.
    #[error("Bus '{0}' not found")]
    NoBus(String),
    /// No bus was asked for, and none of the kind exists.
    #[error("No '{kind}' bus found for device '{driver}'")]
    NoBusOfKind {
        /// What it is.
        driver: &'static str,
        /// The kind of bus that it needs.
        kind: &'static str,
    },
    /// The bus is not of the kind that it needs.
    #[error("Device '{driver}' can't go on {kind} bus")]
    WrongKind {
        /// What it is.
        driver: &'static str,
        /// The kind of the bus.
        kind: &'static str,
    },
    /// It cannot have its path.
    #[error(transparent)]
    Place(#[from] ObjectTreeError),
    /// It cannot be made, or there is no place for it.
    #[error(transparent)]
    Device(#[from] DeviceError),
}

impl PlugError {
    /// What a client of the command `device_add` is told.
    pub fn to_client(&self, driver: &str) -> String {
        match self {
            Self::Place(ObjectTreeError::Taken(id)) => format!("Duplicate device ID '{id}'"),
            Self::Place(ObjectTreeError::Id(_)) => "Parameter 'id' expects an identifier".to_owned(),
            Self::Device(DeviceError::Options(OptionsError::Unknown { key, .. })) => {
                format!("Property '{driver}.{key}' not found")
            }
            other => other.to_string(),
        }
    }
}

/// Puts a device on the bus that it asks for, or on the first that fits. No other may be put anywhere meanwhile.
///
/// # Errors
/// There is no such bus, or the device cannot be had.
pub fn plug(objects: &ObjectTree, new: NewOnBus) -> Result<(), PlugError> {
    let NewOnBus { device_type, id, bus, options } = new;
    let bus = match bus {
        Some(name) => find(objects, &name).ok_or(PlugError::NoBus(name))?,
        None => {
            let mut buses = objects.buses().map(|(_, bus)| bus);
            buses
                .find(|bus| bus.kind() == device_type.bus_kind)
                .ok_or(PlugError::NoBusOfKind { driver: device_type.name, kind: device_type.bus_kind })?
        }
    };
    if bus.kind() != device_type.bus_kind {
        return Err(PlugError::WrongKind { driver: device_type.name, kind: bus.kind() });
    }
    let path = objects.place_on_bus(id.as_deref())?;
    Ok(bus.plug(NewBusDevice { device_type, id: id.as_deref(), path: &path, options })?)
}

/// The bus of the device with this id; the name of the bus itself has `.0` behind.
fn find<'a>(objects: &'a ObjectTree, name: &str) -> Option<&'a dyn Bus> {
    let named =
        |name: &str| objects.buses().find_map(|(device, bus)| (device.id() == Some(name)).then_some(bus));
    named(name).or_else(|| named(name.strip_suffix(".0")?))
}
