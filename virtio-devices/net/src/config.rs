//! The configuration space (virtio 1.3, 5.1.4) and the queues.

use crate::mac::MacAddress;

/// Entries of each queue.
pub(crate) const QUEUE_SIZE: u16 = 256;
/// Pairs of queues that a card can have.
pub(crate) const MAXIMUM_PAIRS: u16 = 64;

/// Bytes up to and including `duplex`; what follows belongs to features that are not offered.
pub(crate) const CONFIG_SIZE: usize = 17;

/// Bit 0 of `status`: the link is up.
pub(crate) const LINK_UP: u16 = 1;
/// Bit 1 of `status`: the driver is to announce itself.
pub(crate) const ANNOUNCE: u16 = 2;

/// The queue with buffers that the device fills with received frames; the first of its pair.
pub(crate) const fn receive_queue(pair: u16) -> u16 {
    2 * pair
}

/// The queue with frames to send; the second of its pair.
pub(crate) const fn transmit_queue(pair: u16) -> u16 {
    2 * pair + 1
}

/// The queue with commands: behind all pairs, or behind the first if the driver does not know of others (5.1.2).
pub(crate) const fn control_queue(pairs: u16) -> u16 {
    2 * pairs
}

/// What the configuration space says that never changes. What is `None` is not offered.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Properties {
    /// The largest packet without Ethernet header, in bytes.
    pub(crate) mtu: Option<u16>,
    pub(crate) speed: Option<Speed>,
}

/// What the card says of its wire, for statistics in the guest; nothing is slowed down.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Speed {
    /// In megabits a second; all ones is unknown.
    pub(crate) megabits: u32,
    /// 0 is half, 1 full, 0xff unknown.
    pub(crate) duplex: u8,
}

impl Properties {
    /// The configuration space of a card with these, so many pairs of queues, and the address and status of the moment.
    pub(crate) fn space(&self, pairs: u16, mac: MacAddress, status: u16) -> [u8; CONFIG_SIZE] {
        let [m0, m1, m2, m3, m4, m5] = mac.0;
        let [s0, s1] = status.to_le_bytes();
        let [p0, p1] = if pairs > 1 { pairs } else { 0 }.to_le_bytes();
        let [t0, t1] = self.mtu.unwrap_or(0).to_le_bytes();
        let Speed { megabits, duplex } = self.speed.unwrap_or(Speed { megabits: 0, duplex: 0 });
        let [b0, b1, b2, b3] = megabits.to_le_bytes();
        [m0, m1, m2, m3, m4, m5, s0, s1, p0, p1, t0, t1, b0, b1, b2, b3, duplex]
    }
}
