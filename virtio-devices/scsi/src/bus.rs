//! The device's bus, as the machine sees it: disks come and go.

use std::sync::Arc;

use virtio_core::DeviceError;
use virtio_core::roles::{Bus, BusDevice, NewBusDevice};

use crate::address::UnitAddress;
use crate::events::Event;
use crate::host::Host;
use crate::options::{BUS_KIND, DiskOptions};
use crate::target::Attention;

/// The role of a SCSI host.
pub(crate) struct ScsiBus(pub(crate) Arc<Host>);

impl ScsiBus {
    /// The other units of a target are to tell that one has come or gone (SPC-4, 6.33).
    fn tell_neighbours(&self, changed: UnitAddress) {
        for disk in self.0.units.of_target(changed.target) {
            if disk.address != changed {
                disk.unit.raise(Attention::LunsChanged);
            }
        }
    }
}

impl Bus for ScsiBus {
    fn kind(&self) -> &'static str {
        BUS_KIND
    }

    fn plug(&self, device: NewBusDevice<'_>) -> Result<(), DeviceError> {
        let NewBusDevice { id, path, mut options, .. } = device;
        let wanted = DiskOptions::take(&mut options)?;
        options.finish()?;
        let disk = self.0.units.insert(|others| wanted.make(id, path, others))?;
        disk.image.limiter().count_together(&self.0.held_back);
        self.tell_neighbours(disk.address);
        self.0.announce(Event::Added(disk.address));
        Ok(())
    }

    fn unplug(&self, path: &str) -> bool {
        let Some(disk) = self.0.units.remove(path) else { return false };
        disk.unplug(self.0.place.get().cloned());
        self.tell_neighbours(disk.address);
        self.0.announce(Event::Removed(disk.address));
        self.0.forget_unplugged();
        true
    }

    fn devices(&self) -> Vec<BusDevice> {
        self.0.units.all().iter().map(|disk| disk.name.describe()).collect()
    }
}
