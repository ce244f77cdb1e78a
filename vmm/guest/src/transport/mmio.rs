//! virtio-mmio, version 2 (virtio 1.3 section 4.2).

use super::low_half;
use crate::layout::{WINDOW_STRIDE, WINDOWS};
use crate::platform::Platform;

const MAGIC_VALUE: u64 = 0x000;
const VERSION: u64 = 0x004;
const DEVICE_ID: u64 = 0x008;
const DEVICE_FEATURES: u64 = 0x010;
const DEVICE_FEATURES_SELECT: u64 = 0x014;
const DRIVER_FEATURES: u64 = 0x020;
const DRIVER_FEATURES_SELECT: u64 = 0x024;
const QUEUE_SELECT: u64 = 0x030;
const QUEUE_SIZE_MAX: u64 = 0x034;
const QUEUE_SIZE: u64 = 0x038;
const QUEUE_READY: u64 = 0x044;
const QUEUE_NOTIFY: u64 = 0x050;
const INTERRUPT_STATUS: u64 = 0x060;
const INTERRUPT_ACKNOWLEDGE: u64 = 0x064;
const STATUS: u64 = 0x070;
/// Low halves of the three areas' addresses; each high half is 4 bytes further.
const QUEUE_AREAS: [u64; 3] = [0x080, 0x090, 0x0a0];
const CONFIGURATION: u64 = 0x100;

const MAGIC: u32 = u32::from_le_bytes(*b"virt");
const MODERN: u32 = 2;
const CONFIGURATION_CHANGE: u32 = 2;

/// A window of registers.
#[derive(Clone, Copy)]
pub(super) struct MmioWindow {
    window: u64,
}

impl MmioWindow {
    /// The device ID found in window `number`, if a device is there.
    pub(super) fn probe<P: Platform>(platform: &mut P, number: u8) -> Option<(Self, u32)> {
        let window = WINDOWS + u64::from(number) * WINDOW_STRIDE;
        if platform.read_register(window + MAGIC_VALUE) != MAGIC
            || platform.read_register(window + VERSION) != MODERN
        {
            return None;
        }
        match platform.read_register(window + DEVICE_ID) {
            0 => None,
            id => Some((Self { window }, id)),
        }
    }

    pub(super) fn address(self) -> u64 {
        self.window
    }

    pub(super) fn configuration_space(self) -> u64 {
        self.window + CONFIGURATION
    }

    pub(super) fn status<P: Platform>(self, platform: &mut P) -> u32 {
        platform.read_register(self.window + STATUS)
    }

    pub(super) fn set_status<P: Platform>(self, platform: &mut P, status: u32) {
        platform.write_register(self.window + STATUS, status);
    }

    /// Half number `half` of the features offered.
    pub(super) fn offered<P: Platform>(self, platform: &mut P, half: u32) -> u32 {
        platform.write_register(self.window + DEVICE_FEATURES_SELECT, half);
        platform.read_register(self.window + DEVICE_FEATURES)
    }

    /// Accepts half number `half` of the features.
    pub(super) fn accept<P: Platform>(self, platform: &mut P, half: u32, features: u32) {
        platform.write_register(self.window + DRIVER_FEATURES_SELECT, half);
        platform.write_register(self.window + DRIVER_FEATURES, features);
    }

    /// Selects queue `index`: its largest size, zero if it is in use already.
    pub(super) fn largest_queue<P: Platform>(self, platform: &mut P, index: u16) -> u32 {
        platform.write_register(self.window + QUEUE_SELECT, u32::from(index));
        let largest = platform.read_register(self.window + QUEUE_SIZE_MAX);
        if platform.read_register(self.window + QUEUE_READY) == 0 { largest } else { 0 }
    }

    /// Where queues are kicked.
    pub(super) fn notify<P>(self, _: &mut P, _: u16) -> u64 {
        self.window + QUEUE_NOTIFY
    }

    /// Puts the selected queue to use (section 4.2.3.2).
    pub(super) fn enable_queue<P: Platform>(self, platform: &mut P, size: u16, areas: [u64; 3]) {
        platform.write_register(self.window + QUEUE_SIZE, u32::from(size));
        for (register, address) in QUEUE_AREAS.into_iter().zip(areas) {
            platform.write_register(self.window + register, low_half(address));
            platform.write_register(self.window + register + 4, low_half(address >> 32));
        }
        platform.write_register(self.window + QUEUE_READY, 1);
    }

    /// Answers an interrupt; whether it was for a change of the configuration or the status.
    pub(super) fn acknowledge_interrupt<P: Platform>(self, platform: &mut P) -> bool {
        let reasons = platform.read_register(self.window + INTERRUPT_STATUS);
        platform.write_register(self.window + INTERRUPT_ACKNOWLEDGE, reasons);
        reasons & CONFIGURATION_CHANGE != 0
    }
}
