//! The bits that belong to the transport and the rings (virtio 1.3, section 6), and those of vhost backends.

use super::check;
use super::{FeatureRow, FeatureText};
use qapi_schema::virtio_debug::VirtioTransportFeature as Feature;

/// The driver and the device follow version 1 of the specification.
pub const VERSION_1: u128 = 1 << 32;
/// Descriptors may refer to tables of descriptors.
pub const INDIRECT_DESC: u128 = 1 << 28;
/// Each side says at which index it wants to be notified.
pub const EVENT_IDX: u128 = 1 << 29;

/// Queues have packed rings.
pub const RING_PACKED: u128 = 1 << 34;

/// The driver can reset queues one by one, and put them to use again.
pub const RING_RESET: u128 = 1 << 40;

/// The bits that are a device's own: 0 to 23 and 50 to 127 (virtio 1.3, 2.2).
pub const DEVICE_BITS: u128 = 0x00ff_ffff | !0 << 50;

const fn row(value: Feature, bit: u8, name: &'static str, description: &'static str) -> FeatureRow<Feature> {
    FeatureRow { value: Some(value), text: FeatureText { bit, name, description } }
}

/// The transport's rows, in the order of the reference table. Monitors list them backwards.
pub const TRANSPORT: &[FeatureRow<Feature>] = &[
    row(
        Feature::NotifyOnEmpty,
        24,
        "VIRTIO_F_NOTIFY_ON_EMPTY",
        "Interrupt when the device runs out of buffers, even if interrupts are suppressed",
    ),
    row(Feature::AnyLayout, 27, "VIRTIO_F_ANY_LAYOUT", "A request may be cut into buffers anywhere"),
    row(Feature::Version1, 32, "VIRTIO_F_VERSION_1", "Not a legacy device: version 1 of the specification"),
    row(
        Feature::IommuPlatform,
        33,
        "VIRTIO_F_IOMMU_PLATFORM",
        "The platform may translate or restrict the addresses that the device uses",
    ),
    row(Feature::RingPacked, 34, "VIRTIO_F_RING_PACKED", "Packed virtqueues"),
    row(
        Feature::InOrder,
        35,
        "VIRTIO_F_IN_ORDER",
        "Buffers come back in the order in which they were offered",
    ),
    row(
        Feature::OrderPlatform,
        36,
        "VIRTIO_F_ORDER_PLATFORM",
        "Memory accesses are ordered as for a device outside of the CPU",
    ),
    row(Feature::SrIov, 37, "VIRTIO_F_SR_IOV", "Single-root I/O virtualization"),
    row(
        Feature::NotificationData,
        38,
        "VIRTIO_F_NOTIFICATION_DATA",
        "A kick carries the driver's position in the queue",
    ),
    row(
        Feature::NotifConfigData,
        39,
        "VIRTIO_F_NOTIF_CONFIG_DATA",
        "A kick carries a value that the device has given for the queue",
    ),
    row(Feature::RingReset, 40, "VIRTIO_F_RING_RESET", "Queues can be reset one by one"),
    row(Feature::AdminVq, 41, "VIRTIO_F_ADMIN_VQ", "Administration virtqueues"),
    row(
        Feature::BadFeature,
        30,
        "VIRTIO_F_BAD_FEATURE",
        "Reserved: shows drivers that acknowledge bits that they do not know",
    ),
    row(
        Feature::IndirectDesc,
        28,
        "VIRTIO_RING_F_INDIRECT_DESC",
        "Descriptors may refer to tables of descriptors",
    ),
    row(
        Feature::EventIdx,
        29,
        "VIRTIO_RING_F_EVENT_IDX",
        "Each side says at which index it wants to be notified",
    ),
];

const _: () = {
    let mut number = 0;
    while number < Feature::ALL.len() {
        let mut rows = 0;
        let mut rest = TRANSPORT;
        while let [row, after @ ..] = rest {
            rows += match row.value {
                Some(value) if value as usize == number => 1,
                _ => 0,
            };
            check::unlike(&row.text, after);
            rest = after;
        }
        check::one_row(rows, Feature::ALL[number].as_str());
        number += 1;
    }
};

/// A vhost backend notes which memory it writes, for migration.
pub const VHOST_LOG_ALL: FeatureText = FeatureText {
    bit: 26,
    name: "VHOST_F_LOG_ALL",
    description: "The backend notes which memory it has written",
};
/// A vhost backend of a network device puts headers on packets itself. The transport's ANY_LAYOUT has the same bit.
pub const VHOST_NET_VIRTIO_NET_HDR: FeatureText = FeatureText {
    bit: 27,
    name: "VHOST_NET_F_VIRTIO_NET_HDR",
    description: "The backend makes and takes the headers of packets",
};
/// A vhost-user backend can negotiate features of its protocol.
pub const VHOST_USER_PROTOCOL_FEATURES: FeatureText = FeatureText {
    bit: 30,
    name: "VHOST_USER_F_PROTOCOL_FEATURES",
    description: "Features of the vhost-user protocol can be negotiated",
};
