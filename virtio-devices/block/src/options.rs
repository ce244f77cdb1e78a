//! `--device blk,…`: from options to a device.

use std::num::NonZeroU8;
use std::path::Path;

use storage::{ErrorPolicy, Image, ImageFormat, PolicyChoice, SECTOR_SIZE};
use virtio_core::limit_options::THROTTLING;
use virtio_core::options::{DeviceOptions, DeviceType, OptionHelp, parse_size};
use virtio_core::{Device, DeviceError, disk_options};

use crate::details::DETAILS;
use crate::device::Block;
use crate::features::DEVICE_KIND;
use crate::request::ID_SIZE;

/// The size of a scratch disk that nobody has chosen one for: 64 MiB.
const DEFAULT_SCRATCH_SIZE: u64 = 64 << 20;
/// What is accepted as the size of a scratch disk.
const SCRATCH_SIZE_FORM: &str = "a size in whole sectors of 512 bytes, such as 64M";
/// The identification of a disk that nobody has given one.
const DEFAULT_SERIAL: &str = "ringscope-disk";

/// The most queues: as many as a guest has vCPUs, mostly.
const MOST_QUEUES: u64 = 64;

/// What a block device is made with, besides its image.
#[derive(Clone, Debug)]
pub struct BlockSettings {
    /// What the driver gets when it asks for the disk's identification, cut to 20 bytes.
    pub serial: String,
    /// Request queues, each with a thread of its own.
    pub queues: NonZeroU8,
    /// What becomes of requests that the image cannot do.
    pub policy: ErrorPolicy,
}

impl Default for BlockSettings {
    fn default() -> Self {
        Self { serial: DEFAULT_SERIAL.to_owned(), queues: NonZeroU8::MIN, policy: ErrorPolicy::default() }
    }
}

/// The entry in the machine's list of devices.
pub static DEVICE_TYPE: DeviceType = DeviceType {
    kind: &DEVICE_KIND,
    details: &DETAILS,
    name: "blk",
    aliases: &["block"],
    summary: "disk: a raw image, a host block device, or a scratch disk in memory",
    options: &[
        disk_options::PATH,
        OptionHelp {
            name: "size",
            value: "SIZE",
            meaning: "size of the scratch disk, in whole sectors of 512 bytes; default 64M",
        },
        disk_options::FORMAT,
        disk_options::READ_ONLY,
        OptionHelp { name: "serial", value: "TEXT", meaning: "identification, at most 20 ASCII characters" },
        OptionHelp {
            name: "queues",
            value: "N",
            meaning: "request queues, each with a thread of its own; default 1",
        },
        disk_options::WRITE_ERRORS,
        disk_options::READ_ERRORS,
        THROTTLING.help,
    ],
    build,
};

fn build(options: &mut DeviceOptions) -> Result<Box<dyn Device>, DeviceError> {
    // Only what fits the kind of disk is taken, so that `size` of an image or `readonly` of an empty disk is
    // refused.
    let settings = settings(options)?;
    let limits = THROTTLING.take(options)?;
    let image = match options.take("path") {
        Some(path) => {
            let read_only = options.take_bool("readonly")?.unwrap_or(false);
            let format = options.take_parsed("format", ImageFormat::FORMS, ImageFormat::parse)?;
            format.unwrap_or_default().open(Path::new(&path), read_only)
        }
        None => {
            let size = options.take_parsed("size", SCRATCH_SIZE_FORM, scratch_size)?;
            Image::scratch(size.unwrap_or(DEFAULT_SCRATCH_SIZE))
        }
    };
    let image = image.map_err(|error| DeviceError::Device(Box::new(error)))?;
    image.limiter().set(limits).map_err(|error| DeviceError::Device(Box::new(error)))?;
    Ok(Box::new(Block::new(image, &settings)))
}

fn settings(options: &mut DeviceOptions) -> Result<BlockSettings, DeviceError> {
    let usual = BlockSettings::default();
    let serial = options.take_parsed("serial", "up to 20 printable ASCII characters", serial)?;
    let queues = options.take_number("queues", 1..=MOST_QUEUES)?;
    let queues = queues.and_then(|queues| NonZeroU8::new(u8::try_from(queues).ok()?));
    let write = options.take_parsed("werror", PolicyChoice::WRITE_FORMS, PolicyChoice::for_writes)?;
    let read = options.take_parsed("rerror", PolicyChoice::READ_FORMS, PolicyChoice::for_reads)?;
    Ok(BlockSettings {
        serial: serial.unwrap_or(usual.serial),
        queues: queues.unwrap_or(usual.queues),
        policy: ErrorPolicy::chosen(read, write),
    })
}

fn scratch_size(text: &str) -> Option<u64> {
    parse_size(text).filter(|&size| size > 0 && size.is_multiple_of(SECTOR_SIZE))
}

fn serial(text: &str) -> Option<String> {
    let valid = text.len() <= ID_SIZE && text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    valid.then(|| text.to_owned())
}
