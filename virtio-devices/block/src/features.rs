//! What monitors know about the device: its kind and its feature bits (virtio 1.3, 5.2.3).

use qapi_schema::virtio_debug::{VirtioBlkFeature, VirtioDeviceFeaturesOptionsBlk, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a block device.
    pub static FEATURES: VirtioBlkFeature as VirtioDeviceFeaturesOptionsBlk = {
        SizeMax => 1, "VIRTIO_BLK_F_SIZE_MAX", "No data segment may be longer than size_max";
        SegMax => 2, "VIRTIO_BLK_F_SEG_MAX", "A request may have at most seg_max data segments";
        Geometry => 4, "VIRTIO_BLK_F_GEOMETRY", "Cylinders, heads and sectors are given";
        Ro => 5, "VIRTIO_BLK_F_RO", "The disk cannot be written";
        BlkSize => 6, "VIRTIO_BLK_F_BLK_SIZE", "The block size that suits the disk is given";
        Topology => 10, "VIRTIO_BLK_F_TOPOLOGY", "Alignment and sizes of efficient requests are given";
        Mq => 12, "VIRTIO_BLK_F_MQ", "There are several request queues";
        Discard => 13, "VIRTIO_BLK_F_DISCARD", "Sectors that are no longer needed can be discarded";
        WriteZeroes => 14, "VIRTIO_BLK_F_WRITE_ZEROES", "Sectors can be zeroed without sending zeroes";
        Lifetime => 15, "VIRTIO_BLK_F_LIFETIME", "The wear of the storage can be asked for";
        SecureErase => 16, "VIRTIO_BLK_F_SECURE_ERASE", "Sectors can be erased beyond recovery";
        Zoned => 17, "VIRTIO_BLK_F_ZONED", "The disk has zones with rules of their own for writing";
        Barrier => 0, "VIRTIO_BLK_F_BARRIER", "Legacy: a request can be a barrier between others";
        Scsi => 7, "VIRTIO_BLK_F_SCSI", "Legacy: SCSI commands can be passed through";
        Flush => 9, "VIRTIO_BLK_F_FLUSH", "There is a write cache, which can be flushed";
        ConfigWce => 11, "VIRTIO_BLK_F_CONFIG_WCE", "The driver can switch between write-back and write-through";
    }
    vhost [VHOST_LOG_ALL, VHOST_USER_PROTOCOL_FEATURES]
}

/// The kind of device that this crate is about.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 2, name: "virtio-blk", schema_type: VirtioType::VirtioBlk, features: &FEATURES };
