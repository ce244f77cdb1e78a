//! The device on the command line, and the disks on its bus.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use storage::{ErrorPolicy, Image, ImageFormat, PolicyChoice};
use virtio_core::limit_options::THROTTLING;
use virtio_core::options::{OptionHelp, OptionsError, parse_size};
use virtio_core::roles::{BusDeviceType, Plugged};
use virtio_core::{Device, DeviceError, DeviceOptions, DeviceType, disk_options};

use crate::address::UnitAddress;
use crate::config::MAX_QUEUES;
use crate::details::DETAILS;
use crate::device::Scsi;
use crate::disk::Disk;
use crate::features::DEVICE_KIND;
use crate::target::identity::{Ascii, Identity, SERIAL_SIZE, is_printable};
use crate::target::luns::MAX_LUN;
use crate::target::unit::{Geometry, Unit};

/// What messages call the bus.
pub(crate) const BUS_KIND: &str = "SCSI";
const DEFAULT_SCRATCH_SIZE: u64 = 64 << 20;
const DEFAULT_VENDOR: Ascii<8> = Ascii(*b"RNGSCOPE");
const DEFAULT_PRODUCT: Ascii<16> = Ascii(*b"DISK            ");
const MAX_TARGET: u64 = u8::MAX as u64;

/// The entry in the machine's list of devices.
pub static DEVICE_TYPE: DeviceType = DeviceType {
    kind: &DEVICE_KIND,
    details: &DETAILS,
    name: "scsi",
    aliases: &["virtio-scsi"],
    summary: "SCSI host: a bus for disks (scsi-hd), which may come and go while the machine runs",
    options: &[OptionHelp {
        name: "queues",
        value: "N",
        meaning: "request queues, each with a thread of its own; from 1 to 16, default 1",
    }],
    build,
};

/// The entry in the machine's list of what goes onto other devices' buses.
pub static DISK_TYPE: BusDeviceType = BusDeviceType {
    name: "scsi-hd",
    bus_kind: BUS_KIND,
    summary: "disk on a SCSI host",
    options: &[
        disk_options::PATH,
        disk_options::FORMAT,
        OptionHelp {
            name: "size",
            value: "SIZE",
            meaning: "size of the scratch disk, in whole blocks; default 64M",
        },
        disk_options::READ_ONLY,
        OptionHelp {
            name: "target",
            value: "N",
            meaning: "SCSI target, from 0 to 255 (QEMU's name for it, scsi-id, will do); default the first without a unit",
        },
        OptionHelp {
            name: "lun",
            value: "N",
            meaning: "logical unit, from 0 to 16383; default the target's first free one",
        },
        OptionHelp {
            name: "serial",
            value: "TEXT",
            meaning: "serial number, at most 36 ASCII characters; default the id, or TARGET-LUN",
        },
        OptionHelp {
            name: "wwn",
            value: "NUMBER",
            meaning: "name that is unique in the world, 16 hexadecimal digits behind 0x; default none",
        },
        OptionHelp { name: "vendor", value: "TEXT", meaning: "vendor, at most 8 ASCII characters" },
        OptionHelp { name: "product", value: "TEXT", meaning: "product, at most 16 ASCII characters" },
        OptionHelp {
            name: "logical_block_size",
            value: "512|4096",
            meaning: "bytes of a block; default 512",
        },
        OptionHelp {
            name: "physical_block_size",
            value: "512|4096",
            meaning: "bytes that the storage writes at once, at least a block; default a block",
        },
        disk_options::WRITE_ERRORS,
        disk_options::READ_ERRORS,
        THROTTLING.help,
    ],
};

fn build(options: &mut DeviceOptions) -> Result<Box<dyn Device>, DeviceError> {
    let queues = options.take_number("queues", 1..=MAX_QUEUES.into())?.unwrap_or(1);
    Ok(Box::new(Scsi::new(u16::try_from(queues).unwrap_or(MAX_QUEUES))))
}

/// A disk that is asked for.
#[derive(Debug)]
pub(crate) struct DiskOptions {
    image: Image,
    policy: ErrorPolicy,
    target: Option<u8>,
    lun: Option<u16>,
    serial: Option<String>,
    wwn: Option<u64>,
    vendor: Ascii<8>,
    product: Ascii<16>,
    block_size: u32,
    physical_block_size: u32,
}

impl DiskOptions {
    /// Takes the options out, and opens the image.
    ///
    /// # Errors
    /// An option has a value that it cannot have, or the image cannot be opened.
    pub(crate) fn take(options: &mut DeviceOptions) -> Result<Self, DeviceError> {
        let block_size = take_block_size(options, "logical_block_size")?.unwrap_or(512);
        let physical = take_block_size(options, "physical_block_size")?.unwrap_or(block_size);
        let target = match options.take_number("target", 0..=MAX_TARGET)? {
            Some(target) => Some(target),
            None => options.take_number("scsi-id", 0..=MAX_TARGET)?,
        };
        let lun = options.take_number("lun", 0..=MAX_LUN.into())?;
        let serial = options.take_parsed("serial", "up to 36 printable ASCII characters", |text| {
            (text.len() <= SERIAL_SIZE && is_printable(text)).then(|| text.to_owned())
        })?;
        let vendor = options.take_parsed("vendor", "up to 8 printable ASCII characters", Ascii::new)?;
        let product = options.take_parsed("product", "up to 16 printable ASCII characters", Ascii::new)?;
        let wwn = options.take_parsed("wwn", "0x and 16 hexadecimal digits", parse_wwn)?;
        let policy = take_policy(options)?;
        let limits = THROTTLING.take(options)?;
        let image = take_image(options, block_size)?;
        image.limiter().set(limits).map_err(|error| DeviceError::Device(Box::new(error)))?;
        Ok(Self {
            target: target.and_then(|target| u8::try_from(target).ok()),
            lun: lun.and_then(|lun| u16::try_from(lun).ok()),
            serial,
            wwn,
            vendor: vendor.unwrap_or(DEFAULT_VENDOR),
            product: product.unwrap_or(DEFAULT_PRODUCT),
            block_size,
            physical_block_size: physical.max(block_size),
            image,
            policy,
        })
    }

    /// The disk, at an address where none of `others` is.
    ///
    /// # Errors
    /// There is no such address.
    pub(crate) fn make(
        self,
        id: Option<&str>,
        path: &str,
        others: &BTreeMap<UnitAddress, Arc<Disk>>,
    ) -> Result<Disk, OptionsError> {
        let address = self.address(others)?;
        let serial = self.serial.or_else(|| id.filter(|id| id.len() <= SERIAL_SIZE).map(str::to_owned));
        let identity = Identity {
            vendor: self.vendor,
            product: self.product,
            serial: serial.unwrap_or_else(|| format!("{}-{}", address.target, address.lun)),
            wwn: self.wwn,
        };
        let geometry = Geometry {
            block_size: self.block_size,
            physical_block_size: self.physical_block_size,
            read_only: self.image.is_read_only(),
        };
        let unit = Unit::new(identity, geometry, self.image.size());
        Ok(Disk::new(address, unit, self.image, self.policy, Plugged::new(&DISK_TYPE, id, path)))
    }

    fn address(&self, others: &BTreeMap<UnitAddress, Arc<Disk>>) -> Result<UnitAddress, OptionsError> {
        let taken = |target, lun| others.contains_key(&UnitAddress { target, lun });
        let has_units = |target| others.keys().any(|address| address.target == target);
        let target = match self.target {
            Some(target) => target,
            None => {
                let free = (0..=u8::MAX).find(|target| !has_units(*target));
                free.ok_or_else(|| refused("target", String::new(), "a target of those that have units"))?
            }
        };
        let lun = match self.lun {
            Some(lun) if taken(target, lun) => {
                return Err(refused("lun", lun.to_string(), "a unit of the target that no other disk is"));
            }
            Some(lun) => lun,
            None => {
                let free = (0..=MAX_LUN).find(|lun| !taken(target, *lun));
                free.ok_or_else(|| refused("target", target.to_string(), "a target with room for a unit"))?
            }
        };
        Ok(UnitAddress { target, lun })
    }
}

fn refused(key: &'static str, value: String, accepted: &str) -> OptionsError {
    OptionsError::Value { key: key.into(), value, accepted: accepted.to_owned() }
}

fn take_block_size(options: &mut DeviceOptions, key: &'static str) -> Result<Option<u32>, OptionsError> {
    options.take_parsed(key, "512 or 4096", |text| match text {
        "512" => Some(512),
        "4096" => Some(4096),
        _ => None,
    })
}

fn parse_wwn(text: &str) -> Option<u64> {
    let digits = text.strip_prefix("0x").filter(|digits| digits.len() == 16)?;
    u64::from_str_radix(digits, 16).ok()
}

fn take_policy(options: &mut DeviceOptions) -> Result<ErrorPolicy, OptionsError> {
    let read = options.take_parsed("rerror", PolicyChoice::READ_FORMS, PolicyChoice::for_reads)?;
    let write = options.take_parsed("werror", PolicyChoice::WRITE_FORMS, PolicyChoice::for_writes)?;
    Ok(ErrorPolicy::chosen(read, write))
}

/// Opens the image, or makes a scratch disk. Only what fits the one that it is is taken.
fn take_image(options: &mut DeviceOptions, block_size: u32) -> Result<Image, DeviceError> {
    let is_whole = move |size: &u64| *size > 0 && size.is_multiple_of(block_size.into());
    let image = match options.take("path") {
        Some(path) => {
            let read_only = options.take_bool("readonly")?.unwrap_or(false);
            let format = options.take_parsed("format", ImageFormat::FORMS, ImageFormat::parse)?;
            let image = format.unwrap_or_default().open(Path::new(&path), read_only);
            let image = image.map_err(|error| DeviceError::Device(Box::new(error)))?;
            if !is_whole(&image.size()) {
                let accepted = format!("an image of whole blocks of {block_size} bytes");
                return Err(refused("path", path, &accepted).into());
            }
            return Ok(image);
        }
        None => {
            let accepted = format!("a size in whole blocks of {block_size} bytes, such as 64M");
            let size = options.take_parsed("size", &accepted, |text| parse_size(text).filter(is_whole))?;
            Image::scratch(size.unwrap_or(DEFAULT_SCRATCH_SIZE))
        }
    };
    image.map_err(|error| DeviceError::Device(Box::new(error)))
}
