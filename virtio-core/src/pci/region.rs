//! The parts of the function's memory region. Each has pages of its own.

use crate::transport::MAXIMUM_QUEUES;

/// Bytes of the memory region.
pub const MEMORY_SIZE: u32 = 0x1_0000;

/// Bytes between the notification registers of two queues: `notify_off_multiplier` (virtio 1.3, 4.1.4.4).
pub(super) const NOTIFICATION_STRIDE: u32 = 4;

/// A part of the memory region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Region {
    /// Common configuration (4.1.4.3).
    Common,
    /// Interrupt status, which reading clears (4.1.4.5).
    InterruptStatus,
    /// The device's own configuration space (4.1.4.6).
    Device,
    /// Where queues are kicked (4.1.4.4).
    Notification,
    /// Which messages of MSI-X wait until they are no longer masked.
    Pending,
    /// The table of MSI-X.
    Messages,
}

impl Region {
    const ALL: [Self; 6] = [
        Self::Common,
        Self::InterruptStatus,
        Self::Device,
        Self::Notification,
        Self::Pending,
        Self::Messages,
    ];

    /// Where it begins.
    pub(super) const fn offset(self) -> u32 {
        match self {
            Self::Common => 0x0000,
            Self::InterruptStatus => 0x1000,
            Self::Device => 0x2000,
            Self::Notification => 0x3000,
            Self::Pending => 0x4000,
            Self::Messages => 0x8000,
        }
    }

    /// How many bytes it has.
    pub(super) const fn size(self) -> u32 {
        match self {
            Self::Common => 0x40,
            Self::InterruptStatus => 1,
            Self::Device | Self::Notification | Self::Pending => 0x1000,
            Self::Messages => 0x8000,
        }
    }

    /// The region at an offset, and the offset in the region.
    pub(super) fn at(offset: u64) -> Option<(Self, u64)> {
        Self::ALL.into_iter().find_map(|region| {
            let within = offset.checked_sub(u64::from(region.offset()))?;
            (within < u64::from(region.size())).then_some((region, within))
        })
    }
}

const _: () =
    assert!(MAXIMUM_QUEUES as u64 * NOTIFICATION_STRIDE as u64 <= Region::Notification.size() as u64);
// Sixteen bytes and a bit a vector; there is one more than there are queues.
const _: () = assert!((MAXIMUM_QUEUES as u64 + 1) * 16 <= Region::Messages.size() as u64);
const _: () = assert!((MAXIMUM_QUEUES as u64 + 1) / 8 < Region::Pending.size() as u64);
const _: () = assert!(Region::Messages.offset() + Region::Messages.size() <= MEMORY_SIZE);

/// The offset in the memory region at which the driver kicks a queue.
pub fn notification_offset(queue: u16) -> u64 {
    u64::from(Region::Notification.offset() + u32::from(queue) * NOTIFICATION_STRIDE)
}

/// The queue that a write to the notification region is for. Any byte of its register will do, and the value written
/// is always its number, for no queue has another's register.
pub(super) fn notified_queue(offset: u64) -> u32 {
    u32::try_from(offset / u64::from(NOTIFICATION_STRIDE)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_do_not_overlap_and_every_byte_of_one_is_found() {
        for region in Region::ALL {
            let (start, size) = (u64::from(region.offset()), u64::from(region.size()));
            assert_eq!(Region::at(start), Some((region, 0)));
            assert_eq!(Region::at(start + size - 1), Some((region, size - 1)));
            assert_ne!(Region::at(start + size).map(|(found, _)| found), Some(region));
        }
        assert_eq!(Region::at(u64::from(MEMORY_SIZE)), None);
        assert_eq!(Region::at(u64::MAX), None);
    }

    #[test]
    fn a_queue_is_found_by_its_notification_register() {
        for queue in [0, 1, 1023] {
            let (region, within) = Region::at(notification_offset(queue)).unwrap();
            assert_eq!((region, notified_queue(within)), (Region::Notification, u32::from(queue)));
        }
    }
}
