//! The driver side of virtio-mmio, version 2 (virtio 1.3 section 4.2).

use crate::driver::Broken;
use crate::layout::{DEVICE_BUFFERS, DEVICE_MEMORY, DEVICE_MEMORY_SIZE, WINDOW_STRIDE, WINDOWS};
use crate::platform::Platform;
use crate::queue::{LARGEST, Options, Place, Queue};

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

const ACKNOWLEDGE: u32 = 1;
const DRIVER: u32 = 2;
const DRIVER_OK: u32 = 4;
const FEATURES_OK: u32 = 8;
const NEEDS_RESET: u32 = 64;
const FAILED: u32 = 128;

const RING_INDIRECT: u64 = 1 << 28;
const RING_EVENT_INDEX: u64 = 1 << 29;
const VERSION_1: u64 = 1 << 32;
const RING_PACKED: u64 = 1 << 34;

/// Room for one queue's rings in a device's memory.
const QUEUE_MEMORY: u64 = 0x1000;

/// A device's window, and the memory the guest has set aside for the device.
#[derive(Clone, Copy)]
pub(crate) struct Transport {
    window: u64,
    memory: u64,
}

impl Transport {
    /// The device ID found in window `number`, if a device is there.
    pub(crate) fn probe<P: Platform>(platform: &mut P, number: u8) -> Option<(Self, u32)> {
        let number = u64::from(number);
        let window = WINDOWS + number * WINDOW_STRIDE;
        let memory = DEVICE_MEMORY + number * DEVICE_MEMORY_SIZE;
        if platform.read_register(window + MAGIC_VALUE) != MAGIC
            || platform.read_register(window + VERSION) != MODERN
        {
            return None;
        }
        match platform.read_register(window + DEVICE_ID) {
            0 => None,
            id => Some((Self { window, memory }, id)),
        }
    }

    /// The window's guest-physical address.
    pub(crate) fn window(&self) -> u64 {
        self.window
    }

    /// The first byte of the device's buffers.
    pub(crate) fn buffers(&self) -> u64 {
        self.memory + DEVICE_BUFFERS
    }

    /// Resets the device and takes those of `wanted` device features that it offers (section 3.1.1, steps 1 to 6).
    pub(crate) fn negotiate<P: Platform>(&self, platform: &mut P, wanted: u64) -> Result<Features, Broken> {
        self.set_status(platform, 0);
        if platform.read_register(self.window + STATUS) != 0 {
            return Err(Broken::Reset);
        }
        self.set_status(platform, ACKNOWLEDGE);
        self.set_status(platform, ACKNOWLEDGE | DRIVER);
        let mut offered = 0;
        for half in [1, 0] {
            platform.write_register(self.window + DEVICE_FEATURES_SELECT, half);
            offered = offered << 32 | u64::from(platform.read_register(self.window + DEVICE_FEATURES));
        }
        if offered & VERSION_1 == 0 {
            return Err(Broken::Legacy);
        }
        let taken = offered & (wanted | RING_INDIRECT | RING_EVENT_INDEX | RING_PACKED | VERSION_1);
        for (half, value) in [(0, low_half(taken)), (1, low_half(taken >> 32))] {
            platform.write_register(self.window + DRIVER_FEATURES_SELECT, half);
            platform.write_register(self.window + DRIVER_FEATURES, value);
        }
        self.set_status(platform, ACKNOWLEDGE | DRIVER | FEATURES_OK);
        if platform.read_register(self.window + STATUS) & FEATURES_OK == 0 {
            return Err(Broken::Features);
        }
        Ok(Features(taken))
    }

    /// Sets up queue `index` with the most entries that both sides can have (section 4.2.3.2).
    pub(crate) fn queue<P: Platform>(
        &self,
        platform: &mut P,
        features: Features,
        index: u16,
    ) -> Result<Queue, Broken> {
        platform.write_register(self.window + QUEUE_SELECT, u32::from(index));
        let largest = platform.read_register(self.window + QUEUE_SIZE_MAX);
        let mut size = LARGEST;
        while u32::from(size) > largest {
            size >>= 1;
        }
        if size < 16 || platform.read_register(self.window + QUEUE_READY) != 0 {
            return Err(Broken::NoQueue);
        }
        let table = self.memory + u64::from(index) * QUEUE_MEMORY;
        let place = Place { table, size, notify: self.window + QUEUE_NOTIFY, index };
        let queue = Queue::new(platform, place, features.rings());
        platform.write_register(self.window + QUEUE_SIZE, u32::from(size));
        for (register, address) in QUEUE_AREAS.into_iter().zip(queue.areas()) {
            platform.write_register(self.window + register, low_half(address));
            platform.write_register(self.window + register + 4, low_half(address >> 32));
        }
        platform.write_register(self.window + QUEUE_READY, 1);
        Ok(queue)
    }

    /// The device may work from here on.
    pub(crate) fn driver_ok<P: Platform>(&self, platform: &mut P) {
        self.set_status(platform, ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
    }

    /// Gives the device up, and says so to it.
    pub(crate) fn fail<P: Platform>(&self, platform: &mut P) {
        let status = platform.read_register(self.window + STATUS);
        self.set_status(platform, status | FAILED);
    }

    /// Answers an interrupt: acknowledges it, and looks whether the device still works.
    pub(crate) fn acknowledge_interrupt<P: Platform>(&self, platform: &mut P) -> Result<(), Broken> {
        let reasons = platform.read_register(self.window + INTERRUPT_STATUS);
        platform.write_register(self.window + INTERRUPT_ACKNOWLEDGE, reasons);
        let configuration_changed = reasons & 2 != 0;
        if configuration_changed && platform.read_register(self.window + STATUS) & NEEDS_RESET != 0 {
            return Err(Broken::NeedsReset);
        }
        Ok(())
    }

    /// Reads the 32-bit configuration field at `offset`.
    pub(crate) fn configuration<P: Platform>(&self, platform: &mut P, offset: u64) -> u32 {
        platform.read_register(self.window + CONFIGURATION + offset)
    }

    /// Reads the byte at `offset` of the configuration space.
    pub(crate) fn configuration_byte<P: Platform>(&self, platform: &mut P, offset: u64) -> u8 {
        platform.read_register_byte(self.window + CONFIGURATION + offset)
    }

    /// Writes the 32-bit configuration field at `offset`.
    pub(crate) fn write_configuration<P: Platform>(&self, platform: &mut P, offset: u64, value: u32) {
        platform.write_register(self.window + CONFIGURATION + offset, value);
    }

    fn set_status<P: Platform>(&self, platform: &mut P, status: u32) {
        platform.write_register(self.window + STATUS, status);
    }
}

/// The features that device and driver agree on.
#[derive(Clone, Copy)]
pub(crate) struct Features(u64);

impl Features {
    /// Whether the device feature of bit number `bit` was taken.
    pub(crate) fn has(self, bit: u32) -> bool {
        self.0 & (1 << bit) != 0
    }

    fn rings(self) -> Options {
        Options {
            event_index: self.0 & RING_EVENT_INDEX != 0,
            indirect: self.0 & RING_INDIRECT != 0,
            packed: self.0 & RING_PACKED != 0,
        }
    }
}

fn low_half(value: u64) -> u32 {
    let [a, b, c, d, ..] = value.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}
