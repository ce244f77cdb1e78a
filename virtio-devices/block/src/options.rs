//! `--device blk,…`: from options to a device.

use std::path::Path;

use virtio_core::options::{DeviceOptions, DeviceType, OptionHelp, parse_size};
use virtio_core::{Device, DeviceError};

use crate::device::Block;
use crate::disk::{Disk, SECTOR_SIZE};
use crate::features::DEVICE_KIND;
use crate::request::ID_SIZE;

/// The size of a scratch disk that nobody has chosen one for: 64 MiB.
const DEFAULT_SCRATCH_SIZE: u64 = 64 << 20;
/// What is accepted as the size of a scratch disk.
const SCRATCH_SIZE_FORM: &str = "a size in whole sectors of 512 bytes, such as 64M";
/// The identification of a disk that nobody has given one.
const DEFAULT_SERIAL: &str = "ringscope-disk";

/// The entry in the machine's list of devices.
pub static DEVICE_TYPE: DeviceType = DeviceType {
    kind: &DEVICE_KIND,
    name: "blk",
    aliases: &["block"],
    summary: "disk: a raw image, a host block device, or a scratch disk in memory",
    options: &[
        OptionHelp {
            name: "path",
            value: "FILE",
            meaning: "raw image or block device; without it a scratch disk in memory, empty at every start",
        },
        OptionHelp {
            name: "size",
            value: "SIZE",
            meaning: "size of the scratch disk, in whole sectors of 512 bytes; default 64M",
        },
        OptionHelp { name: "readonly", value: "on|off", meaning: "refuse writes to the file; default off" },
        OptionHelp { name: "serial", value: "TEXT", meaning: "identification, at most 20 ASCII characters" },
    ],
    build,
};

fn build(options: &mut DeviceOptions) -> Result<Box<dyn Device>, DeviceError> {
    let serial = options.take_parsed("serial", "up to 20 printable ASCII characters", serial)?;
    // Only what fits the kind of disk is taken, so that `size` of an image or `readonly` of an empty disk is
    // refused.
    let disk = match options.take("path") {
        Some(path) => Disk::open(Path::new(&path), options.take_bool("readonly")?.unwrap_or(false)),
        None => {
            let size = options.take_parsed("size", SCRATCH_SIZE_FORM, scratch_size)?;
            Disk::scratch(size.unwrap_or(DEFAULT_SCRATCH_SIZE))
        }
    };
    let disk = disk.map_err(|error| DeviceError::Device(Box::new(error)))?;
    Ok(Box::new(Block::new(disk, serial.as_deref().unwrap_or(DEFAULT_SERIAL))))
}

fn scratch_size(text: &str) -> Option<u64> {
    parse_size(text).filter(|&size| size > 0 && size.is_multiple_of(SECTOR_SIZE))
}

fn serial(text: &str) -> Option<String> {
    let valid = text.len() <= ID_SIZE && text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    valid.then(|| text.to_owned())
}
