//! A bus of a device's own, on which other devices are put, and from which they are taken, while the machine runs.

use crate::device::DeviceError;
use crate::options::{DeviceOptions, OptionHelp};
use crate::place::DevicePlace;
use qapi_schema::device::DeviceDeleted;
use std::fmt;
use std::sync::OnceLock;

/// A device crate's entry in the machine's list of what goes onto other devices' buses.
#[derive(Debug)]
pub struct BusDeviceType {
    /// The word on the command line and in `device_add`, for example `scsi-hd`.
    pub name: &'static str,
    /// The kind of bus that it needs, as messages call it, for example `SCSI`.
    pub bus_kind: &'static str,
    /// One line for `--device help`.
    pub summary: &'static str,
    /// The options that it takes.
    pub options: &'static [OptionHelp],
}

/// A device that is to be put on a bus.
pub struct NewBusDevice<'a> {
    /// What it is.
    pub device_type: &'static BusDeviceType,
    /// The id that it was given.
    pub id: Option<&'a str>,
    /// The path by which monitors will name it.
    pub path: &'a str,
    /// Its options.
    pub options: DeviceOptions,
}

/// A device on a bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusDevice {
    /// The name of its [`BusDeviceType`].
    pub type_name: &'static str,
    /// The id that it was given.
    pub id: Option<String>,
    /// The path by which monitors name it.
    pub path: String,
}

/// What the machine calls a device on a bus. Whoever works for the device holds this; when the last one lets go of it after it was
/// taken off the bus, clients are told that it is gone (event DEVICE_DELETED).
#[derive(Debug)]
pub struct Plugged {
    /// What it is.
    pub device_type: &'static BusDeviceType,
    /// The id that it was given.
    pub id: Option<String>,
    /// The path by which monitors name it.
    pub path: String,
    /// The way to the clients who wait for its end, once it has been taken off the bus.
    end: OnceLock<DevicePlace>,
}

impl Plugged {
    /// A device of this id and path.
    pub fn new(device_type: &'static BusDeviceType, id: Option<&str>, path: &str) -> Self {
        Self { device_type, id: id.map(str::to_owned), path: path.to_owned(), end: OnceLock::new() }
    }

    /// It is no longer on the bus of the device at `place`.
    pub fn unplugged(&self, place: DevicePlace) {
        // A device is taken off its bus once.
        let _ = self.end.set(place);
    }

    /// How monitors list it.
    pub fn describe(&self) -> BusDevice {
        BusDevice { type_name: self.device_type.name, id: self.id.clone(), path: self.path.clone() }
    }
}

impl Drop for Plugged {
    fn drop(&mut self) {
        if let Some(place) = self.end.get() {
            place.emit(&DeviceDeleted { device: self.id.clone(), path: self.path.clone() });
        }
    }
}

/// A bus of a device's own.
pub trait Bus: Send + Sync {
    /// What kind of bus it is, as messages call it.
    fn kind(&self) -> &'static str;

    /// Puts a device on the bus. The driver hears of it, if there is one.
    ///
    /// # Errors
    /// It cannot be made, or there is no place for it; the options are checked to the last one.
    fn plug(&self, device: NewBusDevice<'_>) -> Result<(), DeviceError>;

    /// Takes the device with this path off the bus; false if there is none. The driver hears of it, and what is under
    /// way is brought to an end; then, and not before, the device tells that it is gone (event DEVICE_DELETED).
    fn unplug(&self, path: &str) -> bool;

    /// The devices on the bus.
    fn devices(&self) -> Vec<BusDevice>;
}

impl fmt::Debug for dyn Bus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} bus", self.kind())
    }
}
