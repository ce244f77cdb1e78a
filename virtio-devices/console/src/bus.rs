//! The console's bus, as the machine sees it: ports come and go.

use std::sync::Arc;

use virtio_core::roles::{Bus, BusDevice, NewBusDevice};
use virtio_core::{DeviceError, DevicePlace};

use crate::options::{BUS_KIND, PortOptions};
use crate::ports::Ports;

/// The role of a console with room for ports.
pub(crate) struct PortBus {
    pub(crate) ports: Arc<Ports>,
    pub(crate) place: Option<DevicePlace>,
}

impl Bus for PortBus {
    fn kind(&self) -> &'static str {
        BUS_KIND
    }

    fn plug(&self, device: NewBusDevice<'_>) -> Result<(), DeviceError> {
        let NewBusDevice { device_type, id, path, mut options } = device;
        let wanted = PortOptions::take(device_type, &mut options)?;
        options.finish()?;
        self.ports.insert(|others| wanted.make(id, path, others))
    }

    fn unplug(&self, path: &str) -> bool {
        self.ports.remove(path, self.place.as_ref())
    }

    fn devices(&self) -> Vec<BusDevice> {
        self.ports.all().filter_map(|(_, port)| Some(port.plugged()?.describe())).collect()
    }
}
