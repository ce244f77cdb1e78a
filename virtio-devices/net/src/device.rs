//! The front half: what the transport asks for.

use qapi_schema::virtio_debug::VirtioNetFeature;
use virtio_core::pci::PciClass;
use virtio_core::{Activation, Device, DeviceDetails, DeviceError, DeviceKind, Workers};

use crate::config::{self, CONFIG_SIZE, QUEUE_SIZES};
use crate::details::DETAILS;
use crate::features::{DEVICE_KIND, FEATURES};
use crate::link::Link;
use crate::mac::MacAddress;
use crate::worker::NetWorker;

/// A network card that a driver can be attached to.
#[derive(Debug)]
pub struct Net {
    link: Link,
    space: [u8; CONFIG_SIZE],
}

impl Net {
    /// A card with this address at one end of `link`.
    pub fn new(link: Link, mac: MacAddress) -> Self {
        Self { link, space: config::space(mac) }
    }
}

impl Device for Net {
    fn kind(&self) -> &'static DeviceKind {
        &DEVICE_KIND
    }

    fn details(&self) -> &'static DeviceDetails {
        &DETAILS
    }

    fn pci_class(&self) -> PciClass {
        PciClass::ETHERNET
    }

    fn features(&self) -> u128 {
        FEATURES.mask(&[VirtioNetFeature::Mac, VirtioNetFeature::Status])
    }

    fn queue_sizes(&self) -> &[u16] {
        &QUEUE_SIZES
    }

    // Not `write_config`: every field is read-only for the driver (5.1.4.2).
    fn read_config(&self, offset: u64, data: &mut [u8]) {
        virtio_core::read_config_space(&self.space, offset, data);
    }

    fn start(&mut self, _activation: Activation) -> Result<Workers, DeviceError> {
        let link = self.link.try_clone().map_err(DeviceError::io("cannot open the link again"))?;
        Ok(Workers::new(NetWorker::new(link)))
    }
}
