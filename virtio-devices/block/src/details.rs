//! What monitors can show of the device beyond its feature bits: configuration space (virtio 1.3, 5.2.4) and request
//! headers (5.2.6).

use qapi_schema::inspect::{VirtioField, VirtioUnit};
use virtio_core::DeviceDetails;
use virtio_core::details::{ConfigurationField, Form, Request, Requirement, choice, flags, number, range};

use crate::features::FEATURES;

/// Names of the `type` of a request.
const TYPES: [(u64, &str); 15] = [
    (0, "in"),
    (1, "out"),
    (4, "flush"),
    (8, "get_id"),
    (10, "get_lifetime"),
    (11, "discard"),
    (13, "write_zeroes"),
    (14, "secure_erase"),
    (15, "zone_append"),
    (16, "zone_report"),
    (18, "zone_open"),
    (20, "zone_close"),
    (22, "zone_finish"),
    (24, "zone_reset"),
    (26, "zone_reset_all"),
];
/// Names of the `status` of a request.
const STATUSES: [(u64, &str); 7] = [
    (0, "ok"),
    (1, "ioerr"),
    (2, "unsupp"),
    (3, "zone_invalid_cmd"),
    (4, "zone_unaligned_wp"),
    (5, "zone_open_resource"),
    (6, "zone_active_resource"),
];
/// Bytes of the header in front of the data, and of one range of a discard.
const HEADER_SIZE: usize = 16;
/// The types whose data are ranges of sectors.
const WITH_RANGES: [u32; 3] = [11, 13, 14];

const fn bit(name: &str) -> u8 {
    FEATURES.bit(name)
}

const fn field(name: &'static str, offset: u16, size: u16) -> ConfigurationField {
    ConfigurationField::new(name, offset, size)
}

static REQUIREMENTS: [Requirement; 1] =
    [Requirement { bit: bit("VIRTIO_BLK_F_CONFIG_WCE"), any_of: &[bit("VIRTIO_BLK_F_FLUSH")] }];

static CONFIGURATION: [ConfigurationField; 28] = [
    field("capacity", 0, 8).counts(VirtioUnit::Sectors),
    field("size_max", 8, 4).counts(VirtioUnit::Bytes).with_feature(bit("VIRTIO_BLK_F_SIZE_MAX")),
    field("seg_max", 12, 4).counts(VirtioUnit::Segments).with_feature(bit("VIRTIO_BLK_F_SEG_MAX")),
    field("geometry.cylinders", 16, 2).with_feature(bit("VIRTIO_BLK_F_GEOMETRY")),
    field("geometry.heads", 18, 1).with_feature(bit("VIRTIO_BLK_F_GEOMETRY")),
    field("geometry.sectors", 19, 1).with_feature(bit("VIRTIO_BLK_F_GEOMETRY")),
    field("blk_size", 20, 4).counts(VirtioUnit::Bytes).with_feature(bit("VIRTIO_BLK_F_BLK_SIZE")),
    field("topology.physical_block_exp", 24, 1).with_feature(bit("VIRTIO_BLK_F_TOPOLOGY")),
    field("topology.alignment_offset", 25, 1).with_feature(bit("VIRTIO_BLK_F_TOPOLOGY")),
    field("topology.min_io_size", 26, 2).with_feature(bit("VIRTIO_BLK_F_TOPOLOGY")),
    field("topology.opt_io_size", 28, 4).with_feature(bit("VIRTIO_BLK_F_TOPOLOGY")),
    field("writeback", 32, 1)
        .of(Form::Choice(&[(0, "writethrough"), (1, "writeback")]))
        .with_feature(bit("VIRTIO_BLK_F_CONFIG_WCE")),
    field("num_queues", 34, 2).counts(VirtioUnit::Queues).with_feature(bit("VIRTIO_BLK_F_MQ")),
    field("max_discard_sectors", 36, 4).counts(VirtioUnit::Sectors).with_feature(bit("VIRTIO_BLK_F_DISCARD")),
    field("max_discard_seg", 40, 4).counts(VirtioUnit::Segments).with_feature(bit("VIRTIO_BLK_F_DISCARD")),
    field("discard_sector_alignment", 44, 4)
        .counts(VirtioUnit::Sectors)
        .with_feature(bit("VIRTIO_BLK_F_DISCARD")),
    field("max_write_zeroes_sectors", 48, 4)
        .counts(VirtioUnit::Sectors)
        .with_feature(bit("VIRTIO_BLK_F_WRITE_ZEROES")),
    field("max_write_zeroes_seg", 52, 4)
        .counts(VirtioUnit::Segments)
        .with_feature(bit("VIRTIO_BLK_F_WRITE_ZEROES")),
    field("write_zeroes_may_unmap", 56, 1).with_feature(bit("VIRTIO_BLK_F_WRITE_ZEROES")),
    field("max_secure_erase_sectors", 60, 4)
        .counts(VirtioUnit::Sectors)
        .with_feature(bit("VIRTIO_BLK_F_SECURE_ERASE")),
    field("max_secure_erase_seg", 64, 4)
        .counts(VirtioUnit::Segments)
        .with_feature(bit("VIRTIO_BLK_F_SECURE_ERASE")),
    field("secure_erase_sector_alignment", 68, 4)
        .counts(VirtioUnit::Sectors)
        .with_feature(bit("VIRTIO_BLK_F_SECURE_ERASE")),
    field("zoned.zone_sectors", 72, 4).counts(VirtioUnit::Sectors).with_feature(bit("VIRTIO_BLK_F_ZONED")),
    field("zoned.max_open_zones", 76, 4).with_feature(bit("VIRTIO_BLK_F_ZONED")),
    field("zoned.max_active_zones", 80, 4).with_feature(bit("VIRTIO_BLK_F_ZONED")),
    field("zoned.max_append_sectors", 84, 4)
        .counts(VirtioUnit::Sectors)
        .with_feature(bit("VIRTIO_BLK_F_ZONED")),
    field("zoned.write_granularity", 88, 4).counts(VirtioUnit::Bytes).with_feature(bit("VIRTIO_BLK_F_ZONED")),
    field("zoned.model", 92, 1)
        .of(Form::Choice(&[(0, "none"), (1, "hm"), (2, "ha")]))
        .with_feature(bit("VIRTIO_BLK_F_ZONED")),
];

/// What monitors can show of a block device.
pub(crate) static DETAILS: DeviceDetails =
    DeviceDetails { requirements: &REQUIREMENTS, configuration: &CONFIGURATION, decode_request };

fn decode_request(request: &Request<'_>) -> Vec<VirtioField> {
    let Some(kind) = request.readable_at(0).map(u32::from_le_bytes) else { return Vec::new() };
    let mut fields = vec![choice("type", kind.into(), &TYPES)];
    let Some(sector) = request.readable_at(8).map(u64::from_le_bytes) else { return fields };
    fields.push(number("sector", sector, None));
    // The status byte is no data; a request has data in one direction at most.
    let data = request.readable_length.saturating_sub(HEADER_SIZE as u64)
        + request.writable_length.saturating_sub(1);
    fields.push(number("data", data, Some(VirtioUnit::Bytes)));
    if WITH_RANGES.contains(&kind) {
        let ranges = request.readable.get(HEADER_SIZE..).unwrap_or_default();
        fields.extend(ranges.as_chunks().0.iter().flat_map(decode_range));
    }
    if let Some(status) = request.last_writable.filter(|_| request.returned) {
        fields.push(choice("status", status.into(), &STATUSES));
    }
    fields
}

/// A range of a discard, write-zeroes or secure-erase request.
fn decode_range(bytes: &[u8; HEADER_SIZE]) -> [VirtioField; 2] {
    let [s0, s1, s2, s3, s4, s5, s6, s7, n0, n1, n2, n3, f0, f1, f2, f3] = *bytes;
    let first = u64::from_le_bytes([s0, s1, s2, s3, s4, s5, s6, s7]);
    let count = u32::from_le_bytes([n0, n1, n2, n3]);
    let bits = u32::from_le_bytes([f0, f1, f2, f3]);
    [range("sectors", first, count.into(), VirtioUnit::Sectors), flags("flags", bits.into(), &[(1, "unmap")])]
}
