//! The device status field (virtio 1.3, section 2.1) and what a driver may do to it.

/// The driver has noticed the device.
pub const ACKNOWLEDGE: u8 = 1;
/// The driver knows how to drive the device.
pub const DRIVER: u8 = 2;
/// The driver is ready.
pub const DRIVER_OK: u8 = 4;
/// Features are negotiated.
pub const FEATURES_OK: u8 = 8;
/// The device has met an error that it cannot recover from.
pub const DEVICE_NEEDS_RESET: u8 = 64;
/// The driver has given up on the device.
pub const FAILED: u8 = 128;

/// What a write to the status register comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Transition {
    /// Bits that are set now and were not before.
    pub(super) added: u8,
    /// DRIVER_OK is among them: the device starts.
    pub(super) starts: bool,
}

/// The bits that a write of `value` (not zero) adds to `current`.
///
/// A driver must not clear bits (2.1.1), so those missing in `value` stay. FEATURES_OK is taken only if the device
/// agrees (3.1.1 step 5); DRIVER_OK only after FEATURES_OK, and after no failure. DEVICE_NEEDS_RESET is the device's.
pub(super) fn transition(current: u8, value: u8, features_agreed: bool) -> Transition {
    let mut added = value & !current & !DEVICE_NEEDS_RESET;
    if !features_agreed {
        added &= !FEATURES_OK;
    }
    let after = current | added;
    if after & FEATURES_OK == 0 || after & (DEVICE_NEEDS_RESET | FAILED) != 0 {
        added &= !DRIVER_OK;
    }
    Transition { added, starts: added & DRIVER_OK != 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_usual_way_up() {
        let mut status = 0;
        for bit in [ACKNOWLEDGE, DRIVER, FEATURES_OK, DRIVER_OK] {
            let transition = transition(status, status | bit, true);
            assert_eq!(transition, Transition { added: bit, starts: bit == DRIVER_OK });
            status |= transition.added;
        }
    }

    #[test]
    fn features_ok_is_refused_and_driver_ok_with_it() {
        let refused = transition(ACKNOWLEDGE | DRIVER, FEATURES_OK | DRIVER_OK, false);
        assert_eq!(refused, Transition::default());
    }

    #[test]
    fn a_failed_device_does_not_start() {
        for failure in [DEVICE_NEEDS_RESET, FAILED] {
            assert!(!transition(FEATURES_OK | failure, DRIVER_OK, true).starts);
        }
        assert!(!transition(FEATURES_OK, DRIVER_OK | FAILED, true).starts);
    }

    proptest! {
        #[test]
        fn no_write_starts_twice_or_without_features(current: u8, value: u8, agreed: bool) {
            let Transition { added, starts } = transition(current, value, agreed);
            prop_assert_eq!(added & current, 0);
            prop_assert_eq!(added & DEVICE_NEEDS_RESET, 0);
            prop_assert!(!starts || (current & DRIVER_OK == 0 && (current | added) & FEATURES_OK != 0));
            prop_assert!(agreed || added & FEATURES_OK == 0);
        }
    }
}
