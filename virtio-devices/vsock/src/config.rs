//! The configuration space (virtio 1.3, 5.10.4) and the queues.

/// Queue 0: packets for the guest.
pub(crate) const RECEIVE: u16 = 0;
/// Queue 1: packets of the guest.
pub(crate) const TRANSMIT: u16 = 1;
/// Queue 2: what happens to all connections at once.
pub(crate) const EVENTS: u16 = 2;
/// Entries of the queues.
pub(crate) const QUEUE_SIZES: [u16; 3] = [256, 256, 16];

/// The host's address (5.10.4).
pub(crate) const HOST_CID: u64 = 2;

/// A guest's address: 32 bits of it mean something, and a few of the numbers are others'.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuestCid(u32);

impl GuestCid {
    /// The smallest.
    pub const FIRST: Self = Self(3);

    /// `None` if `cid` is no address of a guest (5.10.4): 0 to 2 and 2^32 - 1 have a meaning.
    pub fn new(cid: u64) -> Option<Self> {
        u32::try_from(cid).ok().filter(|cid| (3..u32::MAX).contains(cid)).map(Self)
    }

    /// The number.
    pub fn get(self) -> u64 {
        self.0.into()
    }
}
