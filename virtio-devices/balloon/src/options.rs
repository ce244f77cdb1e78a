//! `--device balloon,…`: from options to a device.

use virtio_core::options::{DeviceOptions, DeviceType, OptionHelp, parse_size};
use virtio_core::{Device, DeviceError};

use crate::device::Balloon;
use crate::features::DEVICE_KIND;
use crate::pages::PAGE_SIZE;

/// The entry in the machine's list of devices.
pub static DEVICE_TYPE: DeviceType = DeviceType {
    kind: &DEVICE_KIND,
    name: "balloon",
    aliases: &[],
    summary: "memory balloon: takes memory from the guest and gives it back to the host",
    options: &[
        OptionHelp {
            name: "target",
            value: "SIZE",
            meaning: "memory that the guest is asked to give up; default 0",
        },
        OptionHelp {
            name: "deflate-on-oom",
            value: "on|off",
            meaning: "whether the guest may take memory back when it runs out of it; default off",
        },
    ],
    build,
};

fn build(options: &mut DeviceOptions) -> Result<Box<dyn Device>, DeviceError> {
    let accepted = "a size in whole pages of 4096 bytes, such as 64M, below 16T";
    let target = options.take_parsed("target", accepted, |text| parse_size(text).and_then(pages))?;
    let deflate_on_oom = options.take_bool("deflate-on-oom")?;
    Ok(Box::new(Balloon::new(target.unwrap_or(0), deflate_on_oom.unwrap_or(false))))
}

/// The size in pages, if it is whole pages and the configuration space can hold the number.
fn pages(size: u64) -> Option<u32> {
    if size.is_multiple_of(PAGE_SIZE) { u32::try_from(size / PAGE_SIZE).ok() } else { None }
}
