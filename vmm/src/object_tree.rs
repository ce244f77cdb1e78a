//! The paths by which monitors name the parts of the machine.
//!
//! A device with an id stands at `/machine/peripheral/ID`; one without at `/machine/peripheral-anon/device[N]`,
//! where N counts such devices in the order of their creation. On PCI these are the functions, and the virtio device is
//! the function's `virtio-backend`. vCPUs stand at `/machine/unattached/device[N]`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use virtio_core::roles::{Bus, BusDevice};
use virtio_core::{Introspect, Roles};

use crate::transport::TransportKind;

/// Where devices with an id are.
pub(crate) const PERIPHERAL: &str = "/machine/peripheral/";
/// Behind a PCI function.
pub(crate) const BACKEND: &str = "/virtio-backend";

/// A device cannot be given its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObjectTreeError {
    /// The id would not make a path.
    #[error("option 'id' is '{0}'; accepted is a letter, then letters, digits, '-', '.' and '_'")]
    Id(String),
    /// Two devices cannot share an id.
    #[error("option 'id' is '{0}', which is another device's; accepted is an id of its own")]
    Taken(String),
}

/// The devices by path. Complete before a monitor sees it and never changed afterwards, but for what is on buses of
/// devices, which these know.
#[derive(Default)]
pub struct ObjectTree {
    devices: Vec<DeviceObject>,
    anonymous: AtomicUsize,
}

/// A device and its place.
pub struct DeviceObject {
    /// Its canonical path.
    pub path: String,
    /// What can be seen of it.
    pub view: Arc<dyn Introspect>,
    /// What can be done with it.
    pub roles: Roles,
}

impl DeviceObject {
    /// The id that it was given.
    pub fn id(&self) -> Option<&str> {
        let id = self.path.strip_prefix(PERIPHERAL)?;
        Some(id.strip_suffix(BACKEND).unwrap_or(id))
    }
}

impl ObjectTree {
    /// The path of a device about to be created; the device without id is counted.
    ///
    /// # Errors
    /// The id is malformed or taken.
    pub fn place(&self, id: Option<&str>, transport: TransportKind) -> Result<String, ObjectTreeError> {
        let backend = match transport {
            TransportKind::Mmio => "",
            TransportKind::Pci => BACKEND,
        };
        Ok(self.place_on_bus(id)? + backend)
    }

    /// As [`place`](Self::place), for a device that is to be put on another's bus.
    ///
    /// # Errors
    /// The id is malformed or taken.
    pub fn place_on_bus(&self, id: Option<&str>) -> Result<String, ObjectTreeError> {
        let Some(id) = id else {
            let number = self.anonymous.fetch_add(1, Ordering::Relaxed);
            return Ok(format!("/machine/peripheral-anon/device[{number}]"));
        };
        if !is_well_formed(id) {
            return Err(ObjectTreeError::Id(id.to_owned()));
        }
        let is_own = self.devices.iter().any(|device| device.id() == Some(id));
        if is_own || self.on_buses().any(|(_, device)| device.id.as_deref() == Some(id)) {
            return Err(ObjectTreeError::Taken(id.to_owned()));
        }
        Ok(format!("{PERIPHERAL}{id}"))
    }

    /// The buses of devices, each with its device.
    pub fn buses(&self) -> impl Iterator<Item = (&DeviceObject, &dyn Bus)> {
        self.devices.iter().filter_map(|device| Some((device, device.roles.bus.as_deref()?)))
    }

    /// What is on these buses now.
    pub fn on_buses(&self) -> impl Iterator<Item = (&dyn Bus, BusDevice)> {
        self.buses().flat_map(|(_, bus)| bus.devices().into_iter().map(move |device| (bus, device)))
    }

    /// Puts a device at the path that [`ObjectTree::place`] gave.
    pub fn insert(&mut self, device: DeviceObject) {
        self.devices.push(device);
    }

    /// The devices in the order of their creation.
    pub fn devices(&self) -> &[DeviceObject] {
        &self.devices
    }

    /// The device at exactly this path.
    pub fn device(&self, path: &str) -> Option<&dyn Introspect> {
        self.devices.iter().find(|device| device.path == path).map(|device| &*device.view)
    }
}

/// The path of a vCPU.
pub fn vcpu_path(index: u8) -> String {
    format!("/machine/unattached/device[{index}]")
}

fn is_well_formed(id: &str) -> bool {
    let tail = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    id.bytes().next().is_some_and(|first| first.is_ascii_alphabetic()) && id.bytes().all(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    use virtio_core::introspection::{
        CONFIGURATION_SIZE, DeviceSnapshot, Element, ElementError, InFlightChain, QueueSnapshot,
    };
    use virtio_core::{DeviceDetails, DeviceKind, GuestMemory, QueueCounters};

    /// A device that is only to be found.
    struct Nothing;

    impl Introspect for Nothing {
        fn kind(&self) -> &'static DeviceKind {
            unreachable!("nobody looks")
        }

        fn details(&self) -> &'static DeviceDetails {
            unreachable!("nobody looks")
        }

        fn memory(&self) -> &GuestMemory {
            unreachable!("nobody looks")
        }

        fn counters(&self, _: u16) -> Option<&QueueCounters> {
            unreachable!("nobody looks")
        }

        fn kick_pending(&self, _: u16) -> bool {
            unreachable!("nobody looks")
        }

        fn working(&self, _: u16) -> bool {
            unreachable!("nobody looks")
        }

        fn configuration(&self) -> [u8; CONFIGURATION_SIZE] {
            unreachable!("nobody looks")
        }

        fn status(&self) -> DeviceSnapshot {
            unreachable!("nobody looks")
        }

        fn queue(&self, _: u16) -> Option<QueueSnapshot> {
            None
        }

        fn in_flight(&self, _: u16) -> Vec<InFlightChain> {
            Vec::new()
        }

        fn element(&self, queue: u16, _: Option<u16>) -> Result<Element, ElementError> {
            Err(ElementError::NoSuchQueue(queue))
        }
    }

    fn tree(ids: &[Option<&str>]) -> ObjectTree {
        let mut tree = ObjectTree::default();
        for id in ids {
            let path = tree.place(*id, TransportKind::Mmio).unwrap();
            tree.insert(DeviceObject { path, view: Arc::new(Nothing), roles: Roles::default() });
        }
        tree
    }

    #[test]
    fn devices_without_id_are_counted_and_those_with_one_are_not() {
        let tree = tree(&[None, Some("a"), None]);
        let paths: Vec<_> = tree.devices().iter().map(|device| device.path.as_str()).collect();
        let expected = [
            "/machine/peripheral-anon/device[0]",
            "/machine/peripheral/a",
            "/machine/peripheral-anon/device[1]",
        ];
        assert_eq!(paths, expected);
        assert!(tree.device("/machine/peripheral/a").is_some());
        assert!(tree.device("/machine/peripheral").is_none());
        assert!(tree.device("a").is_none(), "only whole paths name a device");
    }

    #[test]
    fn on_pci_the_device_is_behind_a_function() {
        let tree = ObjectTree::default();
        let mut paths =
            [None, Some("a"), None].map(|id| tree.place(id, TransportKind::Pci).unwrap()).into_iter();
        assert_eq!(paths.next().unwrap(), "/machine/peripheral-anon/device[0]/virtio-backend");
        assert_eq!(paths.next().unwrap(), "/machine/peripheral/a/virtio-backend");
        assert_eq!(paths.next().unwrap(), "/machine/peripheral-anon/device[1]/virtio-backend");
    }

    #[test]
    fn a_device_keeps_its_id() {
        let tree = tree(&[None, Some("a")]);
        assert_eq!(tree.devices().iter().map(DeviceObject::id).collect::<Vec<_>>(), [None, Some("a")]);
    }

    #[test]
    fn an_id_is_given_once() {
        let tree = tree(&[Some("a")]);
        let place = |id| tree.place(Some(id), TransportKind::Mmio);
        assert_eq!(place("a"), Err(ObjectTreeError::Taken("a".to_owned())));
        assert!(place("A").is_ok());
    }

    #[test]
    fn an_id_makes_a_path() {
        let tree = ObjectTree::default();
        for id in ["a", "Z9", "disk-0_x.y"] {
            let path = format!("/machine/peripheral/{id}");
            assert_eq!(tree.place(Some(id), TransportKind::Mmio), Ok(path));
        }
        for id in ["", "0disk", "-a", "a/b", "a b", "é"] {
            assert_eq!(tree.place(Some(id), TransportKind::Pci), Err(ObjectTreeError::Id(id.to_owned())));
        }
    }
}
