//! Which features go through from the back end to the driver, and which of the protocol's own are made use of.

use vhost::vhost_user::message::{VhostUserProtocolFeatures, VhostUserVirtioFeatures};
use virtio_core::feature_map::{DEVICE_BITS, EVENT_IDX, INDIRECT_DESC, RING_PACKED, RING_RESET, VERSION_1};

/// A back end can agree on features of the protocol. On the wire it is a feature of the device; drivers never see it.
pub(crate) const PROTOCOL_FEATURES: u64 = VhostUserVirtioFeatures::PROTOCOL_FEATURES.bits();

/// What of the protocol is made use of if the back end offers it.
pub(crate) const WANTED: VhostUserProtocolFeatures = VhostUserProtocolFeatures::MQ
    .union(VhostUserProtocolFeatures::REPLY_ACK)
    .union(VhostUserProtocolFeatures::BACKEND_REQ)
    .union(VhostUserProtocolFeatures::CONFIG)
    .union(VhostUserProtocolFeatures::INFLIGHT_SHMFD)
    .union(VhostUserProtocolFeatures::RESET_DEVICE);

/// The device's own bits of what a back end offers.
pub(crate) fn of_device(offered: u64) -> u128 {
    u128::from(offered) & DEVICE_BITS
}

/// The transport's bits that the device can do with: the rings' forms are the back end's affair, and whether queues are reset
/// one by one is ours.
pub(crate) fn of_rings(offered: u64) -> u128 {
    VERSION_1 | RING_RESET | u128::from(offered) & (INDIRECT_DESC | EVENT_IDX | RING_PACKED)
}

/// What of a back end's features a driver may have been offered.
pub(crate) fn promised(offered: u64) -> u64 {
    let promised = (of_device(offered) | of_rings(offered)) & u128::from(offered);
    u64::try_from(promised).unwrap_or(0)
}

/// What the back end is told of the driver's choice.
pub(crate) fn for_back_end(acknowledged: u128, offered: u64) -> u64 {
    let acknowledged = u64::try_from(acknowledged & !RING_RESET & u128::from(u64::MAX)).unwrap_or(0);
    acknowledged | offered & PROTOCOL_FEATURES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rings_have_what_the_back_end_can() {
        assert_eq!(of_rings(0), VERSION_1 | RING_RESET);
        assert_eq!(of_rings(u64::MAX), VERSION_1 | RING_RESET | INDIRECT_DESC | EVENT_IDX | RING_PACKED);
    }

    #[test]
    fn what_drivers_must_not_see_stays_here() {
        assert_eq!(of_device(PROTOCOL_FEATURES | 1 << 26 | 1 << 33 | 0b11), 0b11);
    }

    #[test]
    fn what_no_driver_was_offered_is_not_promised() {
        assert_eq!(
            promised(u64::MAX),
            !0 << 50 | 0x00ff_ffff | 1 << 32 | 1 << 28 | 1 << 29 | 1 << 34 | 1 << 40
        );
        assert_eq!(promised(1 << 32 | 1 << 30 | 1 << 24 | 1), 1 << 32 | 1);
    }

    #[test]
    fn the_back_end_is_told_its_own_bits_only() {
        let acknowledged = VERSION_1 | RING_RESET | 0b1;
        assert_eq!(for_back_end(acknowledged, u64::MAX), 1 << 32 | 1 << 30 | 1);
        assert_eq!(for_back_end(acknowledged, 0), 1 << 32 | 1);
    }
}
