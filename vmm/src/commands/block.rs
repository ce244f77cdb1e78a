//! block.json: the disks, what they do, and how much of it they may.

use qapi_schema::block::requests::QueryBlockstats;
use qapi_schema::block::{
    BlockCommands, BlockDeviceInfo, BlockIOThrottle, BlockInfo, BlockStats, BlockdevCacheInfo,
    BlockdevDetectZeroesOptions,
};
use qapi_schema::runtime::{Error, ErrorClass};
use virtio_core::roles::{DiskInfo, Limited};

use super::rate_limits::{is_called, not_found};
use super::throttle;
use crate::machine::Machine;
use crate::object_tree::PERIPHERAL;

impl BlockCommands for Machine {
    fn block_set_io_throttle(&self, wanted: BlockIOThrottle) -> Result<(), Error> {
        let limited = match (&wanted.device, &wanted.id) {
            (Some(id), None) => disks(self)
                .find(|disk| disk.limited.id.as_ref() == Some(id))
                .ok_or_else(|| Error::new(ErrorClass::DeviceNotFound, format!("Device '{id}' not found")))?,
            (None, Some(name)) => disks(self)
                .find(|disk| is_called(&disk.limited, name))
                .ok_or_else(|| not_found(self, name, "Device does not have a block device backend"))?,
            _ => return Err(Error::generic("Need exactly one of 'device' and 'id'")),
        };
        let Limited { limiter, .. } = &limited.limited;
        let own = group(&limited.limited);
        if let Some(other) = wanted.group.as_ref().filter(|group| *group != own) {
            let text =
                format!("Parameter 'group' is '{other}'; accepted is '{own}', for disks share no limits");
            return Err(Error::generic(text));
        }
        let limits = throttle::limits(&wanted).map_err(Error::generic)?;
        limiter.set(limits).map_err(|error| Error::generic(error.to_string()))
    }

    fn query_block(&self) -> Result<Vec<BlockInfo>, Error> {
        let info = |disk: DiskInfo| BlockInfo {
            device: disk.limited.id.clone().unwrap_or_default(),
            qdev: Some(qdev(&disk.limited).to_owned()),
            type_: "unknown".to_owned(),
            removable: false,
            locked: false,
            io_status: disk.io_status,
            inserted: Some(inserted(disk)),
        };
        Ok(disks(self).map(info).collect())
    }

    fn query_blockstats(&self, arguments: QueryBlockstats) -> Result<Vec<BlockStats>, Error> {
        if arguments.query_nodes == Some(true) {
            // Nothing behind a disk has a name.
            return Ok(Vec::new());
        }
        let info = |disk: DiskInfo| BlockStats {
            device: Some(disk.limited.id.clone().unwrap_or_default()),
            qdev: Some(qdev(&disk.limited).to_owned()),
            stats: disk.statistics,
        };
        Ok(disks(self).map(info).collect())
    }
}

/// The disks, those on buses of devices included.
fn disks(machine: &Machine) -> impl Iterator<Item = DiskInfo> {
    let devices = machine.objects().devices().iter();
    devices.filter_map(|device| device.roles.storage.as_ref()).flat_map(|role| role.disks())
}

/// The id of a disk that is where its id says, else its path.
fn qdev(Limited { id, path, .. }: &Limited) -> &str {
    id.as_deref().filter(|id| path.strip_prefix(PERIPHERAL) == Some(id)).unwrap_or(path)
}

/// What the only group is called that a disk's limits belong to.
fn group(Limited { id, path, .. }: &Limited) -> &str {
    id.as_deref().unwrap_or(path)
}

fn inserted(disk: DiskInfo) -> BlockDeviceInfo {
    let DiskInfo { limited, image, read_only, write_back, .. } = disk;
    let mut info = BlockDeviceInfo {
        file: image.filename.clone(),
        ro: read_only,
        drv: image.format.clone(),
        backing_file_depth: 0,
        encrypted: false,
        detect_zeroes: BlockdevDetectZeroesOptions::Off,
        bps: 0,
        bps_rd: 0,
        bps_wr: 0,
        iops: 0,
        iops_rd: 0,
        iops_wr: 0,
        image,
        bps_max: None,
        bps_rd_max: None,
        bps_wr_max: None,
        iops_max: None,
        iops_rd_max: None,
        iops_wr_max: None,
        bps_max_length: None,
        bps_rd_max_length: None,
        bps_wr_max_length: None,
        iops_max_length: None,
        iops_rd_max_length: None,
        iops_wr_max_length: None,
        iops_size: None,
        group: None,
        cache: BlockdevCacheInfo { writeback: write_back, direct: false, no_flush: false },
        write_threshold: 0,
    };
    throttle::describe(&limited.limiter.limits(), group(&limited), &mut info);
    info
}
