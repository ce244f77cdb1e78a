//! The front half: what the transport asks for.

use std::io;
use std::sync::Arc;

use qapi_schema::char::ChardevInfo;
use qapi_schema::virtio_debug::VirtioSerialFeature;
use virtio_core::pci::PciClass;
use virtio_core::roles::Character;
use virtio_core::{Activation, Device, DeviceDetails, DeviceError, DeviceKind, DevicePlace, Roles, Workers};

use crate::bus::PortBus;
use crate::config::{self, EMERGENCY_WRITE, MAX_PORTS, ScreenSize};
use crate::details::DETAILS;
use crate::features::{DEVICE_KIND, FEATURES};
use crate::port::Port;
use crate::ports::Ports;
use crate::worker::ConsoleWorker;

/// A console that a driver can be attached to.
#[derive(Debug)]
pub struct Console {
    ports: Arc<Ports>,
    /// Ports may come and go.
    has_bus: bool,
    place: Option<DevicePlace>,
}

impl Console {
    /// A console with a port that kernels print to, and others behind it.
    ///
    /// # Errors
    /// The host is out of descriptors.
    pub fn new(first: Port, others: impl IntoIterator<Item = Port>) -> io::Result<Self> {
        Self::with_room(first, others, 0)
    }

    /// The same with room for so many ports in all: if that is more than there are, the console has a bus for them.
    ///
    /// # Errors
    /// The host is out of descriptors.
    pub fn with_room(first: Port, others: impl IntoIterator<Item = Port>, room: usize) -> io::Result<Self> {
        let ports: Vec<_> = std::iter::once(first).chain(others).collect();
        let has_bus = room > ports.len();
        Ok(Self { ports: Arc::new(Ports::new(ports, room.min(MAX_PORTS))?), has_bus, place: None })
    }

    fn first(&self) -> Option<Arc<Port>> {
        self.ports.get(0)
    }

    fn size(&self) -> Option<ScreenSize> {
        self.first()?.size()
    }
}

impl Device for Console {
    fn attached(&mut self, place: DevicePlace) {
        self.place = Some(place);
    }

    fn roles(&self) -> Roles {
        let id = self.place.as_ref().and_then(DevicePlace::id).unwrap_or("console").to_owned();
        let mut roles = Roles::default();
        roles.character = Some(Arc::new(Ends { id, ports: Arc::clone(&self.ports) }));
        let bus = || PortBus { ports: Arc::clone(&self.ports), place: self.place.clone() };
        roles.bus = self.has_bus.then(|| Arc::new(bus()) as _);
        roles
    }

    fn kind(&self) -> &'static DeviceKind {
        &DEVICE_KIND
    }

    fn details(&self) -> &'static DeviceDetails {
        &DETAILS
    }

    fn pci_class(&self) -> PciClass {
        PciClass::COMMUNICATION
    }

    fn features(&self) -> u128 {
        let chosen =
            |wanted: bool, feature: VirtioSerialFeature| if wanted { FEATURES.mask(&[feature]) } else { 0 };
        FEATURES.mask(&[VirtioSerialFeature::EmergWrite])
            | chosen(self.size().is_some(), VirtioSerialFeature::Size)
            | chosen(self.ports.room() > 1, VirtioSerialFeature::Multiport)
    }

    fn queue_sizes(&self) -> &[u16] {
        config::queue_sizes(self.ports.room())
    }

    fn read_config(&self, offset: u64, data: &mut [u8]) {
        let space = config::space(self.size(), self.ports.room());
        virtio_core::read_config_space(&space, offset, data);
    }

    fn write_config(&mut self, offset: u64, data: &[u8]) {
        if let (EMERGENCY_WRITE, Some(character), Some(port)) = (offset, data.first(), self.first()) {
            // A guest in an emergency cannot be told that its output is lost, and a vCPU is not to wait for
            // it.
            let _ = port.end().write(&[*character]);
        }
    }

    fn start(&mut self, activation: Activation) -> Result<Workers, DeviceError> {
        let multiport = activation.has_feature(FEATURES.bit("VIRTIO_CONSOLE_F_MULTIPORT"));
        // Without that feature nobody tells; a driver that works has its one port open.
        if let (false, Some(port)) = (multiport, self.first()) {
            port.set_guest_open(true, self.place.as_ref());
        }
        let worker = ConsoleWorker::new(&self.ports, multiport, self.place.clone());
        Ok(Workers::new(worker.map_err(DeviceError::io("cannot watch the console's ports"))?))
    }

    fn reset(&mut self) {
        self.ports.all().for_each(|(_, port)| port.set_guest_open(false, self.place.as_ref()));
    }
}

/// The host's ends of the ports, as monitors see them.
struct Ends {
    id: String,
    ports: Arc<Ports>,
}

impl Character for Ends {
    fn ends(&self) -> Vec<ChardevInfo> {
        let label = |port: &Port| match port.name() {
            Some(name) => format!("{}.{name}", self.id),
            None => self.id.clone(),
        };
        let info = |(_, port): (usize, Arc<Port>)| ChardevInfo {
            label: label(&port),
            filename: port.filename().to_owned(),
            frontend_open: port.is_guest_open(),
        };
        self.ports.all().map(info).collect()
    }
}
