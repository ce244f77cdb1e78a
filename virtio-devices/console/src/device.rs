//! The front half: what the transport asks for.

use std::fs::File;

use qapi_schema::virtio_debug::VirtioSerialFeature;
use virtio_core::pci::PciClass;
use virtio_core::{Activation, Device, DeviceDetails, DeviceError, DeviceKind, Workers};

use crate::config::{self, CONFIG_SIZE, EMERGENCY_WRITE, QUEUE_SIZES, ScreenSize};
use crate::details::DETAILS;
use crate::features::{DEVICE_KIND, FEATURES};
use crate::patience::Patience;
use crate::worker::ConsoleWorker;

/// A console with one port that a driver can be attached to.
#[derive(Debug)]
pub struct Console {
    output: File,
    input: Option<File>,
    features: u128,
    space: [u8; CONFIG_SIZE],
}

impl Console {
    /// A console that writes to `output` and reads from `input`, which has to be a file that can be waited
    /// for.
    pub fn new(output: File, input: Option<File>, size: Option<ScreenSize>) -> Self {
        let sized: &[_] = if size.is_some() { &[VirtioSerialFeature::Size] } else { &[] };
        let features = FEATURES.mask(&[VirtioSerialFeature::EmergWrite]) | FEATURES.mask(sized);
        Self { output, input, features, space: config::space(size) }
    }
}

impl Device for Console {
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
        self.features
    }

    fn queue_sizes(&self) -> &[u16] {
        &QUEUE_SIZES
    }

    fn read_config(&self, offset: u64, data: &mut [u8]) {
        virtio_core::read_config_space(&self.space, offset, data);
    }

    fn write_config(&mut self, offset: u64, data: &[u8]) {
        if let (EMERGENCY_WRITE, Some(character)) = (offset, data.first()) {
            // A guest in an emergency cannot be told that its output is lost, and a vCPU is not to wait for
            // it.
            let _ = Patience::none().write(&mut self.output, &[*character]);
        }
    }

    fn start(&mut self, _activation: Activation) -> Result<Workers, DeviceError> {
        let open_again =
            || Ok((self.output.try_clone()?, self.input.as_ref().map(File::try_clone).transpose()?));
        let (output, input) =
            open_again().map_err(DeviceError::io("cannot open the console's files again"))?;
        Ok(Workers::new(ConsoleWorker::new(output, input)))
    }
}
