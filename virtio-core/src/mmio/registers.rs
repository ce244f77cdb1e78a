//! The registers of virtio-mmio version 2 (virtio 1.3, section 4.2.2): offsets and fixed values.

/// The `Register` enumeration and its decoding from an offset, in one list.
macro_rules! registers {
    ($($(#[doc = $doc:literal])+ $name:ident = $offset:literal,)+) => {
        /// A register. The discriminant is its offset.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Register {
            $($(#[doc = $doc])+ $name = $offset,)+
        }

        impl Register {
            /// The register at an offset, if there is one.
            pub(super) fn at(offset: u64) -> Option<Self> {
                match offset {
                    $($offset => Some(Self::$name),)+
                    _ => None,
                }
            }
        }
    };
}

registers! {
    /// "virt", read-only.
    MagicValue = 0x000,
    /// 2, read-only.
    Version = 0x004,
    /// Device ID, read-only.
    DeviceId = 0x008,
    /// Vendor ID, read-only.
    VendorId = 0x00c,
    /// 32 of the offered feature bits, read-only.
    DeviceFeatures = 0x010,
    /// Which 32 bits, write-only.
    DeviceFeaturesSelect = 0x014,
    /// 32 of the acknowledged feature bits, write-only.
    DriverFeatures = 0x020,
    /// Which 32 bits, write-only.
    DriverFeaturesSelect = 0x024,
    /// The queue that the queue registers are about, write-only.
    QueueSelect = 0x030,
    /// Largest size of the queue, read-only.
    QueueSizeMaximum = 0x034,
    /// Size of the queue, write-only.
    QueueSize = 0x038,
    /// Whether the queue is in use.
    QueueReady = 0x044,
    /// The driver has made buffers available, write-only.
    QueueNotify = 0x050,
    /// Why there was an interrupt, read-only.
    InterruptStatus = 0x060,
    /// Which of it is handled, write-only.
    InterruptAcknowledge = 0x064,
    /// Device status.
    Status = 0x070,
    /// Descriptor area, write-only.
    QueueDescriptorLow = 0x080,
    /// Descriptor area, write-only.
    QueueDescriptorHigh = 0x084,
    /// Driver area, write-only.
    QueueDriverLow = 0x090,
    /// Driver area, write-only.
    QueueDriverHigh = 0x094,
    /// Device area, write-only.
    QueueDeviceLow = 0x0a0,
    /// Device area, write-only.
    QueueDeviceHigh = 0x0a4,
    /// The shared memory region that the next four are about, write-only.
    SharedMemorySelect = 0x0ac,
    /// Its length, read-only.
    SharedMemoryLengthLow = 0x0b0,
    /// Its length, read-only.
    SharedMemoryLengthHigh = 0x0b4,
    /// Its address, read-only.
    SharedMemoryBaseLow = 0x0b8,
    /// Its address, read-only.
    SharedMemoryBaseHigh = 0x0bc,
    /// Resets the queue; reads as zero, for the queue is reset as soon as this is written.
    QueueReset = 0x0c0,
    /// Changes whenever the configuration space does, read-only.
    ConfigurationGeneration = 0x0fc,
}

/// Where the device-specific configuration space begins.
pub(super) const CONFIGURATION_SPACE: u64 = 0x100;
/// Value of MagicValue: "virt" in little-endian ASCII.
pub(super) const MAGIC_VALUE: u32 = 0x7472_6976;
/// Value of Version: 2, for there is no legacy interface here.
pub(super) const VERSION: u32 = 2;
/// Value of VendorId: "RSCP" in little-endian ASCII. Drivers do not decide by it.
pub(super) const VENDOR_ID: u32 = u32::from_le_bytes(*b"RSCP");
/// What the length and base of a shared memory region read as if there is none: this device has none (4.2.2.1).
pub(super) const NO_SHARED_MEMORY: u32 = u32::MAX;
