//! Work on frames that one side leaves to the other: checksums, and the cutting of long packets into segments.

use std::ops::BitOr;

/// A set of offloads in one direction. Its bits are those by which the host's tap knows them (TUNSETOFFLOAD).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Offloads(u8);

impl Offloads {
    pub(crate) const NONE: Self = Self(0);
    /// Checksums that the other side completes, or has checked.
    pub(crate) const CHECKSUM: Self = Self(1);
    pub(crate) const TCP4: Self = Self(1 << 1);
    pub(crate) const TCP6: Self = Self(1 << 2);
    /// Unsegmented TCP with congestion marks.
    pub(crate) const TCP_ECN: Self = Self(1 << 3);
    /// Unfragmented UDP: the fragments are IP's.
    pub(crate) const UDP_FRAGMENTS: Self = Self(1 << 4);
    /// Unsegmented UDP: each segment is a datagram.
    pub(crate) const UDP4: Self = Self(1 << 5);
    pub(crate) const UDP6: Self = Self(1 << 6);
    /// Unsegmented UDP of both kinds; the host's tap has both or none.
    pub(crate) const UDP: Self = Self(Self::UDP4.0 | Self::UDP6.0);
    /// All that there are.
    pub(crate) const ALL: Self = Self(0x7f);

    /// What the bits of VIRTIO_NET_F_GUEST_* allow the device to leave to the driver. The command that changes these has
    /// the same bits (virtio 1.3, 5.1.6.5.6).
    pub(crate) fn to_driver(features: u128) -> Self {
        Self::from_bits(features, &TO_DRIVER).usable()
    }

    /// What the bits of VIRTIO_NET_F_CSUM and VIRTIO_NET_F_HOST_* allow the driver to leave to the device.
    pub(crate) fn to_device(features: u128) -> Self {
        Self::from_bits(features, &TO_DEVICE).usable()
    }

    fn from_bits(features: u128, bits: &[(Self, u8)]) -> Self {
        let known = bits.iter().filter(|(_, bit)| features >> bit & 1 != 0);
        known.fold(Self::NONE, |all, (offload, _)| all | *offload)
    }

    /// The feature bits by which the driver may leave these to the device.
    pub(crate) fn device_features(self) -> u128 {
        self.features(&TO_DEVICE)
    }

    /// The feature bits by which the device may leave these to the driver.
    pub(crate) fn driver_features(self) -> u128 {
        self.features(&TO_DRIVER)
    }

    fn features(self, bits: &[(Self, u8)]) -> u128 {
        let wanted = bits.iter().filter(|(offload, _)| self.contains(*offload));
        wanted.fold(0, |features, (_, bit)| features | 1 << bit)
    }

    /// Whether all of `others` are in the set.
    pub(crate) fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// Without those that need one that is missing (5.1.3.1): nothing goes without checksums, and marks need TCP.
    fn usable(self) -> Self {
        if !self.contains(Self::CHECKSUM) {
            return Self::NONE;
        }
        let any_tcp = self.0 & (Self::TCP4.0 | Self::TCP6.0) != 0;
        if any_tcp { self } else { Self(self.0 & !Self::TCP_ECN.0) }
    }

    /// Without those that a tap does not take alone: UDP over one IP and not over the other.
    pub(crate) fn for_tap(self) -> Self {
        if self.contains(Self::UDP) { self } else { Self(self.0 & !Self::UDP.0) }
    }

    pub(crate) fn bits(self) -> u8 {
        self.0
    }

    /// The set with these bits; those that stand for nothing are left out.
    pub(crate) fn from_raw(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }
}

impl BitOr for Offloads {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Feature bits by which the device may leave work to the driver.
const TO_DRIVER: [(Offloads, u8); 7] = [
    (Offloads::CHECKSUM, 1),
    (Offloads::TCP4, 7),
    (Offloads::TCP6, 8),
    (Offloads::TCP_ECN, 9),
    (Offloads::UDP_FRAGMENTS, 10),
    (Offloads::UDP4, 54),
    (Offloads::UDP6, 55),
];

/// Feature bits by which the driver may leave work to the device.
const TO_DEVICE: [(Offloads, u8); 6] = [
    (Offloads::CHECKSUM, 0),
    (Offloads::TCP4, 11),
    (Offloads::TCP6, 12),
    (Offloads::TCP_ECN, 13),
    (Offloads::UDP_FRAGMENTS, 14),
    (Offloads::UDP, 56),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::FEATURES;
    use qapi_schema::virtio_debug::VirtioNetFeature as Feature;

    #[test]
    fn features_and_offloads_are_the_same_both_ways() {
        let all = Offloads::ALL;
        assert_eq!(Offloads::to_driver(all.driver_features()), all);
        assert_eq!(Offloads::to_device(all.device_features()), all);
        let driver = [Feature::GuestCsum, Feature::GuestTso4, Feature::GuestTso6, Feature::GuestEcn];
        let more = [Feature::GuestUfo, Feature::GuestUso4, Feature::GuestUso6];
        assert_eq!(all.driver_features(), FEATURES.mask(&driver) | FEATURES.mask(&more));
        let device = [Feature::Csum, Feature::HostTso4, Feature::HostTso6, Feature::HostEcn];
        let more = [Feature::HostUfo, Feature::HostUso];
        assert_eq!(all.device_features(), FEATURES.mask(&device) | FEATURES.mask(&more));
        assert_eq!(Offloads::UDP4.device_features(), 0, "the device does both or none");
    }

    #[test]
    fn what_needs_something_else_does_not_go_alone() {
        assert_eq!(Offloads::to_driver(FEATURES.mask(&[Feature::GuestTso4])), Offloads::NONE);
        let marks_alone = FEATURES.mask(&[Feature::GuestCsum, Feature::GuestEcn]);
        assert_eq!(Offloads::to_driver(marks_alone), Offloads::CHECKSUM);
    }
}
