//! The configuration space (virtio 1.3, 5.5.4) and the queues.

/// Queue 0: pages that the guest gives up.
pub(crate) const INFLATE: u16 = 0;
/// Entries of the inflate queue and of queue 1, deflate, for pages that the guest takes back; drivers have
/// one request under way at a time.
pub(crate) const QUEUE_SIZES: [u16; 2] = [128, 128];

/// Bytes up to and including `actual`; what follows belongs to features that are not offered.
pub(crate) const CONFIG_SIZE: usize = 8;
/// Offset of `actual`, the only field that drivers write.
const ACTUAL: u64 = 4;

/// The two numbers of the space, in pages of 4096 bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Configuration {
    /// How many pages the guest is asked to give up.
    pub(crate) num_pages: u32,
    /// How many it says it has given up.
    pub(crate) actual: u32,
}

impl Configuration {
    pub(crate) fn space(self) -> [u8; CONFIG_SIZE] {
        let ([a, b, c, d], [e, f, g, h]) = (self.num_pages.to_le_bytes(), self.actual.to_le_bytes());
        [a, b, c, d, e, f, g, h]
    }

    /// Takes a driver's write of the whole field `actual`; any other is none that the specification knows.
    pub(crate) fn write(&mut self, offset: u64, data: &[u8]) {
        if let (ACTUAL, Ok(bytes)) = (offset, data.try_into()) {
            self.actual = u32::from_le_bytes(bytes);
        }
    }
}
